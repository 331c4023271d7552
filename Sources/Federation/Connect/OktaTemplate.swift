import Platform

extension ProviderTemplate {
  /// Okta service applications (Okta, token endpoint of a custom authorization server).
  package static let okta = ProviderTemplate(
    id: .okta,
    title: "Okta",
    summary: "A service application asks a custom authorization server for a token with its client credentials.",
    fields: [
      Field(
        "issuer-url", label: "Issuer", hint: "the authorization server, not the bare domain: https://DOMAIN/oauth2/ID",
        example: "https://acme.okta.com/oauth2/default", fault: { Okta.issuerFault(in: $0) }),
      Field(
        "client-id", label: "Client id", hint: "of the service application (API Services)",
        example: "0oa1b2c3d4e5f6g7h8i9",
        fault: { Grammar.matches($0, /0oa[A-Za-z0-9]{17}/) ? nil : "0oa and 17 letters and digits" }),
      Field(
        "granted-scope", label: "Granted scope", hint: "optional: the scope to ask for; anthropic.access when left out",
        example: "anthropic.access", isRequired: false,
        fault: { Grammar.matches($0, /[!-~]+/) ? nil : "one scope, without blanks" }),
    ],
    tokenLifetime: 600,
    lifetimeReason: "the application can ask for another token at any time, so a short life costs nothing",
    relations: { _ in [] },
    trust: Okta.trust,
    files: Okta.files,
    recognise: { claims in
      guard let issuer = claims["iss"]?.string, Okta.issuerFault(in: issuer) == nil, let client = claims["cid"]?.string
      else { return nil }
      return ["issuer-url": issuer, "client-id": client]
    })
}

enum Okta {
  static func issuerFault(in text: String) -> String? {
    if let fault = Grammar.issuerFault(in: text) { return fault }
    let isOne = Grammar.matches(text, /https:\/\/[a-z0-9.\-]+\/oauth2\/(?:default|aus[A-Za-z0-9]{17})/)
    return isOne
      ? nil : "https://DOMAIN/oauth2/default or /oauth2/aus…; nobody outside can verify the bare domain's tokens"
  }

  static func trust(_ values: ProviderTemplate.Values) -> Trust {
    let (issuer, client) = (values["issuer-url"], values["client-id"])
    func token(_ who: String, subject: String, client: String, person: String? = nil) -> SampleToken {
      var claims: JSON.Object = [
        "sub": .string(subject), "cid": .string(client), "scp": ["anthropic.access"], "ver": 1,
      ]
      if let person { claims["uid"] = .string(person) }
      return SampleToken(who, issuer: issuer, claims)
    }
    return Trust(
      issuer: IssuerDraft(name: "okta", issuerURL: issuer, keys: .discovery(base: nil, certificate: nil)),
      match: FederationRule.Match(subjectPrefix: client, audience: serviceAudience, claims: ["cid": client]),
      ruleName: Slug.from("okta-\(client)"),
      sample: token("the application \(client)", subject: client, client: client),
      others: [
        token("another application of the server", subject: "0oaZZZZZZZZZZZZZZZZZ", client: "0oaZZZZZZZZZZZZZZZZZ"),
        token("a person who signs in to \(client)", subject: "mallory@acme.com", client: client, person: "00uMALLORY"),
        token(
          "a person whose user name is the client id", subject: client, client: "0oaZZZZZZZZZZZZZZZZZ",
          person: "00uMALLORY"),
      ])
  }

  static func files(_ values: ProviderTemplate.Values, _ identifiers: HandoverIdentifiers) -> [HandoverFile] {
    let scope = values["granted-scope"].isEmpty ? "anthropic.access" : values["granted-scope"]
    let script = """
      #!/bin/sh
      # Run it before every exchange. $OKTA_CLIENT_ASSERTION is a JWT signed with the application's private key
      # (private_key_jwt). The authorization server's audience must be \(serviceAudience).
      set -eu
      umask 077
      file=/run/claude/identity-token
      mkdir -p /run/claude
      curl --fail --silent --show-error \(Shell.quoted(values["issuer-url"] + "/v1/token")) \\
        --data-urlencode grant_type=client_credentials \\
        --data-urlencode scope=\(Shell.quoted(scope)) \\
        --data-urlencode client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer \\
        --data-urlencode "client_assertion=$OKTA_CLIENT_ASSERTION" \\
        | jq --exit-status --raw-output .access_token > "$file.new"
      test -s "$file.new"
      mv "$file.new" "$file"

      """
    return [
      HandoverFile(path: "claude-token.sh", text: script),
      HandoverFile(path: "claude.env.sh", text: identifiers.exports(tokenFile: "/run/claude/identity-token") + "\n"),
    ]
  }
}
