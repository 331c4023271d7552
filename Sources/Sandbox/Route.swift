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

  private static let people: [Route] = {
    let users = "\(root)/users"
    let invites = "\(root)/invites"
    let members = "\(root)/workspaces/{id}/members"
    return [
      Route(.get, users, .organization) { (w, c) throws(Refusal) in try w.users(c) },
      Route(.get, "\(users)/{id}", .organization) { (w, c) throws(Refusal) in try w.user(c) },
      Route(.post, "\(users)/{id}", .organization) { (w, c) throws(Refusal) in try w.updateUser(c) },
      Route(.delete, "\(users)/{id}", .organization) { (w, c) throws(Refusal) in try w.removeUser(c) },
      Route(.get, invites, .organization) { (w, c) throws(Refusal) in try w.invites(c) },
      Route(.post, invites, .organization) { (w, c) throws(Refusal) in try w.createInvite(c) },
      Route(.get, "\(invites)/{id}", .organization) { (w, c) throws(Refusal) in try w.invite(c) },
      Route(.delete, "\(invites)/{id}", .organization) { (w, c) throws(Refusal) in try w.deleteInvite(c) },
      Route(.get, members, .organization) { (w, c) throws(Refusal) in try w.members(c) },
      Route(.post, members, .organization) { (w, c) throws(Refusal) in try w.addMember(c) },
      Route(.get, "\(members)/{id}", .organization) { (w, c) throws(Refusal) in try w.member(c) },
      Route(.post, "\(members)/{id}", .organization) { (w, c) throws(Refusal) in try w.updateMember(c) },
      Route(.delete, "\(members)/{id}", .organization) { (w, c) throws(Refusal) in try w.removeMember(c) },
    ]
  }()

  private static let keys: [Route] = {
    let keys = "\(root)/api_keys"
    let limits = "\(root)/workspaces/{id}/rate_limits"
    return [
      Route(.get, keys, .organization) { (w, c) throws(Refusal) in try w.keys(c) },
      Route(.get, "\(keys)/{id}", .organization) { (w, c) throws(Refusal) in try w.key(c) },
      Route(.post, "\(keys)/{id}", .organization) { (w, c) throws(Refusal) in try w.updateKey(c) },
      Route(.get, "\(root)/rate_limits", .organization) { (w, c) throws(Refusal) in try w.limits(c) },
      Route(.get, limits, .organization) { (w, c) throws(Refusal) in try w.workspaceLimits(c) },
      Route(.post, "\(limits)/{id}", .organization) { (w, c) throws(Refusal) in try w.updateWorkspaceLimit(c) },
    ]
  }()

  private static let reports: [Route] = [
    Route(.get, "\(root)/usage_report/messages", .organization) { (w, c) throws(Refusal) in try w.usageReport(c) },
    Route(.get, "\(root)/cost_report", .organization) { (w, c) throws(Refusal) in try w.costReport(c) },
    Route(.get, "\(root)/analytics/usage", .analytics) { (w, c) throws(Refusal) in try w.usageByIdentity(c) },
    Route(.get, "\(root)/analytics/cost", .analytics) { (w, c) throws(Refusal) in try w.costByIdentity(c) },
    Route(.post, "/v1/messages", .inference, answering: { (w, c) throws(Refusal) in try w.createMessage(c) }),
    Route(.post, "/v1/messages/count_tokens", .inference) { (w, c) throws(Refusal) in try w.countTokens(c) },
    Route(.get, "/v1/models", .inference) { (w, c) throws(Refusal) in try w.listModels(c) },
    Route(.get, "/v1/models/{id}", .inference) { (w, c) throws(Refusal) in try w.model(c) },
  ]

  private static let feed: [Route] = [
    Route(.get, "/v1/compliance/activities", .feed, answering: { (w, c) throws(Refusal) in try w.activities(c) })
  ]
}
