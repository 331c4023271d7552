package import FoundationEssentials

/// Which activities to show: what a person types into the audit view's filter, and `--filter`.
///
/// `type:platform_* -outcome:success (account:svac_01… or repo:acme/api) created_at>-2h "signing key"`: terms beside
/// each other must all hold, `or` parts alternatives, `-` turns a term or a group round. See ``init(_:now:)``.
package indirect enum ActivityFilter: Hashable, Sendable {
  /// All of them hold; without any, every activity passes.
  case all([ActivityFilter])
  case any([ActivityFilter])
  case not(ActivityFilter)
  case field(ActivityField, FilterValue)
  case group([ActivityCatalogue.Group])
  /// By the activity's own identifier.
  case id(FilterValue)
  /// The words of a text stand somewhere in the activity, one after the other.
  case words(FilterValue)
  /// A text stands anywhere in the JSON, letter by letter. No index helps.
  case fragment(Fragment)
  case path(FilterPath, FilterTest)
  case created(Comparison, Date)

  package enum Comparison: String, CaseIterable, Sendable {
    // The longer ones first, as they are read.
    case atLeast = ">="
    case atMost = "<="
    case above = ">"
    case below = "<"

    func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
      switch self {
      case .above: left > right
      case .below: left < right
      case .atLeast: left >= right
      case .atMost: left <= right
      }
    }
  }

  /// What passes everything.
  package static let everything = ActivityFilter.all([])

  /// Exchanges that were refused, and those of which nothing is said (see ``Activity/isDenied``).
  package static let denials = ActivityFilter.all([
    .field(.type, FilterValue(Activity.exchangeType)),
    .any([
      .field(.reason, FilterValue("", isPrefix: true)),
      .not(.any(Activity.goodOutcomes.map { .field(.outcome, FilterValue($0)) })),
    ]),
  ])

  /// A value wherever it stands: as words or, when it is an identifier or an address, as the tag that these have.
  package static func text(_ value: FilterValue) -> ActivityFilter {
    var text = value.text
    let field = text.withUTF8 { $0.isAddress ? .ip : Identifier.field(of: $0) }
    guard let field else { return .words(value) }
    return .any([.words(value), .field(field, value)])
  }

  /// What a search for plain text finds: all its words, each wherever it stands, or a beginning that ends in `*`.
  /// Nothing in it is read as a term. A text that has no letter or digit is nowhere, an empty one everywhere.
  package init(searching text: String) {
    let filters = text.split(whereSeparator: \.isWhitespace).compactMap { word -> ActivityFilter? in
      let isPrefix = word.count > 1 && word.hasSuffix("*")
      let value = FilterValue(String(isPrefix ? word.dropLast() : word), isPrefix: isPrefix)
      return Words.of(value.text).isEmpty ? nil : .text(value)
    }
    let isEmpty = text.allSatisfy(\.isWhitespace)
    self = filters.isEmpty && !isEmpty ? .not(.everything) : .all(filters)
  }

  /// Both hold.
  package func and(_ other: ActivityFilter) -> ActivityFilter {
    switch (self, other) {
    case (.everything, _): other
    case (_, .everything): self
    case (.all(let left), .all(let right)): .all(left + right)
    case (.all(let left), _): .all(left + [other])
    default: .all([self, other])
    }
  }

  /// As it must be typed to be one value.
  package static func quoted(_ value: String) -> String {
    let isPlain =
      !value.isEmpty && !value.hasSuffix("*")
      && value.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && !"\"()".unicodeScalars.contains($0) }
    guard !isPlain else { return value }
    return "\"\(value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
  }

  // MARK: Answers

  package func accepts(_ activity: Activity) -> Bool {
    var text: ActivityText?
    return accepts(activity, &text)
  }

  /// - Parameter text: that of the activity, which those who ask more than once keep.
  package func accepts(_ activity: Activity, _ text: ActivityText) -> Bool {
    var text: ActivityText? = text
    return accepts(activity, &text)
  }

  /// - Parameter text: made when it is first needed: paths and times do without, and making it takes longest.
  private func accepts(_ activity: Activity, _ text: inout ActivityText?) -> Bool {
    switch self {
    case .all(let filters): return filters.allSatisfy { $0.accepts(activity, &text) }
    case .any(let filters): return filters.contains { $0.accepts(activity, &text) }
    case .not(let filter): return !filter.accepts(activity, &text)
    case .field(let field, let value): return ActivityFilter.contains(field.tag(value), value, activity, &text)
    case .words(let value): return ActivityFilter.contains(Words.of(value.text), value, activity, &text)
    case .group(let groups): return ActivityCatalogue.group(of: activity.type).map(groups.contains) ?? false
    case .id(let value): return value.accepts(activity.id.description)
    case .fragment(let fragment): return fragment.isWithin(activity.json.compact)
    case .path(let path, let test): return path.values(in: activity.json).contains(where: test.accepts)
    case .created(let comparison, let date):
      return comparison.holds(activity.createdAt.microseconds, date.microseconds)
    }
  }

  private static func contains(
    _ tokens: [UInt8], _ value: FilterValue, _ activity: Activity, _ text: inout ActivityText?
  ) -> Bool {
    let made = text ?? ActivityText(activity)
    text = made
    return made.contains(tokens, isPrefix: value.isPrefix)
  }
}

