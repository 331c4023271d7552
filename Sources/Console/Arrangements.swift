import Interface
package import Platform

/// How someone has arranged the lists: columns and sorting, kept from one session to the next.
package struct Arrangements: Equatable, Sendable {
  /// What is kept of one list.
  struct Arrangement: Equatable, Sendable {
    var columns: Table.Arrangement
    var sort: Table.Sort?

    init(_ table: Table) { (columns, sort) = (table.arrangement, table.sort) }

    init?(json: JSON) {
      guard json.object != nil else { return nil }
      var widths: [String: Int] = [:]
      for (title, width) in json["widths"]?.object ?? [:] { widths[title] = width.int.map { max(3, min(200, $0)) } }
      func texts(_ key: String) -> [String] { (json[key]?.array ?? []).compactMap(\.string) }
      columns = Table.Arrangement(hidden: Set(texts("hidden")), widths: widths, order: texts("order"))
      sort = json["sort"]?.string.map { Table.Sort($0, isAscending: json["ascending"]?.bool ?? true) }
    }

    var json: JSON {
      var widths = JSON.Object()
      for title in columns.widths.keys.sorted() { widths[title] = columns.widths[title].map { JSON($0) } }
      var object: JSON.Object = [
        "hidden": .array(columns.hidden.sorted().map { .string($0) }), "widths": .object(widths),
        "order": .array(columns.order.map { .string($0) }),
      ]
      if let sort {
        object["sort"] = .string(sort.column)
        object["ascending"] = .bool(sort.isAscending)
      }
      return .object(object)
    }
  }

  /// By the name of the list.
  private var lists: [String: Arrangement] = [:]

  package init() {}

  /// What is not as it is written here is passed over: a list arranged as it comes is no harm.
  package init(json: JSON) {
    for (name, value) in json["lists"]?.object ?? [:] { lists[name] = Arrangement(json: value) }
  }

  package var json: JSON {
    var object = JSON.Object()
    for name in lists.keys.sorted() { object[name] = lists[name]?.json }
    return ["lists": .object(object)]
  }

  /// Those of the console.
  init(of state: App.State) {
    lists = [
      "accounts": Arrangement(state.accounts.table), "rules": Arrangement(state.rules.ruleList.table),
      "issuers": Arrangement(state.rules.issuerList.table), "keys": Arrangement(state.keys.table),
      "workspaces": Arrangement(state.workspaces.table),
    ]
  }

  /// Arranges the console's lists so.
  func apply(to state: inout App.State) {
    func arrange(_ list: inout some Listing, _ name: String) {
      guard let arrangement = lists[name] else { return }
      list.rearrange { list in
        list.table.arrangement = arrangement.columns
        list.table.sort = arrangement.sort
      }
    }
    arrange(&state.accounts, "accounts")
    arrange(&state.rules.ruleList, "rules")
    arrange(&state.rules.issuerList, "issuers")
    arrange(&state.keys, "keys")
    arrange(&state.workspaces, "workspaces")
  }
}

/// The file that keeps them, which nobody else can read.
struct ArrangementsFile {
  let path: String
  init(_ path: String) { self.path = path }

  /// Nil where there is none, or it is broken: then lists are as they come.
  var arrangements: Arrangements? {
    guard Files.exists(path), let text = try? Files.text(at: path, what: "arrangement of the lists"),
      let json = try? JSON(parsing: Array(text.utf8))
    else { return nil }
    return Arrangements(json: json)
  }

  /// Written beside and put in its place, so that another console never reads half of it.
  func keep(_ arrangements: Arrangements) throws(Problem) { try Files.replace(path, with: arrangements.json.pretty) }
}
