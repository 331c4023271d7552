import Interface

/// What a key costs in a list of so many rows: to change the state, to draw it, and to find what differs.
enum Rows {
  /// - Parameter counts: rows of each list. None of the figures may follow them.
  static func run(_ counts: [Int]) throws {
    for count in counts {
      let list = Many(count: count)
      try key("down", [.lines(1), .lines(-1)], list)
      try key("scroll", (0..<200).map { _ in .lines(1) } + [.start], list)
      try key("page", (0..<50).map { _ in .pages(1) } + [.start], list)
      try key("ends", [.end, .start], list)
    }
  }

  private static func key(_ name: String, _ motions: [Motion], _ list: Many) throws {
    var list = list
    var shown = list.surface
    try measure("\(name), \(list.all.count) rows", batch: 10, of: motions.count) {
      var changed = 0
      for motion in motions {
        list.move(motion)
        let surface = list.surface
        changed += surface.changes(since: shown).count
        shown = surface
      }
      return changed > 0
    }
  }

  private struct Many: Listing {
    static let columns = [
      Table.Column("NAME", .flexible(minimum: 18)), Table.Column("STATE", .fixed(8)),
      Table.Column("RULES", .fixed(5), alignment: .trailing), Table.Column("CREATED", .fixed(10)),
      Table.Column("DESCRIPTION", .flexible(minimum: 24)), Table.Column("ID", .fixed(29)),
    ]
    static let fields = ["name"]

    var list = List()
    let all: [Int]
    let rows = 37
    let width = 120
    let isCovered = false

    init(count: Int) {
      all = Array(0..<count)
      rearrange()
    }

    func identifier(of row: Int) -> String { "svac_\(row)" }
    func values(of row: Int) -> [Query.Value] { [Query.Value("name", "account-\(row)")] }
    func entries(for row: Int) -> [Table.Entry] {
      [
        Table.Entry("account-\(row)"), Table.Entry("live", role: .good), Table.Entry("\(row % 7)"),
        Table.Entry("2026-11-01", role: .dim), Table.Entry("deploys the service number \(row)"),
        Table.Entry("svac_01J9ABCDEFGHJKMNPQRSTVWX", role: .dim),
      ]
    }

    var surface: Surface {
      var surface = Surface(Size(columns: width, rows: rows))
      renderList(on: &surface)
      return surface
    }
  }
}
