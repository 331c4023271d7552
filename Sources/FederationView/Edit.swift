package import Federation
package import Interface
package import Platform

extension Rules {
  /// A rule being changed: filled in, then shown as the difference it makes and whom it lets in then, then sent.
  package struct Edit: Equatable, Sendable {
    package enum Stage: Equatable, Sendable { case form, review, sending }

    package let rule: FederationRule
    package let issuerURL: String
    /// Everything around it; nil while it has not come, and then only what the rule itself says can be changed.
    let inventory: Inventory?
    /// Live accounts by name.
    private let accounts: [String: ServiceAccount]
    /// Those that can be chosen, in the order of the form.
    private let workspaces: [Workspace]
    package var stage = Stage.form
    package var form: Form
    /// What the analyser says of the rule as it would be, worst first.
    package var findings: [Finding] = []
    package var page = Pager([String]())
    package var confirmation: Confirmation?
    package var failure: Problem?

    init(_ rule: FederationRule, _ state: State) {
      (self.rule, issuerURL, inventory) = (rule, state.issuerURL(of: rule), state.survey?.inventory)
      let live = inventory?.accounts.filter { !$0.isArchived } ?? []
      accounts = Dictionary(live.map { ($0.name, $0) }) { first, _ in first }
      workspaces = inventory?.workspaces.filter { !$0.isArchived } ?? []
      form = Form([])
      form = Form(fields)
      judge(showing: false)
    }

    private var fields: [Form.Field] {
      var fields: [Form.Field] = [
        .text("name", label: "Name", value: rule.name, hint: "small letters, digits and hyphens"),
        .text("description", label: "Description", value: rule.description ?? "", hint: "why it is there, for others"),
        .text(
          "subject", label: "Subject", value: rule.match.subjectPrefix ?? "",
          hint: "exact, or a prefix when it ends in *"),
        .text("audience", label: "Audience", value: rule.match.audience ?? "", hint: serviceAudience),
        .text(
          "claims", label: "Claims", value: Edit.text(rule.match.claims),
          hint: "as JSON: {\"repository_owner_id\": \"5544123\"}; only strings can be compared"),
        .text("condition", label: "Condition", value: rule.match.condition ?? "", hint: "CEL over claims"),
      ]
      if !accounts.isEmpty {
        fields.append(.text("account", label: "Acts as", value: accountName(rule.accountID), hint: hint(for: "")))
      }
      fields.append(
        .choice(
          "scope", label: "May do", options: scopes.map(Rules.words(forScope:)),
          selected: scopes.firstIndex(of: rule.scope) ?? 0,
          hint: "inference alone is enough to call models; org:admin can only be granted in the web Console"))
      if !workspaces.isEmpty {
        let names = workspaces.map(\.name)
        fields += [
          .toggle(
            "everywhere", label: "All workspaces", isOn: rule.appliesToAllWorkspaces,
            hint: "those that are made later too"),
          .multiChoice(
            "workspaces", label: "Workspaces", options: names.indices.map { name(ofWorkspaceAt: $0) },
            chosen: Set(workspaces.indices.filter { rule.workspaceIDs.contains(workspaces[$0].id) }),
            hint: "space chooses, ← and → move; the account must be a member of each"),
        ]
      }
      fields.append(
        .number(
          "lifetime", label: "Token lives", value: rule.tokenLifetime, units: Array(Unit.ofTime.prefix(3)),
          range: 60...86400, hint: "10 minutes are enough for most; what was minted cannot be called back"))
      if inventory == nil {
        fields.append(.note("The rest of the organization is still being read; more can be changed then."))
      }
      return fields
    }

    /// Unlike accounts, workspaces may share a name.
    private func name(ofWorkspaceAt index: Int) -> String {
      let workspace = workspaces[index]
      let isAlone = workspaces.count { $0.name == workspace.name } == 1
      return isAlone ? workspace.name : "\(workspace.name) \(workspace.id)"
    }

    /// Those that may be granted from here, and what is granted now.
    private var scopes: [String] {
      Scope.manageable + (Scope.manageable.contains(rule.scope) ? [] : [rule.scope])
    }

    private func accountName(_ id: ID<ServiceAccount>) -> String {
      inventory?.account(id)?.name ?? (id == rule.accountID ? rule.accountName : nil) ?? id.description
    }

    /// The accounts that what was typed may mean.
    private func hint(for text: String) -> String {
      let names = accounts.keys.filter { text.isEmpty || $0.contains(text) }.sorted()
      let shown = names.prefix(5).joined(separator: ", ")
      return names.isEmpty
        ? "an account that there is"
        : "the name of an account: \(shown)\(names.count > 5 ? " and \(names.count - 5) more" : "")"
    }

    private static func text(_ claims: [String: String]) -> String {
      if claims.isEmpty { return "" }
      var object = JSON.Object()
      for name in claims.keys.sorted() { object[name] = JSON(claims[name]) }
      return JSON.object(object).compact
    }

    /// The claims as typed; nil when they are none.
    private var claims: [String: String]? {
      let text = form.value("claims")
      if text.isEmpty { return [:] }
      guard let object = (try? JSON(parsing: Array(text.utf8)))?.object else { return nil }
      var claims: [String: String] = [:]
      for (name, value) in object {
        guard let text = value.string else { return nil }
        claims[name] = text
      }
      return claims
    }

    /// The match as it would be.
    package var match: FederationRule.Match {
      func given(_ id: String) -> String? { form.value(id).isEmpty ? nil : form.value(id) }
      return FederationRule.Match(
        subjectPrefix: given("subject"), audience: given("audience"), claims: claims ?? [:],
        condition: given("condition"))
    }

    /// The rule as it would be.
    var changed: FederationRule {
      var rule = rule
      rule.name = form.value("name")
      if form.value("description") != rule.description ?? "" { rule.description = form.value("description") }
      rule.match = match
      if let account = accounts[form.value("account")], account.id != rule.accountID {
        (rule.accountID, rule.accountName) = (account.id, account.name)
      }
      rule.scope = scopes[form.choice("scope")]
      rule.tokenLifetime = Int(form.value("lifetime")) ?? rule.tokenLifetime
      if !workspaces.isEmpty {
        rule.appliesToAllWorkspaces = form.isOn("everywhere")
        let chosen = form.choices("workspaces")
        let offered = Set(workspaces.map(\.id))
        // In the order they have already, so that the same choice is no change; those not offered stay.
        let kept = rule.workspaceIDs.filter { id in
          !offered.contains(id) || workspaces.indices.contains { chosen.contains($0) && workspaces[$0].id == id }
        }
        let added = workspaces.indices.filter { chosen.contains($0) }.map { workspaces[$0].id }
        rule.workspaceIDs = kept + added.filter { !kept.contains($0) }
      }
      return rule
    }

    /// What is sent, the workspaces apart where there are several.
    package var update: RuleUpdate {
      let new = changed
      func sent<Value: Equatable>(_ old: Value, _ new: Value) -> Value? { old == new ? nil : new }
      return RuleUpdate(
        name: sent(rule.name, new.name), description: sent(rule.description ?? "", new.description ?? ""),
        match: sent(rule.match, new.match), accountID: sent(rule.accountID, new.accountID),
        scope: sent(rule.scope, new.scope), tokenLifetime: sent(rule.tokenLifetime, new.tokenLifetime),
        workspaceID: isReplacement ? new.workspaceIDs.first : nil,
        appliesToAllWorkspaces: sent(rule.appliesToAllWorkspaces, new.appliesToAllWorkspaces))
    }

    /// The platform replaces a single workspace by another in one request, and refuses that where there are several.
    private var isReplacement: Bool {
      let new = changed.workspaceIDs
      return rule.workspaceIDs.count == 1 && new.count == 1 && new != rule.workspaceIDs
    }

    package var addedWorkspaces: [ID<Workspace>] {
      isReplacement ? [] : changed.workspaceIDs.filter { !rule.workspaceIDs.contains($0) }
    }

    package var removedWorkspaces: [ID<Workspace>] {
      let new = changed.workspaceIDs
      return isReplacement ? [] : rule.workspaceIDs.filter { !new.contains($0) }
    }

    /// Each changed part with what it was and what it becomes.
    package var changes: [(field: String, before: String, after: String)] {
      let (old, new) = (rule, changed)
      func words(_ ids: [ID<Workspace>]) -> String {
        ids.map { id in inventory?.workspaces.first { $0.id == id }?.name ?? id.description }.joined(separator: ", ")
      }
      let parts = [
        ("name", old.name, new.name), ("description", old.description ?? "", new.description ?? ""),
        ("subject_prefix", old.match.subjectPrefix ?? "", new.match.subjectPrefix ?? ""),
        ("audience", old.match.audience ?? "", new.match.audience ?? ""),
        ("claims", Edit.text(old.match.claims), Edit.text(new.match.claims)),
        ("condition", old.match.condition ?? "", new.match.condition ?? ""),
        ("acts as", accountName(old.accountID), accountName(new.accountID)), ("oauth_scope", old.scope, new.scope),
        ("token_lifetime_seconds", "\(old.tokenLifetime)", "\(new.tokenLifetime)"),
        ("applies_to_all_workspaces", "\(old.appliesToAllWorkspaces)", "\(new.appliesToAllWorkspaces)"),
        ("workspaces", words(old.workspaceIDs), words(new.workspaceIDs)),
      ]
      return parts.filter { $0.1 != $0.2 }.map { (field: $0.0, before: $0.1, after: $0.2) }
    }

    /// What is wrong with what was typed, beside the fields it is about.
    mutating func checkTyped() {
      form.setProblem("name", Slug.fault(in: form.value("name")))
      form.setProblem("claims", claims == nil ? "a JSON object of strings, or nothing" : nil)
      let length = form.value("description").unicodeScalars.count
      form.setProblem("description", length > 2000 ? "at most 2000 characters, this has \(length)" : nil)
      if !accounts.isEmpty {
        let name = form.value("account")
        let isKnown = accounts[name] != nil || name == accountName(rule.accountID)
        form.setProblem("account", isKnown ? nil : "there is no live account called \(name)")
        if let index = form.fields.firstIndex(where: { $0.id == "account" }) {
          form.fields[index].hint = hint(for: isKnown ? "" : name)
        }
      }
    }

    mutating func check() -> Bool {
      checkTyped()
      let isBare = match.subjectPrefix == nil && match.claims.isEmpty && match.condition == nil
      form.setProblem(
        "subject",
        isBare
          ? "a subject, claims or a condition: an audience alone pins nobody"
          : match.subjectPrefix == "*" ? "a star alone lets in every token of the issuer" : nil)
      if !workspaces.isEmpty {
        let isNowhere = !form.isOn("everywhere") && form.choices("workspaces").isEmpty
        form.setProblem("workspaces", isNowhere ? "without a workspace it can mint no token" : nil)
      }
      if form.hasProblem { form.focusOnProblem() }
      return !form.hasProblem
    }

    /// - Parameter showing: with a token that gets in for each finding, which takes too long at every key.
    mutating func judge(showing: Bool) {
      findings = Edit.judged(changed, inventory, issuerURL, showing: showing)
    }

    private static func judged(
      _ rule: FederationRule, _ inventory: Inventory?, _ issuerURL: String, showing: Bool
    ) -> [Finding] {
      let alone = Candidate(match: rule.match, issuerURL: issuerURL, scope: rule.scope, lifetime: rule.tokenLifetime)
      return Analyser.findings(of: inventory?.candidate(for: rule) ?? alone, showing: showing)
    }

    /// How the change gives more than the rule gave before; empty when it only takes away.
    package var widenings: [String] {
      let new = changed
      var words: [String] = []
      if new.match != rule.match, !new.match.isNarrower(than: rule.match) {
        words.append("It may let in tokens that were refused before.")
      }
      if new.accountID != rule.accountID {
        words.append("Whoever gets in becomes \(accountName(new.accountID)) instead of \(accountName(rule.accountID)).")
      }
      let gained = new.scope.split(separator: " ").filter { !rule.scope.split(separator: " ").contains($0) }
      if gained.contains(where: { $0 == Scope.developer })
        || gained.contains(where: { !Scope.isManageable(String($0)) })
      {
        words.append("Its tokens may do more: \(new.scope).")
      }
      if new.appliesToAllWorkspaces, !rule.appliesToAllWorkspaces {
        words.append("Its tokens are good in every workspace, those made later too.")
      } else if new.workspaceIDs.contains(where: { !rule.workspaceIDs.contains($0) }), !rule.appliesToAllWorkspaces {
        words.append("Its tokens are good in another workspace.")
      }
      if new.tokenLifetime > rule.tokenLifetime { words.append("Its tokens live longer.") }
      return words
    }

    /// Asked unless the change only takes away. A finding that the rule has already is no reason to ask about mending
    /// another part of it; but a match that lets in others than before has to answer for itself.
    var question: Confirmation? {
      let widenings = widenings
      let known = Set(Edit.judged(rule, inventory, issuerURL, showing: false).map(\.id))
      let widens = RuleChange(from: rule, to: changed, issuerURL: issuerURL).widens
      let bad = findings.filter {
        $0.severity >= .high && (!known.contains($0.id) || (widens && Mend.isInMatch($0)))
      }
      if bad.isEmpty {
        if widenings.isEmpty { return nil }
        return Confirmation(
          title: "The rule \(rule.name) gives more than before", lines: widenings + [""], word: rule.name,
          severity: .warning)
      }
      let lines = bad.flatMap { finding in
        ["\(finding.severity.rawValue) \(finding.id): \(finding.message)"]
          + (finding.witness.map { ["  such as \(Rules.telling($0, unlike: nil))"] } ?? [])
      }
      return Confirmation(
        title: "More than one workload gets in", lines: widenings + lines + [""], word: accountName(changed.accountID))
    }
  }
}
