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
  /// Keeps a list in place of the one before.
  /// - Parameters:
  ///   - part: which of the lists of these items it is, where there are several.
  ///   - at: when the platform gave it.
  package func keep<Item: Listed>(_ items: [Item], part: String = "", at: Date) throws(Problem) {
    let json = JSON.array(items.map(\.json)).compact
    try write("The list was not kept") { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO list (name, json, at) VALUES (?, ?, ?)",
        arguments: [Item.listName + part, json, at.microseconds])
    }
  }

  /// The list as it was last seen; nil when it never was, or was kept by a version that wrote it otherwise.
  package func list<Item: Listed>(
    of type: Item.Type = Item.self, part: String = ""
  ) throws(Problem) -> (items: [Item], at: Date)? {
    let row = try read("The list was not read") { database in
      try Row.fetchOne(database, sql: "SELECT json, at FROM list WHERE name = ?", arguments: [Item.listName + part])
    }
    guard let row, let values = (try? JSON(parsing: row[0] as String))?.array,
      let items = try? values.map({ try Item(json: $0) })
    else { return nil }
    return (items, Date(microseconds: row[1]))
  }
}
