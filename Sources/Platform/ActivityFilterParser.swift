package import FoundationEssentials

/// Why a text is no filter, and where.
package struct InvalidFilter: Error, Hashable, Sendable {
  /// Characters before the mistake, and one.
  package let column: Int
  /// What is wrong there, or what was due: "a value is due after type:".
  package let mistake: String
  package let remedy: String

  package var problem: Problem {
    Problem(
      "The filter was not understood", because: "column \(column): \(mistake)", try: remedy, kind: .usage,
      code: "invalid_filter")
  }
}

extension ActivityFilter {
  /// Reads the language of filters. A term is `field:value`, `field>value` (also `<`, `>=`, `<=`) for times and
  /// numbers, or a bare word or `"several words"`, which is searched in the whole text;
  /// `~text` or `~"a text"` is looked for letter by letter, within words too. `field` is one of
  /// ``ActivityField``, `group`, `id`, `created_at`, or the path of a member; `value` is quoted where it has
  /// spaces, and `*` at its end makes it a beginning.
  /// - Parameter now: what times like `-2h` and `yesterday` count from.
  package init(_ text: String, now: Date) throws(InvalidFilter) {
    var parser = FilterParser(text: Array(text), now: now)
    self = try parser.filter()
  }
}

private struct FilterParser {
  let text: [Character]
  let now: Date
  var position = 0

  func mistake(_ mistake: String, try remedy: String, at position: Int? = nil) -> InvalidFilter {
    InvalidFilter(column: (position ?? self.position) + 1, mistake: mistake, remedy: remedy)
  }

  var next: Character? { position < text.count ? text[position] : nil }

  mutating func skipSpace() { while next?.isWhitespace == true { position += 1 } }

  mutating func take(_ word: String) -> Bool {
    guard text[position...].starts(with: word) else { return false }
    position += word.count
    return true
  }

  mutating func filter() throws(InvalidFilter) -> ActivityFilter {
    skipSpace()
    guard next != nil else { return .everything }
    let filter = try alternatives(depth: 0)
    guard next == nil else { throw mistake("this ) closes nothing", try: "Remove it, or quote it: \")\".") }
    return filter
  }

  mutating func alternatives(depth: Int) throws(InvalidFilter) -> ActivityFilter {
    guard depth <= 24 else { throw mistake("groups are nested too deep", try: "Use fewer parentheses.") }
    var filters = [try together(depth: depth)]
    while takeOr() { filters.append(try together(depth: depth)) }
    return filters.count == 1 ? filters[0] : .any(filters)
  }

  /// Takes the word `or` when it stands between terms.
  mutating func takeOr() -> Bool {
    skipSpace()
    let start = position
    guard take("or") || take("OR"), next.map({ $0.isWhitespace || $0 == "(" }) ?? true else {
      position = start
      return false
    }
    return true
  }

  mutating func together(depth: Int) throws(InvalidFilter) -> ActivityFilter {
    var filters: [ActivityFilter] = []
    while true {
      skipSpace()
      let start = position
      if next == nil || next == ")" || takeOr() {
        position = start
        guard !filters.isEmpty else {
          throw mistake("a term is due", try: "Write one, like type:platform_*, or remove what joins it.")
        }
        return filters.count == 1 ? filters[0] : .all(filters)
      }
      filters.append(try term(depth: depth))
    }
  }

  mutating func term(depth: Int) throws(InvalidFilter) -> ActivityFilter {
    if take("-") {
      guard let next, !next.isWhitespace else {
        throw mistake("a term is due after -", try: "Write it without a space: -outcome:success.")
      }
      guard depth <= 24 else { throw mistake("turned round too often", try: "Use fewer -.") }
      return .not(try term(depth: depth + 1))
    }
    let start = position
    if take("(") {
      let filter = try alternatives(depth: depth + 1)
      guard take(")") else { throw mistake("this ( is not closed", try: "Add a ).", at: start) }
      return filter
    }
    if take("~") {
      let start = position
      let value = try self.value(after: "~")
      guard !value.text.isEmpty else {
        throw mistake("there is no text to look for", try: "Write one behind the ~.", at: start)
      }
      return .fragment(Fragment(value.text))
    }
    if let filter = try fieldTerm() { return filter }
    return try word()
  }

  /// `field:value` or a comparison; nil, and nothing taken, when neither stands here.
  mutating func fieldTerm() throws(InvalidFilter) -> ActivityFilter? {
    let start = position
    guard next.map({ $0.isLetter || $0 == "_" }) == true else { return nil }
    while let next, !next.isWhitespace, !":<>()\"".contains(next) { position += 1 }
    let name = String(text[start..<position])
    if take(":") {
      // An address, not a field.
      if text[position...].starts(with: "//") {
        position = start
        return nil
      }
      return try equality(name, start)
    }
    for comparison in ActivityFilter.Comparison.allCases where take(comparison.rawValue) {
      return try self.comparison(name, comparison, start)
    }
    position = start
    return nil
  }

