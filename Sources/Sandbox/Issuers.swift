import Platform

/// Federation issuers (Admin API, federation issuers).
extension World {
  static let longestTokenLifetime = 176_400

  private static let issuerFields = [
    Field("name", Check.slug),
    Field("issuer_url", Check.text(1...2048)),
    Field("jwks", nullable: true, Check.object),
    Field("check_jti", nullable: true, Check.flag),
    Field("max_jwt_lifetime_seconds", nullable: true, Check.number(1...longestTokenLifetime)),
  ]

  mutating func createIssuer(_ call: Call) throws(Refusal) -> JSON {
    var fields = Self.issuerFields
    for index in 0..<2 { fields[index].isRequired = true }
    let body = try call.fields(fields)
    let keys = try Self.keySource(body["jwks"])
    try Self.checkDialledAddresses(issuerURL: body.text("issuer_url"), keys: keys)
    try requireFreeName(body.text("name"), .issuers, "federation issuer")
    let id = random.identifier("fdis")
    var issuer: Document = [
      "id": .string(id), "type": "federation_issuer", "name": .string(body.text("name")),
      "issuer_url": .string(body.text("issuer_url")), "jwks": keys,
      "check_jti": .bool(body["check_jti"]?.bool ?? true),
      "max_jwt_lifetime_seconds": JSON(body["max_jwt_lifetime_seconds"]?.int ?? 3600),
      "poll_status": .null, "jwks_polling_disabled_at": .null,
    ]
    issuer.stamp(call)
    self[.issuers][id] = issuer
    record(
      "platform_federation_issuer_created", by: call,
      [
        "federation_issuer_id": .string(id), "issuer_url": issuer["issuer_url"] ?? .null,
        "jwks_source": keys["type"] ?? .null, "max_jwt_lifetime_seconds": issuer["max_jwt_lifetime_seconds"] ?? .null,
        "name": issuer["name"] ?? .null,
      ])
    return .object(issuer)
  }

  func issuers(_ call: Call) throws(Refusal) -> JSON {
    let query = try Query(call, ["limit", "page", "include_archived"])
    let archived = try query.flag("include_archived")
    return try page(.issuers, query) {
      archived || !$0.isArchived
    } present: {
      .object($0)
    }
  }

  func issuer(_ call: Call) throws(Refusal) -> JSON { .object(try find(.issuers, call.parameters[0])) }

  mutating func updateIssuer(_ call: Call) throws(Refusal) -> JSON {
    let id = call.parameters[0]
    let old = try find(.issuers, id)
    let body = try call.fields(
      Self.issuerFields + [
        Field("jwks_polling_disabled", nullable: true) {
          $0 == false ? nil : "Only false is accepted: it takes polling up again"
        }
      ])
    guard !old.isArchived else { throw .invalid("An archived federation issuer cannot be updated.") }
    let rules = liveRules(of: id)
    if let rule = rules.first(where: { !Scope.isManageable($0.text("oauth_scope")) }) {
      throw .forbidden(
        "This issuer backs the rule \(rule.text("name")) with scope \(rule.text("oauth_scope")). Change it in the Console."
      )
    }
    var new = old
    new.take(["name", "issuer_url", "check_jti", "max_jwt_lifetime_seconds"], from: body)
    if body.has("jwks") { new["jwks"] = try Self.keySource(body["jwks"]) }
    if body["jwks_polling_disabled"] == false { new["jwks_polling_disabled_at"] = .null }
    if new["jwks"] != old["jwks"] { new["poll_status"] = .null }
    try Self.checkDialledAddresses(issuerURL: new.text("issuer_url"), keys: new["jwks"] ?? .null)
    if let name = body["name"]?.string { try requireFreeName(name, .issuers, "federation issuer", except: id) }
    if new["issuer_url"] != old["issuer_url"], let shared = SharedIssuer.at(new.text("issuer_url")),
      let rule = rules.first(where: { !shared.isPinned(by: FederationRule.Match(json: $0["match"] ?? .null)) })
    {
      throw .field("issuer_url", "The live rule \(rule.text("name")) does not pin a tenant of this shared issuer")
    }
    new.touch(call)
    self[.issuers][id] = new
    record(
      "platform_federation_issuer_updated", by: call,
      ["federation_issuer_id": .string(id), "updates": Self.issuerChanges(from: old, to: new)])
    return .object(new)
  }

  mutating func archiveIssuer(_ call: Call) throws(Refusal) -> JSON {
    let id = call.parameters[0]
    var issuer = try find(.issuers, id)
    guard !issuer.isArchived else { return .object(issuer) }
    let rules = liveRules(of: id)
    guard rules.isEmpty else {
      let names = rules.prefix(3).map { $0.text("name") }.joined(separator: ", ")
      throw .invalid(
        "Federation issuer is used by \(rules.count) live federation rule(s): \(names). Archive them first.")
    }
    issuer.archive(call)
    self[.issuers][id] = issuer
    record("platform_federation_issuer_archived", by: call, ["federation_issuer_id": .string(id)])
    return .object(issuer)
  }

  private func liveRules(of issuer: String) -> [Document] {
    self[.rules].documents.filter { !$0.isArchived && $0.text("issuer_id") == issuer }
  }

