internal import Platform

extension TokenWriter {
  func aws(_ persona: Persona) -> JSON.Object {
    let account = persona.value(.accountNumber, or: "123456789012")
    let nested = JSON.Object(texts: [
      ("aws_account", account), ("source_region", "eu-west-1"), ("org_id", "o-abc1234567"),
      ("lambda_source_function_arn", persona[.function]), ("ec2_source_instance_arn", persona[.instance]),
    ])
    let principal = persona.value(.principal, or: "role/dev-sandbox")
    return token(
      "arn:aws:iam::\(account):\(principal)", nil, life: 300,
      ["jti": TokenWriter.tokenID, "https://sts.amazonaws.com/": .object(nested)])
  }

  func google(_ persona: Persona) -> JSON.Object {
    let id = persona.value(.subject, or: "108999999999999999999")
    let domain = persona[.emailDomain] ?? "mallory-proj.iam.gserviceaccount.com"
    let email = persona.value(.email, or: "dev@\(domain)")
    var claims: JSON.Object = ["azp": .string(id), "email": .string(email), "email_verified": true]
    if !email.hasSuffix(".gserviceaccount.com") { claims["hd"] = .string(domain) }
    let machine = JSON.Object(texts: [
      ("project_id", persona.value(.machineProject, or: "mallory-proj")), ("zone", "europe-west4-a"),
      ("instance_id", persona.value(.machineProject, or: "990000000000000001")), ("instance_name", "dev-1"),
    ])
    claims["google"] = ["compute_engine": .object(machine)]
    return token("108999999999999999999", id, life: 3600, claims)
  }

  func kubernetes(_ persona: Persona) -> JSON.Object {
    let namespace = persona.value(.namespace, or: "mallory")
    let account = persona.value(.account, or: "debug")
    let uid = persona.value(.accountUID, or: "99000001-0000-4000-8000-000000000001")
    let nested: JSON = [
      "namespace": .string(namespace), "serviceaccount": ["name": .string(account), "uid": .string(uid)],
      "pod": ["name": .string("\(account)-0"), "uid": "99000002-0000-4000-8000-000000000002"],
      "node": ["name": "node-1", "uid": "99000003-0000-4000-8000-000000000003"],
      "warnafter": JSON(TokenWriter.issuedAt + 3607),
    ]
    return token(
      "system:serviceaccount:\(namespace):\(account)", nil, life: 3600, listsAudience: true,
      ["jti": TokenWriter.tokenID, "nbf": JSON(TokenWriter.issuedAt), "kubernetes.io": nested])
  }

  func entra(_ persona: Persona) -> JSON.Object {
    let object = persona.value(.object, or: "99000001-0000-4000-8000-000000000001")
    let isVersion2 = Address(issuerURL).segments.contains("v2.0")
    let own = Address(issuerURL).segments.first { $0.isUUID }
    var claims = JSON.Object(texts: [
      ("oid", object), ("tid", persona[.tenant] ?? own ?? "99000002-0000-4000-8000-000000000002"),
      (isVersion2 ? "azp" : "appid", persona.value(.client, or: "99000003-0000-4000-8000-000000000003")),
      ("idp", own.map { "https://sts.windows.net/\($0)/" }), ("ver", isVersion2 ? "2.0" : "1.0"),
      ("uti", "mAlLoRy0UtI990000001"),
    ])
    if let name = persona[.personName] {
      for claim in ["preferred_username", "upn", "unique_name", "name", "email"] { claims[claim] = .string(name) }
    }
    claims["roles"] = []
    claims["nbf"] = JSON(TokenWriter.issuedAt)
    return token(object, persona[.subject], life: 3600, claims)
  }

  func okta(_ persona: Persona) -> JSON.Object {
    let client = persona[.client] ?? persona[.subject] ?? "0oaMALLORY0000000099"
    return token(
      client, persona[.subject], life: 3600,
      ["ver": 1, "jti": "AT.mallory990000001", "cid": .string(client), "scp": ["anthropic.access"]])
  }

  func spiffe(_ persona: Persona) -> JSON.Object {
    let domain = persona.value(.trustDomain, or: "prod.example.com")
    return token(
      "spiffe://\(domain)/\(persona.value(.path, or: "ns/dev/sa/debug"))", nil, life: 300, listsAudience: true, [:])
  }
}
