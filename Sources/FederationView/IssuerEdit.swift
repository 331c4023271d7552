import Federation
package import Interface
package import Platform

extension Rules {
  /// An issuer being changed or registered: filled in, shown as what it changes and for whom, then sent.
  package struct IssuerEdit: Equatable, Sendable {
    package enum Stage: Equatable, Sendable { case form, reading, review, sending }
    package enum Message: Equatable, Sendable {
      /// Files that were named, by their paths.
      case filesRead([String: String])
      case fileFailed(String, Problem)
      case saved(Issuer)
      case failed(Problem)
    }
    package enum Effect: Equatable, Sendable {
      case readFiles([String])
      case create(IssuerDraft)
      case update(Issuer, IssuerUpdate)
    }

    /// Nil for one that is not registered yet.
    package let issuer: Issuer?
    /// The live rules that trust it, which stand and fall with it.
    package let rules: [FederationRule]
    /// Names that are not free.
    private let taken: [String]
    /// Everything around the rules; nil while it has not come.
    private let inventory: Inventory?
    package var stage = Stage.form
    package internal(set) var form = Form([])
    /// What was typed into fields that are not shown now.
    private var kept: [String: String] = [:]
    /// What the files named hold, by their paths.
    var files: [String: String] = [:]
    /// New things that are wrong with the rules then, by the rule's name.
    var findings: [(rule: String, finding: Finding)] = []
    package var page = Pager([String]())
    package var confirmation: Confirmation?
    package var failure: Problem?

    package static func == (left: Self, right: Self) -> Bool {
      left.issuer == right.issuer && left.stage == right.stage && left.form == right.form && left.page == right.page
        && left.files == right.files && left.confirmation == right.confirmation && left.failure == right.failure
    }

    init(_ issuer: Issuer, _ state: State) {
      (self.issuer, rules, taken) = (issuer, state.rules(of: issuer), [])
      inventory = state.survey?.inventory
      form = Form(fields(Source(issuer.keys)))
    }

    init(taken: [String]) {
      (issuer, rules, self.taken, inventory) = (nil, [], taken, nil)
      form = Form(fields(.discovery))
    }

    /// Where its keys come from (Admin API, `jwks`).
    enum Source: Int, CaseIterable {
      case discovery, address, inline

      init(_ keys: Issuer.Keys) {
        switch keys {
        case .discovery, .unknown: self = .discovery
        case .explicitURL: self = .address
        case .inline: self = .inline
        }
      }

      var words: String {
        switch self {
        case .discovery: "discovery: /.well-known/openid-configuration"
        case .address: "one address, which holds the JWK set"
        case .inline: "given here, replaced by hand when they change"
        }
      }
    }

    private var source: Source { Source(rawValue: form.choice("source")) ?? .discovery }

    private func fields(_ source: Source) -> [Form.Field] {
      func value(_ id: String, _ known: String?) -> String {
        form.fields.contains { $0.id == id } ? form.value(id) : kept[id] ?? known ?? ""
      }
      let isOn = form.fields.contains { $0.id == "jti" } ? form.isOn("jti") : issuer?.checksJTI ?? true
      let lifetime = Int(form.value("lifetime")) ?? issuer?.maxTokenLifetime ?? 3600
      var fields: [Form.Field] = [
        .text("name", label: "Name", value: value("name", issuer?.name), hint: "small letters, digits and hyphens"),
        .text(
          "url", label: "Address", value: value("url", issuer?.issuerURL),
          hint: "a token's iss is compared with it byte for byte, a slash at the end included"),
        .choice(
          "source", label: "Keys", options: Source.allCases.map(\.words), selected: source.rawValue,
          hint: "← and → change it"),
      ]
      switch source {
      case .discovery:
        fields.append(
          .text(
            "base", label: "Discovery at", value: value("base", issuer?.keys.base),
            hint: "nothing: the address itself; else where /.well-known/openid-configuration is read"))
      case .address:
        fields.append(
          .text(
            "jwks", label: "Key address", value: value("jwks", issuer?.keys.address),
            hint: "https, port 443, a public name"))
      case .inline:
        let held = issuer?.keys.held ?? []
        fields.append(
          .text(
            "keys", label: "JWK set", value: value("keys", nil),
            hint: held.isEmpty
              ? "pasted as JSON, or the path of a file that holds it; public keys only"
              : "nothing keeps \(held.joined(separator: ", ")); else JSON, or the path of a file, in their place"))
      }
      if source != .inline {
        fields.append(
          .text(
            "certificate", label: "CA file", value: value("certificate", nil),
            hint: issuer?.keys.certificate == nil
              ? "a PEM file, for keys behind a private certificate authority; nothing for a public one"
              : "nothing keeps the one there is, none takes it away; else the path of a PEM file"))
      }
      fields += [
        .toggle(
          "jti", label: "Once only", isOn: isOn,
          hint: "each jti is accepted once; off for tokens that are used again, as projected ones of Kubernetes"),
        .number(
          "lifetime", label: "Longest token", value: lifetime, units: Unit.ofTime, range: 1...176_400,
          hint: "of iat to exp; Entra's live 24 hours"),
      ]
      if issuer?.isStuck == true {
        fields.append(
          .toggle(
            "resume", label: "Fetch again", isOn: form.isOn("resume"),
            hint: "its keys are not fetched since \(issuer?.pollingDisabledAt?.columnText ?? "a while")"))
      }
      return fields
    }

    mutating func press(_ key: Key) -> Form.Outcome {
      let before = source
      let outcome = form.press(key)
      if source != before {
        for field in form.fields where !form.value(field.id).isEmpty { kept[field.id] = form.value(field.id) }
        let focus = form.focus
        form = Form(fields(source))
        form.focus = focus
      }
      if outcome == .changed { check(showingMissing: false) }
      return outcome
    }

    /// Paths that were typed where a file belongs and are not read yet.
    var unread: [String] {
      var paths: [String] = []
      let keys = form.value("keys")
      if source == .inline, !keys.isEmpty, !isJSON(keys) { paths.append(keys) }
      let certificate = form.value("certificate")
      if source != .inline, !certificate.isEmpty, certificate != "none" { paths.append(certificate) }
      return paths.filter { files[$0] == nil }
    }

    private func isJSON(_ text: String) -> Bool { text.first { $0 != " " }.map { "{[".contains($0) } ?? false }

    private var document: String? {
      let text = form.value("keys")
      return text.isEmpty ? nil : isJSON(text) ? text : files[text]
    }

    private var certificate: String? {
      switch form.value("certificate") {
      case "": issuer?.keys.certificate
      case "none": nil
      case let path: files[path]
      }
    }

    /// Where the keys come from as the form has it; nil while that is not known.
    var keys: Issuer.Keys? {
      func given(_ id: String) -> String? { form.value(id).isEmpty ? nil : form.value(id) }
      switch source {
      case .discovery:
        if case .unknown(let json)? = issuer?.keys, given("base") == nil, form.value("certificate").isEmpty {
          return .unknown(json)
        }
        return .discovery(base: given("base"), certificate: certificate)
      case .address: return given("jwks").map { .explicitURL($0, certificate: certificate) }
      case .inline:
        guard let document else {
          if case .inline(let keys)? = issuer?.keys { return .inline(keys) }
          return nil
        }
        return KeyDocument.fault(in: document) == nil ? KeyDocument.keys(in: document).map { .inline($0) } : nil
      }
    }

    /// Puts what is wrong beside the fields it is about.
    /// - Parameter showingMissing: also what is still empty, which is no fault while one types.
    @discardableResult
    mutating func check(showingMissing: Bool) -> Bool {
      func fault(_ id: String, _ missing: String, _ test: (String) -> String?) -> String? {
        let text = form.value(id)
        return text.isEmpty ? (showingMissing ? missing : nil) : test(text)
      }
      let name = fault("name", "a name is needed") { text in
        taken.contains(text) ? "an issuer of this name exists" : Slug.fault(in: text)
      }
      form.setProblem("name", name)
      form.setProblem(
        "url",
        fault("url", "an address is needed") { url in
          if url.contains(where: \.isWhitespace) { return "an address has no blanks" }
          // What the platform does not dial may be any text (Admin API, `jwks`).
          return source == .discovery && form.value("base").isEmpty ? dialFault(url) : nil
        })
      form.setProblem("base", form.value("base").isEmpty ? nil : dialFault(form.value("base")))
      form.setProblem("jwks", fault("jwks", "the address of the keys is needed", dialFault))
      var keys: String?
      if source == .inline {
        if let document { keys = KeyDocument.fault(in: document) }
        if showingMissing, document == nil, unread.isEmpty, issuer?.keys.held == nil { keys = "a JWK set is needed" }
      }
      form.setProblem("keys", keys)
      let pem = files[form.value("certificate")]
      let isPEM = pem.map { $0.contains("-----BEGIN CERTIFICATE-----") && $0.utf8.count <= 8192 } ?? true
      form.setProblem("certificate", isPEM ? nil : "no PEM certificate of at most 8192 bytes")
      if showingMissing, form.hasProblem { form.focusOnProblem() }
      return !form.hasProblem
    }

    /// The platform dials https on port 443 of a public name (Admin API, `jwks`).
    private func dialFault(_ url: String) -> String? {
      guard url.hasPrefix("https://") else { return "the platform reads keys from https:// addresses alone" }
      let host = url.dropFirst(8).prefix { $0 != "/" }
      if host.isEmpty { return "a host is needed" }
      if host.contains(":") || host.contains("[") { return "port 443 of a public name: no port, no IP address" }
      if host.allSatisfy({ $0.isNumber || $0 == "." }) { return "a public name is needed, no IP address" }
      return host.contains(".") ? nil : "a public name is needed"
    }
  }
}

