import Federation
import FoundationEssentials
import Platform

/// The keys of issuers: those given inline, and those at an address, fetched and kept for a while.
package struct KeySource: Sendable {
  /// Gets the document at an address that was checked before; throws when there is none.
  package typealias Fetch = @Sendable (_ url: String, _ certificate: String?) async throws -> [UInt8]

  private struct Kept: Sendable {
    let source: JSON
    let keys: KeySet
    let fetchedAt: Date
    var failures = 0
  }

  private let fetch: Fetch?
  private var kept: [String: Kept] = [:]
  /// Issuers of the demonstration, whose keys are the sandbox's own.
  private var own: [String: KeySet] = [:]

  /// Seconds that fetched keys are believed without looking again, and the least between two looks because of a key
  /// that is not among them: a new one can fail for up to a minute.
  static let lifetime = 900.0
  static let patience = 60.0

  package init(fetch: Fetch?) { self.fetch = fetch }

  mutating func own(_ keys: KeySet, for issuer: String) { own[issuer] = keys }

  /// What can be had without fetching.
  /// - Parameter kid: when it is not among keys that are old enough, they are looked at again.
  func known(_ issuer: Document, kid: String?, at now: Date) -> KeySet? {
    let id = issuer.text("id")
    if let keys = own[id] { return keys }
    let source = Self.source(issuer)
    if let keys = source["keys"] { return try? KeySet(json: keys) }
    guard let kept = kept[id], kept.source == source else { return nil }
    let age = now.timeIntervalSince(kept.fetchedAt)
    guard age < Self.lifetime, age >= 0 else { return nil }
    let isThere = kid == nil || kept.keys.json["keys"]?.array?.contains { $0["kid"]?.string == kid } == true
    return isThere || age < Self.patience ? kept.keys : nil
  }

  mutating func keep(_ keys: KeySet, for issuer: Document, at now: Date) {
    kept[issuer.text("id")] = Kept(source: Self.source(issuer), keys: keys, fetchedAt: now)
  }

  /// What was fetched last, however old: better than nothing while the provider does not answer.
  func stale(_ issuer: Document) -> KeySet? {
    kept[issuer.text("id")].flatMap { $0.source == Self.source(issuer) ? $0.keys : nil }
  }

  /// Where keys come from; another answer means that what is kept is of another place.
  private static func source(_ issuer: Document) -> JSON {
    let jwks = issuer["jwks"] ?? .null
    return jwks["type"]?.string == "discovery" && jwks["discovery_base"]?.string == nil
      ? ["issuer_url": issuer["issuer_url"] ?? .null] : jwks
  }

  struct Unavailable: Error { let reason: String }

  /// Fetches the keys of an issuer whose keys lie at an address.
  func fetched(_ issuer: Document) async throws -> KeySet {
    guard let fetch else { throw Unavailable(reason: "this sandbox fetches nothing") }
    let jwks = issuer["jwks"] ?? .null
    let certificate = jwks["ca_cert_pem"]?.string
    var address = jwks["url"]?.string
    if jwks["type"]?.string == "discovery" {
      let base = jwks["discovery_base"]?.string ?? issuer.text("issuer_url")
      let document = try JSON(
        parsing: try await fetch(Self.discoveryAddress(base), certificate), duplicates: .lastWins)
      address = document["jwks_uri"]?.string
    }
    guard let address else { throw Unavailable(reason: "the discovery document has no jwks_uri") }
    if let fault = DialledAddress.fault(in: address) { throw Unavailable(reason: "jwks_uri: \(fault)") }
    return try KeySet(parsing: try await fetch(address, certificate))
  }

  /// OpenID Connect Discovery 1.0 §4: the path goes behind the issuer, without a slash doubled.
  static func discoveryAddress(_ base: String) -> String {
    (base.hasSuffix("/") ? String(base.dropLast()) : base) + "/.well-known/openid-configuration"
  }
}
