import Platform

extension ProviderTemplate {
  /// AWS, outbound identity federation (AWS STS, GetWebIdentityToken).
  package static let aws = ProviderTemplate(
    id: .aws,
    title: "AWS",
    summary: "A role asks STS for a token of its account's own issuer: EC2, ECS, Lambda, EKS and the rest.",
    fields: [
      Field(
        "role", label: "Role", hint: "the role's own ARN, path included; never the assumed-role one",
        example: "arn:aws:iam::123456789012:role/claude-worker", fault: { AWS.roleFault(in: $0) }),
      Field(
        "issuer-url", label: "Issuer",
        hint: "the account's: aws iam get-outbound-web-identity-federation-info; enable it first if it is off",
        example: "https://2f3c1d9e-8a4b-4c6d-9e0f-112233445566.tokens.sts.global.api.aws",
        fault: { AWS.issuerFault(in: $0) }),
      Field(
        "organization", label: "Organization", hint: "optional: the account must belong to it, o-…",
        example: "o-a1b2c3d4e5", isRequired: false,
        fault: { Grammar.matches($0, /o-[a-z0-9]{10,32}/) ? nil : "an organization's id, such as o-a1b2c3d4e5" }),
      Field(
        "region", label: "Region", hint: "optional: where STS is called; us-east-1 when left out",
        example: "eu-central-1",
        isRequired: false,
        fault: { Grammar.matches($0, /[a-z]{2}(?:-[a-z]+)+-[0-9]/) ? nil : "a region, such as eu-central-1" }),
    ],
    tokenLifetime: 600,
    lifetimeReason: "STS mints another token at any time, so a short life costs nothing",
    relations: { _ in [] },
    trust: AWS.trust,
    files: AWS.files,
    recognise: { claims in
      guard let issuer = claims["iss"]?.string, AWS.issuerFault(in: issuer) == nil, let role = claims["sub"]?.string
      else { return nil }
      var values = ["issuer-url": issuer, "role": role]
      let more = claims["https://sts.amazonaws.com/"]
      if let organization = more?["org_id"]?.string { values["organization"] = organization }
      if let region = more?["source_region"]?.string { values["region"] = region }
      return values
    })
}

enum AWS {
  static func issuerFault(in text: String) -> String? {
    if text.hasSuffix("/") { return "without the slash at its end: it is compared byte for byte" }
    let isOne = Grammar.matches(
      text, /https:\/\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tokens\.sts\.global\.api\.aws/)
    return isOne ? nil : "https://UUID.tokens.sts.global.api.aws, as the account's settings show it"
  }

  static func roleFault(in text: String) -> String? {
    if text.contains(":assumed-role/") {
      return "tokens name the role itself: arn:aws:iam::ACCOUNT:role/NAME, without the session"
    }
    let isOne = Grammar.matches(
      text, /arn:aws[a-z\-]*:iam::[0-9]{12}:(?:role|user)\/(?:[!-~]{1,511}\/)?[A-Za-z0-9_+=,.@\-]{1,64}/)
    return isOne ? nil : "a role's ARN, such as arn:aws:iam::123456789012:role/claude-worker"
  }

  static func trust(_ values: ProviderTemplate.Values) -> Trust {
    let (role, issuer) = (values["role"], values["issuer-url"])
    let account = role.split(separator: ":", omittingEmptySubsequences: false).dropFirst(4).first.map(String.init) ?? ""
    let organization = values["organization"]
    let condition =
      organization.isEmpty
      ? nil : "claims[\"https://sts.amazonaws.com/\"].org_id == \(JSON.string(organization).compact)"
    func token(_ who: String, _ subject: String, organization other: String? = nil) -> SampleToken {
      SampleToken(
        who, issuer: issuer,
        [
          "sub": .string(subject),
          "https://sts.amazonaws.com/": [
            "aws_account": .string(account),
            "org_id": .string(other ?? (organization.isEmpty ? "o-a1b2c3d4e5" : organization)),
          ],
        ])
    }
    let base = "arn:aws:iam::\(account):"
    return Trust(
      issuer: IssuerDraft(
        name: "aws-\(account)", issuerURL: issuer, keys: .discovery(base: nil, certificate: nil)),
      match: FederationRule.Match(subjectPrefix: role, audience: serviceAudience, condition: condition),
      ruleName: String(Slug.from("aws-\(account)-" + (role.split(separator: "/").last ?? "")).prefix(80)),
      sample: token("the role \(role)", role),
      others: [
        token("an administrator of the account", base + "role/Admin"),
        token("a role whose name begins alike", role + "-dev"),
        token("a person of the account", base + "user/mallory"),
        token(
          "a role of the same name in another path", base + "role/sandbox/" + (role.split(separator: "/").last ?? "")),
      ])
  }

  static func files(_ values: ProviderTemplate.Values, _ identifiers: HandoverIdentifiers) -> [HandoverFile] {
    let region = values["region"].isEmpty ? "us-east-1" : values["region"]
    let policy: JSON = [
      "Version": "2012-10-17",
      "Statement": [
        [
          "Effect": "Allow", "Action": "sts:GetWebIdentityToken", "Resource": "*",
          "Condition": [
            "ForAllValues:StringEquals": ["sts:IdentityTokenAudience": [.string(serviceAudience)]],
            "NumericLessThanEquals": ["sts:DurationSeconds": 900],
          ],
        ]
      ],
    ]
    let script = """
      #!/bin/sh
      # Run it before every exchange, or every few minutes beside the workload. Once for the account, by its administrator:
      #   aws iam enable-outbound-web-identity-federation
      set -eu
      umask 077
      file=/run/claude/identity-token
      mkdir -p /run/claude
      aws sts get-web-identity-token --region \(region) --audience \(serviceAudience) \\
        --signing-algorithm RS256 --duration-seconds 900 --query WebIdentityToken --output text > "$file.new"
      test -s "$file.new"
      mv "$file.new" "$file"

      """
    return [
      HandoverFile(path: "claude-policy.json", text: policy.pretty + "\n"),
      HandoverFile(path: "claude-token.sh", text: script),
      HandoverFile(path: "claude.env.sh", text: identifiers.exports(tokenFile: "/run/claude/identity-token") + "\n"),
    ]
  }
}
