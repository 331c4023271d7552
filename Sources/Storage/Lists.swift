package import FoundationEssentials
internal import GRDB
package import Platform

/// What is kept as a whole list, so that a view opens at once with what was last seen.
package protocol Listed: WireObject {
  /// Under which the list is kept. Stored: it never changes.
  static var listName: String { get }
  var json: JSON { get }
}

extension ServiceAccount: Listed { package static var listName: String { "accounts" } }
extension FederationRule: Listed { package static var listName: String { "rules" } }
extension Issuer: Listed { package static var listName: String { "issuers" } }
extension Workspace: Listed { package static var listName: String { "workspaces" } }
extension APIKey: Listed { package static var listName: String { "keys" } }

extension Storage {
  /// Items a row. A list of many thousands is never in memory as one text, neither when it is kept nor when it is read.
  private static let portion = 200
  /// The rows of one list: the first has the list's name, the others the place of their first item behind it.
  private static let portions = "name = ?1 OR substr(name, 1, length(?1) + 1) = ?1 || '#'"

  /// Keeps a list in place of the one before.
  /// - Parameters:
  ///   - part: which of the lists of these items it is, where there are several.
  ///   - at: when the platform gave it.
  package func keep<Item: Listed>(_ items: [Item], part: String = "", at: Date) throws(Problem) {
    let name = Item.listName + part
    try write("The list was not kept") { database in
      try database.execute(sql: "DELETE FROM list WHERE \(Self.portions)", arguments: [name])
      let insert = try database.cachedStatement(sql: "INSERT INTO list (name, json, at) VALUES (?, ?, ?)")
      // The first row is there even when there is nothing in it.
      for start in stride(from: 0, to: max(1, items.count), by: Self.portion) {
        let json = items[start..<min(start + Self.portion, items.count)].map(\.json.compact).joined(separator: ",")
        try insert.execute(arguments: [start == 0 ? name : "\(name)#\(start)", "[\(json)]", at.microseconds])
      }
    }
  }

  /// The list as it was last seen; nil when it never was, or was kept by a version that wrote it otherwise.
  package func list<Item: Listed>(
    of type: Item.Type = Item.self, part: String = ""
  ) throws(Problem) -> (items: [Item], at: Date)? {
    try read("The list was not read") { database in
      let sql = "SELECT json, at FROM list WHERE \(Self.portions) ORDER BY length(name), name"
      let rows = try Row.fetchCursor(database, sql: sql, arguments: [Item.listName + part])
      var (items, at) = ([Item](), Date?.none)
      while let row = try rows.next() {
        guard let values = (try? JSON(parsing: row[0] as String))?.array,
          let portion = try? values.map({ try Item(json: $0) })
        else { return nil }
        items += portion
        at = Date(microseconds: row[1])
      }
      return at.map { (items, $0) }
    }
  }
}
