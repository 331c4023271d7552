/// A risk of the catalogue, and when a rule has it.
struct Rung: Sendable {
  let id: String
  /// What it is about: the finding names the part of the rule that says most about the first of these.
  let fields: [Field]
  /// Instead of the catalogue's, where the issuer is the organization's own.
  let severityOnOwnIssuer: Severity?
  let holds: @Sendable (Reach) -> Bool

  init(
    _ id: String, _ fields: Field..., onOwnIssuer severity: Severity? = nil,
    when holds: @escaping @Sendable (Reach) -> Bool
  ) {
    (self.id, self.fields, severityOnOwnIssuer, self.holds) = (id, fields, severity, holds)
  }
}

/// How the scope of one provider's rules is judged: of each list of rungs that exclude each other the first that
/// holds is reported, so the broadest stands first.
struct Ladder: Sendable {
  /// Pins of one rule that no token has together.
  var impossible: [Rung] = []
  /// Which identities get in, and what says so.
  var who: [Rung] = []
  var whoFields: Set<Field> = []
  /// Which of their runs: judged once the identities are pinned.
  var run: [Rung] = []
  var runFields: Set<Field> = []
  /// Reported whatever else is found.
  var always: [Rung] = []
  /// Reported only beside a finding of scope, when a weak claim carries weight.
  var beside: [Rung] = []
}

extension Ladder {
  static func of(_ provider: Provider) -> Ladder {
    switch provider {
    case .gitHub: .gitHub
    case .gitLab: .gitLab
    case .aws: .aws
    case .google: .google
    case .kubernetes: .kubernetes
    case .entra: .entra
    case .okta: .okta
    case .spiffe: .spiffe
    case .buildkite: .buildkite
    case .terraform: .terraform
    case .circleCI: .circleCI
    case .generic: .generic
    }
  }
}
