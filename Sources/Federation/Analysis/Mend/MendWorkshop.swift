internal import Platform

/// Makes the matches that may mend a rule, from the owner's tokens or else from what the rule names.
struct MendWorkshop {
  private let candidate: Candidate
  private let inspection: Inspection
  /// What must still get in.
  let tokens: [Claims]
  private(set) var assumptions: [String] = []
  var provider: Provider { candidate.provider }
  var form: Form { inspection.form }
  /// Whether the tokens are real ones, and not made from what the rule names.
  var isSeen: Bool { known == nil }
  /// Whether the condition can stay, with others beside it: it has no fault, or a harmless one.
  let keepsCondition: Bool
  /// Fields that are known, not made up to complete a token; nil when the tokens are real.
  private var known: Set<Field>?

  init(_ candidate: Candidate, tokens: [Claims]) {
    self.candidate = candidate
    let inspection = Inspection(candidate)
    self.inspection = inspection
    keepsCondition = inspection.condition?.faults.allSatisfy { ["CEL011", "CEL014"].contains($0.id) } ?? true
    let needsAudience =
      candidate.provider != .entra && candidate.match.audience.map { inspection.isOthersAudience($0) } ?? false
    if needsAudience { assumptions.append("the workload asks for the audience \(serviceAudience)") }
    if !keepsCondition { assumptions.append("the condition goes, and what only it asked is not needed") }
    guard tokens.isEmpty else {
      self.tokens = needsAudience ? tokens.map { $0.asking(for: serviceAudience) } : tokens
      return
    }
    let persona = Owner(inspection)
    known = persona.known
    assumptions += persona.assumptions
    self.tokens = persona.tokens
  }

  /// The least change first: what there is with pins added, then exact subjects, then the pins alone.
  var proposals: [FederationRule.Match] {
    guard !tokens.isEmpty else { return [] }
    let subject = tellsRunsApart("sub") ? nil : common("sub")
    var kept = candidate.match
    kept.audience = audience
    if kept.subjectPrefix == "*" { kept.subjectPrefix = nil }
    if !keepsCondition { kept.condition = nil }
    var exact = kept
    exact.subjectPrefix = subject ?? kept.subjectPrefix
    var bare = FederationRule.Match(audience: audience)
    var bareSubject = bare
    bareSubject.subjectPrefix = subject
    bare.subjectPrefix = nil
    var proposals = [kept]
    for pins in pinSets {
      proposals.append(adding(pins, to: kept))
      if exact != kept { proposals.append(adding(pins, to: exact)) }
      if subject != nil { proposals.append(adding(pins, to: bareSubject)) }
      proposals.append(adding(pins, to: bare))
    }
    if subject != nil { proposals += [exact, bareSubject] }
    return proposals
  }

  /// An audience that is this service's own stays; another's cannot, unless the tokens have no other.
  private var audience: String? {
    let isOthers = inspection.candidate.match.audience.map { inspection.isOthersAudience($0) } ?? true
    guard isOthers else { return candidate.match.audience }
    let shared = tokens.dropFirst().reduce(Set(tokens[0].audiences)) { $0.intersection($1.audiences) }
    return shared.contains(serviceAudience) || candidate.match.audience != nil ? serviceAudience : shared.sorted().first
  }

  // MARK: Pins

  /// Every claim that some proposal pins.
  var pinnable: [String] { Set(pinSets.flatMap(\.self)).sorted() }

  /// Claims that pin who and which run, ids before names.
  private var pinSets: [[String]] {
    switch candidate.provider {
    case .gitHub:
      let who = ["repository_owner_id", "repository_id"]
      return [who + ["ref", "environment"], who + ["environment"], who + ["ref"], ["repository", "ref"]]
    case .gitLab:
      return [["project_id", "ref_path"], ["project_id", "ref", "ref_type"], ["project_id", "environment"]]
    case .aws, .kubernetes, .spiffe, .generic: return [["sub"]]
    case .google: return [["sub", "email"], ["sub"]]
    case .entra: return [["oid", "tid"], ["oid"]]
    case .okta: return [["sub"], ["cid"]]
    case .buildkite:
      return [
        ["organization_id", "pipeline_id", "build_branch", "build_tag"],
        ["organization_slug", "pipeline_slug", "build_branch", "build_tag"],
      ]
    case .terraform:
      return [
        ["terraform_organization_id", "terraform_workspace_id", "terraform_run_phase"],
        ["terraform_organization_name", "terraform_full_workspace", "terraform_run_phase"],
      ]
    case .circleCI: return [["project-id", "vcs-origin", "vcs-ref"].map { "oidc.circleci.com/" + $0 }]
    }
  }