  mutating func equality(_ name: String, _ start: Int) throws(InvalidFilter) -> ActivityFilter {
    let place = position
    let value = try self.value(after: "\(name):")
    if let field = ActivityField(rawValue: name) { return .field(field, value) }
    switch name {
    case "id": return .id(value)
    case "group":
      let groups = ActivityCatalogue.Group.allCases.filter { value.accepts($0.rawValue) }
      guard groups.isEmpty else { return .group(groups) }
      let known = ActivityCatalogue.Group.allCases.map(\.rawValue).joined(separator: ", ")
      throw mistake("there is no group \(value.text.debugDescription)", try: "Known: \(known).", at: place)
    case "created_at":
      guard let day = Date(moment: value.text, now: now) else { throw notATime(value.text, place) }
      throw mistake(
        "a time is before or after, never equal",
        try: "Write created_at>=\(day.timestampToSecond), or < for what was before.", at: place)
    default: return .path(try path(name, start), .equals(value))
    }
  }

  mutating func comparison(
    _ name: String, _ comparison: ActivityFilter.Comparison, _ start: Int
  ) throws(InvalidFilter) -> ActivityFilter {
    let place = position
    let value = try self.value(after: name + comparison.rawValue)
    guard ActivityField(rawValue: name) == nil, name != "group", name != "id" else {
      throw mistake(
        "\(name) is text, which is not before or after anything", try: "Write \(name):\(value.text).", at: start)
    }
    if name == "created_at" {
      guard let date = Date(moment: value.text, now: now) else { throw notATime(value.text, place) }
      return .created(comparison, date)
    }
    let path = try self.path(name, start)
    if let number = Double(value.text) { return .path(path, .number(comparison, number)) }
    guard let date = Date(moment: value.text, now: now) else {
      throw mistake(
        "\(value.text.debugDescription) is neither a number nor a time",
        try: "Compare with a number, or a time like 2026-11-24T09:00:00Z or -2h.", at: place)
    }
    return .path(path, .time(comparison, date))
  }

  func path(_ name: String, _ start: Int) throws(InvalidFilter) -> FilterPath {
    let path = FilterPath(name)
    guard !path.steps.contains("") else {
      throw mistake(
        "\(name.debugDescription) is no path", try: "Name members with one dot between them, like event_data.jti.",
        at: start)
    }
    return path
  }

  func notATime(_ text: String, _ place: Int) -> InvalidFilter {
    mistake(
      "\(text.debugDescription) is no time", try: "Write 2026-11-24, 2026-11-24T09:00:00Z, 12:30, -2h or yesterday.",
      at: place)
  }

  /// Bare text, up to a space or the end of a group, or quoted.
  mutating func value(after what: String) throws(InvalidFilter) -> FilterValue {
    if next == "\"" { return try quoted() }
    let start = position
    while let next, !next.isWhitespace, next != ")" {
      if next == "\"" { throw mistake("a quote within a value", try: "Quote all of it, with \\\" for this one.") }
      position += 1
    }
    guard position > start else {
      throw mistake("a value is due after \(what)", try: "Write it without a space, or * for any.")
    }
    let value = String(text[start..<position])
    return value.hasSuffix("*") ? FilterValue(String(value.dropLast()), isPrefix: true) : FilterValue(value)
  }

  /// `\"` and `\\` stand for themselves; a `*` after the closing quote makes it a beginning.
  mutating func quoted() throws(InvalidFilter) -> FilterValue {
    let start = position
    var value = ""
    position += 1
    while let next, next != "\"" {
      position += 1
      if next == "\\", let escaped = self.next, escaped == "\"" || escaped == "\\" {
        value.append(escaped)
        position += 1
      } else {
        value.append(next)
      }
    }
    guard take("\"") else { throw mistake("this quote is not closed", try: "Add a \".", at: start) }
    return FilterValue(value, isPrefix: take("*"))
  }

  mutating func word() throws(InvalidFilter) -> ActivityFilter {
    let start = position
    let value = try self.value(after: "")
    if !value.isPrefix, (try? ID<Activity>(value.text)) != nil { return .id(value) }
    guard !Words.of(value.text).isEmpty else {
      throw mistake(
        "\(value.text.debugDescription) has no letter or digit to search for", try: "Search for a word.", at: start)
    }
    return .text(value)
  }
}
