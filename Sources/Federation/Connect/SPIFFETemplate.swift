import Platform

extension ProviderTemplate {
  /// SPIFFE JWT-SVIDs (SPIFFE ID and JWT-SVID standards).
  package static let spiffe = ProviderTemplate(
    id: .spiffe,
    title: "SPIFFE",
    summary: "A workload's JWT-SVID from SPIRE or another implementation. X.509-SVIDs do not work.",
    fields: [
      Field(
        "spiffe-id", label: "SPIFFE ID", hint: "the whole of it",
        example: "spiffe://acme.example/ns/prod/sa/claude-worker",
        fault: { SPIFFE.idFault(in: $0) }),
      Field(
        "issuer-url", label: "Issuer", hint: "jwt_issuer of the server, which has nothing to do with the trust domain",
        example: "https://oidc.acme.example", fault: { Grammar.issuerFault(in: $0, slash: nil) }),
      .issuerKeys(hint: "when the discovery provider is not public: its /keys document, renewed at every rotation"),
    ],
    tokenLifetime: 600,
    lifetimeReason: "an SVID lives five minutes by default, and a minted token at most twice what is left of it",
    relations: { _ in [] },
    trust: SPIFFE.trust,
    files: SPIFFE.files,
    recognise: { claims in
      guard let issuer = claims["iss"]?.string, let id = claims["sub"]?.string, id.hasPrefix("spiffe://") else {
        return nil
      }
      return ["issuer-url": issuer, "spiffe-id": id]
    })
}

enum SPIFFE {
  static func idFault(in text: String) -> String? {
    guard let rest = text.after("spiffe://") else { return "it begins spiffe://" }
    let parts = rest.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard Grammar.matches(parts[0], /[a-z0-9._\-]{1,255}/) else {
      return "the trust domain is small letters, digits, dots, hyphens and underscores"
    }
    guard parts.count > 1 else { return "a path after the trust domain: the whole domain is no workload" }
    for part in parts.dropFirst() {
      if part.isEmpty { return "no empty part, and no slash at the end" }
      if part == "." || part == ".." { return "no part may be \(part)" }
      if !Grammar.matches(part, /[A-Za-z0-9._\-]+/) {
        return "letters, digits, dots, hyphens and underscores between the slashes"
      }
    }
    return Grammar.lengthFault(in: text, most: 2048)
  }

  static func trust(_ values: ProviderTemplate.Values) -> Trust {
    let (id, issuer) = (values["spiffe-id"], values["issuer-url"])
    let domain = id.after("spiffe://").map { String($0.prefix { $0 != "/" }) } ?? ""
    func token(_ who: String, _ id: String, audience: String = serviceAudience) -> SampleToken {
      SampleToken(who, issuer: issuer, ["sub": .string(id), "aud": [.string(audience)]])
    }
    return Trust(
      issuer: IssuerDraft(
        name: Slug.from("spiffe-" + domain), issuerURL: issuer, keys: KeyDocument.source(values["jwks"])),
      match: FederationRule.Match(subjectPrefix: id, audience: serviceAudience),
      ruleName: String(Slug.from("spiffe-" + (id.split(separator: "/").last ?? "")).prefix(80)),
      sample: token("the workload \(id)", id),
      others: [
        token("another workload of \(domain)", "spiffe://\(domain)/ns/sandbox/sa/default"),
        token("a workload below that path", id + "/child"),
        token("a path that begins alike", id + "-dev"),
        token("the workload's token for another service", id, audience: "spiffe://\(domain)/ns/prod/sa/db"),
      ])
  }

  static func files(_ values: ProviderTemplate.Values, _ identifiers: HandoverIdentifiers) -> [HandoverFile] {
    let helper = """
      # spiffe-helper keeps the file fresh. The SVID must carry iss, iat and a kid.
      agent_address = "/run/spire/sockets/agent.sock"
      cert_dir = "/run/claude"
      jwt_svids = [{
        jwt_audience = "\(serviceAudience)"
        jwt_svid_file_name = "identity-token"
      }]

      """
    return [
      HandoverFile(path: "spiffe-helper.conf", text: helper),
      HandoverFile(path: "claude.env.sh", text: identifiers.exports(tokenFile: "/run/claude/identity-token") + "\n"),
    ]
  }
}
