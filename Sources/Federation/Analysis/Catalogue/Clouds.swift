extension Catalogue {
  static let aws: [Risk] = [
    Risk(
      "AWS001", .high, "The whole account",
      "every role and user of the account gets in; the issuer already is the account",
      example: #"arn:aws:iam::123456789012:* accepts {"sub":"arn:aws:iam::123456789012:user/contractor"}"#,
      remedy: "Pin the exact role."),
    Risk(
      "AWS002", .high, "Every role", "every role of the account gets in, those made later too",
      example: #"…:role/* accepts {"sub":"arn:aws:iam::123456789012:role/dev-sandbox"}"#,
      remedy: "Pin the exact role."),
    Risk(
      "AWS003", .high, "The prefix stops inside a role name", "whoever may create roles picks a fitting name",
      example: #"…:role/inference* accepts {"sub":"arn:aws:iam::123456789012:role/inference-evil"}"#,
      remedy: "Pin the exact role."),
    Risk(
      "AWS004", .medium, "Every role below a path", "every role below the path gets in",
      example: #"…:role/ci/* accepts {"sub":"arn:aws:iam::123456789012:role/ci/evil"}"#,
      remedy: "Pin the exact role, or guard the creation of roles there."),
    Risk(
      "AWS005", .medium, "Tags of the principal only",
      "anybody who may tag a role, or pass tags while assuming one, gets in",
      example: #"principal_tags.team ml accepts {"sub":"…:role/x"}"#,
      remedy: "Pin the exact role."),
    Risk(
      "AWS006", .low, "The assumed-role form", "the subject is the role's own ARN, so this never matches",
      example: #"arn:aws:sts::123456789012:assumed-role/worker/*"#,
      remedy: "Write the ARN of the role."),
    Risk(
      "AWS007", .medium, "People, not a workload",
      "an IAM user or a single sign-on role is a person's, not a workload's",
      example: #"…:role/aws-reserved/sso.amazonaws.com/…/AWSReservedSSO_Dev_ab12"#,
      remedy: "Make a role for the workload."),
    Risk(
      "AWS008", .high, "Tags that the caller writes", "request tags are chosen by whoever asks for the token",
      example: #"request_tags.team ml"#,
      remedy: "Pin the exact role."),
    Risk(
      "AWS009", .medium, "The root user", "it is the login of the account's owner",
      example: #"arn:aws:iam::123456789012:root"#,
      remedy: "Make a role for the workload."),
  ]

  static let google: [Risk] = [
    Risk(
      "GCP001", .critical, "No Google identity",
      "every Google identity that asks for the audience gets in, and any customer's service account can ask for any",
      example: #"email_verified alone accepts {"email":"x@mallory-proj.iam.gserviceaccount.com"}"#,
      remedy: "Pin sub and email."),
    Risk(
      "GCP002", .critical, "Part of a numeric id", "ids have no meaningful prefix, so unrelated accounts get in",
      example: #"104892* accepts {"sub":"104892999999999999999"}"#,
      remedy: "Pin the exact claims.sub."),
    Risk(
      "GCP003", .low, "An address without its id", "an account made again under the same address gets in",
      example: #"claims.email worker@acme.iam.gserviceaccount.com accepts a new sub"#,
      remedy: "Add the unique id in claims.sub."),
    Risk(
      "GCP004", .medium, "Not a service account's address",
      "it is a person's; their token comes from an OAuth client or a command line, and may be unverified",
      example: #"claims.email acme.ops@gmail.com"#,
      remedy: "Use a service account."),
    Risk(
      "GCP005", .high, "A whole domain or project",
      "every user of the domain, or every service account or machine of the project, gets in",
      example: #"endsWith("@acme-prod.iam.gserviceaccount.com") accepts dev@acme-prod…"#,
      remedy: "Pin one account."),
    Risk(
      "GCP006", .medium, "A default account", "every workload that named no account runs as it",
      example: #"739419398126-compute@developer.gserviceaccount.com"#,
      remedy: "Make an account for this workload."),
  ]

  static let entra: [Risk] = [
    Risk(
      "AZ001", .critical, "Not the organization's tenant",
      "this address serves other tenants, or is in no token at all",
      example: #"https://login.microsoftonline.com/common/v2.0"#,
      remedy: "Use the address of your own tenant."),
    Risk(
      "AZ002", .high, "No object is pinned", "every identity of the tenant that asks for the audience gets in",
      example: #"claims.tid alone accepts {"oid":"<any>"}"#,
      remedy: "Pin claims.oid."),
    Risk(
      "AZ003", .high, "Part of an id", "other objects whose id begins alike get in",
      example: #"b6f1* accepts {"sub":"b6f1ffff-…"}"#,
      remedy: "Write the whole id."),
    Risk(
      "AZ004", .medium, "A name that is handed on", "names are changed and given to others",
      example: #"claims.preferred_username ci@acme.example accepts another oid"#,
      remedy: "Pin claims.oid."),
    Risk(
      "AZ005", .low, "Only the client id",
      "every workload with a credential of that application gets in, and people who are signed in to it",
      example: #"claims.azp accepts {"oid":"<a person>"}"#,
      remedy: "Pin claims.oid."),
    Risk(
      "AZ006", .low, "A claim of the other token version",
      "v1 tokens have appid and may have an api:// audience, v2 tokens have azp and a client id, so this never matches",
      example: #"claims.appid with a /v2.0 issuer"#,
      remedy: "Follow the ver of a decoded token."),
  ]

  static let okta: [Risk] = [
    Risk(
      "OK001", .high, "No application is pinned", "every application that is granted the scope gets in",
      example: #""anthropic.access" in claims.scp accepts {"cid":"0oaOTHER"}"#,
      remedy: "Pin the client id."),
    Risk(
      "OK002", .low, "The org authorization server",
      "its tokens cannot be verified from outside, so nothing gets in",
      example: #"https://acme.okta.com"#,
      remedy: "Use a custom authorization server, …/oauth2/<id>."),
    Risk(
      "OK003", .high, "Part of a client id", "other applications get in: all ids begin with 0oa",
      example: #"0oa* accepts {"sub":"0oaOTHER"}"#,
      remedy: "Write the whole client id."),
  ]
}
