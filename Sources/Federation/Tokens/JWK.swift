package import Platform

extension KeySet {
  /// One JSON Web Key (RFC 7517 §4), with what it may be used for. The key says so, never the token.
  package struct Key: Sendable {
    package let json: JSON
    package let id: String?
    private let key: CryptoKey?
    /// Why it verifies nothing, or nil when it may.
    package let fault: String?

    /// RSA keys with fewer bits are refused (RFC 7518 §3.3).
    package static let leastRSABits = 2048

    init(json: JSON) {
      self.json = json
      id = json["kid"]?.string
      switch Key.read(json) {
      case .success(let key): (self.key, fault) = (key, nil)
      case .failure(let fault): (key, self.fault) = (nil, fault.text)
      }
    }

    /// That the key is published with its private half, which makes everything it signs worthless.
    package var isPrivate: Bool { ["d", "p", "q", "dp", "dq", "qi", "k"].contains { json[$0] != nil } }

    /// Why this key cannot have signed with `algorithm`, or nil when it can.
    package func fault(for algorithm: Algorithm) -> String? {
      if let fault { return fault }
      if let only = Key.member("alg", json), only.string != algorithm.rawValue {
        return "the key is for \(only.plainText) only, and the token says \(algorithm.rawValue)"
      }
      guard key?.fits(algorithm) != true else { return nil }
      let kind = json["crv"]?.string.map { "an EC key on \($0)" } ?? "an RSA key"
      return
        "\(algorithm.rawValue) needs \(algorithm.curve.map { "an EC key on \($0.rawValue)" } ?? "an RSA key"), and the key is \(kind)"
    }

    func isValid(_ signature: [UInt8], for message: [UInt8], by algorithm: Algorithm) -> Bool {
      fault(for: algorithm) == nil && key?.isValid(signature, for: message, by: algorithm) == true
    }

    private struct Fault: Error {
      let text: String
    }

    private static func read(_ json: JSON) -> Result<CryptoKey, Fault> {
      func fault(_ text: String) -> Result<CryptoKey, Fault> { .failure(Fault(text: "the key \(text)")) }
      guard json.object != nil else { return fault("is not an object") }
      if let use = member("use", json), use.string != "sig" {
        return fault("is for \(use.plainText), not for signatures (use)")
      }
      if let operations = member("key_ops", json), operations.array?.contains("verify") != true {
        return fault("is not for verifying (key_ops)")
      }
      switch json["kty"]?.string {
      case "RSA":
        guard let modulus = number("n", json), let exponent = number("e", json),
          let key = CryptoKey(modulus: modulus, exponent: exponent)
        else { return fault("is not a well-formed RSA key") }
        guard key.bits >= leastRSABits else {
          return fault("has \(key.bits) bits, and \(leastRSABits) are the least that is safe")
        }
        return .success(key)
      case "EC":
        guard let curve = json["crv"]?.string.flatMap(Curve.init(rawValue:)) else {
          return fault("is on a curve other than P-256, P-384 and P-521")
        }
        guard let x = number("x", json), let y = number("y", json), x.count == curve.size, y.count == curve.size,
          let key = CryptoKey(curve: curve, x: x, y: y)
        else { return fault("is not a point on \(curve.rawValue)") }
        return .success(key)
      case "oct": return fault("is a shared secret, which is never used to verify")
      case let type?: return fault("is of the type \(type), which no accepted algorithm uses")
      case nil: return fault("has no type (kty)")
      }
    }

    /// Some servers write null for what a key does not have.
    private static func member(_ name: String, _ json: JSON) -> JSON? {
      guard let value = json[name], !value.isNull else { return JSON?.none }
      return value
    }

    private static func number(_ member: String, _ json: JSON) -> [UInt8]? {
      json[member]?.string.flatMap { Base64URL.decode(Array($0.utf8)) }
    }
  }
}
