import CEL
import Foundation
import Testing

/// Reads the JSON lines of a fixture.
func fixture(_ name: String) throws -> [[String: Any]] {
  let url = try #require(Bundle.module.url(forResource: name, withExtension: "jsonl", subdirectory: "Fixtures"))
  return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { line in
    try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }
}

extension Value {
  /// A value as the conformance data writes it: `{"int":"-5"}`, `{"list":[…]}`.
  init(typed: Any?) throws {
    let object = try #require(typed as? [String: Any])
    let (kind, payload) = try #require(object.first)
    let text = payload as? String ?? ""
    switch kind {
    case "null": self = .null
    case "bool": self = .bool(try #require(payload as? Bool))
    case "int": self = .int(try #require(Int64(text)))
    case "uint": self = .uint(try #require(UInt64(text)))
    case "double": self = .double(try #require(Double(text)))
    case "string": self = .string(text)
    case "bytes":
      let digits = Array(text)
      self = .bytes(
        try stride(from: 0, to: digits.count, by: 2).map {
          try #require(UInt8(String(digits[$0...($0 + 1)]), radix: 16))
        })
    case "list": self = .list(try #require(payload as? [Any]).map { try Value(typed: $0) })
    case "map":
      let entries = try #require(payload as? [[Any]]).map { pair in
        (key: try #require(Key(Value(typed: pair[0]))), value: try Value(typed: pair[1]))
      }
      self = .map(try #require(Map(unique: entries)))
    case "timestamp": self = .timestamp(try #require(Timestamp(text)))
    case "duration": self = try #require(Value(durationText: text))
    case "type": self = .type(try #require(Kind(rawValue: text)))
    default: throw CocoaError(.formatting)
    }
  }

  /// A claim as a token writes it.
  init(json: Any, _ model: NumberModel = .double) throws {
    switch json {
    case is NSNull: self = .null
    case let number as NSNumber where number.isBoolean: self = .bool(number.boolValue)
    case let number as NSNumber: self = Value(jsonNumber: number.stringValue, as: model)
    case let text as String: self = .string(text)
    case let array as [Any]: self = .list(try array.map { try Value(json: $0, model) })
    case let object as [String: Any]:
      self = Value(object: try object.map { (key: $0.key, value: try Value(json: $0.value, model)) })
    default: throw CocoaError(.formatting)
    }
  }
}

extension NSNumber {
  /// Foundation keeps the booleans of JSON as numbers of one byte.
  fileprivate var isBoolean: Bool { String(cString: objCType) == "c" }
}
