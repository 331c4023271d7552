import Federation
import FoundationEssentials
import Platform

/// One attempt to exchange a token, for the feed.
struct Attempt: Sendable {
  let verdict: Verdict
  /// Nil unless the signature was good: nothing of an unverified token is kept as if it were true.
  let claims: Claims?
  let rule: Document
  /// The request.
  let body: Document
}

extension World {
  /// Writes `platform_federated_authentication` (audit log reference, the federation events in full).
  mutating func record(_ attempt: Attempt, by call: Call) {
    let claims = attempt.claims
    let isGranted = attempt.verdict.grant != nil && attempt.verdict.unknown.isEmpty
    var actor: Document
    if let claims {
      actor = [
        "type": "federated_identity_actor", "issuer": JSON(claims.issuer), "subject": JSON(claims.subject),
        "audience": .array(claims.audiences.map(JSON.string)),
      ]
    } else {
      actor = ["type": "federated_actor", "provider": ["type": "oidc", "issuer": .null], "subject": .null]
    }
    (actor["ip_address"], actor["user_agent"]) = (.string(call.address), .string(call.userAgent))
    var resources: [JSON] = [
      ["type": "federation_rule", "id": attempt.rule["id"] ?? .null],
      ["type": "federation_issuer", "id": attempt.rule["issuer_id"] ?? .null],
    ]
    if isGranted, let grant = attempt.verdict.grant {
      resources.append(["type": "service_account", "id": JSON(grant.accountID)])
      if let workspace = grant.workspaceID { resources.append(["type": "workspace", "id": JSON(workspace)]) }
    }
    let reason = attempt.verdict.reason?.rawValue ?? attempt.verdict.unknown.first?.matcher
    record(
      "platform_federated_authentication", actor: .object(actor), at: feed.moment(for: call.now),
      [
        "event_data": [
          "federation_rule_id": attempt.rule["id"] ?? .null, "issuer_id": attempt.rule["issuer_id"] ?? .null,
          "oidc_token": ["claims": claims?.json ?? .null, "jti": JSON(claims?.tokenID)],
          "requested_service_account_id": attempt.body["service_account_id"] ?? .null,
        ],
        "request_id": .string(call.requestID), "resources": .array(resources),
        "status": [
          "outcome": isGranted ? "success" : "denied", "reason": isGranted ? .null : JSON(reason),
          "detail": isGranted ? .null : JSON(detail(attempt.verdict)),
        ],
      ])
  }

  /// What failed, in words; with the presented value, which is the caller's own text.
  private func detail(_ verdict: Verdict) -> String? {
    guard let check = verdict.failed.first ?? verdict.unknown.first else { return nil }
    let actual = check.actual.map { "got \($0)" }
    return "\(check.matcher): " + [actual, check.note].compactMap { $0 }.joined(separator: "; ")
  }
}
