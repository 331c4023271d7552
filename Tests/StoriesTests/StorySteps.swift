import Federation
import Foundation
import Operations
import Platform
import Sandbox
import Testing

extension Story {
  /// A rule on the sandbox's own issuer, and its account.
  func connectOwnIssuer() async throws -> (rule: FederationRule, account: ServiceAccount) {
    let keys = JSON.object(["keys": [try sandbox.issuer.key.publicJWK]]).compact
    let workload = try Workload(
      .oidc, values: ["issuer-url": sandbox.issuer.url, "subject": "svc/deploy", "jwks": keys])
    let plan = try await operations.plan(
      Operations.ConnectionWish(workload: workload, account: .new("deployer"), ruleName: "deploy"))
    let connection = try await operations.connect(plan)
    return (connection.rule, connection.account)
  }

  func exchange(
    _ rule: FederationRule, _ account: ServiceAccount, subject: String, isAccepted: Bool? = nil
  ) async throws {
    let now = Int(Date().timeIntervalSince1970)
    let token = try sandbox.issuer.key.sign([
      "iss": .string(sandbox.issuer.url), "sub": .string(subject), "aud": "https://api.anthropic.com", "iat": JSON(now),
      "exp": JSON(now + 300), "jti": .string(UUID().uuidString),
    ])
    let body: JSON = [
      "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": token.expose { .string($0) },
      "federation_rule_id": JSON(rule.id), "organization_id": .string(sandbox.credentials.organizationID),
      "service_account_id": JSON(account.id),
    ]
    let response = try await sandbox.send(Request(.post, "/v1/oauth/token", json: body))
    if let isAccepted { #expect((response.status == 200) == isAccepted) }
  }

  /// The connect wizard, at its first page or, with a provider, at that one's form.
  func openWizard(_ provider: ProviderTemplate.ID? = nil) async throws {
    press("3")
    try await see("There is no rule yet")
    press("a")
    try await see("Where does the workload run?")
    guard let provider, let place = ProviderTemplate.ID.allCases.firstIndex(of: provider) else { return }
    press(String(repeating: "j", count: place) + "<enter>")
    try await see(ProviderTemplate.of(provider).title)
  }

  /// From the start to the wizard's review of a GitHub workload.
  func walkToReview(_ workload: String) async throws {
    try await openWizard(.github)
    press(workload)
    try await see("Act as")
    press("<ctrl-s>")
    try await see("May do")
    press("<ctrl-s>")
    try await see("Tried with tokens")
  }

  /// What goes wrong on the platform from now on, as `sandbox serve --fault` takes it.
  func setFaults(_ faults: String...) async throws {
    let body: JSON = ["faults": .array(faults.map(JSON.string))]
    let answer = try await sandbox.send(Request(.post, "/_sandbox/faults", json: body))
    #expect(answer.status == 200)
  }
}