extension Rules.IssuerEdit {
  /// As it would be; nil for one that is not registered yet.
  var changed: Issuer? {
    guard var issuer, let keys else { return nil }
    (issuer.name, issuer.issuerURL, issuer.keys) = (form.value("name"), form.value("url"), keys)
    issuer.checksJTI = form.isOn("jti")
    issuer.maxTokenLifetime = Int(form.value("lifetime")) ?? issuer.maxTokenLifetime
    return issuer
  }

  var update: IssuerUpdate {
    guard let issuer, let new = changed else { return IssuerUpdate() }
    func sent<Value: Equatable>(_ old: Value, _ new: Value) -> Value? { old == new ? nil : new }
    return IssuerUpdate(
      name: sent(issuer.name, new.name), issuerURL: sent(issuer.issuerURL, new.issuerURL),
      keys: sent(issuer.keys, new.keys), checksJTI: sent(issuer.checksJTI, new.checksJTI),
      maxTokenLifetime: sent(issuer.maxTokenLifetime, new.maxTokenLifetime), resumesPolling: form.isOn("resume"))
  }

  var draft: IssuerDraft? {
    keys.map {
      IssuerDraft(
        name: form.value("name"), issuerURL: form.value("url"), keys: $0, checksJTI: form.isOn("jti"),
        maxTokenLifetime: Int(form.value("lifetime")))
    }
  }

