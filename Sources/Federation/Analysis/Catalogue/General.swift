extension Catalogue {
  static let general: [Risk] = [
    Risk(
      "GEN001", .critical, "The subject is a bare star",
      "it constrains nothing, so only the other matchers decide",
      example: #"* accepts {"sub":"anything at all"}"#,
      remedy: "Remove it, or write the exact subject."),
    Risk(
      "GEN002", .critical, "Nothing identifies the workload",
      "every token with the audience would get in; the platform refuses such a rule",
      example: #"an audience alone accepts {"sub":"mallory"}"#,
      remedy: "Pin the subject."),
    Risk(
      "GEN003", .medium, "No audience",
      "tokens that were made for another service can be replayed here",
      example: #"no audience accepts {"aud":"sts.amazonaws.com"}"#,
      remedy: "Set the audience https://api.anthropic.com and have the workload ask for it."),
    Risk(
      "GEN004", .medium, "Another service's audience",
      "it is what the provider hands out unasked, or what another service has already been given",
      example: #"audience https://github.com/acme"#,
      remedy: "Ask for an audience of your own and require it."),
    Risk(
      "GEN005", .low, "A star that is not at the end",
      "only a star at the very end of the subject is a wildcard; anywhere else it is an ordinary character that no "
        + "token has, so nothing matches",
      example: #"repo:acme/*:ref:refs/heads/main"#,
      remedy: "Write the exact subject, or use a condition. Do not just shorten it: that makes it broad."),
    Risk(
      "GEN006", .low, "The subject ends at a separator",
      "without a star it is compared exactly, and no such subject is ever issued",
      example: #"repo:acme/api:"#,
      remedy: "Complete the subject, or add the star and then narrow it."),
    Risk(
      "GEN007", .low, "Not a subject of this provider",
      "the provider never issues a subject of this form, so nothing matches",
      example: #"acme/api:ref:refs/heads/main, without its repo:"#,
      remedy: "Write it as a decoded token shows it."),
    Risk(
      "GEN008", .low, "A claim that is never a text",
      "the claims map compares top-level texts only; a number, list, object or nested member never matches",
      example: #"claims.email_verified "true""#,
      remedy: "Use a condition."),
    Risk(
      "GEN009", .high, "The prefix stops inside a name", "neighbours whose name begins alike get in",
      example: #"team-a* accepts {"sub":"team-admin/x"}"#,
      remedy: "End with the separator, or write the exact subject."),
    Risk(
      "GEN010", .low, "Not the issuer's exact address",
      "the issuer is compared byte for byte, and no token's iss is written like this",
      example: #"https://token.actions.githubusercontent.com/ with a slash at the end"#,
      remedy: "Copy iss from a decoded token."),
    Risk(
      "GEN011", .low, "Everything below a name", "every subject below that name gets in",
      example: #"svc/team-a/* accepts {"sub":"svc/team-a/test"}"#,
      remedy: "Write the exact subject."),
    Risk(
      "GEN012", .low, "Parts that contradict each other",
      "two parts of the rule ask for different values of the same thing, letter case included, so nothing matches",
      example: #"repo:Acme/api:… with claims.repository_owner acme"#,
      remedy: "Make them agree."),
    Risk(
      "GEN013", .low, "A blank or an invisible character",
      "it came along with a paste, looks right on screen, and no token has it",
      example: #"repo:acme/api:ref:refs/heads/main followed by a blank"#,
      remedy: "Type the value again."),
  ]
}
