package import FoundationEssentials

/// One event of the activity feed. The whole of it is kept as received, so that a type nobody knew is still
/// shown and searched.
package struct Activity: Identified, WireObject, Hashable {
  package static let idPrefix = "activity"

  package let id: ID<Activity>
  package let type: String
  package let createdAt: Date
  /// As it was received.
  package let json: JSON

  package init(json: JSON) throws(Undecodable) {
    id = try json.id("id")
    type = try json.text("type")
    createdAt = try json.time("created_at")
    self.json = json
  }

  package static let exchangeType = "platform_federated_authentication"

  /// `success` or `denied` for exchanges, as the platform spells it.
  package var outcome: String? { json.at("status.outcome")?.string }
  package var reason: String? { json.at("status.reason")?.string }
  package var requestID: String? { json["request_id"]?.string }
  /// Whether an exchange was refused. Its exact word is not published, so anything but a known good one counts.
  package var isDenied: Bool {
    guard type == Activity.exchangeType else { return false }
    guard reason == nil, let outcome else { return reason != nil }
    return !Activity.goodOutcomes.contains(outcome.lowercased())
  }

  static let goodOutcomes = ["success", "succeeded", "allowed", "granted"]

  /// Who did it, in the fewest telling words: an e-mail address, an identifier, a subject, or the actor's type.
  package var actor: String {
    let actor = json["actor"]
    let names = [
      "email_address", "service_account_id", "subject", "admin_api_key_id", "api_key_id", "user_id", "type",
    ]
    return names.lazy.compactMap { actor?[$0]?.string }.first ?? "unknown"
  }

  /// The identifiers and words that say what it was done to, in the order they came.
  package var subjects: [String] {
    let skipped = ["id", "type", "created_at", "organization_id", "organization_uuid", "actor", "request_id"]
    var found: [String] = []
    for (key, value) in json.object ?? [:] where !skipped.contains(key) && key.hasSuffix("_id") {
      if let text = value.string { found.append(text) }
    }
    if let subject = json.at("event_data.oidc_token.claims.sub")?.string { found.append(subject) }
    if found.isEmpty, let rule = json.at("event_data.federation_rule_id")?.string { found.append(rule) }
    return found
  }
}
