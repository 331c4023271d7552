import Federation
import Interface
import Platform

extension Rules {
  /// The columns a page of text is wrapped at: longer lines are hard to read, and every screen has as many.
  static let pageWidth = 76

  static func lines(of opened: Opened, _ state: State) -> [Pager.Line] {
    switch opened.subject {
    case .rule(let id): state.rule(id).map { lines(for: $0, state) } ?? [gone]
    case .issuer(let id): state.issuer(id).map { lines(for: $0, state) } ?? [gone]
    }
  }

  private static let gone = Pager.Line("It is not there any more.", role: .dim)

  static func render(_ opened: Opened, _ state: State, on surface: inout Surface) {
    let (kind, title) =
      switch opened.subject {
      case .rule(let id): ("Rules › ", state.rule(id)?.name ?? id.description)
      case .issuer(let id): ("Issuers › ", state.issuer(id)?.name ?? id.description)
      }
    let column = surface.write(kind, row: 0, role: .dim)
    surface.write(title, row: 0, column: column, role: .heading)
    var page = Pager(lines(of: opened, state))
    page.top = opened.top
    page.render(into: &surface, row: 2, column: 1, width: surface.size.columns - 2, height: surface.size.rows - 2)
  }

  private static func lines(for rule: FederationRule, _ state: State) -> [Pager.Line] {
    var lines = paragraph("", "Gets in: " + words(for: rule, state), role: .accent)
    lines += paragraph(
      "", "as \(rule.accountName ?? rule.accountID.description), with \(rule.scope), \(rule.tokenLifetime) s at a time")
    if let at = rule.archivedAt {
      lines.append(Pager.Line("Archived \(at.columnText): nothing gets in.", role: .warning))
    }
    lines.append("")
    let findings = state.findings[rule.id] ?? []
    if !rule.isArchived {
      lines.append(
        Pager.Line(
          findings.isEmpty ? "✓ The analyser has nothing to object." : "Findings  (l shows them and what mends them)",
          role: findings.isEmpty ? .good : .heading))
      lines += findings.flatMap { self.lines(for: $0) }
      for known in state.accepted[rule.id] ?? [] {
        let end = known.acceptance.expiresAt.columnText.prefix(10)
        lines += indented("✓ accepted until \(end): \(known.finding.id), \(known.acceptance.reason)", by: 2, role: .dim)
      }
      lines.append("")
    }
    lines.append(Pager.Line("The token must have", role: .heading))
    if let subject = rule.match.subjectPrefix {
      lines += paragraph(subject.hasSuffix("*") ? "subject begins" : "subject", subject)
    }
    lines += paragraph("audience", rule.match.audience ?? "not set: whatever the platform expects of the issuer")
    for name in rule.match.claims.keys.sorted() { lines += paragraph(name, rule.match.claims[name] ?? "") }
    if let condition = rule.match.condition { lines += paragraph("condition", condition) }
    lines += paragraph("issuer", "\(state.issuerURL(of: rule))  (enter opens it)")
    lines += ["", Pager.Line("Set up", role: .heading)]
    let workspaces =
      rule.appliesToAllWorkspaces ? "all workspaces" : rule.workspaceIDs.map(\.description).joined(separator: " ")
    lines += paragraph("workspaces", workspaces)
    if let description = rule.description { lines += paragraph("description", description) }
    lines += paragraph("identifier", rule.id.description)
    lines += paragraph("created", "\(rule.createdAt.columnText) by \(rule.createdBy ?? "unknown")")
    lines += paragraph("changed", "\(rule.updatedAt.columnText) by \(rule.updatedBy ?? "unknown")")
    return lines
  }

  private static func lines(for issuer: Issuer, _ state: State) -> [Pager.Line] {
    var lines = paragraph("address", issuer.issuerURL, role: .accent)
    lines += paragraph("", "compared with a token's iss byte for byte, a slash at the end included", role: .dim)
    if let at = issuer.archivedAt {
      lines.append(Pager.Line("Archived \(at.columnText): nothing is trusted.", role: .warning))
    }
    if let at = issuer.pollingDisabledAt {
      lines += paragraph(
        "", "✗ Its keys are not fetched any more since \(at.columnText): new keys will not be trusted.", role: .danger)
    }
    lines += paragraph("keys", words(for: issuer.keys))
    lines += paragraph("longest token", "\(issuer.maxTokenLifetime) s from iat to exp")
    lines += paragraph(
      "replay check",
      issuer.checksJTI ? "on: a jti is accepted once" : "off: a token can be used again until it expires")
    lines += paragraph("identifier", issuer.id.description)
    lines += paragraph("created", "\(issuer.createdAt.columnText) by \(issuer.createdBy ?? "unknown")")
    lines += ["", Pager.Line("Rules that trust it", role: .heading)]
    let rules = state.rules(of: issuer)
    if rules.isEmpty { lines.append(Pager.Line("  none that is live", role: .dim)) }
    for rule in rules { lines += paragraph(rule.name, MatchWords.short(for: rule.match)) }
    return lines
  }

  private static func words(for keys: Issuer.Keys) -> String {
    switch keys {
    case .discovery(let base, _): "read from \(base ?? "the address") + /.well-known/openid-configuration"
    case .explicitURL(let url, _): "read from \(url)"
    case .inline(let keys):
      "held here: \(keys.map { $0["kid"]?.string ?? "no kid" }.joined(separator: ", ")); replace them when the issuer does"
    case .unknown(let json): "of a kind this program does not know: \(json.compact)"
    }
  }

  /// A label and its text, wrapped, with the rest below the text.
  static func paragraph(_ label: String, _ text: String, role: Role = .text) -> [Pager.Line] {
    let indent = label.isEmpty ? 0 : 16
    let lines = Text.wrapped(text, to: pageWidth - indent)
    return lines.enumerated().map { index, line in
      let head = index == 0 ? Text.clipped(label, to: 15) : ""
      return Pager.Line(head + String(repeating: " ", count: max(0, indent - Text.columns(head))) + line, role: role)
    }
  }
}