/// What stands after the colon: a whole value, or with `*` its beginning. Case is of no account but in identifiers.
package struct FilterValue: Hashable, Sendable {
  package let text: String
  package let isPrefix: Bool
  package init(_ text: String, isPrefix: Bool = false) { (self.text, self.isPrefix) = (text, isPrefix) }

  func accepts(_ value: String) -> Bool {
    let (wanted, given) = (FoldedValue.of(text), FoldedValue.of(value))
    return isPrefix ? given.starts(with: wanted) : given == wanted
  }
}

/// What a value at a path must be.
package enum FilterTest: Hashable, Sendable {
  case equals(FilterValue)
  case number(ActivityFilter.Comparison, Double)
  case time(ActivityFilter.Comparison, Date)

  func accepts(_ value: JSON) -> Bool {
    switch self {
    case .equals(let wanted):
      switch value {
      case .string(let text), .number(let text): wanted.accepts(text)
      case .bool(let flag): wanted.accepts(flag ? "true" : "false")
      // Whatever is there, if it is asked for by `*` only.
      case .object: wanted.isPrefix && wanted.text.isEmpty
      case .array, .null: false
      }
    case .number(let comparison, let number): value.double.map { comparison.holds($0, number) } ?? false
    case .time(let comparison, let date):
      value.string.flatMap(Date.init(timestamp:)).map { comparison.holds($0, date) } ?? false
    }
  }
}

/// The dotted name of a member, `event_data.oidc_token.claims.ref`. A list on the way stands for all its items, and
/// a member whose own name has dots (`kubernetes.io`) is found too.
package struct FilterPath: Hashable, Sendable {
  package let steps: [String]
  package init(_ text: String) { steps = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init) }

  func values(in json: JSON) -> [JSON] { values(in: json, steps[...]) }

  private func values(in json: JSON, _ steps: ArraySlice<String>) -> [JSON] {
    if case .array(let items) = json { return items.flatMap { values(in: $0, steps) } }
    guard !steps.isEmpty else { return [json] }
    guard let object = json.object else { return [] }
    return (1...steps.count).flatMap { count -> [JSON] in
      let name = steps.prefix(count).joined(separator: ".")
      return object[name].map { values(in: $0, steps.dropFirst(count)) } ?? []
    }
  }
}

extension ActivityField {
  /// The value's token in an ``ActivityText``.
  func tag(_ value: FilterValue) -> [UInt8] { [letter, UInt8(ascii: "=")] + FoldedValue.of(value.text) }
}
