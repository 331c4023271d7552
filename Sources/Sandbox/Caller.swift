import Platform

/// Who sends a request, told by the credential.
enum Caller: Hashable, Sendable {
  /// A person's OAuth token.
  case person(user: String, scopes: [String])
  /// A token minted in exchange for a workload's.
  case workload(account: String, rule: String, workspace: String?, scopes: [String])
  /// An Admin API key; `reads` says whether it has the scope of the activity feed.
  case adminKey(id: String, reads: Bool)
  /// A Compliance Access Key or another scoped key.
  case scopedKey(id: String, scopes: [String])
  /// A workspace, personal or service account key.
  case key(id: String)
  case nobody

  /// What `created_by_actor_id` shows: a person's or an account's identifier.
  var actorID: String? {
    switch self {
    case .person(let user, _): user
    case .workload(let account, _, _, _): account
    default: nil
    }
  }

  var isPerson: Bool { if case .person = self { true } else { false } }

  func has(_ scope: String) -> Bool {
    switch self {
    case .person(_, let scopes), .workload(_, _, _, let scopes), .scopedKey(_, let scopes): scopes.contains(scope)
    default: false
    }
  }
}

extension World {
  /// - Throws: 401 for no credential and for one that is unknown, expired, inactive or whose owner is gone.
  func caller(of request: Request, at second: Int) throws(Refusal) -> Caller {
    guard let text = Self.credentialText(request) else {
      throw .unauthenticated("x-api-key header is required")
    }
    guard let row = self[.credentials][text], row["expires"]?.int.map({ $0 > second }) ?? true else {
      throw .unauthenticated(
        text.contains("-oat")
          ? "OAuth token is invalid or has expired." : "The API key provided is invalid or has been revoked.")
    }
    let scopes = row.text("scope").split(separator: " ").map(String.init)
    switch row.text("kind") {
    case "person": return .person(user: row.text("user"), scopes: scopes)
    case "workload":
      return .workload(
        account: row.text("account"), rule: row.text("rule"), workspace: row["workspace"]?.string, scopes: scopes)
    case "admin_key": return .adminKey(id: row.text("id"), reads: scopes.contains(Scope.readActivities))
    case "scoped_key": return .scopedKey(id: row.text("id"), scopes: scopes)
    default:
      guard isUsable(key: row.text("id"), at: second) else {
        throw .unauthenticated("The API key provided is invalid or has been revoked.")
      }
      return .key(id: row.text("id"))
    }
  }

  /// API keys come in either header: SDK 2 sends every credential as a bearer.
  private static func credentialText(_ request: Request) -> String? {
    switch request.credential {
    case .bearer(let secret), .apiKey(let secret), .authorization(_, let secret):
      return secret.expose { $0.isEmpty ? nil : $0 }
    case nil: return nil
    }
  }
}

extension Scope {
  static let readActivities = "read:compliance_activities"
}

/// Which credentials a route takes (Admin API, which credential works where). The only place that decides it.
enum Access: Sendable {
  /// Service accounts, issuers, rules: an OAuth token with `org:admin`, nothing else.
  case federation
  /// The rest of the Admin API: an Admin API key, an `org:admin` token, or a key that acts for an administrator.
  case organization
  /// Who am I: whatever opens the Admin API.
  case me
  /// Usage and cost by identity: an Admin API key, or a key with `read:analytics`.
  case analytics
  /// The activity feed: an Admin API key or a scoped key that may read it.
  case feed
  /// Messages and models: a key, or a token with a workspace scope.
  case inference

  func check(_ caller: Caller, in world: World) throws(Refusal) {
    switch (self, caller) {
    case (.federation, .person), (.federation, .workload):
      guard caller.has(Scope.admin) else { throw Self.missing(Scope.admin) }
    case (.federation, _):
      throw .forbidden(
        "This endpoint requires an OAuth access token with the org:admin scope. API keys are not accepted.")
    case (.organization, .adminKey), (.me, .adminKey), (.analytics, .adminKey): break
    case (.organization, .person), (.organization, .workload), (.me, .person), (.me, .workload):
      guard caller.has(Scope.admin) else { throw Self.missing(Scope.admin) }
    case (.organization, .key(let id)):
      guard world.isAdministrative(key: id) else { throw .forbidden("This API key cannot access the Admin API.") }
    case (.me, .key(let id)):
      guard world[.keys][id]?["scope"]?["type"] == "organization" else {
        throw .forbidden("This API key cannot access the Admin API.")
      }
    case (.analytics, .scopedKey):
      guard caller.has("read:analytics") else { throw Self.missing("read:analytics") }
    case (.feed, .adminKey(_, let reads)):
      guard reads else { throw .forbidden("Missing required scopes. Got: [] Needed: ['\(Scope.readActivities)']") }
    case (.feed, .scopedKey(_, let scopes)):
      guard scopes.contains(Scope.readActivities) else {
        let got = scopes.map { "'\($0)'" }.joined(separator: ", ")
        throw .forbidden("Missing required scopes. Got: [\(got)] Needed: ['\(Scope.readActivities)']")
      }
    case (.feed, _): throw .unauthenticated("The API key provided is invalid or has been revoked.")
    case (.inference, .key): break
    case (.inference, .workload), (.inference, .person):
      guard caller.has(Scope.developer) || caller.has(Scope.inference) else { throw Self.missing(Scope.inference) }
    default: throw .forbidden("This credential cannot be used for this endpoint.")
    }
  }

  private static func missing(_ scope: String) -> Refusal {
    .forbidden("The access token does not have the required scope: \(scope)")
  }
}
