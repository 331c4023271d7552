/// What is known of activity types: the group and the words of each. A type that is not in it is none the worse.
package enum ActivityCatalogue {
  /// What a type is about. The words are ours: the feed has no groups.
  package enum Group: String, CaseIterable, Sendable {
    case wifAuth = "wif_auth"
    case wifAdmin = "wif_admin"
    case keys = "keys"
    case workspaces = "workspaces"
    case audit = "audit"
    case signin = "signin"
    case orgIdentity = "org_identity"
    case members = "members"
    case platformRes = "platform_res"
    case billing = "billing"
    case integrations = "integrations"
    case claudeCode = "claude_code"
    case orgSettings = "org_settings"
    case content = "content"

    package var title: String {
      switch self {
      case .wifAuth: "Federated authentication (token exchange)"
      case .wifAdmin: "Federation issuers, rules and service accounts"
      case .keys: "API keys and other credentials"
      case .workspaces: "Workspaces, workspace members, limits"
      case .audit: "Audit, compliance, exports and report access"
      case .signin: "Sign-in, sessions, step-up and devices"
      case .orgIdentity: "Organization identity: SSO, SCIM, domains, IP rules"
      case .members: "Members, invites, roles, groups"
      case .platformRes: "Platform resources: agents, memory, files, skills"
      case .billing: "Billing, seats, spend"
      case .integrations: "MCP, tunnels, connectors, marketplaces, hooks, source control"
      case .claudeCode: "Claude Code, agents proxy, runners, security scans"
      case .orgSettings: "Organization settings and lifecycle"
      case .content: "claude.ai and Claude Design content"
      }
    }
  }

  /// nil for a type that is not in the catalogue.
  package static func group(of type: String) -> Group? { groups[type] }

  package static func types(in group: Group) -> [String] {
    names.first { $0.group == group }?.types.split(whereSeparator: \.isWhitespace).map(String.init) ?? []
  }

  /// For people: `platform_service_account_created` is "Service account created". Any type gives words.
  package static func label(of type: String) -> String {
    if let label = labels[type] { return label }
    var words = type.split(separator: "_").map(String.init)
    if words.count > 1, words.first == "platform" { words.removeFirst() }
    let label = words.map { acronyms[$0] ?? $0 }.joined(separator: " ")
    return label.prefix(1).uppercased() + label.dropFirst()
  }

  private static let groups = Dictionary(
    names.flatMap { group, types in types.split(whereSeparator: \.isWhitespace).map { (String($0), group) } },
    uniquingKeysWith: { first, _ in first })

  private static let labels = [
    "anthropic_access": "Anthropic staff access",
    "cmek_preserve": "CMEK content preserved",
  ]

  private static let acronyms = [
    "acl": "ACL", "api": "API", "ccr": "CCR", "cli": "CLI", "cmek": "CMEK", "gdrive": "Google Drive", "ghe": "GHE",
    "github": "GitHub", "gitlab": "GitLab", "hipaa": "HIPAA", "id": "ID", "ip": "IP", "lti": "LTI", "mcp": "MCP",
    "mfa": "MFA", "oauth": "OAuth", "oidc": "OIDC", "otlp": "OTLP", "pubsec": "public-sector", "rbac": "RBAC",
    "scim": "SCIM", "sso": "SSO", "url": "URL",
  ]
}
