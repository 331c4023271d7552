import Platform

extension ProviderTemplate {
  /// Any issuer of OpenID Connect (OpenID Connect Discovery 1.0).
  package static let oidc = ProviderTemplate(
    id: .oidc,
    title: "Any OIDC issuer",
    summary: "Whatever signs JSON Web Tokens with RSA or EC keys: decode one of its tokens, and copy from it.",
    fields: [
      Field(
        "issuer-url", label: "Issuer", hint: "iss of a token, exactly: a slash at the end counts",
        example: "https://idp.example.com", fault: { Grammar.issuerFault(in: $0, slash: nil) }),
      Field(
        "subject", label: "Subject", hint: "sub of a token: exact, or a prefix when it ends in *",
        example: "svc/build/deploy",
        fault: { $0 == "*" ? "a star alone lets in everyone the issuer knows" : nil }),
      Field(
        "audience", label: "Audience", hint: "optional: aud of the token; \(serviceAudience) when left out",
        example: serviceAudience, isRequired: false),
      Field(
        "claims", label: "Other claims",
        hint: "optional: NAME=VALUE, separated by blanks; only claims that are strings",
        example: "tenant=acme env=prod", isRequired: false, fault: { OIDC.claimsFault(in: $0) }),
      Field(
        "longest-token", label: "Longest token",
        hint: "optional: seconds from iat to exp that are accepted, up to 176400; 3600 when left out", example: "3600",
        isRequired: false,
        fault: { Int($0).map { (1...176_400).contains($0) } == true ? nil : "a whole number from 1 to 176400" }),
      .issuerKeys(hint: "when nobody outside can read them: the issuer's JWK set"),
    ],
    tokenLifetime: 600,
    lifetimeReason: "short enough that a lost token does little, long enough for a job's calls",
    relations: { _ in [] },
    trust: OIDC.trust,
    files: { _, identifiers in
      [HandoverFile(path: "claude.env.sh", text: identifiers.exports(tokenFile: "/run/claude/identity-token") + "\n")]
    },
    recognise: { claims in
      guard let issuer = claims["iss"]?.string, let subject = claims["sub"]?.string else { return nil }
      var values = ["issuer-url": issuer, "subject": subject]
      if let audience = claims["aud"]?.string ?? claims["aud"]?.array?.first?.string, audience != serviceAudience {
        values["audience"] = audience
      }
      return values
    })
}

enum OIDC {
  static func pairs(in text: String) -> [(name: String, value: String)]? {
    var pairs: [(name: String, value: String)] = []
    for part in text.split(separator: " ") {
      guard let sign = part.firstIndex(of: "="), sign != part.startIndex else { return nil }
      pairs.append((String(part[..<sign]), String(part[part.index(after: sign)...])))
    }
    return pairs
  }

  static func claimsFault(in text: String) -> String? {
    guard let pairs = pairs(in: text) else { return "NAME=VALUE, separated by blanks" }
    for (name, value) in pairs {
      if value.isEmpty { return "\(name) has no value" }
      if ["exp", "iat", "nbf"].contains(name) { return "\(name) is a number, and only strings can be compared" }
      if name == "iss" || name == "aud" { return "\(name) has a field of its own" }
    }
    return Set(pairs.map(\.name)).count == pairs.count ? nil : "a claim is there twice"
  }

  static func trust(_ values: ProviderTemplate.Values) -> Trust {
    let (issuer, subject) = (values["issuer-url"], values["subject"])
    let audience = values["audience"].isEmpty ? serviceAudience : values["audience"]
    var claims: [String: String] = [:]
    for (name, value) in pairs(in: values["claims"]) ?? [] { claims[name] = value }
    let isPrefix = subject.hasSuffix("*")
    let own = isPrefix ? subject.dropLast() + "example" : subject
    func token(_ who: String, _ subject: String, claims: [String: String], audience other: String? = nil) -> SampleToken
    {
      var object: JSON.Object = ["sub": .string(subject), "aud": .string(other ?? audience)]
      for name in claims.keys.sorted() { object[name] = JSON(claims[name]) }
      return SampleToken(who, issuer: issuer, object)
    }
    let host = issuer.after("https://").map { String($0.prefix { $0 != "/" && $0 != ":" }) } ?? ""
    var others = [
      token("another subject of the issuer", "mallory", claims: claims),
      token("a subject that begins alike", own + "-other", claims: claims),
      token("the workload's token for another service", own, claims: claims, audience: "https://other.example"),
    ]
    for name in claims.keys.sorted() {
      others.append(token("the subject with another \(name)", own, claims: claims.merging([name: "other"]) { $1 }))
    }
    return Trust(
      issuer: IssuerDraft(
        name: Slug.from(host), issuerURL: issuer, keys: KeyDocument.source(values["jwks"]),
        maxTokenLifetime: Int(values["longest-token"])),
      match: FederationRule.Match(subjectPrefix: subject, audience: audience, claims: claims),
      ruleName: String(Slug.from("oidc-" + subject).prefix(80)),
      sample: token("the subject \(own)", own, claims: claims),
      others: others)
  }
}
