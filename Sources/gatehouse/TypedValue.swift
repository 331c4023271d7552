import CEL
import Platform

/// Values of the condition language as JSON that keeps their kind: `{"int":"5"}`, `{"list":[…]}`, `{"map":[[key,value]…]}`.
/// Numbers are strings, because 64 bits do not fit a JSON number; bytes are hexadecimal.
enum TypedValue {
  /// - Throws: ``Undecodable`` for what is no typed value.
  static func value(_ json: JSON) throws(Undecodable) -> Value {
    guard let (kind, content) = json.object?.members.first, json.object?.count == 1 else {
      throw Undecodable(member: json.compact, expected: "an object with one member, the value's kind")
    }
    guard let value = try value(kind, content) else {
      throw Undecodable(member: kind, expected: "a value of that kind, not \(content.compact)")
    }
    return value
  }

  private static func value(_ kind: String, _ content: JSON) throws(Undecodable) -> Value? {
    let text = content.string
    switch kind {
    case "null": return content.isNull ? .null : nil
    case "bool": return content.bool.map { .bool($0) }
    case "int": return text.flatMap { Int64($0) }.map { .int($0) }
    case "uint": return text.flatMap { UInt64($0) }.map { .uint($0) }
    case "double": return text.flatMap { Double($0) }.map { .double($0) }
    case "string": return text.map { .string($0) }
    case "bytes": return text.flatMap(bytes).map { .bytes($0) }
    case "timestamp": return text.flatMap { Timestamp($0) }.map { .timestamp($0) }
    case "duration": return text.flatMap { Value(durationText: $0) }
    case "type": return text.flatMap { Value.Kind(rawValue: $0) }.map { .type($0) }
    case "list": return .list(try (content.array ?? []).map { item throws(Undecodable) in try value(item) })
    case "map": return try map(content)
    default: return nil
    }
  }

  private static func map(_ content: JSON) throws(Undecodable) -> Value? {
    var entries: [(key: Value.Key, value: Value)] = []
    for pair in content.array ?? [] {
      guard let pair = pair.array, pair.count == 2, let key = Value.Key(try value(pair[0])) else {
        throw Undecodable(member: "map", expected: "pairs of a key and a value")
      }
      entries.append((key, try value(pair[1])))
    }
    return Value.Map(unique: entries).map { .map($0) }
  }

  private static func bytes(_ digits: String) -> [UInt8]? {
    let digits = Array(digits.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).reduce([UInt8]?.some([])) { bytes, index in
      UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16).flatMap { (bytes ?? []) + [$0] }
    }
  }

  static func json(_ value: Value) -> JSON {
    switch value {
    case .null: ["null": .null]
    case .bool(let value): ["bool": .bool(value)]
    case .int(let value): ["int": .string(String(value))]
    case .uint(let value): ["uint": .string(String(value))]
    case .double(let value): ["double": .string(text(value))]
    case .string(let value): ["string": .string(value)]
    case .bytes(let value): ["bytes": .string(value.hexadecimal)]
    case .list(let values): ["list": .array(values.map(json))]
    case .map(let map): ["map": .array(map.entries.map { [json($0.key.value), json($0.value)] })]
    case .timestamp(let value): ["timestamp": .string(value.text)]
    case .duration(let nanoseconds): ["duration": .string(Value.durationText(nanoseconds: nanoseconds))]
    case .type(let kind): ["type": .string(kind.rawValue)]
    }
  }

  private static func text(_ value: Double) -> String {
    value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : String(value)
  }
}
