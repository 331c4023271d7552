package import Federation
package import Platform
internal import PlatformClient

/// The keys an issuer signs with, from where it publishes them.
package enum IssuerKeys {
  /// - Throws: ``Problem`` when they cannot be fetched or are none.
  package static func keys(of issuer: Issuer) async throws(Problem) -> KeySet {
    switch issuer.keys {
    case .inline(let keys): try keySet { () throws(UnreadableKeySet) in try KeySet(json: .array(keys)) }
    case .explicitURL(let url, let certificate): try await fetched(url, certificate)
    case .discovery(let base, let certificate):
      try await discovered(base ?? issuer.issuerURL, certificate)
    case .unknown:
      throw Problem(
        "The keys were not read", because: "this version does not know where they come from",
        try: "Give them with --jwks.")
    }
  }

  /// - Parameter url: of a JWK set.
  package static func keys(atAddress url: String) async throws(Problem) -> KeySet { try await fetched(url, nil) }

  private static func discovered(_ base: String, _ certificate: String?) async throws(Problem) -> KeySet {
    // OpenID Connect Discovery 1.0 §4: a slash at the end is taken away before the path is added.
    let address = (base.hasSuffix("/") ? String(base.dropLast()) : base) + "/.well-known/openid-configuration"
    let document = try await document(address, certificate)
    guard let url = (try? JSON(parsing: document, duplicates: .lastWins))?["jwks_uri"]?.string else {
      throw Problem("The keys were not read", because: "\(address) names no jwks_uri", try: "Give them with --jwks.")
    }
    guard url.hasPrefix("https://") || base.hasPrefix("http://") else {
      throw Problem(
        "The keys were not read",
        because: "\(address) names a jwks_uri that is not https, which anyone on this machine could answer",
        try: "Give them with --jwks.")
    }
    return try await fetched(url, certificate)
  }

  private static func fetched(_ url: String, _ certificate: String?) async throws(Problem) -> KeySet {
    let bytes = try await document(url, certificate)
    return try keySet { () throws(UnreadableKeySet) in try KeySet(parsing: bytes) }
  }

  private static func document(_ url: String, _ certificate: String?) async throws(Problem) -> [UInt8] {
    do { return try await KeyFetch.fetch(url, certificate) } catch let problem as Problem { throw problem } catch {
      throw Problem(
        "The keys were not fetched", because: "\(url) gave no answer: \(error)", try: "Give them with --jwks.",
        kind: .unavailable)
    }
  }

  private static func keySet(_ read: () throws(UnreadableKeySet) -> KeySet) throws(Problem) -> KeySet {
    do throws(UnreadableKeySet) { return try read() } catch { throw error.problem }
  }
}
