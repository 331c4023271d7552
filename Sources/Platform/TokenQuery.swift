/// What an index of ``ActivityText`` can be asked.
package indirect enum TokenQuery: Hashable, Sendable {
  /// Tokens one after the other, parted by spaces; with `isPrefix` the last one is only a beginning.
  case tokens([UInt8], isPrefix: Bool)
  case all([TokenQuery])
  case any([TokenQuery])
  case not(TokenQuery)

  /// Matches each activity.
  package static let everything = tokens([UInt8(ascii: ".")], isPrefix: false)
}

extension ActivityFilter {
  /// What every activity that passes must match in the index.
  /// - Returns: `query`, nil when the index cannot help, and whether the index alone decides.
  package var candidates: (query: TokenQuery?, isExact: Bool) {
    switch self {
    case .field(let field, let value): return (.tokens(field.tag(value), isPrefix: value.isPrefix), true)
    case .words(let value): return (.tokens(Words.of(value.text), isPrefix: value.isPrefix), true)
    case .group(let groups):
      let types = groups.flatMap(ActivityCatalogue.types)
      return (.any(types.map { .tokens(ActivityField.type.tag(FilterValue($0)), isPrefix: false) }), true)
    case .id, .created, .fragment: return (nil, false)
    case .path(let path, let test): return (path.words(of: test), false)
    case .all(let filters):
      let parts = filters.map(\.candidates)
      let queries = parts.compactMap(\.query)
      let isExact = parts.allSatisfy(\.isExact)
      return (queries.isEmpty ? (isExact ? .everything : nil) : .all(queries), isExact)
    case .any(let filters):
      let parts = filters.map(\.candidates)
      let queries = parts.compactMap(\.query)
      return (queries.count == parts.count ? .any(queries) : nil, parts.allSatisfy(\.isExact))
    case .not(let filter):
      let part = filter.candidates
      guard part.isExact, let query = part.query else { return (nil, false) }
      return (.not(query), true)
    }
  }
}

extension FilterPath {
  /// The words of a value are found wherever it stands, but for what ``ActivityText`` leaves out.
  fileprivate func words(of test: FilterTest) -> TokenQuery? {
    guard case .equals(let value) = test, value.text.utf8.count < Words.limit,
      steps.count > 1 || ActivityKey(steps[0]) != .envelope,
      !["true", "false"].contains(where: { $0.hasPrefix(value.text.lowercased()) })
    else { return nil }
    // A beginning of plain letters may be that of an identifier, which has no words.
    guard !Words.of(value.text).isEmpty, !value.isPrefix || value.text.contains(where: { "/@ ".contains($0) }) else {
      return nil
    }
    return ActivityFilter.text(value).candidates.query
  }
}

extension ActivityField {
  /// All tags of this field, as a list of tokens has them in the order of their bytes.
  package var tagRange: Range<String> {
    let letter = String(UnicodeScalar(letter))
    return letter + "="..<letter + ">"
  }

  /// The value in a tag, in the form in which values are compared.
  package func value(ofTag tag: String) -> String { FoldedValue.unfolded(Array(tag.utf8.dropFirst(2))) }
}
