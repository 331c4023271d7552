import Platform
import Testing

@testable import Federation

/// Random rules and tokens of every provider, the same in every run.
struct Dice {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  /// SplitMix64 (Steele, Lea, Flood).
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(1, limit))) }
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
  mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }
}

/// A world with an owner and others whose names are like theirs.
struct RandomWorld {
  let provider: Provider
  let issuerURL: String
  var dice: Dice

  init(_ provider: Provider, seed: UInt64) {
    self.provider = provider
    issuerURL = Sample.issuers[provider] ?? "https://id.ci.example.org"
    dice = Dice(seed: seed)
  }

  var audience: String { provider == .entra ? Sample.client : serviceAudience }

  static let own: [Field: String] = [
    .owner: "acme", .ownerID: "5544123", .repository: "api", .repositoryID: "821093847", .ref: "refs/heads/main",
    .group: "acme", .namespace: "acme", .namespaceID: "72", .project: "acme/api", .projectID: "20",
    .organization: "acme",
    .organizationID: Sample.organization, .pipeline: "deploy", .pipelineID: "0184990a-4782-42b5-afc1-16715b10b1b0",
    .workspace: "prod", .workspaceID: "ws-mbsd5E3Ktt5Rg2Xm", .phase: "apply", .principal: "role/ci/worker",
    .account: "worker", .accountUID: "0e1f2a3b-0000-4000-8000-000000000001", .object: Sample.object,
    .origin: "github.com/acme/api", .trustDomain: "prod.example.com", .path: "ns/ml/sa/worker",
    .client: "0oa1b2c3d4E5f6G7h8i9",
    .email: "worker@acme-prod.iam.gserviceaccount.com", .tenant: Sample.tenant,
  ]

  /// What each provider's values are by whom they are known.
  private var special: [Field: String] {
    switch provider {
    case .gitLab: [.ref: "main"]
    case .google: [.subject: "104892101234567890123"]
    case .generic: [.subject: "svc/team-a/worker"]
    case .kubernetes: [.namespace: "inference"]
    case .circleCI: [.projectID: Sample.circleProject]
    case .terraform: [.project: "Platform"]
    default: [:]
    }
  }

  /// Who can be told apart by somebody's name, by provider: changing these makes a stranger.
  var identity: [Field] {
    switch provider {
    case .gitHub: [.owner, .repository]
    case .gitLab: [.project]
    case .aws: [.principal]
    case .google, .generic: [.subject]
    case .kubernetes: [.namespace, .account]
    case .entra: [.object]
    case .okta: [.client]
    case .spiffe: [.path]
    case .buildkite: [.organization, .pipeline]
    case .terraform: [.organization, .workspace]
    case .circleCI: [.projectID]
    }
  }

  /// What is another's as soon as the name is: ids are never shared.
  private static let ids: [Field: [Field]] = [
    .owner: [.ownerID, .repositoryID], .repository: [.repositoryID], .project: [.projectID],
    .organization: [.organizationID, .projectID, .pipelineID, .workspaceID], .pipeline: [.pipelineID],
    .workspace: [.workspaceID], .namespace: [.accountUID], .account: [.accountUID],
  ]

  private var writer: TokenWriter {
    TokenWriter(provider: provider, issuerURL: issuerURL, audience: audience, subjectKeys: [])
  }

  private func token(_ persona: Persona) -> JSON.Object { writer.tokens(for: persona)[0] }

  var ownersToken: JSON.Object { token(ownersPersona) }

  private var ownersPersona: Persona { Persona(RandomWorld.own.merging(special) { $1 }) }

  /// A token of somebody else: `zzz` is in no rule, so whoever has it was not meant.
  mutating func strangersToken() -> JSON.Object {
    var persona = ownersPersona
    let field = dice.pick(identity)
    let own = persona[field] ?? ""
    let name =
      switch field {
      case .object, .projectID: "deadbeef-0000-4000-8000-000000000000"
      case .client: dice.chance(50) ? "0oaZZZZZZZZZZZZZZZZZ" : "0oa1b2ZZZZZZZZZZZZZZ"
      case .subject where provider == .google: dice.chance(50) ? "104892999999999999999" : "999999999999999999999"
      case .principal: dice.pick(["role/zzz", "role/ci/zzz", "user/zzz", "role/ci/worker-zzz"])
      case .path: dice.pick(["ns/zzz", "ns/ml/sa/zzz", "ns/ml/sa/worker-zzz"])
      case .project: dice.pick(["zzz/api", "acme/zzz", "acme/api-zzz", "acme-zzz/api"])
      default: dice.pick(["zzz", own + "-zzz"])
      }
    persona[field] = name
    if field == .project {
      persona[.group] = nil
      persona[.namespace] = nil
    }
    for id in RandomWorld.ids[field] ?? [] { persona[id] = "990099" }
    if provider == .google { persona[.email] = "zzz@zzz-proj.iam.gserviceaccount.com" }
    return token(persona)
  }

