import Platform

/// One row of the table of everything the sandbox answers: method, path, the credentials it takes, what it does.
struct Route: Sendable {
  typealias Handler = @Sendable (inout World, Call) throws(Refusal) -> Answer

  let method: Method
  /// Parts of the path; nil for one that may be anything.
  let parts: [String?]
  let access: Access
  let handler: Handler

  /// - Parameter pattern: `/v1/organizations/service_accounts/{id}`.
  init(
    _ method: Method, _ pattern: String, _ access: Access,
    _ handler: @escaping @Sendable (inout World, Call) throws(Refusal) -> JSON
  ) {
    self.init(
      method, pattern, access, answering: { (world, call) throws(Refusal) in Answer(try handler(&world, call)) })
  }

  init(_ method: Method, _ pattern: String, _ access: Access, answering handler: @escaping Handler) {
    parts = pattern.split(separator: "/").map { $0.hasPrefix("{") ? nil : String($0) }
    (self.method, self.access, self.handler) = (method, access, handler)
  }

  /// What stands for the `{…}` of the pattern, or nil when `path` is another.
  func parameters(of path: [Substring]) -> [String]? {
    guard path.count == parts.count else { return nil }
    var found: [String] = []
    for (part, text) in zip(parts, path) {
      if let part { guard part == text else { return nil } } else { found.append(String(text)) }
    }
    return found
  }

  /// - Throws: 404 for a path that is none, 405 for a method that it does not have.
  static func find(_ method: Method, _ path: String) throws(Refusal) -> (route: Route, parameters: [String]) {
    let parts = path.split(separator: "/")
    var isKnown = false
    for route in all {
      guard let parameters = route.parameters(of: parts) else { continue }
      if route.method == method { return (route, parameters) }
      isKnown = true
    }
    throw isKnown ? .methodNotAllowed : .notFound
  }

  static let all: [Route] = organization + federation + people + keys + reports + feed
}

extension Route {
  private static let root = "/v1/organizations"

  private static let federation: [Route] = {
    let accounts = "\(root)/service_accounts"
    let issuers = "\(root)/federation_issuers"
    let rules = "\(root)/federation_rules"
    let members = "\(root)/workspaces/{id}/service_accounts"
    return [
      Route(.post, accounts, .federation) { (w, c) throws(Refusal) in try w.createAccount(c) },
      Route(.get, accounts, .federation) { (w, c) throws(Refusal) in try w.accounts(c) },
      Route(.get, "\(accounts)/{id}", .federation) { (w, c) throws(Refusal) in try w.account(c) },
      Route(.post, "\(accounts)/{id}", .federation) { (w, c) throws(Refusal) in try w.updateAccount(c) },
      Route(.post, "\(accounts)/{id}/archive", .federation) { (w, c) throws(Refusal) in try w.archiveAccount(c) },
      Route(.get, "\(accounts)/{id}/workspaces", .federation) { (w, c) throws(Refusal) in try w.workspacesOfAccount(c)
      },
      Route(.post, "\(accounts)/{id}/workspaces", .federation) { (w, c) throws(Refusal) in
        try w.addAccountToWorkspace(c)
      },
      Route(.delete, "\(accounts)/{id}/workspaces/{id}", .federation) { (w, c) throws(Refusal) in
        try w.removeAccountFromWorkspace(c)
      },
      Route(.get, members, .federation) { (w, c) throws(Refusal) in try w.accountsOfWorkspace(c) },
      Route(.post, members, .federation) { (w, c) throws(Refusal) in try w.addWorkspaceAccount(c) },
      Route(.get, "\(members)/{id}", .federation) { (w, c) throws(Refusal) in try w.workspaceAccount(c) },
      Route(.post, "\(members)/{id}", .federation) { (w, c) throws(Refusal) in try w.updateWorkspaceAccount(c) },
      Route(.delete, "\(members)/{id}", .federation) { (w, c) throws(Refusal) in try w.removeWorkspaceAccount(c) },
      Route(.post, issuers, .federation) { (w, c) throws(Refusal) in try w.createIssuer(c) },
      Route(.get, issuers, .federation) { (w, c) throws(Refusal) in try w.issuers(c) },
      Route(.get, "\(issuers)/{id}", .federation) { (w, c) throws(Refusal) in try w.issuer(c) },
      Route(.post, "\(issuers)/{id}", .federation) { (w, c) throws(Refusal) in try w.updateIssuer(c) },
      Route(.post, "\(issuers)/{id}/archive", .federation) { (w, c) throws(Refusal) in try w.archiveIssuer(c) },
      Route(.post, rules, .federation) { (w, c) throws(Refusal) in try w.createRule(c) },
      Route(.get, rules, .federation) { (w, c) throws(Refusal) in try w.rules(c) },
      Route(.get, "\(rules)/{id}", .federation) { (w, c) throws(Refusal) in try w.rule(c) },
      Route(.post, "\(rules)/{id}", .federation) { (w, c) throws(Refusal) in try w.updateRule(c) },
      Route(.post, "\(rules)/{id}/archive", .federation) { (w, c) throws(Refusal) in try w.archiveRule(c) },
      Route(.get, "\(rules)/{id}/workspaces", .federation) { (w, c) throws(Refusal) in try w.workspacesOfRule(c) },
      Route(.post, "\(rules)/{id}/workspaces", .federation) { (w, c) throws(Refusal) in try w.enableWorkspace(c) },
      Route(.delete, "\(rules)/{id}/workspaces/{id}", .federation) { (w, c) throws(Refusal) in try w.disableWorkspace(c)
      },
    ]
  }()

  private static let organization: [Route] = {
    let workspaces = "\(root)/workspaces"
    let settings = "\(root)/compliance_settings"
    return [
      Route(.get, "\(root)/me", .me) { (w, c) throws(Refusal) in w.me(c) },
      Route(.get, workspaces, .organization) { (w, c) throws(Refusal) in try w.workspaces(c) },
      Route(.post, workspaces, .organization) { (w, c) throws(Refusal) in try w.createWorkspace(c) },
      Route(.get, "\(workspaces)/{id}", .organization) { (w, c) throws(Refusal) in try w.workspace(c) },
      Route(.post, "\(workspaces)/{id}", .organization) { (w, c) throws(Refusal) in try w.updateWorkspace(c) },
      Route(.post, "\(workspaces)/{id}/archive", .organization) { (w, c) throws(Refusal) in try w.archiveWorkspace(c) },
      Route(.get, settings, .organization) { (w, c) throws(Refusal) in w.complianceSettings(c) },
      Route(.post, settings, .organization) { (w, c) throws(Refusal) in try w.updateComplianceSettings(c) },
    ]
  }()

  private static let people: [Route] = []
  private static let keys: [Route] = []
  private static let reports: [Route] = []

  private static let feed: [Route] = [
    Route(.get, "/v1/compliance/activities", .feed, answering: { (w, c) throws(Refusal) in try w.activities(c) })
  ]
}