  /// Each changed part with what it was and what it becomes.
  var changes: [(field: String, before: String, after: String)] {
    guard let issuer, let new = changed else { return [] }
    let parts = [
      ("name", issuer.name, new.name), ("issuer_url", issuer.issuerURL, new.issuerURL),
      ("jwks", issuer.keys.summary, new.keys.summary), ("check_jti", "\(issuer.checksJTI)", "\(new.checksJTI)"),
      ("max_jwt_lifetime_seconds", "\(issuer.maxTokenLifetime)", "\(new.maxTokenLifetime)"),
      ("jwks_polling_disabled", "true", form.isOn("resume") ? "false" : "true"),
    ]
    return parts.filter { $0.1 != $0.2 }.map { (field: $0.0, before: $0.1, after: $0.2) }
  }

  /// Looks what would be new about each rule that trusts it.
  mutating func judge() {
    guard let issuer, let new = changed else { return }
    findings = rules.flatMap { rule in
      let known = Set(findings(of: rule, issuer).map(\.id))
      return findings(of: rule, new).filter { $0.severity > .info && !known.contains($0.id) }
        .map { (rule: rule.name, finding: $0) }
    }
  }

  private func findings(of rule: FederationRule, _ issuer: Issuer) -> [Finding] {
    var candidate = Candidate(
      match: rule.match, issuerURL: issuer.issuerURL, scope: rule.scope, lifetime: rule.tokenLifetime)
    if var inventory {
      inventory.issuers = inventory.issuers.map { $0.id == issuer.id ? issuer : $0 }
      candidate = inventory.candidate(for: rule)
    }
    return Analyser.findings(of: candidate, showing: false)
  }