  // MARK: Rules that let the owner in

  mutating func match() -> FederationRule.Match {
    let own = ownersToken
    var match = FederationRule.Match(audience: dice.chance(95) ? audience : nil)
    let subject = own["sub"]?.string ?? ""
    if dice.chance(60) { match.subjectPrefix = dice.chance(40) ? subject : cut(subject) + "*" }
    let texts = own.compactMap { name, value in
      ["iss", "sub", "aud", "jti"].contains(name) ? nil : value.string.flatMap { $0.isEmpty ? nil : (name, $0) }
    }
    for _ in 0..<dice.below(4) where !texts.isEmpty {
      let (name, value) = dice.pick(texts)
      match.claims[name] = value
    }
    if dice.chance(40) || match.subjectPrefix == nil && match.claims.isEmpty {
      let all = texts + [("sub", subject)]
      match.condition = (0...dice.below(3)).map { _ in atom(all) }.joined(separator: " && ")
    }
    return match
  }

  /// Somewhere, more often than not where a name ends.
  private mutating func cut(_ text: String) -> String {
    let ends = text.indices.filter { "/:@.".contains(text[$0]) }.map { text.index(after: $0) }
    let end = dice.chance(60) && !ends.isEmpty ? dice.pick(ends) : dice.pick(Array(text.indices.dropFirst()))
    return String(text[..<end])
  }

  /// Something that is true of the owner's token.
  private mutating func atom(_ texts: [(String, String)]) -> String {
    let (name, value) = dice.pick(texts)
    let claim = MendWorkshop.reference(name)
    func quoted(_ text: String) -> String { MendWorkshop.quoted(text) }
    switch dice.below(10) {
    case 0, 1: return "\(claim) == \(quoted(value))"
    case 2: return "\(claim) in [\(quoted(value)), \(quoted(value))]"
    case 3: return "\(claim).startsWith(\(quoted(cut(value + "/x"))))".replacing("/x\"", with: "\"")
    case 4: return "\(claim).contains(\(quoted(String(value.prefix(4)))))"
    case 5: return "\(claim).endsWith(\(quoted(String(value.suffix(3)))))"
    case 6: return "\(claim).matches(\(quoted("^" + value.map { $0 == "." ? "[.]" : String($0) }.joined() + "$")))"
    case 7: return "\(claim) != \"never\""
    case 8: return "\(claim) != \"\""
    default:
      let (other, second) = dice.pick(texts)
      return "(\(claim) == \(quoted(value)) || \(MendWorkshop.reference(other)) == \(quoted(second)))"
    }
  }

  // MARK: Anything at all

