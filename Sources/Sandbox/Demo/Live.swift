import Federation
import FoundationEssentials
import Platform

extension Sandbox {
  /// The workloads of the example go on, one every few seconds, until the task is cancelled. Without them there is
  /// nothing to do.
  func live() async {
    guard world.isExample else { return }
    var random = Randomness(seed: world.seed &+ 1)
    while !Task.isCancelled {
      // The pace of people and build machines; nothing waits for it.
      do { try await Task.sleep(for: .seconds(Double.random(in: 2...9, using: &random))) } catch { return }
      await exchange(for: Example.workloads[Example.index(&random)], &random)
    }
  }

  /// One exchange as the workload's SDK makes it, and now and then a request with what it got.
  private func exchange(for workload: Example.Workload, _ random: inout Randomness) async {
    guard let ruleID = world[.rules].holder(of: workload.rule), let rule = world[.rules][ruleID],
      let issuer = world[.issuers][rule.text("issuer_id")],
      let provider = Example.rules.first(where: { $0.name == workload.rule })?.provider,
      let key = Example.key(of: provider, seed: world.seed)
    else { return }
    var claims = Example.claims(of: workload, issuer: issuer.text("issuer_url"), at: now, &random)
    // Now and then a token was kept too long, is signed by a key that the provider has put away, or is sent again.
    let mishap = Int.random(in: 0..<60, using: &random)
    if mishap == 0 { claims["exp"] = JSON(Int(now.timeIntervalSince1970) - 600) }
    let keyID = mishap == 1 ? "\(key.id)-retired" : nil
    guard let token = try? key.sign(claims, id: keyID) else { return }
    var body: JSON.Object = [
      "grant_type": .string(Self.exchangeGrant), "assertion": token.expose { .string($0) },
      "federation_rule_id": .string(ruleID), "organization_id": .string(credentials.organizationID),
      "service_account_id": rule["target"]?["service_account_id"] ?? .null,
    ]
    if let name = workload.workspace { body["workspace_id"] = JSON(world[.workspaces].holder(of: name)) }
    var request = Request(.post, "/v1/oauth/token", json: .object(body))
    request.headers.append(Request.Item("user-agent", workload.agent))
    if mishap == 2 { _ = await handle(request, from: workload.address) }
    guard case .answered(let response) = await handle(request, from: workload.address), response.status == 200,
      let access = (try? JSON(parsing: response.body))?["access_token"]?.string,
      rule["oauth_scope"]?.string != Scope.admin
    else { return }
    var message = Request(
      .post, "/v1/messages",
      json: [
        "model": .string(workload.model), "max_tokens": 1024,
        "messages": [["role": "user", "content": .string(String(repeating: "work ", count: workload.appetite / 10))]],
      ])
    message.headers += [
      Request.Item("anthropic-version", Call.Version.newer.rawValue), Request.Item("user-agent", workload.agent),
    ]
    message.credential = .bearer(Secret(access))
    _ = await handle(message, from: workload.address)
  }
}
