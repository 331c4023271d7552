extension Catalogue {
  static let privileges: [Risk] = [
    Risk(
      "PRV001", .high, "Administers the organization",
      "members, keys, workspaces and federation itself; with a rule that is too broad it is a takeover",
      example: #"oauth_scope org:admin"#,
      remedy: "Use an issuer of its own, an exact subject and the shortest life."),
    Risk(
      "PRV002", .medium, "Tokens that live longer than an hour",
      "a stolen token works until then, at most twice the remaining validity of the identity token",
      example: #"token_lifetime_seconds 43200"#,
      remedy: "Set 600 seconds."),
    Risk(
      "PRV003", .medium, "Every workspace", "workspaces that are made later are included",
      example: #"applies_to_all_workspaces true"#,
      remedy: "Name the workspace."),
    Risk(
      "PRV004", .medium, "An administrator's account for workspace work",
      "only the rule holds it down, and a second rule can raise it",
      example: #"organization_role admin with workspace:inference"#,
      remedy: "Give the account the role developer."),
    Risk(
      "PRV005", .info, "More than inference", "files, skills and more are reachable, which inference does not need",
      example: #"oauth_scope workspace:developer"#,
      remedy: "Use workspace:inference where the workload only calls models."),
    Risk(
      "PRV006", .medium, "One account behind several issuers",
      "neither a revocation nor the audit log can tell the workloads apart",
      example: #"rules of GitHub and of a cluster that target one account"#,
      remedy: "Make one account for each workload."),
    Risk(
      "PRV007", .medium, "Manages tunnels", "it can reveal and rotate the tunnel's token",
      example: #"oauth_scope workspace:manage_tunnels"#,
      remedy: "Keep it in a rule and an account of its own."),
  ]

  static let issuers: [Risk] = [
    Risk(
      "ISS001", .medium, "Inline keys that nobody renews",
      "superseded keys stay trusted; or, after a rotation, nothing works",
      example: #"inline keys set 410 days ago"#,
      remedy: "Use discovery, or renew the keys at every rotation and remove the old ones."),
    Risk(
      "ISS002", .medium, "Tokens may be used twice", "the same identity token can be exchanged again",
      example: #"check_jti false"#,
      remedy: "Switch check_jti on, and have the workload fetch a new token for each exchange."),
    Risk(
      "ISS003", .low, "Identity tokens may be old", "a stolen identity token stays exchangeable for as long",
      example: #"max_jwt_lifetime_seconds 86400"#,
      remedy: "Lower max_jwt_lifetime_seconds."),
    Risk(
      "ISS004", .medium, "Two issuers with one address and one key",
      "the rules of one environment accept the tokens of the other",
      example: #"two records of https://kubernetes.default.svc with the same key"#,
      remedy: "Keep one record for each cluster or tenant."),
    Risk(
      "ISS005", .low, "Key polling is off", "a rotation breaks the rules, or old keys stay trusted",
      example: #"jwks_polling_disabled_at is set"#,
      remedy: "Switch polling on again."),
    Risk(
      "ISS006", .info, "An issuer behind both administration and workspace rules",
      "a login without Console rights can no longer change the issuer",
      example: #"one issuer for org:admin and workspace:inference"#,
      remedy: "Give the org:admin rule an issuer of its own."),
  ]

  static let operations: [Risk] = [
    Risk(
      "OPS001", .low, "Not used", "nobody has used this trust for long, and names get taken again",
      example: #"no exchange for 240 days"#,
      remedy: "Archive the rule."),
    Risk(
      "OPS002", .medium, "Depends on something archived", "it is dead, or alive again if that is restored",
      example: #"the service account is archived"#,
      remedy: "Archive the rule."),
    Risk(
      "OPS003", .low, "A duplicate", "another live rule has the same issuer, match and target",
      example: #"two rules that differ in their name only"#,
      remedy: "Archive one of them."),
    Risk(
      "OPS004", .medium, "A wider rule stands beside it",
      "another live rule of the same issuer and target accepts strictly more, so narrowing this one achieves nothing",
      example: #"repo:acme/* beside repo:acme/api:ref:refs/heads/main"#,
      remedy: "Archive the wider rule."),
    Risk(
      "OPS005", .info, "The name says another environment", "mistakes are made when it is reviewed",
      example: #"prod-deploy that matches refs/heads/staging"#,
      remedy: "Rename it."),
  ]
}
