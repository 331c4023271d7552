import FoundationEssentials
import Interface
import Migration
import Platform

extension Migrating.State {
  /// What is read line by line: the report, or the page of a key; nil while the board is open.
  var pageLines: [Pager.Line]? {
    if let report {
      return report.split(separator: "\n", omittingEmptySubsequences: false).flatMap { Migrating.words(String($0)) }
    }
    guard opened != nil, let line = current else { return nil }
    return Migrating.lines(of: line, board)
  }
}

extension Migrating {
  /// Where a key stands, what comes next, what stands against it, what was seen, and what nobody can know.
  static func lines(of line: Line, _ board: Board) -> [Pager.Line] {
    let now = board.at
    var lines = courseLines(line.course, now)
    lines += section("Next") + nextLines(line, now)
    let refusals = line.refusals(at: now)
    if line.course.state(at: now) != .retired {
      let isOff = line.key.status == .inactive
      lines += section(isOff ? "What stands against archiving" : "What stands against disabling")
      lines += refusals.flatMap { words("✗ \($0.text)", indent: 1, role: .warning) }
      if refusals.isEmpty { lines += words("✓ Nothing.", indent: 1, role: .good) }
    }
    lines += section("What was seen")
    lines +=
      line.course.evidence.map { seen in
        words("Looked at \(seen.at.columnText) UTC.", indent: 1, role: .dim)
          + seen.lines.dropLast(Evidence.unseen.count).flatMap { words($0, indent: 1) }
      } ?? words("Nothing was looked at since it was last turned on: v looks.", indent: 1, role: .dim)
    lines += section("The key") + factLines(line, board)
    lines += section("Who uses it") + consumerLines(line)
    lines += section("What cannot be known") + Evidence.unseen.flatMap { words("? \($0)", indent: 1, role: .dim) }
    lines += section("Steps, the newest first")
    lines += line.course.steps.reversed().flatMap(stepLines)
    if line.course.steps.isEmpty { lines += words("None was taken here.", indent: 1, role: .dim) }
    return lines
  }

  private static let width = 76

  static func words(_ text: String, indent: Int = 0, role: Role = .text) -> [Pager.Line] {
    Text.wrapped(text, to: width - indent).map { Pager.Line(String(repeating: " ", count: indent) + $0, role: role) }
  }

  private static func section(_ title: String) -> [Pager.Line] { ["", Pager.Line(title, role: .heading)] }

  /// The way with the place where the key is in brackets.
  private static func courseLines(_ course: Course, _ now: Date) -> [Pager.Line] {
    let here = course.state(at: now)
    let way = Course.State.allCases.filter { ![.rolledBack, .brownOut].contains($0) || here == $0 }
    let text = way.map { $0 == here ? "[\($0.word)]" : $0.word }.joined(separator: " › ")
    return words(text, role: .accent)
  }

  private static func nextLines(_ line: Line, _ now: Date) -> [Pager.Line] {
    var lines = words(advice(line.course, now), indent: 1)
    if let command = line.course.command(at: now) { lines += words("$ \(command)", indent: 1, role: .accent) }
    // Said at every step that has a way back.
    if Migrating.hasWayBack(line, at: now) {
      lines += words("u takes the way back, until it is archived.", indent: 1, role: .good)
    }
    return lines
  }

