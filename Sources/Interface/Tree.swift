/// Things within things, folded and unfolded.
package struct Tree: Equatable, Sendable {
  package struct Node: Equatable, Sendable {
    package var id: String
    /// What stands in its line, part after part.
    package var parts: [Table.Entry]
    package var children: [Node]

    package init(id: String, _ parts: [Table.Entry], children: [Node] = []) {
      (self.id, self.parts, self.children) = (id, parts, children)
    }

    var text: String { parts.map(\.text).joined() }
  }

  /// A node in its place: what is drawn and found, without walking the tree again.
  private struct Row: Equatable {
    var node: Node
    var depth: Int
    var parent: String?
  }

  package private(set) var selected = 0
  private var top = 0
  private var unfolded: Set<String>
  /// Every node, parents before children.
  private var all: [Row] = []
  /// Places in `all` of those that no folded one hides.
  private var rows: [Int] = []
  private var search = Search()
  /// What was selected and unfolded when a search began: each letter begins it anew, and `esc` goes back there.
  private var origin: Origin?

  private struct Origin: Equatable {
    var id: String?
    var unfolded: Set<String>
  }

  /// - Parameter depth: how many levels are unfolded at the start.
  package init(_ roots: [Node], unfoldedTo depth: Int = 1) {
    unfolded = []
    flatten(roots, depth: 0, parent: nil)
    for row in all where row.depth < depth { unfolded.insert(row.node.id) }
    arrange()
  }

  private mutating func flatten(_ nodes: [Node], depth: Int, parent: String?) {
    for node in nodes {
      all.append(
        Row(
          node: Node(id: node.id, node.parts, children: node.children.isEmpty ? [] : [Self.some]), depth: depth,
          parent: parent))
      flatten(node.children, depth: depth + 1, parent: node.id)
    }
  }

  /// Stands for children that have rows of their own.
  private static let some = Node(id: "", [])

  private mutating func arrange() {
    var hiddenBelow: Int?
    rows = all.indices.filter { index in
      if let depth = hiddenBelow {
        if all[index].depth > depth { return false }
        hiddenBelow = nil
      }
      if !unfolded.contains(all[index].node.id) { hiddenBelow = all[index].depth }
      return true
    }
    selected = max(0, min(selected, rows.count - 1))
  }

  package var isTyping: Bool { search.isTyping }
  package var count: Int { rows.count }
  package var selectedID: String? { rows.indices.contains(selected) ? all[rows[selected]].node.id : nil }

  /// Other nodes, with what was unfolded and selected where they still are.
  ///
  /// - Parameter depth: how many levels are unfolded of what was not there before.
  package mutating func replace(with roots: [Node], unfoldedTo depth: Int = 0) {
    let (chosen, known) = (selectedID, Set(all.map(\.node.id)))
    all = []
    flatten(roots, depth: 0, parent: nil)
    for row in all where row.depth < depth && !known.contains(row.node.id) { unfolded.insert(row.node.id) }
    arrange(around: chosen)
  }

  /// - Parameter height: rows in sight, which is how far a page goes.
  /// - Returns: whether the key was one of a tree's.
  @discardableResult
  package mutating func press(_ key: Key, height: Int) -> Bool {
    if search.isTyping {
      switch search.press(key) {
      case .changed:
        restore()
        find(from: selected, by: 1)
      case .cancelled: restore()
      case .kept, .ignored: break
      }
      scroll(height: height)
      return true
    }
    switch key {
    case "/":
      search.open()
      origin = Origin(id: selectedID, unfolded: unfolded)
    case "n" where !search.word.isEmpty: find(from: selected + 1, by: 1)
    case "N" where !search.word.isEmpty: find(from: selected - 1, by: -1)
    case .escape where !search.word.isEmpty: search = Search()
    case .enter, " ": toggle()
    case .right, "l": unfold()
    case .left, "h": fold()
    case "+":
      let chosen = selectedID
      unfolded = Set(all.map(\.node.id))
      arrange(around: chosen)
    case "-":
      unfolded = []
      let root = rows.prefix(selected + 1).last { all[$0].depth == 0 }.map { all[$0].node.id }
      arrange(around: root)
    default:
      guard let motion = Motion(key) else { return false }
      move(motion, height: height)
    }
    scroll(height: height)
    return true
  }

  /// - Parameter height: rows in sight, which is how far a page goes.
  package mutating func move(_ motion: Motion, height: Int) {
    selected = motion.applied(to: selected, count: rows.count, height: height)
    scroll(height: height)
  }

  private mutating func restore() {
    guard let origin else { return }
    unfolded = origin.unfolded
    arrange(around: origin.id)
  }

  private mutating func arrange(around id: String?) {
    arrange()
    if let row = rows.firstIndex(where: { all[$0].node.id == id }) { selected = row }
  }

  private mutating func toggle() {
    guard let id = selectedID else { return }
    if unfolded.remove(id) == nil { unfolded.insert(id) }
    arrange()
  }

  /// Unfolds; in what is unfolded already, goes to the first child.
  private mutating func unfold() {
    guard let id = selectedID, !all[rows[selected]].node.children.isEmpty else { return }
    if unfolded.insert(id).inserted { arrange() } else { selected += 1 }
  }

  /// Folds; in what is folded or has nothing in it, goes to the parent.
  private mutating func fold() {
    guard let id = selectedID else { return }
    let row = all[rows[selected]]
    if !row.node.children.isEmpty, unfolded.remove(id) != nil {
      arrange()
    } else if let parent = row.parent, let place = rows.firstIndex(where: { all[$0].node.id == parent }) {
      selected = place
    }
  }

  /// Goes to the next node with the word, around the end, and unfolds what hides it.
  private mutating func find(from row: Int, by step: Int) {
    let word = search.word
    guard !word.isEmpty, !all.isEmpty else { return }
    let start = rows.indices.contains(row) ? rows[row] : step > 0 ? 0 : all.count - 1
    for distance in 0..<all.count {
      let place = ((start + distance * step) % all.count + all.count) % all.count
      guard all[place].node.text.lowercased().contains(word) else { continue }
      var parent = all[place].parent
      while let id = parent, let above = all.first(where: { $0.node.id == id }) {
        unfolded.insert(id)
        parent = above.parent
      }
      arrange()
      selected = rows.firstIndex(of: place) ?? selected
      return
    }
  }

  private mutating func scroll(height: Int) {
    top = max(0, min(top, selected, rows.count - height))
    top = max(top, selected - max(1, height) + 1)
  }

  package func render(into surface: inout Surface, row: Int, column: Int = 0, width: Int, height: Int) {
    guard width > 0, height > 0 else { return }
    var part = Surface(Size(columns: width, rows: height))
    let start = max(selected - height + 1, min(top, selected))
    for (offset, index) in rows.dropFirst(start).prefix(height).enumerated() {
      draw(all[index], isSelected: start + offset == selected, into: &part, row: offset)
    }
    if search.isTyping || !search.word.isEmpty {
      let places = all.indices.filter { all[$0].node.text.lowercased().contains(search.word) }
      let place = rows.indices.contains(selected) ? places.firstIndex(of: rows[selected]) : nil
      search.render(into: &part, row: height - 1, column: 0, width: width, place: place, count: places.count)
    }
    surface.place(part, row: row, column: column)
  }

  private func draw(_ row: Row, isSelected: Bool, into surface: inout Surface, row line: Int) {
    if isSelected { surface.write("▸", row: line, role: .selection) }
    // Deep nesting must not push everything out of sight.
    let indent = 2 + min(row.depth * 2, surface.size.columns / 2)
    if !row.node.children.isEmpty {
      surface.write(unfolded.contains(row.node.id) ? "▾" : "▹", row: line, column: indent, role: .dim)
    }
    var place = indent + 2
    for (index, part) in row.node.parts.enumerated() {
      let room = surface.size.columns - place
      guard room > 0 else { break }
      let text = Text.clipped(part.text, to: room)
      surface.write(text, row: line, column: place, role: isSelected && index == 0 ? .selection : part.role)
      for places in Text.places(of: search.word, in: text) {
        surface.tint(text, places: Array(places), row: line, column: place, role: .match)
      }
      place += Text.columns(text)
    }
  }
}
