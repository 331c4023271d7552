package import Platform

/// A key pair that signs tokens: the identity provider of a sandbox, and of tests.
package struct SigningKey: Sendable {
  package let algorithm: Algorithm
  /// The `kid` of its tokens and of its public key.
  package let id: String
  /// PKCS #8.
  package let privatePEM: Secret
  private let key: CryptoKey

  /// A new key; RSA keys have 2048 bits.
  /// - Parameter id: when nil, the key's own thumbprint (RFC 7638).
  /// - Parameter seed: with one, the same key every time: never for anything but a sandbox.
  package init(_ algorithm: Algorithm = .rs256, id: String? = nil, seed: String? = nil) throws(UnusableKey) {
    guard let key = CryptoKey(for: algorithm, seed: seed.map { Array($0.utf8) }) else { throw .notMade }
    try self.init(key, algorithm, id: id)
  }

  /// A private key from PEM (PKCS #8, PKCS #1 or SEC 1, not encrypted).
  /// - Parameter algorithm: when nil, RS256 for RSA and the only one its curve allows for EC.
  package init(pem: Secret, algorithm: Algorithm? = nil, id: String? = nil) throws(UnusableKey) {
    guard let key = CryptoKey(pem: pem) else { throw .notPEM }
    let usual = Algorithm.allCases.first { key.fits($0) }
    guard let algorithm = algorithm ?? usual else { throw .otherKind }
    guard key.fits(algorithm) else { throw .unfit(algorithm) }
    guard !key.isRSA || key.bits >= KeySet.Key.leastRSABits else { throw .tooShort(key.bits) }
    try self.init(key, algorithm, id: id)
  }

  private init(_ key: CryptoKey, _ algorithm: Algorithm, id: String?) throws(UnusableKey) {
    guard let pem = key.privatePEM else { throw .notMade }
    (self.key, self.algorithm, privatePEM) = (key, algorithm, pem)
    self.id = id ?? SigningKey.thumbprint(key.publicMembers)
  }

  /// A token in its compact form, with `alg`, `kid` and `typ` in the header.
  /// - Parameter algorithm: when nil, the key's own; another must fit the same kind of key.
  /// - Parameter id: a `kid` other than the key's own.
  package func sign(
    _ claims: JSON.Object, algorithm: Algorithm? = nil, id: String? = nil
  ) throws(UnusableKey) -> Secret {
    let algorithm = algorithm ?? self.algorithm
    return try sign(
      header: ["alg": .string(algorithm.rawValue), "kid": .string(id ?? self.id), "typ": "JWT"], claims, by: algorithm)
  }

  /// A token with any header at all, for trying what is refused.
  package func sign(
    header: JSON.Object, _ claims: JSON.Object, by algorithm: Algorithm
  ) throws(UnusableKey) -> Secret {
    let parts = [header, claims].map { Base64URL.encode(Array(JSON.object($0).compact.utf8)) }
    let message = parts.joined(separator: ".")
    guard let signature = key.signature(of: Array(message.utf8), by: algorithm) else { throw .unfit(algorithm) }
    return Secret(message + "." + Base64URL.encode(signature))
  }

  /// The public key, as an issuer publishes it: with `kid`, `use` and `alg`.
  package var publicJWK: JSON {
    var members = key.publicMembers
    members["kid"] = .string(id)
    members["use"] = "sig"
    members["alg"] = .string(algorithm.rawValue)
    return .object(members)
  }

  /// `{"keys":[…]}` with the public key.
  package var publicKeySet: JSON { ["keys": [publicJWK]] }

  /// The members a key is made of, in order of their names, hashed (RFC 7638 §3).
  private static func thumbprint(_ members: JSON.Object) -> String {
    var sorted = JSON.Object()
    for name in members.keys.sorted() { sorted[name] = members[name] }
    return Base64URL.encode(Digest.sha256(Array(JSON.object(sorted).compact.utf8)))
  }
}

/// Why a key signs nothing.
package enum UnusableKey: Error, Equatable, Sendable {
  case notMade
  case notPEM
  case otherKind
  case tooShort(Int)
  case unfit(Algorithm)

  package var problem: Problem {
    let (cause, remedy) =
      switch self {
      case .notMade: ("libcrypto made no key", "Try again.")
      case .notPEM:
        ("it is not a private key in PEM, or it is encrypted", "Give the file that openssl genpkey wrote.")
      case .otherKind: ("it is neither RSA nor EC on P-256, P-384 or P-521", "Make one of these.")
      case .tooShort(let bits): ("it has \(bits) bits", "Make an RSA key of 2048 bits or more.")
      case .unfit(let algorithm):
        ("\(algorithm.rawValue) needs another kind of key", "Choose an algorithm that fits the key.")
      }
    return Problem("The key was not used", because: cause, try: remedy, kind: .usage, code: "unusable_key")
  }
}
