/// What is known of a value before evaluation.
package indirect enum StaticType: Hashable, Sendable {
  /// Anything: a claim is this.
  case dyn
  /// The elements of an empty literal: anything, until a neighbour says more.
  case unknown
  case null, bool, int, uint, double, string, bytes, timestamp, duration
  case list(StaticType)
  case map(StaticType, StaticType)
  case type(StaticType)

  /// As the language writes it: `list(string)`, `map(string, dyn)`.
  package var text: String {
    switch self {
    case .dyn, .unknown: "dyn"
    case .null: "null_type"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string: "string"
    case .bytes: "bytes"
    case .timestamp: "timestamp"
    case .duration: "duration"
    case .list(let element): "list(\(element.text))"
    case .map(let key, let value): "map(\(key.text), \(value.text))"
    case .type(let type): "type(\(type.text))"
    }
  }

  /// Reads what ``text`` writes.
  package init?(_ text: String) {
    guard let opening = text.firstIndex(of: "("), text.hasSuffix(")") else {
      switch text {
      case "dyn": self = .dyn
      case "type": self = .type(.dyn)
      case "list": self = .list(.dyn)
      case "map": self = .map(.dyn, .dyn)
      default:
        guard let kind = Value.Kind(rawValue: text) else { return nil }
        self = StaticType(kind)
      }
      return
    }
    let arguments = text[text.index(after: opening)...].dropLast()
    switch text[..<opening] {
    case "list":
      guard let element = StaticType(String(arguments)) else { return nil }
      self = .list(element)
    case "type":
      guard let type = StaticType(String(arguments)) else { return nil }
      self = .type(type)
    case "map":
      // A key has no comma in it, for keys are scalars.
      guard let comma = arguments.firstIndex(of: ","),
        let key = StaticType(String(arguments[..<comma])),
        let value = StaticType(String(arguments[arguments.index(after: comma)...].drop { $0 == " " }))
      else { return nil }
      self = .map(key, value)
    default: return nil
    }
  }

  init(_ kind: Value.Kind) {
    switch kind {
    case .null: self = .null
    case .bool: self = .bool
    case .int: self = .int
    case .uint: self = .uint
    case .double: self = .double
    case .string: self = .string
    case .bytes: self = .bytes
    case .list: self = .list(.dyn)
    case .map: self = .map(.dyn, .dyn)
    case .timestamp: self = .timestamp
    case .duration: self = .duration
    case .type: self = .type(.dyn)
    }
  }

  var isDyn: Bool { self == .dyn || self == .unknown }
  var isNumber: Bool { self == .int || self == .uint || self == .double }

  /// Whether a value of one type may be a value of the other.
  func isCompatible(with other: StaticType) -> Bool {
    if isDyn || other.isDyn { return true }
    switch (self, other) {
    case (.list(let left), .list(let right)): return left.isCompatible(with: right)
    case (.map(let leftKey, let leftValue), .map(let rightKey, let rightValue)):
      return leftKey.isCompatible(with: rightKey) && leftValue.isCompatible(with: rightValue)
    case (.type, .type): return true
    default: return self == other
    }
  }

  /// The type of a place that holds values of both.
  func joined(with other: StaticType) -> StaticType {
    if self == other { return self }
    switch (self, other) {
    case (.unknown, let known), (let known, .unknown): return known
    case _ where !isCompatible(with: other): return .dyn
    case (.map(let leftKey, let leftValue), .map(let rightKey, let rightValue)):
      return .map(leftKey.joined(with: rightKey), leftValue.joined(with: rightValue))
    case (.list(let left), .list(let right)): return .list(left.joined(with: right))
    default: return .dyn
    }
  }
}