  /// How it trusts more than before, or others; empty when it trusts less.
  var widenings: [String] {
    guard let issuer, let new = changed else { return [] }
    var words: [String] = []
    if new.issuerURL != issuer.issuerURL { words.append("Tokens of another address are trusted.") }
    if new.keys != issuer.keys { words.append("Tokens signed with other keys are trusted.") }
    if issuer.checksJTI, !new.checksJTI { words.append("A token can be used again until it expires.") }
    if new.maxTokenLifetime > issuer.maxTokenLifetime { words.append("Tokens that live longer are trusted.") }
    return words
  }

  /// Asked when it trusts more than before, or makes a rule worse.
  var question: Confirmation? {
    guard let issuer else { return nil }
    let bad = findings.filter { $0.finding.severity >= .high }
    let lines =
      widenings + bad.map { "\($0.finding.severity.rawValue) \($0.finding.id) of \($0.rule): \($0.finding.message)" }
    if lines.isEmpty { return nil }
    let names = rules.map(\.name).prefix(8).joined(separator: ", ")
    let about =
      rules.isEmpty ? "No live rule trusts it." : "Rules that trust it: \(names)\(rules.count > 8 ? "…" : "")."
    return Confirmation(
      title: "Change the issuer \(issuer.name)", lines: lines + [about, ""], word: issuer.name,
      severity: bad.isEmpty ? .warning : .danger)
  }
}

extension Issuer.Keys {
  fileprivate var base: String? { if case .discovery(let base, _) = self { base } else { nil } }
  fileprivate var address: String? { if case .explicitURL(let url, _) = self { url } else { nil } }

  /// Names of the keys given; nil where they are fetched.
  fileprivate var held: [String]? {
    if case .inline(let keys) = self { keys.map { $0["kid"]?.string ?? "one without kid" } } else { nil }
  }

  fileprivate var certificate: String? {
    switch self {
    case .discovery(_, let certificate), .explicitURL(_, let certificate): certificate
    case .inline, .unknown: nil
    }
  }

  /// Where they come from, in one line that differs when they do.
  fileprivate var summary: String {
    let end = certificate.map { ", with a CA of \($0.utf8.count) bytes" } ?? ""
    switch self {
    case .discovery(let base, _): return "discovery at \(base ?? "the address")\(end)"
    case .explicitURL(let url, _): return url + end
    case .inline(let keys):
      return "given: "
        + keys.map { "\($0["kid"]?.string ?? "no kid") \(($0["n"] ?? $0["x"])?.string?.prefix(8) ?? "")…" }
        .joined(separator: ", ")
    case .unknown(let json): return json.compact
    }
  }
}
