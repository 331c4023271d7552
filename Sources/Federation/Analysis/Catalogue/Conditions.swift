extension Catalogue {
  static let conditions: [Risk] = [
    Risk(
      "CEL001", .critical, "The condition is always true", "it constrains nothing",
      example: #"claims.repository == "acme/api" || true"#,
      remedy: "Delete it and pin claims."),
    Risk(
      "CEL002", .high, "An alternative that pins less",
      "the weakest arm decides, and an error in one arm is forgiven when another is true",
      example: #"claims.ref == "refs/heads/main" || claims.event_name == "workflow_dispatch""#,
      remedy: "Make one rule for each case, or use in with a list."),
    Risk(
      "CEL003", .high, "The text may stand anywhere", "contains is true wherever in the claim the text stands",
      example: #"claims.repository.contains("acme/") accepts {"repository":"evil-acme/x"}"#,
      remedy: "Compare with == or in."),
    Risk(
      "CEL004", .high, "A pattern that is not anchored",
      "matches searches, so a match anywhere in the claim is enough unless ^ and $ hold every alternative",
      example: #"claims.sub.matches("repo:acme/api:ref:refs/heads/main") accepts …/main-evil"#,
      remedy: "Anchor both ends, and put alternatives into a group."),
    Risk(
      "CEL005", .medium, "A dot that stands for any character", "names with another character in its place get in",
      example: #"^repo:acme/site.io:ref:refs/heads/main$ accepts repo:acme/siteXio:…"#,
      remedy: "Write [.] for a dot."),
    Risk(
      "CEL006", .high, "startsWith stops inside a name", "neighbours whose name begins alike get in",
      example: #"claims.sub.startsWith("repo:acme") accepts repo:acme-evil/x:…"#,
      remedy: "Include the separator, or compare with ==."),
    Risk(
      "CEL007", .high, "endsWith on an identity", "the beginning, where the tenant stands, is free",
      example: #"claims.sub.endsWith(":ref:refs/heads/main") accepts repo:mallory/x:ref:refs/heads/main"#,
      remedy: "Compare with ==."),
    Risk(
      "CEL008", .high, "The condition only forbids", "everything nobody thought of gets in",
      example: #"claims.event_name != "pull_request" accepts {"event_name":"pull_request_target"}"#,
      remedy: "List what is allowed instead."),
    Risk(
      "CEL009", .high, "The condition only asks for presence", "every token of the issuer has the claim",
      example: #"has(claims.repository) accepts {"repository":"mallory/x"}"#,
      remedy: "Compare with a value."),
    Risk(
      "CEL010", .low, "A comparison across kinds",
      "the claim is of another kind than what it is compared with, so the condition is false or an error",
      example: #"claims.aud == "https://api.anthropic.com" where aud is a list"#,
      remedy: "Use in for lists, true without quotes, and quotes around ids."),
    Risk(
      "CEL011", .info, "A claim that not every token has",
      "without it the condition is an error, which denies; that is fine alone and surprising inside ||, ! or ?:",
      example: #"claims.environment == "production""#,
      remedy: "Guard it with has(…)."),
    Risk(
      "CEL012", .low, "Not a condition of this platform",
      "only the variable claims exists; the platform refuses the condition, or it is never true",
      example: #"assertion.repository == "acme/api""#,
      remedy: "Write it with claims."),
    Risk(
      "CEL013", .medium, "An open-ended part in a pattern", "anything fits in its place, the separator included",
      example: #"^repo:acme/[^/]+:ref:refs/heads/main$ accepts repo:acme/any-repo:ref:refs/heads/main"#,
      remedy: "Use classes without : and /, or a list."),
    Risk(
      "CEL014", .info, "A condition that says what a matcher could",
      "subject_prefix and claims are compared exactly and are easier to review",
      example: #"claims.ref == "refs/heads/main""#,
      remedy: "Move it to subject_prefix or claims."),
  ]
}