  /// `match` with each of these claims pinned to the values that the tokens have, as far as all of them have it.
  private func adding(_ claims: [String], to match: FederationRule.Match) -> FederationRule.Match {
    var match = match
    var atoms: [String] = []
    for name in claims where isKnown(name) && !tellsRunsApart(name) {
      let values = tokens.compactMap { $0[name]?.string }
      guard values.count == tokens.count, !values.contains("") else { continue }
      let distinct = Set(values).sorted()
      if distinct.count > 1 {
        match.claims[name] = nil
        atoms.append(
          "\(MendWorkshop.reference(name)) in [\(distinct.map(MendWorkshop.quoted).joined(separator: ", "))]")
      } else if name == "sub", match.subjectPrefix == nil, candidate.provider != .google {
        match.subjectPrefix = distinct[0]
      } else if name != "sub" || match.subjectPrefix != distinct[0] {
        match.claims[name] = distinct[0]
      }
    }
    let parts = [match.condition.map { atoms.isEmpty ? $0 : "(\($0))" }].compactMap(\.self) + atoms
    match.condition = parts.isEmpty ? nil : parts.joined(separator: " && ")
    return match
  }

  private func isKnown(_ claim: String) -> Bool {
    guard let known else { return true }
    let fields = claim == "sub" ? [] : inspection.form.touched(by: ClaimPath([claim]))
    return fields.isSubset(of: known)
  }

  private func common(_ claim: String) -> String? {
    let values = Set(tokens.map { $0[claim]?.string })
    return values.count == 1 ? values.first ?? nil : nil
  }

  /// How a condition names a claim.
  static func reference(_ claim: String) -> String {
    let isName = claim.allSatisfy { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
    return isName && claim.first?.isNumber == false ? "claims.\(claim)" : "claims[\(quoted(claim))]"
  }

  static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}

extension Claims {
  /// The same token, had it been asked for with another audience.
  fileprivate func asking(for audience: String) -> Claims {
    var members = members
    members["aud"] = members["aud"]?.array == nil ? .string(audience) : [.string(audience)]
    return Claims(members)
  }
}

/// The owner, as far as the rule names them: prefixes end where they stop, and a run is the usual one.
private struct Owner {
  private(set) var tokens: [Claims] = []
  private(set) var known: Set<Field> = []
  private(set) var assumptions: [String] = []

  init(_ inspection: Inspection) {
    let match = inspection.candidate.match
    var extents = inspection.reach.extents
    // What a paste or a forgotten star spoilt says plainly enough what was meant.
    if let subject = match.subjectPrefix, let whole = Owner.repaired(subject) {
      extents.merge(inspection.form.subject(whole).extents) { $1 }
    }
    var persona = Persona()
    for (field, extent) in extents {
      switch extent {
      case .exact(let values): persona[field] = values.sorted().first
      case .begins(let text) where !Extent.endsName(text): persona[field] = text
      case .begins, .shaped, .open: continue
      }
      known.insert(field)
    }
    let needed = Owner.identity(inspection.candidate.provider)
    guard needed.contains(where: { $0.isSubset(of: known) }) else { return }
    for (field, value, words) in Owner.usualRun(inspection.candidate.provider) where persona[field] == nil {
      guard [.environment, .refPath, .branch].allSatisfy({ persona[$0] == nil }) else { continue }
      persona[field] = value
      known.insert(field)
      assumptions.append(words)
    }
    let writer = TokenWriter(
      provider: inspection.candidate.provider, issuerURL: inspection.candidate.issuerURL,
      audience: serviceAudience, subjectKeys: [])
    tokens = writer.tokens(for: persona).prefix(1).map { Claims($0) }
  }

  private static func repaired(_ subject: String) -> SubjectText? {
    let trimmed = subject.filter { !Inspection.isMistyped(String($0)) || $0 == " " }
      .split(separator: " ").joined(separator: " ")
    if trimmed.hasSuffix(":") || trimmed.hasSuffix("/") { return SubjectText(trimmed, isPrefix: true) }
    return trimmed == subject || trimmed.contains("*") ? nil : SubjectText(trimmed, isPrefix: false)
  }

  /// What must be known before an owner can be spoken of.
  private static func identity(_ provider: Provider) -> [Set<Field>] {
    switch provider {
    case .gitHub: [[.owner, .repository]]
    case .gitLab: [[.project], [.projectID]]
    case .aws: [[.principal, .accountNumber]]
    case .google: []
    case .kubernetes: [[.namespace, .account]]
    case .entra: [[.object]]
    case .okta: [[.subject], [.client]]
    case .spiffe: [[.trustDomain, .path]]
    case .buildkite: [[.organization, .pipeline]]
    case .terraform: [[.organization, .project, .workspace]]
    case .circleCI: [[.projectID, .origin]]
    case .generic: []
    }
  }

  private static func usualRun(_ provider: Provider) -> [(Field, String, String)] {
    switch provider {
    case .buildkite: [(.branch, "main", "the branch is main")]
    case .gitHub, .circleCI: [(.ref, "refs/heads/main", "the branch is main")]
    case .gitLab: [(.ref, "main", "the branch is main"), (.refType, "branch", "it is a branch, not a tag")]
    case .terraform: [(.phase, "apply", "the run applies")]
    default: []
    }
  }
}