  /// The `jwks` union with all its members; plain discovery when there is none.
  private static func keySource(_ jwks: JSON?) throws(Refusal) -> JSON {
    guard let object = jwks?.object else {
      return ["type": "discovery", "discovery_base": .null, "ca_cert_pem": .null]
    }
    let certificate = Field("ca_cert_pem", nullable: true, Check.text(0...8192))
    let kind = Field("type", required: true, Check.word(["discovery", "explicit_url", "inline"]))
    try Call.check(object, [kind], within: "jwks.")
    switch object.text("type") {
    case "explicit_url":
      try Call.check(object, [Field("url", required: true, Check.text(1...2048)), certificate], within: "jwks.")
      return ["type": "explicit_url", "url": object["url"] ?? .null, "ca_cert_pem": object["ca_cert_pem"] ?? .null]
    case "inline":
      try Call.check(object, [Field("keys", required: true, Check.list(1...100, of: Check.object))], within: "jwks.")
      for (index, key) in (object["keys"]?.array ?? []).enumerated() {
        guard key["kty"]?.string != nil else { throw .field("jwks.keys.\(index).kty", "Field required") }
        // A private part would be read back by everyone who may read issuers.
        guard key["d"] == nil, key["k"] == nil else {
          throw .field("jwks.keys.\(index)", "Only public keys of an asymmetric algorithm are accepted")
        }
      }
      return ["type": "inline", "keys": object["keys"] ?? .null]
    default:
      try Call.check(
        object, [Field("discovery_base", nullable: true, Check.text(1...2048)), certificate], within: "jwks.")
      return [
        "type": "discovery", "discovery_base": object["discovery_base"] ?? .null,
        "ca_cert_pem": object["ca_cert_pem"] ?? .null,
      ]
    }
  }

  /// Only addresses that the service itself would fetch from are looked at; any other issuer address is just a name.
  private static func checkDialledAddresses(issuerURL: String, keys: JSON) throws(Refusal) {
    let (field, address): (String, String?) =
      switch keys["type"]?.string {
      case "explicit_url": ("jwks.url", keys["url"]?.string)
      case "discovery": keys["discovery_base"]?.string.map { ("jwks.discovery_base", $0) } ?? ("issuer_url", issuerURL)
      default: ("", nil)
      }
    if let address, let fault = DialledAddress.fault(in: address) { throw .field(field, fault) }
  }

  private static func issuerChanges(from old: Document, to new: Document) -> JSON {
    let plain = ["name", "issuer_url", "check_jti", "max_jwt_lifetime_seconds", "jwks_polling_disabled_at"]
    func part(_ type: String, _ read: (JSON) -> JSON?) -> (type: String, old: JSON, new: JSON) {
      (type, read(old["jwks"] ?? .null) ?? .null, read(new["jwks"] ?? .null) ?? .null)
    }
    return Change.list(
      plain.map { ($0, old[$0] ?? .null, new[$0] ?? .null) } + [
        part("jwks_source") { $0["type"] }, part("jwks_url") { $0["url"] },
        part("discovery_base") { $0["discovery_base"] },
        part("ca_cert_pem_sha256") { $0["ca_cert_pem"]?.string.map { .string(Fingerprint.hex(of: $0)) } },
        part("jwks_keys_sha256") { $0["keys"].map { .string(Fingerprint.hex(of: $0.compact)) } },
      ])
  }
}

/// An address that the service fetches keys from: https on port 443 with a public name. The sandbox also takes
/// loopback addresses, over http too, so that an identity provider under test can run beside it.
enum DialledAddress {
  static func fault(in address: String) -> String? {
    guard let (scheme, host, port) = parts(of: address) else { return "url is not valid" }
    if isLoopback(host) { return ["http", "https"].contains(scheme) ? nil : "url must use https scheme" }
    if scheme != "https" { return "url must use https scheme" }
    if port != nil, port != 443 { return "url must use port 443" }
    let isNumeric = host.utf8.allSatisfy { $0.isASCIIDigit || $0 == UInt8(ascii: ".") } || host.hasPrefix("[")
    if isNumeric || !host.contains(".") { return "url must have a public DNS name as its host" }
    let isPrivate = [".local", ".internal", ".localhost", ".test", ".invalid"].contains { host.hasSuffix($0) }
    return isPrivate ? "url must have a public DNS name as its host" : nil
  }

  static func isLoopback(_ host: String) -> Bool {
    ["localhost", "[::1]"].contains(host)
      || (host.hasPrefix("127.") && host.utf8.allSatisfy { $0.isASCIIDigit || $0 == UInt8(ascii: ".") })
  }

  /// Scheme, host and port of an absolute URL without user information.
  static func parts(of address: String) -> (scheme: String, host: String, port: Int?)? {
    guard let mark = address.firstRange(of: "://") else { return nil }
    let scheme = address[..<mark.lowerBound].lowercased()
    let authority = address[mark.upperBound...].prefix { !"/?#".contains($0) }
    guard !authority.isEmpty, !authority.contains("@"), !address.contains(" ") else { return nil }
    let end =
      authority.hasPrefix("[")
      ? authority.firstIndex(of: "]").map { authority.index(after: $0) } : authority.firstIndex(of: ":")
    let host = authority[..<(end ?? authority.endIndex)].lowercased()
    let rest = end.map { authority[$0...] } ?? ""
    if rest.isEmpty { return host.isEmpty ? nil : (scheme, host, nil) }
    guard rest.hasPrefix(":"), let port = Int(rest.dropFirst()), (1...65535).contains(port), !host.isEmpty else {
      return nil
    }
    return (scheme, host, port)
  }
}
