internal import CCrypto
internal import Platform

/// A public key or a key pair, held by libcrypto.
final class CryptoKey: Sendable {
  /// Never null and never changed after it was made, which is what libcrypto asks of keys that threads share.
  private nonisolated(unsafe) let pointer: OpaquePointer

  private init?(owning pointer: OpaquePointer?) {
    guard let pointer else { return nil }
    self.pointer = pointer
  }

  deinit { gh_free_key(pointer) }

  /// A modulus and an exponent, big-endian. Nil when they are even, far too long or nothing.
  convenience init?(modulus: [UInt8], exponent: [UInt8]) {
    self.init(owning: gh_rsa_public(modulus, modulus.count, exponent, exponent.count))
  }

  /// Coordinates as long as the curve's field. Nil for a point that is not on the curve.
  convenience init?(curve: Curve, x: [UInt8], y: [UInt8]) {
    guard x.count == y.count else { return nil }
    self.init(owning: gh_ec_public(Int32(curve.bits), x, y, x.count))
  }

  /// Nil when it is not an unencrypted private key.
  convenience init?(pem: Secret) {
    self.init(owning: pem.expose { text in gh_private_from_pem(text, text.utf8.count) })
  }

  /// A new pair. With a seed the same pair every time, which is for tests and sandboxes only.
  convenience init?(for algorithm: Algorithm, seed: [UInt8]?) {
    let count = seed?.count ?? 0
    if let curve = algorithm.curve {
      self.init(owning: gh_make_ec(Int32(curve.bits), seed, count))
    } else {
      self.init(owning: gh_make_rsa(2048, seed, count))
    }
  }

  var isRSA: Bool { gh_is_rsa(pointer) }
  /// Of the modulus or of the curve's order.
  var bits: Int { Int(gh_key_bits(pointer)) }

  var curve: Curve? {
    let bits = Int(gh_curve_bits(pointer))
    return Curve.allCases.first { $0.bits == bits }
  }

  func fits(_ algorithm: Algorithm) -> Bool { algorithm.curve == nil ? isRSA : curve == algorithm.curve }

  func isValid(_ signature: [UInt8], for message: [UInt8], by algorithm: Algorithm) -> Bool {
    fits(algorithm)
      && gh_verify(
        pointer, algorithm.scheme, Int32(algorithm.digestBits), message, message.count, signature, signature.count)
  }

  /// Nil when this is no private key of the algorithm's kind.
  func signature(of message: [UInt8], by algorithm: Algorithm) -> [UInt8]? {
    guard fits(algorithm) else { return nil }
    return CryptoKey.bytes(atMost: 2048) { bytes, capacity in
      gh_sign(
        self.pointer, algorithm.scheme, Int32(algorithm.digestBits), message, message.count, bytes, capacity)
    }
  }

  /// The members of a JWK that make the public key (RFC 7518 §6).
  var publicMembers: JSON.Object {
    if let curve {
      return ["kty": "EC", "crv": .string(curve.rawValue), "x": part(GH_PART_X), "y": part(GH_PART_Y)]
    }
    return ["kty": "RSA", "n": part(GH_PART_N), "e": part(GH_PART_E)]
  }

  private func part(_ part: some BinaryInteger) -> JSON {
    let bytes = CryptoKey.bytes(atMost: 2048) { gh_key_part(self.pointer, Int32(part), $0, $1) }
    return .string(Base64URL.encode(bytes ?? []))
  }

  /// PKCS #8. Nil for a public key.
  var privatePEM: Secret? {
    let bytes = CryptoKey.bytes(atMost: 32 * 1024) { bytes, capacity in
      bytes.withMemoryRebound(to: CChar.self, capacity: Int(capacity)) { gh_private_pem(self.pointer, $0, capacity) }
    }
    return bytes.map { Secret(String(decoding: $0, as: UTF8.self)) }
  }

  /// What `write` puts into a buffer: it answers with the count, or -1.
  private static func bytes(
    atMost capacity: Int, _ write: (UnsafeMutablePointer<UInt8>, Int32) -> Int32
  ) -> [UInt8]? {
    var isWritten = false
    let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      guard let start = buffer.baseAddress else { return }
      let written = write(start, Int32(capacity))
      isWritten = written >= 0
      count = max(0, Int(written))
    }
    return isWritten ? bytes : nil
  }
}

/// Digests of SHA-2.
package enum Digest {
  package static func sha256(_ bytes: [UInt8]) -> [UInt8] { digest(bytes, bits: 256) }
  /// Only for what git calls its objects.
  package static func sha1(_ bytes: [UInt8]) -> [UInt8] { digest(bytes, bits: 160) }

  private static func digest(_ bytes: [UInt8], bits: Int32) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Int(bits / 8)) { buffer, count in
      guard let start = buffer.baseAddress else { return }
      count = gh_digest(bits, bytes, bytes.count, start) ? Int(bits / 8) : 0
    }
  }
}
