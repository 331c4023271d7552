package import Platform

/// Whose tokens an issuer signs: decides how a subject is read and which claims say who somebody is.
package enum Provider: String, Hashable, Sendable, CaseIterable {
  case gitHub = "github"
  case gitLab = "gitlab"
  case aws
  case google = "gcp"
  case kubernetes
  case entra
  case okta
  case spiffe
  case buildkite
  case terraform
  case circleCI = "circleci"
  case generic

  /// From the issuer's address, and where that says nothing, from the form of the rule's subject.
  package init(issuerURL: String, match: FederationRule.Match = .init()) {
    let address = Address(issuerURL)
    self = Provider.known(address) ?? Provider.guessed(match) ?? .generic
  }

  private static func known(_ address: Address) -> Provider? {
    let host = address.host.lowercased()
    func isHost(_ name: String) -> Bool { host == name || host.hasSuffix("." + name) }
    if host == "token.actions.githubusercontent.com" { return .gitHub }
    if host.hasPrefix("token.actions."), host.hasSuffix(".ghe.com") { return .gitHub }
    if address.path.hasPrefix("/_services/token") { return .gitHub }
    if isHost("gitlab.com") || host.hasPrefix("gitlab.") { return .gitLab }
    if isHost("tokens.sts.global.api.aws") { return .aws }
    if host == "accounts.google.com" { return .google }
    if host == "container.googleapis.com" || host.hasSuffix("oic.prod-aks.azure.com") { return .kubernetes }
    if host.hasPrefix("oidc.eks"), host.contains(".amazonaws.com") { return .kubernetes }
    if host == "kubernetes.default.svc" || host.hasPrefix("kubernetes.default.svc.") { return .kubernetes }
    if isHost("login.microsoftonline.com") || host == "sts.windows.net" { return .entra }
    if isHost("login.microsoftonline.us") || isHost("login.partner.microsoftonline.cn") { return .entra }
    if ["okta.com", "oktapreview.com", "okta-emea.com"].contains(where: isHost) { return .okta }
    if host == "agent.buildkite.com" { return .buildkite }
    if host == "app.terraform.io" || host == "app.eu.terraform.io" { return .terraform }
    if host == "oidc.circleci.com" { return .circleCI }
    return nil
  }

  /// From how the subject begins, wherever the rule speaks of it, and from claims that one provider alone has.
  private static func guessed(_ match: FederationRule.Match) -> Provider? {
    let subject = match.subjectPrefix ?? match.claims["sub"] ?? ""
    let condition = match.condition ?? ""
    func begins(_ text: String) -> Bool {
      subject.hasPrefix(text) || condition.contains("\"" + text) || condition.contains("\"^" + text)
    }
    func claims(_ text: String) -> Bool {
      match.claims.keys.contains { $0.hasPrefix(text) } || condition.contains("claims." + text)
        || condition.contains("claims[\"" + text)
    }
    if begins("system:serviceaccount") || claims("kubernetes.io") { return .kubernetes }
    if begins("spiffe://") { return .spiffe }
    if begins("project_path:") || begins("project_id:") || claims("project_path") { return .gitLab }
    if begins("repo:") || claims("job_workflow_ref") { return .gitHub }
    if begins("organization:"), subject.contains(":workspace:") || subject.contains(":stack:") { return .terraform }
    if claims("terraform_") { return .terraform }
    return begins("0oa") ? .okta : nil
  }

  /// Whether tokens of other customers come from this issuer too, so that the rule must pin the tenant.
  package func isShared(issuerURL: String) -> Bool {
    let address = Address(issuerURL)
    let isRoot = address.path.isEmpty || address.path == "/"
    return switch self {
    case .gitHub: address.host == "token.actions.githubusercontent.com" && isRoot
    case .gitLab: address.host == "gitlab.com"
    case .google, .buildkite: true
    case .terraform: address.host == "app.terraform.io" || address.host == "app.eu.terraform.io"
    case .circleCI: isRoot
    case .aws, .kubernetes, .entra, .okta, .spiffe, .generic: false
    }
  }
}

/// The parts of a URL that matter here, read without changing them.
struct Address: Hashable, Sendable {
  let scheme: String
  /// Without user and port, as written.
  let host: String
  /// What follows the host, its slash included; empty when there is none.
  let path: String

  init(_ text: String) {
    var rest = Substring(text)
    if let mark = text.firstRange(of: "://") {
      scheme = String(text[..<mark.lowerBound])
      rest = text[mark.upperBound...]
    } else {
      scheme = ""
    }
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    path = String(rest.dropFirst(authority.count))
    host = String((authority.split(separator: "@").last ?? "").prefix { $0 != ":" })
  }

  var segments: [String] { path.split(separator: "/").map(String.init) }
}
