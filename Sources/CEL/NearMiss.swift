/// How near two values come that should have gone together.
enum NearMiss {
  /// What keeps two values from being equal; nil when there is no more to say than the values do.
  static func unequal(_ left: Value, _ right: Value) -> String? {
    if case .string(let left) = left, case .string(let right) = right { return different(left, right) }
    if left.kind == right.kind { return nil }
    if Ordering(numbers: left, right) != nil { return nil }
    return "\(left.clippedText) is \(left.kind.phrase), \(right.clippedText) \(right.kind.phrase)"
  }

  static func notIn(_ element: Value, _ container: Value) -> String? {
    guard case .list(let values) = container else { return nil }
    if case .string(let text) = element, text.utf8.count <= 4096,
      let nearest = values.compactMap(\.string).first(where: { $0.lowercased().hasSameScalars(as: text.lowercased()) })
    {
      return different(text, nearest)
    }
    let kinds = Set(values.map(\.kind))
    guard kinds.count == 1, let kind = kinds.first, kind != element.kind, !(kind.isNumber && element.kind.isNumber)
    else { return nil }
    return "\(element.clippedText) is \(element.kind.phrase), the list holds \(kind.rawValue) values"
  }

  /// The first difference of two texts that are not equal.
  private static func different(_ left: String, _ right: String) -> String? {
    for end in ["\r\n", "\n", " "] where left.hasSameScalars(as: right + end) || right.hasSameScalars(as: left + end) {
      return end == " " ? "the same but for a trailing space" : "the same but for a trailing newline"
    }
    if left.lowercased().hasSameScalars(as: right.lowercased()) {
      return "the same but for letter case, from column \(commonPrefix(left, right) + 1)"
    }
    // Swift's own comparison is up to canonical equivalence.
    if left == right { return "they look the same, and are written with different code points" }
    let common = commonPrefix(left, right)
    if common == 0 { return nil }
    let rests = [left, right].map { excerpt($0, after: common) }
    return "differs from column \(common + 1): \(rests[0]) / \(rests[1])"
  }

  /// Why `text.function(part)` is false.
  static func call(_ function: Function?, _ text: String, _ part: String) -> String? {
    switch function {
    case .startsWith:
      let common = commonPrefix(text, part)
      let rests = [text, part].map { excerpt($0, after: common) }
      if text.lowercased().startsWith(part.lowercased()) { return "it starts so but for letter case" }
      return common == 0 ? nil : "the first \(common) characters agree, then comes \(rests[0]) / \(rests[1])"
    case .endsWith:
      let (text, part) = (text.lowercased(), part.lowercased())
      return text.endsWith(part) ? "it ends so but for letter case" : nil
    case .contains: return text.lowercased().contains(bytesOf: part.lowercased()) ? "it does but for letter case" : nil
    case .matches:
      guard let pattern = try? Pattern("(?i:\(part))"), pattern.matches(text) else { return nil }
      return "it matches but for letter case"
    default: return nil
    }
  }

  /// In code points.
  private static func commonPrefix(_ left: String, _ right: String) -> Int {
    zip(left.unicodeScalars, right.unicodeScalars).prefix { $0 == $1 }.count
  }

  private static func excerpt(_ text: String, after count: Int) -> String {
    let rest = text.unicodeScalars.dropFirst(count)
    if rest.isEmpty { return "its end" }
    let isLong = rest.dropFirst(24).first != nil
    return String(String.UnicodeScalarView(rest.prefix(24))).quoted + (isLong ? "…" : "")
  }
}

extension Value.Kind {
  var isNumber: Bool { self == .int || self == .uint || self == .double }

  /// What a person calls it, for `"5" is a string, 5 a number`.
  var phrase: String {
    switch self {
    case .null: "null"
    case .int, .uint, .double: "a number"
    default: "a \(rawValue)"
    }
  }
}
