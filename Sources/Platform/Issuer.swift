package import FoundationEssentials

/// Whose tokens are trusted (Admin API, federation issuers).
package struct Issuer: Identified, WireObject, Hashable {
  package static let idPrefix = "fdis"

  /// Where the signing keys come from.
  package enum Keys: Hashable, Sendable {
    /// `<base or issuer URL>/.well-known/openid-configuration`, then its `jwks_uri`.
    case discovery(base: String?, certificate: String?)
    case explicitURL(String, certificate: String?)
    /// JWK objects, without the `{"keys":…}` around them.
    case inline([JSON])
    /// A kind this program does not know, as it was received.
    case unknown(JSON)
  }

  package let id: ID<Issuer>
  package var name: String
  /// Compared with a token's `iss` byte for byte, a trailing slash included.
  package var issuerURL: String
  package var keys: Keys
  /// Replay protection: a `jti` is accepted once.
  package var checksJTI: Bool
  /// The greatest `exp - iat` accepted, 1 to 176400 seconds.
  package var maxTokenLifetime: Int
  package let createdAt: Date
  package var updatedAt: Date
  package var archivedAt: Date?
  package var createdBy, updatedBy, archivedBy: String?
  /// As received: `consecutive_failures`, `last_fetched_at`, `next_poll_at`; nil for inline keys.
  package var pollStatus: JSON?
  package var pollingDisabledAt: Date?

  package var isArchived: Bool { archivedAt != nil }

  package init(
    id: ID<Issuer>, name: String, issuerURL: String, keys: Keys, checksJTI: Bool, maxTokenLifetime: Int,
    createdAt: Date, createdBy: String?
  ) {
    (self.id, self.name, self.issuerURL, self.keys) = (id, name, issuerURL, keys)
    (self.checksJTI, self.maxTokenLifetime) = (checksJTI, maxTokenLifetime)
    (self.createdAt, self.updatedAt, self.createdBy, self.updatedBy) = (createdAt, createdAt, createdBy, createdBy)
  }

  package init(json: JSON) throws(Undecodable) {
    id = try json.id("id")
    name = try json.text("name")
    issuerURL = try json.text("issuer_url")
    keys = Keys(json: try json.nested("jwks"))
    checksJTI = json["check_jti"]?.bool ?? true
    maxTokenLifetime = json["max_jwt_lifetime_seconds"]?.int ?? 3600
    createdAt = try json.time("created_at")
    updatedAt = json.optionalTime("updated_at") ?? createdAt
    archivedAt = json.optionalTime("archived_at")
    createdBy = json["created_by_actor_id"]?.string
    updatedBy = json["updated_by_actor_id"]?.string
    archivedBy = json["archived_by_actor_id"]?.string
    // `nil` alone would be read as the JSON null here.
    pollStatus = json["poll_status"].flatMap { $0.isNull ? JSON?.none : $0 }
    pollingDisabledAt = json.optionalTime("jwks_polling_disabled_at")
  }

  package var json: JSON {
    [
      "id": JSON(id), "type": "federation_issuer", "name": .string(name), "issuer_url": .string(issuerURL),
      "jwks": keys.json, "check_jti": .bool(checksJTI), "max_jwt_lifetime_seconds": JSON(maxTokenLifetime),
      "poll_status": pollStatus ?? .null, "jwks_polling_disabled_at": JSON(pollingDisabledAt),
      "created_at": JSON(createdAt), "created_by_actor_id": JSON(createdBy),
      "updated_at": JSON(updatedAt), "updated_by_actor_id": JSON(updatedBy),
      "archived_at": JSON(archivedAt), "archived_by_actor_id": JSON(archivedBy),
    ]
  }
}

extension Issuer.Keys {
  package init(json: JSON) {
    let certificate = json["ca_cert_pem"]?.string
    switch json["type"]?.string {
    case "discovery": self = .discovery(base: json["discovery_base"]?.string, certificate: certificate)
    case "explicit_url": self = json["url"]?.string.map { .explicitURL($0, certificate: certificate) } ?? .unknown(json)
    case "inline": self = json["keys"]?.array.map { .inline($0) } ?? .unknown(json)
    default: self = .unknown(json)
    }
  }

  package var json: JSON {
    switch self {
    case .discovery(let base, let certificate):
      ["type": "discovery", "discovery_base": JSON(base), "ca_cert_pem": JSON(certificate)]
    case .explicitURL(let url, let certificate):
      ["type": "explicit_url", "url": .string(url), "ca_cert_pem": JSON(certificate)]
    case .inline(let keys): ["type": "inline", "keys": .array(keys)]
    case .unknown(let json): json
    }
  }
}
