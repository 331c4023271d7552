package import Federation
package import Interface
package import Platform

extension Rules {
  /// A rule being changed: filled in, then shown as the difference it makes and whom it lets in then, then sent.
  package struct Edit: Equatable, Sendable {
    package enum Stage: Equatable, Sendable { case form, review, sending }

    package let rule: FederationRule
    package let issuerURL: String
    package var stage = Stage.form
    package var form: Form
    /// What the analyser says of the rule as it would be, worst first.
    package var findings: [Finding] = []
    package var confirmation: Confirmation?
    package var failure: Problem?

    init(_ rule: FederationRule, issuerURL: String) {
      (self.rule, self.issuerURL) = (rule, issuerURL)
      form = Form([
        .text("name", label: "Name", value: rule.name, hint: "small letters, digits and hyphens"),
        .text("description", label: "Description", value: rule.description ?? ""),
        .text(
          "subject", label: "Subject", value: rule.match.subjectPrefix ?? "",
          hint: "exact, or a prefix when it ends in *"),
        .text("audience", label: "Audience", value: rule.match.audience ?? "", hint: serviceAudience),
        .text(
          "claims", label: "Claims", value: Edit.text(rule.match.claims),
          hint: "as JSON: {\"repository_owner_id\": \"5544123\"}; only strings can be compared"),
        .text("condition", label: "Condition", value: rule.match.condition ?? "", hint: "CEL over claims"),
        .number(
          "lifetime", label: "Token lives", value: rule.tokenLifetime, units: Array(Unit.ofTime.prefix(3)),
          range: 60...86400),
      ])
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

    private var lifetime: Int { Int(form.value("lifetime")) ?? rule.tokenLifetime }

    package var update: RuleUpdate {
      let (name, description) = (form.value("name"), form.value("description"))
      return RuleUpdate(
        name: name == rule.name ? nil : name, description: description == rule.description ?? "" ? nil : description,
        match: match == rule.match ? nil : match, tokenLifetime: lifetime == rule.tokenLifetime ? nil : lifetime)
    }

    /// Each changed part with what it was and what it becomes.
    package var changes: [(field: String, before: String, after: String)] {
      let (old, new) = (rule.match, match)
      let parts = [
        ("name", rule.name, form.value("name")), ("description", rule.description ?? "", form.value("description")),
        ("subject_prefix", old.subjectPrefix ?? "", new.subjectPrefix ?? ""),
        ("audience", old.audience ?? "", new.audience ?? ""), ("claims", Edit.text(old.claims), Edit.text(new.claims)),
        ("condition", old.condition ?? "", new.condition ?? ""),
        ("token_lifetime_seconds", "\(rule.tokenLifetime)", "\(lifetime)"),
      ]
      return parts.filter { $0.1 != $0.2 }.map { (field: $0.0, before: $0.1, after: $0.2) }
    }

    /// The rule as it would be.
    private var edited: FederationRule {
      var edited = rule
      (edited.name, edited.match, edited.tokenLifetime) = (form.value("name"), match, lifetime)
      return edited
    }

    mutating func check() -> Bool {
      form.setProblem("name", Slug.fault(in: form.value("name")))
      form.setProblem("claims", claims == nil ? "a JSON object of strings, or nothing" : nil)
      let isBare = match.subjectPrefix == nil && match.claims.isEmpty && match.condition == nil
      let isStar = match.subjectPrefix == "*"
      form.setProblem(
        "subject",
        isBare
          ? "a subject, claims or a condition: an audience alone pins nobody"
          : isStar ? "a star alone lets in every token of the issuer" : nil)
      if form.hasProblem { form.focusOnProblem() }
      return !form.hasProblem
    }

    mutating func judge() {
      findings = Analyser.findings(match: match, scope: rule.scope, lifetime: lifetime, issuerURL: issuerURL)
    }

    /// Asked when the rule would let in more than one workload, and did not before, or others.
    var question: Confirmation? {
      let change = RuleChange(from: rule, to: edited, issuerURL: issuerURL)
      let bad = change.objections.filter { $0.severity >= .high }
      if bad.isEmpty { return nil }
      let lines = bad.flatMap { finding in
        ["\(finding.severity.rawValue) \(finding.id): \(finding.message)"]
          + (finding.witness.map { ["  such as \(Rules.telling($0, unlike: nil))"] } ?? [])
      }
      return Confirmation(
        title: "More than one workload gets in", lines: lines + [""],
        word: rule.accountName ?? rule.accountID.description)
    }
  }
}
