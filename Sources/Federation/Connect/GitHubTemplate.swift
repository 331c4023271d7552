import Platform

extension ProviderTemplate {
  /// GitHub Actions (GitHub, OpenID Connect reference).
  package static let github = ProviderTemplate(
    id: .github,
    title: "GitHub Actions",
    summary: "Jobs of one repository exchange the token that GitHub gives each job for one of Claude's.",
    fields: [
      Field(
        "repository", label: "Repository", hint: "owner and name as GitHub spells them, capitals too: acme/api",
        example: "acme/api", fault: { GitHubRepository.fault(in: $0) }),
      Field(
        "ref", label: "Branch or tag", hint: "a branch, such as main, or refs/tags/v1.2; no wildcard is meant here",
        example: "main", alternative: "which jobs", fault: { GitHubRun.refFault(in: $0) }),
      Field(
        "environment", label: "Environment", hint: "a deployment environment: whoever may deploy to it gets in",
        example: "production", alternative: "which jobs",
        fault: { $0.utf8.count > 255 ? "at most 255 characters" : nil }),
      Field(
        "subject", label: "Subject as text",
        hint: "exact, or a prefix when it ends in *: repo:acme/api:ref:refs/tags/v*",
        example: "repo:acme/api:pull_request", alternative: "which jobs",
        fault: { $0 == "*" ? "a star alone would let in every repository of GitHub" : nil }),
      Field(
        "subject-form", label: "Subject names",
        hint:
          "ids: repositories made, renamed or moved after 15 July 2026, or opted in; decode a token when unsure",
        kind: .choice([
          .init("names", "by name: repo:acme/api:…"), .init("ids", "with ids: repo:acme@5544123/api@821093847:…"),
        ])),
      Field(
        "owner-id", label: "Owner's id",
        hint: "optional: the number behind gh api users/OWNER --jq .id; pins the owner",
        example: "5544123", isRequired: false, fault: { Grammar.numberFault(in: $0) }),
      Field(
        "repository-id", label: "Repository's id",
        hint: "optional: the number behind gh api repos/OWNER/NAME --jq .id; a name can be taken again, an id cannot",
        example: "821093847", isRequired: false, fault: { Grammar.numberFault(in: $0) }),
      Field(
        "issuer-url", label: "Issuer",
        hint:
          "only for an enterprise's own issuer: …githubusercontent.com/SLUG, ghe.com, or a server's /_services/token",
        example: GitHub.sharedIssuer, isRequired: false, fault: { GitHub.issuerFault(in: $0) }),
    ],
    tokenLifetime: 600,
    lifetimeReason: "GitHub's own token lives five minutes, and a minted one at most twice what is left of that",
    relations: GitHub.relations,
    trust: GitHub.trust,
    files: { [HandoverFile(path: ".github/workflows/claude.yml", text: GitHub.workflow($0, $1))] },
    recognise: GitHub.recognise)
}

enum GitHub {
  typealias Values = ProviderTemplate.Values
  static let sharedIssuer = "https://token.actions.githubusercontent.com"

  static func issuerFault(in text: String) -> String? {
    if text == sharedIssuer { return nil }
    if text.hasSuffix("/") { return "no slash at the end: the issuer is compared byte for byte" }
    let host = /[a-z0-9][a-z0-9.\-]*(?::[0-9]{1,5})?/
    guard let rest = text.after("https://"), let slash = rest.firstIndex(of: "/") else {
      let isOwn = text.after("https://").map { Grammar.matches($0, /token\.actions\.[a-z0-9\-]+\.ghe\.com/) } ?? false
      return isOwn
        ? nil : "\(sharedIssuer), that with /SLUG, https://token.actions.NAME.ghe.com, or https://HOST/_services/token"
    }
    let (name, path) = (String(rest[..<slash]), String(rest[slash...]))
    let isServer = Grammar.matches(name, host) && path == "/_services/token"
    let isSlug =
      (name == "token.actions.githubusercontent.com" || Grammar.matches(name, /token\.actions\.[a-z0-9\-]+\.ghe\.com/))
      && Grammar.matches(path, /\/[A-Za-z0-9\-]+/)
    return isServer || isSlug ? nil : "no issuer of GitHub has this form"
  }

