package import FoundationEssentials
package import Interface
import Platform

extension App {
  /// The changes that this program made, the newest first, and what undoing each would do.
  package struct Journal: Equatable, Sendable {
    /// One of them.
    package struct Line: Equatable, Sendable {
      /// Of its entry in the store.
      package var number: Int64
      package var at: Date
      package var who, action: String
      /// What it was done to, by name where that is known.
      package var subject: String
      package var requestID: String?
      /// `done`, `not known`, or why it failed.
      package var outcome: String
      package var isDone: Bool
      /// Each member that it changed.
      package var changes: [Pager.Line]
      /// What undoing it would do, in a few words; nil when the platform cannot undo it.
      package var undoing: String?

      package init(
        number: Int64, at: Date, who: String, action: String, subject: String, requestID: String?, outcome: String,
        isDone: Bool, changes: [Pager.Line], undoing: String?
      ) {
        (self.number, self.at, self.who, self.action, self.subject) = (number, at, who, action, subject)
        (self.requestID, self.outcome, self.isDone) = (requestID, outcome, isDone)
        (self.changes, self.undoing) = (changes, undoing)
      }
    }

    package enum Outcome: Equatable, Sendable { case undo(Line), closed, off(String), none }

    /// Nil until they have come.
    private(set) var lines: [Line]?
    private var table = Table()
    private var split = Split(.above, share: 45)
    /// Asked before what cannot be undone in turn.
    private var confirmation: Confirmation?
    private var isAsking = false
    private(set) var isSending = false
    var failure: Problem?
    let readOnlyReason: String?

    init(readOnlyReason: String?) { self.readOnlyReason = readOnlyReason }

    mutating func show(_ lines: [Line]) {
      self.lines = lines
      (isSending, failure) = (false, nil)
      table.clamp(count: lines.count)
      // What can be undone is what one came for.
      if table.selected == 0, let first = lines.firstIndex(where: { $0.undoing != nil }) { table.selected = first }
    }

    mutating func fail(_ problem: Problem) { (isSending, failure) = (false, problem) }

    private var selected: Line? {
      guard let lines, lines.indices.contains(table.selected) else { return nil }
      return lines[table.selected]
    }

    mutating func press(_ key: Key, height: Int) -> Outcome {
      if isSending { return key == .escape ? .off("It is being undone.") : .none }
      if var question = confirmation {
        switch question.press(key) {
        case .cancelled: confirmation = nil
        case .confirmed:
          confirmation = nil
          return send()
        case .none: confirmation = question
        }
        return .none
      }
      failure = nil
      switch key {
      case .escape where isAsking, "n" where isAsking: isAsking = false
      case .escape, "q": return .closed
      case .enter, "u":
        if isAsking { return send() }
        return ask()
      default:
        isAsking = false
        if let motion = Motion(key) { table.move(motion, count: lines?.count ?? 0, height: height / 2) }
      }
      return .none
    }

    private mutating func ask() -> Outcome {
      if lines == nil { return .none }
      guard let line = selected else { return .off("There is no change to undo.") }
      if let readOnlyReason { return .off(readOnlyReason) }
      guard let undoing = line.undoing else {
        return .off(
          line.isDone ? "The platform cannot undo it." : "It was not made, or nobody here knows whether it was.")
      }
      if undoing.hasSuffix("for good") {
        confirmation = Confirmation(
          title: "Undo \(line.action)", lines: ["This will \(undoing).", ""], word: line.subject)
      } else {
        isAsking = true
      }
      return .none
    }

    private mutating func send() -> Outcome {
      guard let line = selected else { return .none }
      (isAsking, isSending) = (false, true)
      return .undo(line)
    }

    func render(on surface: inout Surface) {
      let size = surface.size
      surface.write("Changes made from here", row: 0, role: .heading)
      guard let lines else {
        surface.write("reading…", row: 0, column: 24, role: .dim)
        return
      }
      if lines.isEmpty {
        surface.write(
          "None yet. Every change that gatehouse makes is written down here.", row: 2, column: 2, role: .dim)
        return foot(&surface)
      }
      let body = split.render(
        in: Size(columns: size.columns, rows: max(0, size.rows - 2)),
        first: { part in
          var surface = Surface(part)
          table.render(
            columns: Self.columns, count: lines.count, into: &surface, row: 0, width: part.columns, height: part.rows
          ) { Self.entries(for: lines[$0]) }
          return surface
        },
        second: { part in
          var surface = Surface(part)
          Pager(detail).render(into: &surface, row: 0, column: 1, width: part.columns - 2, height: part.rows)
          return surface
        })
      surface.place(body, row: 1, column: 0)
      foot(&surface)
      if let failure { surface.writeFailure(failure.line) }
      confirmation?.render(on: &surface)
    }

    private func foot(_ surface: inout Surface) {
      if isSending {
        surface.writeFoot("Undoing…", role: .accent)
      } else if isAsking, let undoing = selected?.undoing {
        surface.writeFoot("enter again: \(undoing)   esc back", role: .warning)
      } else {
        surface.writeFoot("enter undo   j k move   esc back")
      }
    }

    private static let columns = [
      Table.Column("CHANGE", .fixed(25)), Table.Column("OF", .flexible(minimum: 14)),
      Table.Column("UNDO", .flexible(minimum: 30)), Table.Column("WHEN", .fixed(19)),
    ]

    private static func entries(for line: Line) -> [Table.Entry] {
      [
        Table.Entry(line.action, role: line.isDone ? .text : .warning), Table.Entry(line.subject),
        line.undoing.map { Table.Entry($0, role: .good) }
          ?? Table.Entry(line.isDone ? "not possible" : line.outcome, role: .dim),
        Table.Entry(line.at.columnText, role: .dim),
      ]
    }

    private var detail: [Pager.Line] {
      guard let line = selected else { return [] }
      var lines = [
        Pager.Line("\(line.action) of \(line.subject) by \(line.who), \(line.at.columnText) UTC: \(line.outcome)")
      ]
      if let requestID = line.requestID { lines.append(Pager.Line("request \(requestID)", role: .dim)) }
      return lines + line.changes
    }
  }
}
