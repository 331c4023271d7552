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
      text += ", with a token for any audience the issuer is trusted for"
    }
    let isExact = match.subjectPrefix.map { !$0.hasSuffix("*") } ?? false
    return isExact ? text + ", and nothing else" : text
  }

  /// The same in as few words as a column has room for: `branch main of acme/api`.
  package static func short(for match: FederationRule.Match) -> String {
    if let subject = match.subjectPrefix {
      let known = gitHub(subject)?.replacing("any job on ", with: "").replacing("any job ", with: "")
      return known ?? subject
    }
    if !match.claims.isEmpty {
      return match.claims.keys.sorted().map { "\($0)=\(match.claims[$0] ?? "")" }.joined(separator: " ")
    }
    return match.condition ?? "any token"
  }

  private static func who(_ subject: String?, issuerURL: String) -> String {
    guard let subject else { return "any token of \(issuerURL)" }
    if let known = gitHub(subject) { return known }
    if subject == "*" { return "any token of \(issuerURL)" }
    return subject.hasSuffix("*")
      ? "any token of \(issuerURL) whose subject begins \(subject.dropLast().debugDescription)"
      : "the token of \(issuerURL) with the subject \(subject.debugDescription)"
  }

  private static func list(_ parts: [String]) -> String {
    parts.count < 2 ? parts.joined() : parts.dropLast().joined(separator: ", ") + " and " + parts[parts.count - 1]
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
