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

  /// One word, for it is thrown through deep recursion, and every frame on the way keeps room for it.
  private let content: Content

  package var code: Code { content.code }
  package var severity: Severity { content.severity }
  /// What is wrong, without a full stop: `'=' is not an operator`.
  package var message: String { content.message }
  /// What to write instead: `use == to compare`.
  package var remedy: String? { content.remedy }
  package var note: Note? { content.note }
  /// UTF-8 offsets; empty at the end of the text.
  package var range: Range<Int> { content.range }
  package var position: Position { content.position }
  /// In Unicode scalars.
  package var length: Int { content.length }

  package var line: Int { position.line }
  package var column: Int { position.column }

  init(
    _ code: Code, _ message: String, severity: Severity = .error, at range: Range<Int>, in source: Source,
    remedy: String? = nil, note: (message: String, offset: Int)? = nil
  ) {
    content = Content(
      code: code, severity: severity, message: message.harmless, remedy: remedy?.harmless,
      note: note.map { Note(message: $0.message, position: source.position(of: $0.offset)) }, range: range,
      position: source.position(of: range.lowerBound), length: source.scalars(in: range),
      excerpt: source.line(at: range.lowerBound))
  }

  package static func == (left: Issue, right: Issue) -> Bool {
    left.content === right.content
      || (left.code, left.range, left.message) == (right.code, right.range, right.message)
        && (left.severity, left.remedy, left.note) == (right.severity, right.remedy, right.note)
        && left.content.excerpt == right.content.excerpt
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(code)
    hasher.combine(range)
    hasher.combine(message)
  }

  /// The message with the line it speaks of and a caret below the place:
  ///
  ///     1:12: error: '=' is not an operator
  ///       claims.sub = "x"
  ///                  ^
  ///       hint: use == to compare
  package var rendering: String {
    // Of a long line what stands around the place.
    let scalars = content.excerpt.harmless.unicodeScalars
    let start = scalars.count > Self.excerptWidth ? max(0, min(column - 41, scalars.count - Self.excerptWidth)) : 0
    let part = String(String.UnicodeScalarView(scalars.dropFirst(start).prefix(Self.excerptWidth)))
    let isCut = (start: start > 0, end: start + Self.excerptWidth < scalars.count)
    let excerpt = (isCut.start ? "…" : "") + part + (isCut.end ? "…" : "")
    let indent = column - 1 - start + (isCut.start ? 1 : 0)
    let width = max(1, min(length, excerpt.unicodeScalars.count - indent))
    let marks = String(repeating: " ", count: indent) + "^" + String(repeating: "~", count: width - 1)
    var lines = ["\(line):\(column): \(severity.rawValue): \(message)", "  " + excerpt, "  " + marks]
    if let note { lines.append("  note: \(note.message) (\(note.position.line):\(note.position.column))") }
    if let remedy { lines.append("  hint: \(remedy)") }
    return lines.joined(separator: "\n")
  }
}

extension Issue {
  /// Columns of a line that are shown; more would break on a screen, and the caret with it.
  private static let excerptWidth = 96

  private final class Content: Sendable {
    let code: Code
    let severity: Severity
    let message: String
    let remedy: String?
    let note: Note?
    let range: Range<Int>
    let position: Position
    let length: Int
    /// The line of the source that holds the start of the range.
    let excerpt: String

    init(
      code: Code, severity: Severity, message: String, remedy: String?, note: Note?, range: Range<Int>,
      position: Position, length: Int, excerpt: String
    ) {
      (self.code, self.severity, self.message, self.remedy, self.note) = (code, severity, message, remedy, note)
      (self.range, self.position, self.length, self.excerpt) = (range, position, length, excerpt)
    }
  }
}

extension [Issue] {
  /// By the place in the text; what starts at one place stays as it is.
  var inOrder: [Issue] {
    enumerated().sorted { ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset) }
      .map(\.element)
  }
}
