package import Platform

/// Says in plain words whom a rule lets in. Reads the rule, not what someone meant by it.
package enum MatchWords {
  /// `any job on branch main of acme/api, and nothing else`
  package static func sentence(for match: FederationRule.Match, issuerURL: String) -> String {
    var text = who(match.subjectPrefix, issuerURL: issuerURL)
    let claims = match.claims.keys.sorted().map { "\($0) is \((match.claims[$0] ?? "").debugDescription)" }
    if !claims.isEmpty { text += ", if " + list(claims) }
    if let condition = match.condition { text += (claims.isEmpty ? ", if " : " and ") + "\(condition) is true" }
    if let audience = match.audience {
      if audience != serviceAudience { text += ", with a token for \(audience)" }
    } else {
      text += ", with a token for the service's own audience (not confirmed: the rule names none)"
    }
    let isExact = match.subjectPrefix.map { !$0.hasSuffix("*") } ?? false
    return isExact ? text + ", and nothing else" : text
  }

  /// The same in as few words as a column has room for: `branch main of acme/api`.
  package static func short(for match: FederationRule.Match) -> String {
    if let subject = match.subjectPrefix {
      let start = #/^(?:any (?:job|step) (?:on|of|in)|whatever has a token of the) /#
      return known(subject)?.replacing(start, with: "") ?? subject
    }
    if !match.claims.isEmpty {
      return match.claims.keys.sorted().map { "\($0)=\(match.claims[$0] ?? "")" }.joined(separator: " ")
    }
    return match.condition ?? "any token"
  }

  private static func who(_ subject: String?, issuerURL: String) -> String {
    guard let subject else { return "any token of \(issuerURL)" }
    if let words = known(subject) { return words }
    if subject == "*" { return "any token of \(issuerURL)" }
    return subject.hasSuffix("*")
      ? "any token of \(issuerURL) whose subject begins \(subject.dropLast().debugDescription)"
      : "the token of \(issuerURL) with the subject \(subject.debugDescription)"
  }

  private static func list(_ parts: [String]) -> String {
    parts.count < 2 ? parts.joined() : parts.dropLast().joined(separator: ", ") + " and " + parts[parts.count - 1]
  }

  /// Nil for a subject of no form that this program knows, and for prefixes that cut one off where no words fit.
  private static func known(_ subject: String) -> String? {
    gitHub(subject) ?? gitLab(subject) ?? buildkite(subject) ?? terraform(subject) ?? workload(subject)
  }

  private static func gitLab(_ subject: String) -> String? {
    guard let rest = subject.after("project_path:") else { return nil }
    let parts = rest.split(separator: ":", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 5, parts[1] == "ref_type", parts[3] == "ref" else {
      guard rest.hasSuffix("*") else { return nil }
      let project = rest.dropLast()
      if project.hasSuffix(":") { return "any job of \(project.dropLast()): every branch, tag and merge request" }
      return project.hasSuffix("/")
        ? "any job of any project below \(project.dropLast())"
        : project.contains(":") ? nil : "any job of any project whose path begins \(project)"
    }
    if !parts[4].hasSuffix("*") { return "any job on \(parts[2]) \(parts[4]) of \(parts[0])" }
    let name = parts[4].dropLast()
    return name.isEmpty
      ? "any job on any \(parts[2]) of \(parts[0])"
      : "any job on any \(parts[2]) whose name begins \(name) of \(parts[0])"
  }

  private static func buildkite(_ subject: String) -> String? {
    let parts = subject.split(separator: ":", maxSplits: 6, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 7, parts[0] == "organization", parts[2] == "pipeline", parts[4] == "ref", parts[6] == "*"
    else {
      return nil
    }
    let place = "\(parts[1])/\(parts[3])"
    if let branch = parts[5].after("refs/heads/") { return "any step on branch \(branch) of \(place)" }
    return parts[5].after("refs/tags/").map { "any step on tag \($0) of \(place)" }
  }

  private static func terraform(_ subject: String) -> String? {
    let parts = subject.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 8, [0, 2, 4, 6].map({ parts[$0] }) == ["organization", "project", "workspace", "run_phase"],
      !subject.hasSuffix("*")
    else { return nil }
    return "the \(parts[7]) of any run of \(parts[1])/\(parts[5]) in the project \(parts[3])"
  }

  /// Subjects that name one workload by themselves.
  private static func workload(_ subject: String) -> String? {
    guard !subject.hasSuffix("*") else { return nil }
    if let rest = subject.after("system:serviceaccount:") {
      let parts = rest.split(separator: ":").map(String.init)
      // Not only its pods: whoever may make tokens for the account, too.
      return parts.count == 2
        ? "whatever has a token of the service account \(parts[1]) in the namespace \(parts[0])" : nil
    }
    if subject.hasPrefix("arn:aws"), subject.contains(":role/") { return "whatever has assumed the role \(subject)" }
    return subject.hasPrefix("spiffe://") ? "the workload \(subject)" : nil
  }

  /// Nil for a subject that GitHub does not write by itself.
  private static func gitHub(_ subject: String) -> String? {
    guard let rest = subject.after("repo:") else { return nil }
    let isPrefix = rest.hasSuffix("*")
    let body = isPrefix ? String(rest.dropLast()) : rest
    let parts = body.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let place = parts[0]
    guard parts.count == 2 else {
      guard isPrefix else { return nil }
      return gitHubPlace(place)
    }
    let context = parts[1]
    guard isPrefix else { return "any job \(GitHubRun(context: context).words) of \(place)" }
    switch GitHubRun(context: context) {
    case .branch(""): return "any job on any branch of \(place)"
    case .tag(""): return "any job on any tag of \(place)"
    case .environment(""): return "any job in any environment of \(place)"
    case .branch(let name) where name.hasSuffix("/"): return "any job on any branch below \(name) of \(place)"
    case .branch(let name): return "any job on any branch whose name begins \(name) of \(place)"
    case .tag(let name): return "any job on any tag whose name begins \(name) of \(place)"
    case .environment(let name): return "any job in any environment whose name begins \(name) of \(place)"
    case .pullRequest, .other:
      return context.isEmpty
        ? "any job of \(place): every branch, tag, environment and pull request"
        : "any job of \(place) whose context begins \(context)"
    }
  }

  /// The words for a prefix that ends before the colon behind the repository.
  private static func gitHubPlace(_ place: String) -> String {
    let parts = place.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if place.isEmpty { return "any job of any repository of anyone on GitHub" }
    if parts.count == 1 { return "any job of any repository of any owner whose name begins \(parts[0])" }
    if parts[1].isEmpty { return "any job of any repository of \(parts[0])" }
    return "any job of any repository of \(parts[0]) whose name begins \(parts[1])"
  }
}