  private static func advice(_ course: Course, _ now: Date) -> String {
    let soak = course.soak
    switch course.state(at: now) {
    case .inUse:
      return "Find what uses it. Files are read where they are, by the command line. Then 3, a connects each workload."
    case .planned:
      return "Connect each workload (3, a), change it (gatehouse migrate patch), let it run. Then v looks for proof."
    case .soaking:
      return
        "It federates. The key was silent for \(course.evidence?.silentDays ?? 0) days and has to be for \(soak.silence): v looks again."
    case .readyToDisable: return "It federates and the key is silent. d turns the key off; u turns it on again."
    case .brownOut:
      let end = course.brownOutEnd.map { "until \($0.columnText) UTC" } ?? "for a while"
      return
        "Off \(end), to find who still uses it. If anything breaks, or it is off for longer, u turns it on at once."
    case .watching:
      let end = course.watchEnd.map { "Watched until \($0.columnText.prefix(10))." } ?? "It was not turned off here."
      return "\(end) Ask its owners: calls that fail are in no report. If anything breaks, u turns it on at once."
    case .watched: return "The watch is over. x archives it for good; until then u turns it on again."
    case .rolledBack: return "It is on again. Find what still uses it, change that, and v looks for proof anew."
    case .retired:
      return "Over. Delete the stored copies: secrets, files, vault entries, and what would write them again."
    }
  }

  private static func factLines(_ line: Line, _ board: Board) -> [Pager.Line] {
    let (key, soak) = (line.key, line.course.soak)
    let month = line.month.map { month in month.cost.map { "\(month.tokens) tokens, \($0)" } ?? "\(month.tokens) tokens"
    }
    let expiry = key.expiresAt.map { String($0.columnText.prefix(10)) }
    let hint = key.hint ?? "none"
    let facts: [(String, String)] = [
      ("identifier", key.id.description), ("status", key.status.rawValue), ("acts as", key.owner(board.accountNames)),
      ("workspace", key.workspaceID?.description ?? "every one of the organization"),
      ("hint", line.isAmbiguous ? "\(hint), which another key has too" : hint),
      ("created", "\(key.createdAt.columnText.prefix(10)) by \(key.createdBy ?? "unknown")"),
      ("expires", expiry ?? "never"),
      ("last use", line.use?.lastText ?? "none in the \(line.history) days that are known"),
      ("31 days", month ?? "nothing"),
      ("rhythm", "\(soak.rhythm.rawValue): \(soak.silence) days of silence, then \(soak.watch) of watching"),
    ]
    return facts.flatMap { label, text in
      Text.wrapped(text, to: width - 14).enumerated().map { index, part -> Pager.Line in
        let label = index == 0 ? label : ""
        let indent = String(repeating: " ", count: 13 - label.count)
        return Pager.Line(" \(label)\(indent)\(part)")
      }
    }
  }

  private static func consumerLines(_ line: Line) -> [Pager.Line] {
    let planned = line.course.steps.last { $0.step == .plan && $0.outcome == .done }
    let consumers = planned?.record?["consumers"]?.array?.compactMap(\.string) ?? []
    let places = line.course.places
    let note = "The console reads no files: gatehouse migrate scan PATH finds them, plan PATH keeps them here."
    return consumers.flatMap { words("· \($0)", indent: 1) }
      + places.flatMap { words("\($0.place)  \($0.kind)", indent: 3, role: .dim) } + words(note, indent: 1, role: .dim)
  }

  private static func stepLines(_ step: Course.Taken) -> [Pager.Line] {
    let role: Role =
      switch step.outcome {
      case .done: .text
      case .failed: .danger
      case .open: .warning
      }
    let outcome =
      switch step.outcome {
      case .done: "done"
      case .failed: "failed"
      case .open: "answer lost"
      }
    var lines = words(
      "\(step.at.columnText)  \(step.step.rawValue), \(outcome), by \(step.who)", indent: 1, role: role)
    if let until = step.record?.optionalTime("until") {
      lines += words("until \(until.columnText) UTC", indent: 22, role: .dim)
    }
    for file in step.record?["changes"]?.array?.compactMap({ $0["path"]?.string }) ?? [] {
      lines += words(file, indent: 22, role: .dim)
    }
    if let waiver = step.record?["waiver"]?.string { lines += words("set aside: \(waiver)", indent: 22) }
    if let id = step.requestID { lines += words("request \(id)", indent: 22, role: .dim) }
    return lines
  }
}
