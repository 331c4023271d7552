import Federation
import FoundationEssentials
import Platform

/// `POST /v1/oauth/token` (Admin API, token exchange).
extension Sandbox {
  static let exchangeGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer"

  func grant(_ call: Call) async throws(Refusal) -> Answer {
    let body = try call.object()
    switch body["grant_type"]?.string {
    case Self.exchangeGrant: return try await exchange(body, call)
    case "refresh_token": return refresh(body, call)
    case nil: throw .field("grant_type", "Field required")
    case let other?: throw .field("grant_type", "Unsupported grant type: \(other)")
    }
  }

  private static let exchangeFields = [
    Field("assertion", required: true) { value in
      guard let text = value.string else { return "Input should be a valid string" }
      return text.utf8.count <= Token.sizeLimit ? nil : "The assertion is larger than 16 KiB"
    },
    Field("federation_rule_id", required: true, Check.identifier("fdrl")),
    Field("organization_id", required: true, Check.text(1...64)),
    Field("service_account_id", required: true, Check.identifier("svac")),
    Field("workspace_id") { value in
      value.string.flatMap(WorkspaceRequest.init) == nil ? "Must be a workspace id (wrkspc_...) or \"default\"" : nil
    },
  ]

  /// Refused with the same words whatever the reason, which goes to the feed.
  private func exchange(_ body: Document, _ call: Call) async throws(Refusal) -> Answer {
    try Call.check(body, Self.exchangeFields)
    // Without a rule of this organization there is nobody's history to write to.
    let ruleID = body.text("federation_rule_id")
    guard body.text("organization_id") == world.organization.text("id"), let rule = world[.rules][ruleID] else {
      throw .authenticationFailed
    }
    let assertion = Secret(body.text("assertion"))
    let token: Token
    do {
      token = try Token(assertion)
    } catch {
      world.record(Attempt(verdict: Verdict(error), claims: nil, rule: rule, body: body), by: call)
      throw .authenticationFailed
    }
    let keys = await keys(of: rule.text("issuer_id"), for: token, at: call.now)
    // The world may have changed while keys were fetched, so all else is looked at now, in one go.
    guard let exchange = world.exchange(.token(token), body, keys: keys, at: call.now), let rule = world[.rules][ruleID]
    else {
      throw .authenticationFailed
    }
    let verdict = exchange.verdict()
    let isVerified = verdict.checks.allSatisfy { !["alg", "kid", "signature"].contains($0.matcher) || $0.passed }
    world.record(
      Attempt(verdict: verdict, claims: isVerified ? token.claims : nil, rule: rule, body: body), by: call)
    // What could not be judged is no reason to let a token in.
    guard let grant = verdict.grant, verdict.isAccepted, verdict.unknown.isEmpty else { throw .authenticationFailed }
    let access = world.mint(grant, for: rule, claims: token.claims, at: call.now)
    return Answer([
      "access_token": .string(access), "token_type": "Bearer", "expires_in": JSON(grant.lifetime),
      "scope": .string(grant.scope),
    ])
  }

  /// The issuer's keys, fetched where they must be; an empty set when they cannot be had.
  private func keys(of issuerID: String, for token: Token, at now: Date) async -> KeySet? {
    guard let issuer = world[.issuers][issuerID] else { return nil }
    if let keys = keySource.known(issuer, kid: token.keyID, at: now) { return keys }
    let stale = keySource.stale(issuer)
    if issuer["jwks"]?["type"] != "inline", !issuer.has("jwks_polling_disabled_at"), !issuer.isArchived {
      do {
        let keys = try await keySource.fetched(issuer)
        keySource.keep(keys, for: issuer, at: now)
        world.notePoll(of: issuerID, succeeded: true, at: now)
        return keys
      } catch {
        world.notePoll(of: issuerID, succeeded: false, at: now)
      }
    }
    return stale ?? (try? KeySet(json: []))
  }

  // MARK: Refresh

  /// Refresh tokens rotate: the answer's takes the place of the one sent, which then opens nothing.
  private func refresh(_ body: Document, _ call: Call) -> Answer {
    guard let old = body["refresh_token"]?.string, let row = world[.credentials][old], row["kind"] == "refresh" else {
      return Self.oauthError("invalid_grant", "Refresh token not found or invalid")
    }
    guard body["client_id"]?.string?.isEmpty == false else {
      return Self.oauthError("invalid_request", "client_id is required")
    }
    // The platform routes a request with this flag to the exchange, where it makes no sense.
    guard call.header("anthropic-beta")?.contains("oidc-federation") != true else {
      return Self.oauthError("invalid_request", "oidc-federation is not a flag of the refresh_token grant")
    }
    return Answer(world.rotate(old, row, at: call.now))
  }

  /// RFC 6749 §5.2.
  private static func oauthError(_ code: String, _ description: String) -> Answer {
    Answer(["error": .string(code), "error_description": .string(description)], status: 400)
  }
}

