/// Something to say about an expression, at a place in its text.
package struct Issue: Error, Hashable, Sendable {
  package enum Severity: String, Comparable, Sendable {
    case information, warning, error

    private var rank: Int {
      switch self {
      case .information: 0
      case .warning: 1
      case .error: 2
      }
    }
    package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
  }

  /// What kind of thing it is, as machine output writes it.
  package enum Code: String, CaseIterable, Sendable {
    case syntax, limit
    case undeclaredName = "undeclared-name"
    case unknownFunction = "unknown-function"
    case noOverload = "no-overload"
    case resultType = "result-type"
    case badPattern = "bad-pattern"
    case badConversion = "bad-conversion"
    case duplicateKey = "duplicate-key"
    case dynResult = "dyn-result"
    case numberModel = "number-model"
    case constant
    case alwaysTrue = "always-true"
    case alwaysFalse = "always-false"
    case alwaysTrueOnEmpty = "always-true-on-empty"
    case openPrefix = "open-prefix"
    case openSuffix = "open-suffix"
    case substring
    case unanchoredRegex = "unanchored-regex"
    case regexDot = "regex-dot"
    case globAsRegex = "glob-as-regex"
    case negationOnly = "negation-only"
    case noTenant = "no-tenant"
    case orEscape = "or-escape"
    case forkPullRequest = "fork-pr"
    case missingClaim = "missing-claim"
    case typeMismatch = "type-mismatch"
    case subjectFormat = "sub-format"
    case mutableName = "mutable-name"
    case letterCase = "case"
    case useStatic = "use-static"
  }

  /// A second place that belongs to it, such as the bracket that was never closed.
  package struct Note: Hashable, Sendable {
    package let message: String
    package let position: Position
  }

  package let code: Code
  package let severity: Severity
  /// What is wrong, without a full stop: `'=' is not an operator`.
  package let message: String
  /// What to write instead: `use == to compare`.
  package let remedy: String?
  package let note: Note?
  /// UTF-8 offsets; empty at the end of the text.
  package let range: Range<Int>
  package let position: Position
  /// In Unicode scalars.
  package let length: Int
  /// The line of the source that holds the start of the range.
  let excerpt: String

  package var line: Int { position.line }
  package var column: Int { position.column }

  init(
    _ code: Code, _ message: String, severity: Severity = .error, at range: Range<Int>, in source: Source,
    remedy: String? = nil, note: (message: String, offset: Int)? = nil
  ) {
    (self.code, self.severity, self.range) = (code, severity, range)
    (self.message, self.remedy) = (message.harmless, remedy?.harmless)
    self.note = note.map { Note(message: $0.message, position: source.position(of: $0.offset)) }
    position = source.position(of: range.lowerBound)
    length = source.scalars(in: range)
    excerpt = source.line(at: range.lowerBound)
  }

  /// The message with the line it speaks of and a caret below the place:
  ///
  ///     1:12: error: '=' is not an operator
  ///       claims.sub = "x"
  ///                  ^
  ///       hint: use == to compare
  package var rendering: String {
    let width = max(1, min(length, excerpt.unicodeScalars.count - column + 1))
    let indent = String(repeating: " ", count: column - 1)
    let marks = "^" + String(repeating: "~", count: width - 1)
    var lines = ["\(line):\(column): \(severity.rawValue): \(message)", "  " + excerpt.harmless, "  " + indent + marks]
    if let note { lines.append("  note: \(note.message) (\(note.position.line):\(note.position.column))") }
    if let remedy { lines.append("  hint: \(remedy)") }
    return lines.joined(separator: "\n")
  }
}
