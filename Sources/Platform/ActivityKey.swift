/// The members of an activity that mean something to ``ActivityText``, by name.
enum ActivityKey: Equatable {
  case envelope, actor, type, ip, program, outcome, reason, request, repository, subject
  case account, rule, issuer, key, workspace
  case other

  init(_ name: String) {
    var name = name
    self = name.withUTF8 { ActivityKey($0) }
  }

  /// Told apart by length first: this runs for every member of every activity.
  init(_ name: UnsafeBufferPointer<UInt8>) {
    self =
      switch name.count {
      case 2: name.equals("id") ? .envelope : .other
      case 3: name.equals("sub") ? .subject : name.equals("iss") ? .issuer : .other
      case 4: name.equals("type") ? .type : .other
      case 5: name.equals("actor") ? .actor : .other
      case 6: name.equals("reason") ? .reason : name.equals("issuer") ? .issuer : .other
      case 7: name.equals("outcome") ? .outcome : name.equals("subject") ? .subject : .other
      case 8: name.equals("audience") ? .program : .other
      case 9: name.equals("issuer_id") ? .issuer : .other
      case 10:
        if name.equals("ip_address") {
          .ip
        } else if name.equals("user_agent") {
          .program
        } else if name.equals("request_id") {
          .request
        } else if name.equals("repository") {
          .repository
        } else if name.equals("issuer_url") {
          .issuer
        } else if name.equals("api_key_id") {
          .key
        } else {
          name.equals("created_at") ? .envelope : .other
        }
      case 12: name.equals("workspace_id") ? .workspace : name.equals("project_path") ? .repository : .other
      case 15: name.equals("organization_id") ? .envelope : .other
      case 16: name.equals("admin_api_key_id") ? .key : .other
      case 17: name.equals("organization_uuid") ? .envelope : .other
      case 18: name.equals("service_account_id") ? .account : name.equals("federation_rule_id") ? .rule : .other
      case 20: name.equals("federation_issuer_id") ? .issuer : .other
      case 28: name.equals("requested_service_account_id") ? .account : .other
      default: .other
      }
  }

  /// What a value is by the name of its member, whatever its form: an issuer's URL, the workspace `default`.
  var field: ActivityField? {
    switch self {
    case .ip: .ip
    case .outcome: .outcome
    case .reason: .reason
    case .request: .request
    case .repository: .repo
    case .subject: .sub
    case .account: .account
    case .rule: .rule
    case .issuer: .issuer
    case .key: .key
    case .workspace: .workspace
    case .envelope, .actor, .type, .program, .other: nil
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  func equals(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && text.withUTF8Buffer { elementsEqual($0) }
  }

  func hasPrefix(_ text: StaticString) -> Bool {
    count >= text.utf8CodeUnitCount && text.withUTF8Buffer { starts(with: $0) }
  }
}