  /// A token whose parts are the owner's, another's or left to chance, each for itself.
  mutating func anyToken() -> JSON.Object {
    var persona = Persona()
    let owners = RandomWorld.own.merging(special) { $1 }
    for (field, own) in owners.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      // An issuer of one tenant's signs for no other.
      let isFixed = [.tenant, .phase].contains(field) || provider == .circleCI && field == .organizationID
      switch isFixed ? 7 : dice.below(8) {
      case 0: break
      case 1: persona[field] = own + (own.allSatisfy(\.isNumber) ? "0" : "-zzz")
      default: persona[field] = own
      }
    }
    let more: [(Field, [String])] = [
      (.event, ["push", "pull_request", "workflow_dispatch", "pull_request_target", "merge_request_event"]),
      (.environment, ["production", "staging"]), (.refProtected, ["true", "false"]), (.phase, ["plan", "apply"]),
      (.actor, ["octocat", "mallory"]), (.runner, ["self-hosted", "github-hosted"]),
    ]
    for (field, values) in more where dice.chance(15) { persona[field] = dice.pick(values) }
    if provider == .gitLab {
      if dice.chance(30) {
        (persona[.refType], persona[.ref]) = (dice.pick(["branch", "tag"]), dice.pick(["main", "v1"]))
      }
    } else if dice.chance(30) {
      persona[.ref] = dice.pick(["refs/heads/main", "refs/heads/main-zzz", "refs/tags/v1"])
    }
    if provider == .gitHub, persona[.event] == "pull_request" { persona[.ref] = nil }
    return dice.pick(writer.tokens(for: persona))
  }

  /// A rule about the owner, or what becomes of one by a slip of the hand.
  mutating func anyMatch() -> FederationRule.Match {
    var match = match()
    guard dice.chance(40) else { return match }
    switch dice.below(9) {
    case 0: match.subjectPrefix = match.subjectPrefix.map { $0.hasSuffix("*") ? String($0.dropLast()) : $0 + "*" }
    case 1: match.subjectPrefix = match.subjectPrefix.map { cut($0) + "*" + $0.suffix(3) }
    case 2: match.subjectPrefix = match.subjectPrefix?.uppercased()
    case 3: match.subjectPrefix = "*"
    case 4: match.claims["aud"] = audience
    case 5: if let name = match.claims.keys.min() { match.claims[name]?.append(dice.pick(["*", " ", "/", "x"])) }
    case 6:
      let other = anyToken()
      for (name, value) in other where dice.chance(20) { if let text = value.string { match.claims[name] = text } }
    case 7: match.condition = wildCondition()
    default: match.audience = dice.pick([nil, issuerURL, "sts.amazonaws.com", serviceAudience])
    }
    if match.subjectPrefix == nil, match.claims.isEmpty, match.condition == nil { match.subjectPrefix = "*" }
    return match
  }

  /// `match` with one more thing asked for, or one thing asked more narrowly.
  mutating func narrowed(_ match: FederationRule.Match) -> FederationRule.Match {
    var narrow = match
    let token = ownersToken
    let texts = token.compactMap { name, value in
      ["iss", "sub", "aud", "jti"].contains(name) ? nil : value.string.flatMap { $0.isEmpty ? nil : (name, $0) }
    }
    let subject = token["sub"]?.string ?? ""
    switch dice.below(3) {
    case 0 where !texts.isEmpty:
      let (name, value) = dice.pick(texts)
      if narrow.claims[name] == nil { narrow.claims[name] = value }
    case 1:
      if let old = match.subjectPrefix, !old.hasSuffix("*") || !subject.hasPrefix(old.dropLast()) { break }
      narrow.subjectPrefix = subject
    default:
      let more = atom(texts + [("sub", subject)])
      narrow.condition = match.condition.map { "(\($0)) && \(more)" } ?? more
    }
    return narrow
  }

  /// A condition of more than comparisons joined by AND.
  private mutating func wildCondition() -> String {
    let own = ownersToken
    let texts = own.compactMap { name, value in value.string.flatMap { $0.isEmpty ? nil : (name, $0) } }
    let (one, two, three) = (atom(texts), atom(texts), atom(texts))
    let (name, value) = dice.pick(texts)
    let claim = MendWorkshop.reference(name)
    switch dice.below(10) {
    case 0: return "!(\(one)) || \(two)"
    case 1: return "\(one) ? \(two) : \(three)"
    case 2: return "has(claims.sub) && \(one)"
    case 3: return "(\(one) || \(two)) && \(three)"
    case 4: return "!(!(\(one)))"
    case 5: return "size(\(claim)) > 2 && \(one)"
    case 6:
      return
        "\(claim).split(\"/\")[0] == \(MendWorkshop.quoted(value.split(separator: "/").first.map(String.init) ?? ""))"
    case 7: return "\(claim).lowerAscii() == \(MendWorkshop.quoted(value.lowercased()))"
    case 8: return "[\(MendWorkshop.quoted(value)), \"never\"].exists(v, v == \(claim))"
    default: return "\(claim) > \"\" && (\(one) || \(two) || \(three))"
    }
  }
}

@Suite("What holds for all rules")
struct AnalysisPropertyTests {
  private static let rounds = 120

  @Test("a rule that lets its owner in is never called dead", arguments: Provider.allCases)
  func aliveIsNotDead(provider: Provider) {
    var world = RandomWorld(provider, seed: 7)
    for _ in 0..<Self.rounds {
      let match = world.match()
      guard Matcher(match).accepts(Claims(world.ownersToken)) else { continue }
      let candidate = Candidate(match: match, issuerURL: world.issuerURL, provider: provider)
      let dead = Analyser.findings(of: candidate, showing: false).filter { Inspection.deadly.contains($0.id) }
      // A subject with a commit is called dead because it lives for one build.
      guard dead.first?.id != "BK007" else { continue }
      #expect(dead.isEmpty, "\(dead.map(\.id)) \(match.requestJSON.compact)")
    }
  }

  @Test("a rule of the corpus of matches that accepts a token is not called dead")
  func acceptedIsNotDead() throws {
    let lines = try Fixture.lines("match-corpus.jsonl").filter { $0["expect"] == "accept" }
    #expect(lines.count > 20)
    for line in lines {
      let findings = Analyser.findings(of: try Candidate(json: line), showing: false)
      let dead = findings.filter { Inspection.deadly.contains($0.id) && $0.id != "BK007" }
      #expect(dead.isEmpty, "\(line["id"]?.string ?? "")")
    }
  }

  @Test("a rule that lets a stranger in has a finding", arguments: Provider.allCases)
  func strangersAreFound(provider: Provider) {
    var world = RandomWorld(provider, seed: 11)
    var accepted = 0
    for _ in 0..<Self.rounds {
      let match = world.match()
      let matcher = Matcher(match)
      let candidate = Candidate(match: match, issuerURL: world.issuerURL, provider: provider)
      for _ in 0..<12 {
        let stranger = world.strangersToken()
        guard matcher.accepts(Claims(stranger)) else { continue }
        accepted += 1
        let findings = Analyser.findings(of: candidate, showing: false).filter(Mend.isInMatch)
        #expect(!findings.isEmpty, "\(match.requestJSON.compact) accepts \(JSON.object(stranger).compact)")
        break
      }
    }
    #expect(accepted > 1)
  }
}
