import Platform
import Testing

@Suite("The catalogue of activity types")
struct ActivityCatalogueTests {
  @Test func groupsTypes() {
    #expect(ActivityCatalogue.group(of: "platform_federated_authentication") == .wifAuth)
    #expect(ActivityCatalogue.group(of: "platform_federation_rule_dry_run_evaluated") == nil)
    let types = ActivityCatalogue.Group.allCases.flatMap(ActivityCatalogue.types)
    #expect(types.count == 516 && Set(types).count == 516)
  }

  @Test(
    "words for any type",
    arguments: [
      ("platform_service_account_created", "Service account created"), ("sso_login_failed", "SSO login failed"),
      ("ccr_agent_proxy_anthropic_oidc_token_minted", "CCR agent proxy anthropic OIDC token minted"),
      ("anthropic_access", "Anthropic staff access"), ("quantum_leap", "Quantum leap"), ("platform", "Platform"),
      ("", ""),
    ])
  func labels(type: String, label: String) {
    #expect(ActivityCatalogue.label(of: type) == label)
  }
}
