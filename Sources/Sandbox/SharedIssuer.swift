import Federation
import Platform

/// A platform whose one issuer signs for all its customers, so that a rule must say which customer it means
/// (Admin API, shared issuers must pin a tenant).
struct SharedIssuer: Sendable {
  let url: String
  /// A rule that compares any of these names one tenant.
  let claims: [String]
  /// What a subject begins with, up to the tenant's name, and what ends that name.
  let subject: (before: String, after: Character)?
  /// Whether any exact subject pins: each is one person or one robot.
  var anyExactSubject = false

  static func at(_ url: String) -> SharedIssuer? {
    let bare = url.hasSuffix("/") ? String(url.dropLast()) : url
    return all.first { $0.url == bare.lowercased() }
  }

  private static let all = [
    SharedIssuer(
      url: "https://token.actions.githubusercontent.com",
      claims: [
        "repository_owner", "repository_owner_id", "repository", "repository_id", "enterprise", "enterprise_id",
        "job_workflow_ref",
      ], subject: ("repo:", "/")),
    SharedIssuer(
      url: "https://gitlab.com", claims: ["namespace_path", "namespace_id", "project_path", "project_id"],
      subject: ("project_path:", "/")),
    SharedIssuer(
      url: "https://agent.buildkite.com", claims: ["organization_slug", "organization_id", "pipeline_id"],
      subject: ("organization:", ":")),
    SharedIssuer(
      url: "https://app.terraform.io",
      claims: ["terraform_organization_name", "terraform_organization_id", "terraform_workspace_id"],
      subject: ("organization:", ":")),
    SharedIssuer(
      url: "https://accounts.google.com", claims: ["email", "hd", "sub"], subject: nil, anyExactSubject: true),
  ]

  func isPinned(by match: FederationRule.Match) -> Bool {
    if claims.contains(where: { match.claims[$0]?.isEmpty == false }) { return true }
    if let prefix = match.subjectPrefix, isPinned(bySubject: prefix) { return true }
    guard let condition = match.condition else { return false }
    return !Condition.claims(in: condition).isDisjoint(with: claims)
  }

  private func isPinned(bySubject prefix: String) -> Bool {
    if anyExactSubject, !prefix.hasSuffix("*"), !prefix.isEmpty { return true }
    guard let subject, prefix.hasPrefix(subject.before) else { return false }
    let tenant = prefix.dropFirst(subject.before.count).prefix { $0 != subject.after }
    // Without what ends the name, `repo:acme*` would take in `acme-evil` too.
    let isWhole = prefix.dropFirst(subject.before.count + tenant.count).hasPrefix(String(subject.after))
    return !tenant.isEmpty && isWhole && !tenant.contains("*")
  }
}
