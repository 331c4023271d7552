extension Form {
  /// Draws the fields one below the other, scrolled so that the focused one is in sight with what is said about it.
  /// Puts the surface's cursor into a focused text.
  package func render(into surface: inout Surface, row: Int, column: Int, width: Int, height: Int) {
    guard width > 0, height > 0 else { return }
    let labels = min(fields.map { $0.isFocusable ? Text.columns($0.label) : 0 }.max() ?? 0, width / 2)
    let blocks = fields.indices.map { lines(of: $0, width: width, labels: labels) }
    let above = blocks.prefix(focus).reduce(0) { $0 + $1.count }
    let below = above + (blocks.indices.contains(focus) ? blocks[focus].count : 0)
    let top = min(above, max(0, below - height))
    var line = -top
    var part = Surface(Size(columns: width, rows: height))
    for (index, block) in blocks.enumerated() {
      for (offset, entry) in block.enumerated() {
        if offset == 0, fields[index].isFocusable {
          draw(index, into: &part, row: line, labels: labels)
        } else {
          part.write(entry.text, row: line, column: entry.indent, role: entry.role)
        }
        line += 1
      }
    }
    surface.place(part, row: row, column: column)
  }

  private struct Line { var text: String, role: Role, indent: Int }

  /// The lines of a field; the first stands for the field itself, the rest say what is wrong or what belongs there.
  private func lines(of index: Int, width: Int, labels: Int) -> [Line] {
    let field = fields[index]
    guard field.isFocusable else {
      return Text.wrapped(field.label, to: width).map { Line(text: $0, role: .text, indent: 0) }
    }
    let indent = Self.marker + (width - labels >= 30 ? labels + Self.gap : 0)
    var lines = [Line(text: "", role: .text, indent: 0)]
    if let problem = field.problem {
      lines += Text.wrapped("✗ " + problem, to: width - indent).map { Line(text: $0, role: .danger, indent: indent) }
    }
    if index == focus, !field.hint.isEmpty {
      lines += Text.wrapped(field.hint, to: width - indent).map { Line(text: $0, role: .dim, indent: indent) }
    }
    return lines
  }

  private static let marker = 2
  private static let gap = 2

  private func draw(_ index: Int, into surface: inout Surface, row: Int, labels: Int) {
    let field = fields[index]
    let isFocused = index == focus
    let column = Self.marker + labels + Self.gap
    let room = surface.size.columns - column
    if isFocused { surface.write("▸", row: row, role: .accent) }
    surface.write(
      Text.clipped(field.label, to: labels), row: row, column: Self.marker, role: isFocused ? .accent : .text)
    switch field.kind {
    case .text(let editor), .secret(let editor):
      if isFocused || !editor.text.isEmpty {
        var isMasked = false
        if case .secret = field.kind { isMasked = true }
        editor.render(
          into: &surface, row: row, column: column, width: room, role: isFocused ? .selection : .text,
          isMasked: isMasked, isFocused: isFocused && row >= 0 && row < surface.size.rows)
      } else {
        surface.write("–", row: row, column: column, role: .dim)
      }
    case .choice(let options, let selected):
      let option = options.indices.contains(selected) ? options[selected] : ""
      let text = isFocused ? "◂ \(option) ▸  \(selected + 1)/\(options.count)" : option
      surface.write(Text.clipped(text, to: room), row: row, column: column, role: isFocused ? .selection : .text)
    case .toggle(let isOn):
      surface.write(
        isOn ? "[x] yes" : "[ ] no", row: row, column: column, role: isFocused ? .selection : .text)
    case .multiChoice(let options, let chosen, let cursor):
      let boxes = options.indices.map { (chosen.contains($0) ? "[x] " : "[ ] ") + options[$0] }
      // Whole boxes to the left go, until the one under the cursor is in sight.
      var first = 0
      while first < cursor, boxes[first...cursor].reduce(0, { $0 + Text.columns($1) + 2 }) > room { first += 1 }
      var place = column
      for index in boxes.indices.dropFirst(first) where place < surface.size.columns {
        place += surface.write(
          Text.clipped(boxes[index], to: surface.size.columns - place), row: row, column: place,
          role: isFocused && index == cursor ? .selection : .text)
        place += 2
      }
    case .number(let quantity):
      quantity.render(into: &surface, row: row, column: column, width: room, isFocused: isFocused)
    case .note: break
    }
  }
}
