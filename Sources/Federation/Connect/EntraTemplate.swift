import Platform

extension ProviderTemplate {
  /// Microsoft Entra managed identities and service principals (Microsoft, access token claims reference).
  package static let azure = ProviderTemplate(
    id: .azure,
    title: "Microsoft Entra ID",
    summary: "A managed identity or service principal asks for a token of an application made as audience.",
    fields: [
      Field(
        "tenant", label: "Tenant", hint: "the directory's id: az account show --query tenantId -o tsv",
        example: "8f6d2a10-1b2c-4d3e-9f80-aabbccddeeff", fault: { Entra.tenantFault(in: $0) }),
      Field(
        "object-id", label: "Object id", hint: "of the managed identity or service principal itself, oid in its tokens",
        example: "0c1d2e3f-4a5b-4c6d-8e7f-001122334455", fault: { Grammar.uuidFault(in: $0) }),
      Field(
        "application-id", label: "Audience", hint: "the client id of the application registered as audience, api://ID",
        example: "aa11bb22-cc33-4d44-9e55-ff6677889900", fault: { Grammar.uuidFault(in: $0) }),
      Field(
        "token-version", label: "Token version",
        hint: "requestedAccessTokenVersion of that application; ver in a decoded token says it",
        kind: .choice([.init("2", "v2.0: login.microsoftonline.com"), .init("1", "v1.0: sts.windows.net")])),
    ],
    tokenLifetime: 3600,
    lifetimeReason: "an hour is how long Entra's own tokens are meant to last",
    relations: { _ in [] },
    trust: Entra.trust,
    files: Entra.files,
    recognise: Entra.recognise)
}

enum Entra {
  static func tenantFault(in text: String) -> String? {
    if ["common", "organizations", "consumers"].contains(text) {
      return "that is everyone's, not your directory: its id is needed"
    }
    if text == "9188040d-6c67-4c5b-b112-36a304b66dad" {
      return "that is where personal accounts live, not your directory"
    }
    return Grammar.uuidFault(in: text)
  }

  static func issuer(_ values: ProviderTemplate.Values) -> String {
    values["token-version"] == "1"
      ? "https://sts.windows.net/\(values["tenant"])/" : "https://login.microsoftonline.com/\(values["tenant"])/v2.0"
  }

  static func audience(_ values: ProviderTemplate.Values) -> String {
    values["token-version"] == "1" ? "api://" + values["application-id"] : values["application-id"]
  }

  static func recognise(_ claims: JSON) -> [String: String]? {
    guard let issuer = claims["iss"]?.string, let tenant = claims["tid"]?.string, let object = claims["oid"]?.string
    else { return nil }
    let isFirst = issuer == "https://sts.windows.net/\(tenant)/"
    guard isFirst || issuer == "https://login.microsoftonline.com/\(tenant)/v2.0" else { return nil }
    var values = ["tenant": tenant, "object-id": object, "token-version": isFirst ? "1" : "2"]
    if let audience = claims["aud"]?.string { values["application-id"] = audience.after("api://") ?? audience }
    return values
  }

  static func trust(_ values: ProviderTemplate.Values) -> Trust {
    let (tenant, object, issuer) = (values["tenant"], values["object-id"], issuer(values))
    func token(_ who: String, object: String, subject: String? = nil, audience: String? = nil) -> SampleToken {
      SampleToken(
        who, issuer: issuer,
        [
          "sub": .string(subject ?? object), "oid": .string(object), "tid": .string(tenant),
          "aud": .string(audience ?? Entra.audience(values)), "ver": .string(values["token-version"] + ".0"),
        ])
    }
    let other = "99999999-9999-4999-8999-999999999999"
    return Trust(
      // A managed identity's token may live for 24 hours.
      issuer: IssuerDraft(
        name: "entra-\(tenant.prefix(8))", issuerURL: issuer, keys: .discovery(base: nil, certificate: nil),
        maxTokenLifetime: 86_400),
      match: FederationRule.Match(
        subjectPrefix: object, audience: audience(values), claims: ["oid": object, "tid": tenant]),
      ruleName: "entra-\(object.prefix(8))",
      sample: token("the identity \(object) of the tenant \(tenant)", object: object),
      others: [
        token("another identity of the tenant", object: other),
        token("a person of the tenant who signs in to the application", object: other, subject: "pairwise-subject"),
        token("the identity's token for another application", object: object, audience: "api://" + other),
      ])
  }

  static func files(_ values: ProviderTemplate.Values, _ identifiers: HandoverIdentifiers) -> [HandoverFile] {
    let script = """
      #!/bin/sh
      # Run it before every exchange on the machine that the managed identity is assigned to. With several identities
      # add &client_id=… of the right one. On App Service and Container Apps use $IDENTITY_ENDPOINT instead.
      set -eu
      umask 077
      file=/run/claude/identity-token
      mkdir -p /run/claude
      curl --fail --silent --show-error --header 'Metadata: true' \\
        'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=api://\(values["application-id"])' \\
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
