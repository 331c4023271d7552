internal import Platform

extension Check {
  /// One line of what a check found, as a person reads it.
  package struct Line: Hashable, Sendable {
    package enum Kind: Sendable { case passed, failed, unknown, value, note }
    package let kind: Kind
    /// Blanks before the text.
    package let indent: Int
    package let text: String
  }

  /// `✓ audience  https://…`, or `✗ …` with what was due, what there was and why; of a condition, each of its parts.
  package var lines: [Line] {
    let kind: Line.Kind =
      switch outcome {
      case .passed: .passed
      case .failed: .failed
      case .unknown: .unknown
      }
    var lines = [Line(kind: kind, indent: 0, text: "\(mark) \(matcher)")]
    // Of a condition the parts say what the word `true` would.
    if passed, let actual, parts.isEmpty {
      lines[0] = Line(kind: kind, indent: 0, text: "\(mark) \(matcher)  \(actual)")
    } else if !passed {
      if let expected { lines.append(Line(kind: .value, indent: 4, text: "expected  \(expected)")) }
      if let actual { lines.append(Line(kind: .value, indent: 4, text: "actual    \(actual)")) }
    }
    lines += parts.flatMap { $0.lines(indent: 4) }
    if let note { lines.append(Line(kind: .note, indent: 4, text: note)) }
    return lines
  }

  private var mark: String {
    switch outcome {
    case .passed: "✓"
    case .failed: "✗"
    case .unknown: "?"
    }
  }
}

extension Check.Part {
  fileprivate func lines(indent: Int) -> [Check.Line] {
    let (mark, kind): (String, Check.Line.Kind) =
      switch outcome {
      case true?: ("✓", .passed)
      // What is false without having decided anything is no failure.
      case false?: isDecisive ? ("✗", .failed) : ("·", .note)
      case nil: ("!", .failed)
      }
    return [Check.Line(kind: kind, indent: indent, text: "\(mark) \(text)")]
      + remarks.map { Check.Line(kind: .note, indent: indent + 2, text: $0) }
      + parts.flatMap { $0.lines(indent: indent + 2) }
  }
}