extension World {
  /// Everything that decides an exchange, as it is now.
  func exchange(_ presented: Exchange.Presented, _ body: Document, keys: KeySet?, at now: Date) -> Exchange? {
    guard let document = self[.rules][body.text("federation_rule_id")],
      var rule = try? FederationRule(json: .object(document)),
      let issuerDocument = self[.issuers][document.text("issuer_id")],
      let issuer = try? Issuer(json: .object(issuerDocument)),
      let account = self[.accounts][rule.accountID.description].flatMap({ try? ServiceAccount(json: .object($0)) }),
      let request = WorkspaceRequest(body["workspace_id"]?.string)
    else { return nil }
    rule.workspaceIDs = Self.enabledWorkspaces(document).filter(isLive).compactMap { try? ID($0) }
    rule.accountName = account.name
    var candidates = rule.workspaceIDs
    if case .named(let id) = request, isLive(workspace: id.description) { candidates.append(id) }
    let memberships = candidates.compactMap { workspace in
      self[.memberships]["\(account.id)|\(workspace)"].flatMap { try? WorkspaceMembership(json: .object($0)) }
    }
    return Exchange(
      presented, rule: rule, issuer: issuer, keys: keys, account: account,
      requestedAccountID: try? ID(body.text("service_account_id")), workspace: request,
      defaultWorkspaceID: try? ID(defaultWorkspace), memberships: memberships,
      isReplay: presented.claims.tokenID.map { wasAccepted($0, from: issuer.id.description, at: now) } ?? false,
      now: now)
  }

  private func isLive(workspace id: String) -> Bool { self[.workspaces][id]?.isArchived == false }

  private func wasAccepted(_ jti: String, from issuer: String, at now: Date) -> Bool {
    self[.accepted]["\(issuer)|\(jti)"]?["until"]?.int.map { $0 > Int(now.timeIntervalSince1970) } ?? false
  }

  /// Makes the token of a grant, and remembers the `jti` until the presented token is of no use anyway.
  mutating func mint(_ grant: Grant, for rule: Document, claims: Claims, at now: Date) -> String {
    if let jti = claims.tokenID, let expiry = claims.seconds("exp") {
      let until = Int(expiry + Claims.leeway)
      self[.accepted]["\(rule.text("issuer_id"))|\(jti)"] = ["until": JSON(until)]
    }
    let text = random.credential("oat01")
    self[.credentials][text] = [
      "kind": "workload", "account": JSON(grant.accountID), "rule": rule["id"] ?? .null,
      "workspace": JSON(grant.workspaceID), "scope": .string(grant.scope),
      "expires": JSON(Int(now.timeIntervalSince1970.rounded(.up)) + grant.lifetime),
    ]
    return text
  }

  /// Seconds a person's token lives.
  private static let accessLifetime = 28_800

  mutating func rotate(_ old: String, _ row: Document, at now: Date) -> JSON {
    let (access, refresh) = (random.credential("oat01"), random.credential("ort01"))
    let user = self[.users][row.text("user")] ?? [:]
    self[.credentials][access] = [
      "kind": "person", "user": .string(row.text("user")), "scope": .string(row.text("scope")),
      "expires": JSON(Int(now.timeIntervalSince1970) + Self.accessLifetime),
    ]
    self[.credentials][refresh] = row
    self[.credentials][old] = nil
    return [
      "access_token": .string(access), "token_type": "Bearer", "expires_in": JSON(Self.accessLifetime),
      "refresh_token": .string(refresh), "scope": .string(row.text("scope")),
      "organization": ["uuid": organization["id"] ?? .null, "name": organization["name"] ?? .null],
      "account": ["uuid": user["_uuid"] ?? .null, "email_address": user["email"] ?? .null],
      "workspace": ["id": .string(defaultWorkspace), "name": "Default"],
    ]
  }

  /// Failures after which polling is paused until somebody takes it up again.
  private static let failureLimit = 5

  /// Writes down how fetching an issuer's keys went.
  mutating func notePoll(of id: String, succeeded: Bool, at now: Date) {
    guard var issuer = self[.issuers][id] else { return }
    let old = issuer["poll_status"]
    let failures = succeeded ? 0 : (old?["consecutive_failures"]?.int ?? 0) + 1
    let isPaused = failures >= Self.failureLimit
    issuer["poll_status"] = [
      "consecutive_failures": JSON(failures),
      "last_fetched_at": succeeded ? JSON(now) : old?["last_fetched_at"] ?? .null,
      "next_poll_at": isPaused ? .null : JSON(now.addingTimeInterval(KeySource.lifetime)),
    ]
    if isPaused { issuer["jwks_polling_disabled_at"] = JSON(now) }
    self[.issuers][id] = issuer
  }
}
