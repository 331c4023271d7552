/// How far something has come that takes its time.
package struct Progress: Equatable, Sendable {
  package var label: String
  package var done: Int
  /// Nil while nobody knows.
  package var total: Int?
  package var canCancel: Bool

  package init(_ label: String, done: Int = 0, of total: Int? = nil, canCancel: Bool = true) {
    (self.label, self.done, self.total, self.canCancel) = (label, done, total, canCancel)
  }

  /// One row: the label, a bar, the numbers, and how to stop it.
  ///
  /// - Parameter tick: counts up while it runs; a bar without an end moves by it.
  package func render(into surface: inout Surface, row: Int, column: Int = 0, width: Int, tick: Int) {
    guard width > 0 else { return }
    let cancel = canCancel && width >= 40 ? "   esc cancels" : ""
    let numbers = total.map { " \(percent(of: $0)) %  \(done) of \($0)" } ?? (done > 0 ? " \(done)" : "")
    let room = width - Text.columns(numbers) - cancel.count
    let label = Text.clipped(label, to: max(0, min(room, max(room / 2, room - 30))))
    var place = column + surface.write(label, row: row, column: column) + 1
    let bar = min(30, column + room - place)
    if bar >= 4 {
      let filled = total.map { bar * percent(of: $0) / 100 }
      for cell in 0..<bar {
        let isFull = filled.map { cell < $0 } ?? ((cell + bar - tick % bar) % bar < 3)
        surface.write(isFull ? "█" : "░", row: row, column: place + cell, role: isFull ? .accent : .dim)
      }
      place += bar
    }
    place += surface.write(numbers, row: row, column: place, width: column + width - place)
    surface.write(cancel, row: row, column: place, role: .dim, width: column + width - place)
  }

  private func percent(of total: Int) -> Int {
    total <= 0 ? 100 : Int(Double(max(0, min(done, total))) * 100 / Double(total))
  }
}

/// Short messages that go by themselves, the newest last.
package struct Toasts: Equatable, Sendable {
  package struct Toast: Equatable, Sendable {
    package var text: String
    package var role: Role
    /// Since the program began.
    package var until: Duration
  }

  package private(set) var toasts: [Toast] = []
  package init() {}

  /// - Parameters:
  ///   - now: since the program began.
  ///   - duration: how long it stays; longer texts want longer.
  package mutating func show(_ text: String, role: Role = .text, now: Duration, for duration: Duration = .seconds(4)) {
    toasts.removeAll { $0.text == text || $0.until <= now }
    toasts.append(Toast(text: text, role: role, until: now + duration))
    toasts = toasts.suffix(3)
  }

  /// Takes away what has been there long enough.
  ///
  /// - Returns: whether anything went.
  @discardableResult
  package mutating func expire(now: Duration) -> Bool {
    let before = toasts.count
    toasts.removeAll { $0.until <= now }
    return toasts.count < before
  }

  /// When the next one goes.
  package var nextExpiry: Duration? { toasts.map(\.until).min() }

  /// At the right, above the last row.
  package func render(on surface: inout Surface) {
    let width = min(60, surface.size.columns - 2)
    guard width > 4 else { return }
    var row = surface.size.rows - 2
    for toast in toasts.reversed() {
      let lines = Text.wrapped(toast.text, to: width - 4).prefix(3)
      let widest = (lines.map { Text.columns($0) }.max() ?? 0) + 4
      let top = row - lines.count - 1
      guard top >= 0 else { return }
      let column = surface.size.columns - widest - 1
      surface.frame(
        row: top, column: column, size: Size(columns: widest, rows: lines.count + 2), title: "", role: toast.role)
      for (offset, line) in lines.enumerated() {
        surface.write(line, row: top + 1 + offset, column: column + 2, role: toast.role)
      }
      row = top - 1
    }
  }
}

/// A number or a word that wants to be seen, such as new denials.
package struct Badge: Equatable, Sendable {
  package var text: String
  package var role: Role
  package init(_ text: String, role: Role = .accent) { (self.text, self.role) = (text, role) }

  /// Draws badges from the right edge leftwards, the first one outermost.
  ///
  /// - Returns: the column where they begin.
  @discardableResult
  package static func render(
    _ badges: [Badge], into surface: inout Surface, row: Int, column: Int = 0, width: Int
  ) -> Int {
    var end = column + width
    for badge in badges {
      let text = "[\(Text.harmless(badge.text))]"
      guard end - Text.columns(text) >= column else { break }
      end -= Text.columns(text)
      surface.write(text, row: row, column: end, role: badge.role)
      end -= 1
    }
    return end + 1
  }
}

/// Where one is: `Accounts › ci-deploy › Rules`.
package enum Breadcrumb {
  /// One row; parts at the left give way to `…`, the last one is never left out.
  package static func render(
    _ parts: [String], into surface: inout Surface, row: Int, column: Int = 0, width: Int
  ) {
    guard let last = parts.last, width > 0 else { return }
    var (shown, used) = ([Text.clipped(last, to: width)], Text.columns(last))
    for part in parts.dropLast().reversed() {
      let needed = Text.columns(part) + 3
      let reserve = shown.count == parts.count - 1 ? 0 : 4
      guard used + needed + reserve <= width else {
        if used + 4 <= width { shown.insert("…", at: 0) }
        break
      }
      shown.insert(part, at: 0)
      used += needed
    }
    var place = column
    for (index, part) in shown.enumerated() {
      let isLast = index == shown.count - 1
      if index > 0 { place += surface.write(" › ", row: row, column: place, role: .dim, width: column + width - place) }
      place += surface.write(
        part, row: row, column: place, role: isLast ? .heading : .dim, width: column + width - place)
    }
  }
}

extension Surface {
  /// What to show in place of a screen that is too small for one, or nil when it is large enough.
  package static func note(tooSmall size: Size) -> Surface? {
    let least = Size(columns: 60, rows: 15)
    guard size.columns < least.columns || size.rows < least.rows else { return nil }
    var surface = Surface(size)
    let text =
      "This window is \(size.columns) × \(size.rows). Gatehouse needs \(least.columns) × \(least.rows): make it larger, or press q to quit."
    let lines = Text.wrapped(text, to: max(1, size.columns - 2))
    let top = max(0, (size.rows - lines.count) / 2)
    for (offset, line) in lines.enumerated() {
      surface.write(line, row: top + offset, column: size.columns > 4 ? 1 : 0)
    }
    return surface
  }
}

extension Surface {
  /// At the foot, over whatever is there: what went wrong.
  /// - Parameter most: rows it may take; what needs more is cut.
  package mutating func writeFailure(_ text: String, role: Role = .danger, most: Int = .max) {
    let lines = Text.wrapped(text, to: max(1, size.columns - 2)).prefix(most)
    for (index, line) in lines.enumerated() {
      let row = size.rows - lines.count + index
      clear(row: row, column: 0, size: Size(columns: size.columns, rows: 1))
      write((index == 0 ? "✗ " : "  ") + line, row: row, role: role)
    }
  }

  /// At the foot, over whatever is there: what keys do, or what is under way.
  package mutating func writeFoot(_ text: String, role: Role = .dim) {
    clear(row: size.rows - 1, column: 0, size: Size(columns: size.columns, rows: 1))
    write(text, row: size.rows - 1, role: role)
  }
}
