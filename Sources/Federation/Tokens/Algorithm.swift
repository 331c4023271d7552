internal import CCrypto

/// The signature algorithms that the platform takes (RFC 7518 §3.1). There is no HMAC and no `none` to be told to use.
package enum Algorithm: String, CaseIterable, Sendable {
  case rs256 = "RS256"
  case rs384 = "RS384"
  case rs512 = "RS512"
  case ps256 = "PS256"
  case ps384 = "PS384"
  case ps512 = "PS512"
  case es256 = "ES256"
  case es384 = "ES384"
  case es512 = "ES512"

  /// RSA, or ECDSA on the one curve that the algorithm names.
  enum Family: Equatable { case pkcs1, pss, ecdsa(curve: Curve) }

  var family: Family {
    switch self {
    case .rs256, .rs384, .rs512: .pkcs1
    case .ps256, .ps384, .ps512: .pss
    case .es256: .ecdsa(curve: .p256)
    case .es384: .ecdsa(curve: .p384)
    case .es512: .ecdsa(curve: .p521)
    }
  }

  /// Of SHA-2.
  var digestBits: Int {
    switch self {
    case .rs256, .ps256, .es256: 256
    case .rs384, .ps384, .es384: 384
    case .rs512, .ps512, .es512: 512
    }
  }

  /// The JWK key type it needs: `RSA` or `EC`.
  package var keyType: String { curve == nil ? "RSA" : "EC" }

  var curve: Curve? { if case .ecdsa(let curve) = family { curve } else { nil } }

  var scheme: Int32 {
    switch family {
    case .pkcs1: Int32(GH_SCHEME_PKCS1)
    case .pss: Int32(GH_SCHEME_PSS)
    case .ecdsa: Int32(GH_SCHEME_ECDSA)
    }
  }

  /// In words, for what was expected.
  static let listed = "RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 or ES512"
}

/// The curves of RFC 7518 §6.2.1.1.
enum Curve: String, CaseIterable, Sendable {
  case p256 = "P-256"
  case p384 = "P-384"
  case p521 = "P-521"

  /// Of the field.
  var bits: Int {
    switch self {
    case .p256: 256
    case .p384: 384
    case .p521: 521
    }
  }

  /// Bytes of one coordinate.
  var size: Int { (bits + 7) / 8 }
}