  static func relations(_ values: Values) -> [FieldFault] {
    if values["subject-form"] == "ids" {
      guard values["subject"].isEmpty else {
        return [FieldFault("subject-form", "the subject is given as text, so write the ids into it")]
      }
      return ["owner-id", "repository-id"].filter { values[$0].isEmpty }.map {
        FieldFault($0, "a subject with ids needs it")
      }
    }
    guard let repository = GitHubRepository(values["repository"]), !values["subject"].isEmpty else { return [] }
    return canMatch(values["subject"], repository)
      ? [] : [FieldFault("subject", "no job of \(repository.text) brings such a subject")]
  }

  /// Whether a job of the repository can bring a subject like this. A customised subject may be anything.
  static func canMatch(_ pattern: String, _ repository: GitHubRepository) -> Bool {
    guard pattern.hasPrefix("repo:") else { return true }
    let plain = pattern.replacing(/@[0-9]+/, with: "")
    let whole = "repo:\(repository.text)"
    guard plain.hasSuffix("*") else { return plain == whole || plain.hasPrefix(whole + ":") }
    // The ids may be cut off half way: `repo:acme@12*`.
    let prefix = plain.dropLast().replacing(/@[0-9]*$/, with: "")
    return (whole + ":").hasPrefix(prefix) || prefix.hasPrefix(whole + ":")
  }

  /// `repo:acme/api`, with the ids where the subject has them.
  static func subject(_ values: Values) -> String {
    if !values["subject"].isEmpty { return values["subject"] }
    guard let repository = GitHubRepository(values["repository"]) else { return "" }
    let run: GitHubRun =
      values["environment"].isEmpty ? GitHubRun(ref: values["ref"]) : .environment(values["environment"])
    let hasIDs = values["subject-form"] == "ids"
    let owner = hasIDs ? "\(repository.owner)@\(values["owner-id"])" : repository.owner
    let name = hasIDs ? "\(repository.name)@\(values["repository-id"])" : repository.name
    return "repo:\(owner)/\(name):\(run.context)"
  }

  static func trust(_ values: Values) -> Trust {
    let subject = subject(values)
    var claims: [String: String] = [:]
    if !values["owner-id"].isEmpty { claims["repository_owner_id"] = values["owner-id"] }
    if !values["repository-id"].isEmpty { claims["repository_id"] = values["repository-id"] }
    let issuerURL = values["issuer-url"].isEmpty ? sharedIssuer : values["issuer-url"]
    let samples = GitHubSamples(values: values, subject: subject, issuerURL: issuerURL)
    return Trust(
      issuer: IssuerDraft(
        name: "github-actions", issuerURL: issuerURL, keys: .discovery(base: nil, certificate: nil)),
      match: FederationRule.Match(subjectPrefix: subject, audience: serviceAudience, claims: claims),
      ruleName: ruleName(values, subject: subject), sample: samples.own, others: samples.others)
  }

  /// `gha-acme-api-main`
  private static func ruleName(_ values: Values, subject: String) -> String {
    let what = values["environment"].isEmpty ? values["ref"] : "env-" + values["environment"]
    let rest = values["subject"].isEmpty ? "\(values["repository"])-\(what)" : subject
    let short = rest.replacing("refs/heads/", with: "").replacing("refs/tags/", with: "tag-")
    return String(Slug.from("gha-" + short).prefix(80))
  }

  /// A subject GitHub writes itself is taken apart again; a customised one stays text.
  static func recognise(_ claims: JSON) -> [String: String]? {
    guard let issuer = claims["iss"]?.string, issuerFault(in: issuer) == nil,
      let repository = claims["repository"]?.string, let subject = claims["sub"]?.string
    else { return nil }
    var values = ["repository": repository]
    if issuer != sharedIssuer { values["issuer-url"] = issuer }
    if let id = claims["repository_owner_id"]?.string { values["owner-id"] = id }
    if let id = claims["repository_id"]?.string { values["repository-id"] = id }
    let parts = subject.split(separator: ":", maxSplits: 2).map(String.init)
    guard parts.count == 3, parts[0] == "repo", parts[1].replacing(/@[0-9]+/, with: "") == repository else {
      values["subject"] = subject
      return values
    }
    values["subject-form"] = parts[1].contains("@") ? "ids" : "names"
    switch GitHubRun(context: parts[2]) {
    case .branch(let name): values["ref"] = name
    case .tag(let name): values["ref"] = "refs/tags/" + name
    case .environment(let name): values["environment"] = name
    case .pullRequest, .other:
      values["subject"] = subject
      values["subject-form"] = "names"
    }
    return values
  }
}
