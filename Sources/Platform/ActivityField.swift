/// What a filter can name with one word, whatever the type of the activity calls it. The identifiers are found
/// wherever they stand in an activity: an account may be the actor, the one asked for, or the value of a change.
package enum ActivityField: String, CaseIterable, Sendable {
  case type, actor, account, rule, issuer, key, workspace, ip, outcome, reason, request, repo, sub

  /// For help and for the list of pivots.
  package var explanation: String {
    switch self {
    case .type: "what happened, as the platform names it"
    case .actor: "who did it: e-mail address, identifier, subject"
    case .account: "a service account, in any role"
    case .rule: "a federation rule"
    case .issuer: "an issuer, by identifier or URL"
    case .key: "an API key or Admin API key"
    case .workspace: "a workspace"
    case .ip: "the address the request came from"
    case .outcome: "success or denied, of an exchange"
    case .reason: "why an exchange was refused"
    case .request: "the platform's request-id"
    case .repo: "the repository of a workload, OWNER/NAME"
    case .sub: "the subject of a workload's token"
    }
  }

  /// `account:svac_01…`, quoted where it must be: the filter that finds `value` in this field.
  package func term(_ value: String) -> String { "\(rawValue):\(ActivityFilter.quoted(value))" }

  /// Stands before a value in the index text. Stored: a letter that was used never changes its meaning.
  var letter: UInt8 {
    switch self {
    case .type: UInt8(ascii: "t")
    case .actor: UInt8(ascii: "a")
    case .account: UInt8(ascii: "s")
    case .rule: UInt8(ascii: "r")
    case .issuer: UInt8(ascii: "f")
    case .key: UInt8(ascii: "k")
    case .workspace: UInt8(ascii: "w")
    case .ip: UInt8(ascii: "i")
    case .outcome: UInt8(ascii: "o")
    case .reason: UInt8(ascii: "y")
    case .request: UInt8(ascii: "q")
    case .repo: UInt8(ascii: "p")
    case .sub: UInt8(ascii: "u")
    }
  }
}
