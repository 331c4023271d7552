package import Platform

/// What a token says about its bearer. Nothing here is believed before the signature is verified.
package struct Claims: Hashable, Sendable {
  package let members: JSON.Object

  package init(_ members: JSON.Object) { self.members = members }

  package var json: JSON { .object(members) }

  /// The top-level claim of exactly this name. Bytes are compared, for Swift takes two ways to write é for one.
  package subscript(name: String) -> JSON? {
    members.first { $0.key.utf8.elementsEqual(name.utf8) }?.value
  }

  package var issuer: String? { self["iss"]?.string }
  package var subject: String? { self["sub"]?.string }
  package var tokenID: String? { self["jti"]?.string }

  /// The elements of `aud` that are strings, or its only value.
  package var audiences: [String] {
    switch self["aud"] {
    case .string(let audience): [audience]
    case .array(let values): values.compactMap(\.string)
    default: []
    }
  }

  /// A NumericDate (RFC 7519 §2) in seconds since 1970, fractions allowed. Nil for anything but a finite number.
  package func seconds(_ name: String) -> Double? { self[name]?.double.flatMap { $0.isFinite ? $0 : nil } }
}

extension JSON {
  /// The kind of value in words, as a note says it: `a number`, `a list`.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// A string as it is, anything else as JSON.
  var plainText: String { string ?? compact }
}

extension String {
  /// Byte for byte, where `==` would take different ways to write one character as equal.
  func isExactly(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
