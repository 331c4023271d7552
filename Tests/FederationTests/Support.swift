import Foundation
import Platform
import Testing

@testable import Federation

enum Fixture {
  static func text(_ name: String) throws -> String {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/" + name, withExtension: nil))
    return try String(contentsOf: url, encoding: .utf8)
  }

  static func json(_ name: String) throws -> JSON { try JSON(parsing: text(name)) }

  static func lines(_ name: String) throws -> [JSON] {
    try text(name).split(separator: "\n").map { try JSON(parsing: String($0)) }
  }
}

extension Token {
  init(_ text: String) throws { try self.init(Secret(text)) }

  /// A token of these two JSON texts and any signature.
  init(header: String = #"{"alg":"RS256","kid":"k"}"#, claims: String, signature: [UInt8] = [1]) throws {
    let parts = [Array(header.utf8), Array(claims.utf8), signature]
    try self.init(parts.map { Base64URL.encode($0) }.joined(separator: "."))
  }

  /// The same token with another third part.
  func signed(with signature: [UInt8]) throws -> Token {
    let message = String(decoding: signed.message, as: UTF8.self)
    return try Token(message + "." + Base64URL.encode(signature))
  }
}

extension [Check] {
  subscript(matcher: String) -> Check? { first { $0.matcher == matcher } }
  var failing: [String] { filter(\.failed).map(\.matcher) }
}

/// The same numbers on every run and machine (SplitMix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
