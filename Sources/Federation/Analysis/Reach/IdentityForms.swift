extension Form {
  private static let awsClaims = "https://sts.amazonaws.com/"

  static let aws = Form(
    subject: awsSubject,
    fields: [
      [awsClaims, "aws_account"]: .accountNumber, [awsClaims, "lambda_source_function_arn"]: .function,
      [awsClaims, "ec2_source_instance_arn"]: .instance, [awsClaims, "principal_tags"]: .tags,
      [awsClaims, "request_tags"]: .requestTags,
    ],
    kinds: [
      ClaimPath([awsClaims]): .object, [awsClaims, "principal_tags"]: .object, [awsClaims, "request_tags"]: .object,
    ],
    everywhere: [awsClaims, "jti"])

  /// Names that stand inside the claim `https://sts.amazonaws.com/`, not beside it.
  static let awsNested: Set<String> = [
    "aws_account", "source_region", "org_id", "ou_path", "principal_tags", "request_tags", "original_session_exp",
    "federated_provider", "source_identity", "identity_store_user_id", "identity_store_arn", "principal_id",
    "ec2_source_instance_arn", "ec2_instance_source_vpc", "ec2_instance_source_private_ipv4", "ec2_role_delivery",
    "lambda_source_function_arn", "glue_credential_issuing_service",
  ]

  /// `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`, `…:user/…` or `…:root`.
  private static func awsSubject(_ text: SubjectText) -> Reading {
    var text = text
    guard text.skip("arn:") else { return .impossible() }
    let partition = text.take(upTo: ":")
    guard !text.hasEnded else { return Reading() }
    guard partition.named.allSatisfy({ $0.hasPrefix("aws") }), text.skip(":") else { return .impossible() }
    if text.rest.hasPrefix("sts:") { return .impossible("AWS006") }
    guard text.skip("iam::") else { return .impossible() }
    let account = text.take(upTo: ":")
    guard account.named.allSatisfy({ $0.allSatisfy { $0.isNumber || $0 == Extent.gap } }) else { return .impossible() }
    guard !text.hasEnded else { return Reading([.accountNumber: account]) }
    guard account.one.map({ $0.count == 12 }) ?? true, text.skip(":") else { return .impossible() }
    let forms = ["role/", "user/"]
    let resource = text.take(upTo: "").opened(after: forms)
    let fits = resource.named.allSatisfy { name in
      if resource.beginning != nil { return (forms + ["root"]).contains { $0.hasPrefix(name) || name.hasPrefix($0) } }
      return name == "root" || forms.contains { name.hasPrefix($0) && name.count > $0.count }
    }
    return fits ? Reading([.accountNumber: account, .principal: resource]) : .impossible()
  }

  static let google = Form(
    subject: { text in
      var text = text
      let id = text.take(upTo: "")
      let isNumber = id.named.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isNumber || $0 == Extent.gap } }
      return isNumber ? Reading([.subject: id]) : .impossible()
    },
    fields: [
      "hd": .emailDomain, ["google", "compute_engine", "project_id"]: .machineProject,
      ["google", "compute_engine", "project_number"]: .machineProject,
      ["google", "compute_engine", "instance_id"]: .machineProject,
    ],
    structured: [
      "email": { text in
        var text = text
        guard text.rest.first == Extent.gap, let mark = text.rest.firstIndex(of: "@") else {
          return Reading([.email: text.take(upTo: "")])
        }
        return Reading([.emailDomain: .exact([String(text.rest[mark...].dropFirst())])])
      }
    ],
    parts: ["email": [.email]],
    kinds: [
      "aud": .text, "email_verified": .boolean, "google": .object, ["google", "compute_engine"]: .object,
      ["google", "compute_engine", "project_number"]: .number,
      ["google", "compute_engine", "instance_creation_timestamp"]: .number,
    ],
    everywhere: ["azp"])

  static let kubernetes = Form(
    subject: { text in
      var text = text
      guard text.skip("system:serviceaccount:") else { return .impossible() }
      let namespace = text.take(upTo: ":")
      guard namespace.fits(isLabelCharacter) else { return .impossible() }
      guard !text.hasEnded else { return Reading([.namespace: namespace]) }
      guard namespace.isPinned || namespace.isOpen, text.skip(":") else { return .impossible() }
      let account = text.take(upTo: ":")
      guard text.isAtEnd, account.fits({ isLabelCharacter($0) || $0 == "." }) else { return .impossible() }
      return Reading([.namespace: namespace, .account: account])
    },
    fields: [
      ["kubernetes.io", "namespace"]: .namespace, ["kubernetes.io", "serviceaccount", "name"]: .account,
      ["kubernetes.io", "serviceaccount", "uid"]: .accountUID,
    ],
    kinds: [
      "aud": .list, "kubernetes.io": .object, ["kubernetes.io", "serviceaccount"]: .object,
      ["kubernetes.io", "pod"]: .object, ["kubernetes.io", "node"]: .object, ["kubernetes.io", "secret"]: .object,
      ["kubernetes.io", "warnafter"]: .number,
    ],
    everywhere: ["kubernetes.io", "nbf"])

  @Sendable private static func isLabelCharacter(_ character: Character) -> Bool {
    character == "-" || character == Extent.gap
      || character.isASCII && (character.isLowercase || character.isNumber)
  }

  static let entra = Form(
    subject: { text in
      var text = text
      let id = text.take(upTo: "")
      guard id.fits({ $0.isASCII && ($0.isLetter || $0.isNumber) || "-_".contains($0) || $0 == Extent.gap }) else {
        return .impossible()
      }
      // A managed identity's subject is its object id; a person's is made for each application, and longer.
      guard let whole = id.one, !whole.isUUID else {
        return id.one.map { $0 == $0.lowercased() } ?? true ? Reading([.object: id]) : .impossible()
      }
      return whole.isEmpty ? .impossible() : Reading([.subject: id])
    },
    fields: [
      "oid": .object, "tid": .tenant, "azp": .client, "appid": .client, "preferred_username": .personName,
      "upn": .personName, "unique_name": .personName, "name": .personName, "email": .personName,
    ],
    kinds: [
      "aud": .text, "roles": .list, "groups": .list, "wids": .list, "amr": .list, "acrs": .list,
    ],
    everywhere: ["oid", "tid", "ver", "uti", "nbf"])

  static let okta = Form(
    subject: { text in
      var text = text
      let id = text.take(upTo: "")
      guard id != .exact([""]) else { return .impossible() }
      // A service application's subject is its client id.
      return Reading(id.one?.hasPrefix("0oa") ?? false ? [.subject: id, .client: id] : [.subject: id])
    },
    fields: ["cid": .client],
    kinds: ["scp": .list, "ver": .number],
    everywhere: ["cid", "scp", "ver", "jti"])

  static let spiffe = Form(
    subject: { text in
      var text = text
      guard text.skip("spiffe://") else { return .impossible() }
      let domain = text.take(upTo: "/")
      guard domain.fits({ isLabelCharacter($0) || $0 == "." || $0 == "_" }), domain != .exact([""]) else {
        return .impossible()
      }
      guard !text.hasEnded else { return Reading([.trustDomain: domain]) }
      guard text.skip("/") else { return .impossible() }
      let path = text.take(upTo: "")
      let fits = path.named.allSatisfy { whole in
        let segments = whole.split(separator: "/", omittingEmptySubsequences: false)
        return segments.dropLast(path.beginning == nil ? 0 : 1).allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
          && whole.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) || "._-/".contains($0) || $0 == Extent.gap }
      }
      return fits && path != .exact([""]) ? Reading([.trustDomain: domain, .path: path]) : .impossible()
    },
    kinds: ["aud": .list])
}

extension Extent {
  /// Whether all that is named is made of such characters and not empty.
  fileprivate func fits(_ isAllowed: (Character) -> Bool) -> Bool {
    named.allSatisfy { !$0.isEmpty && $0.allSatisfy(isAllowed) }
  }
}
