import Platform
import Testing

@testable import Federation

@Suite("The mend of a rule")
struct AnalysisMendTests {
  /// A token that the owner of each provider's rules brings.
  static func tokens(of candidate: Candidate) -> [Claims] {
    let inspection = Inspection(candidate)
    var persona = Persona(fitting: inspection.reach.extents.mapValues(ownersOwn), filler: "1")
    persona.fill([
      .owner: "acme", .ownerID: "5544123", .repository: "api", .repositoryID: "821093847", .ref: "refs/heads/main",
      .group: "acme", .namespaceID: "72", .projectID: "20", .organization: "acme-inc",
      .organizationID: "0184990a-477b-4fa8-9968-496074483cec", .pipeline: "deploy",
      .pipelineID: "0184990a-4782-42b5-afc1-16715b10b1b0", .workspace: "prod", .workspaceID: "ws-mbsd5E3Ktt5Rg2Xm",
      .phase: "apply", .principal: "role/worker", .namespace: "inference", .account: "worker",
      .object: Sample.object, .origin: "github.com/acme/api", .emailDomain: "acme-prod.iam.gserviceaccount.com",
    ])
    if candidate.provider == .gitLab { persona[.namespace] = "acme" }
    let writer = TokenWriter(
      provider: candidate.provider, issuerURL: candidate.issuerURL,
      audience: candidate.match.audience ?? serviceAudience, subjectKeys: inspection.reach.subjectKeys)
    let matcher = Matcher(candidate.match)
    return writer.tokens(for: persona).map { Claims($0) }.filter(matcher.accepts).prefix(1).map { $0 }
  }

  private static func ownersOwn(_ extent: Extent) -> Extent {
    guard case .begins(let text) = extent, !Extent.endsName(text) else { return extent }
    return .exact([text])
  }

  @Test("is clean, and still lets the owner in", arguments: AnalysisWitnessTests.rules)
  func isClean(name: String, candidate: Candidate) throws {
    let owners = AnalysisMendTests.tokens(of: candidate)
    for tokens in owners.isEmpty ? [[]] : [[], owners] {
      guard let mend = Mend.of(candidate, keeping: tokens) else { continue }
      var mended = candidate
      mended.match = mend.match
      #expect(Analyser.findings(of: mended).filter(Mend.isInMatch).isEmpty)
      let matcher = Matcher(mend.match)
      #expect(mend.keptTokens == tokens.filter(matcher.accepts).count)
      if !mend.closes.contains("GEN004") { for token in tokens { #expect(matcher.accepts(token)) } }
      #expect(!mend.closes.isEmpty)
    }
  }

  /// The owner's tokens with one claim another, or missing: strangers that differ in one thing.
  private static func neighbours(of token: Claims) -> [Claims] {
    token.members.keys.filter { !["iss", "aud"].contains($0) }.flatMap { key -> [Claims] in
      var (other, less) = (token.members, token.members)
      other[key] = .string((token[key]?.string ?? "") + "-evil")
      // There is no token without a subject.
      if key != "sub" { less[key] = JSON?.none }
      return [Claims(other), Claims(less)]
    }
  }

  @Test("lets in nobody whom the rule did not, or says that the condition goes", arguments: AnalysisWitnessTests.rules)
  func isNoWider(name: String, candidate: Candidate) {
    let before = Matcher(candidate.match)
    let isDead = Analyser.findings(of: candidate, showing: false).contains { Inspection.deadly.contains($0.id) }
    let owners = AnalysisMendTests.tokens(of: candidate)
    guard !isDead, !owners.isEmpty, let mend = Mend.of(candidate, keeping: owners), !mend.closes.contains("GEN004")
    else { return }
    let after = Matcher(mend.match)
    let isNarrower = owners.allSatisfy { token in
      Self.neighbours(of: token).allSatisfy { !after.accepts($0) || before.accepts($0) }
    }
    let saysSo = mend.assumptions.contains { $0.contains("the condition") }
    #expect(isNarrower || saysSo, "\(mend.match.requestJSON.compact)")
  }

  @Test(
    "is none where the finding would go and the strangers stay",
    arguments: [
      ["event_name": "pull_request_target"], ["runner_environment": "self-hosted"],
      ["job_workflow_ref": "acme/ci/.github/workflows/deploy.yml@refs/heads/main"],
    ])
  func isNoDisguise(claims: [String: String]) {
    let candidate = Candidate(
      match: FederationRule.Match(
        subjectPrefix: "repo:acme/api:ref:refs/heads/main", audience: serviceAudience, claims: claims),
      issuerURL: "https://token.actions.githubusercontent.com")
    #expect(!Analyser.findings(of: candidate).filter(Mend.isInMatch).isEmpty)
    #expect(Mend.of(candidate, keeping: AnalysisMendTests.tokens(of: candidate)) == nil)
  }

  @Test("is found with a token for most rules that let somebody in")
  func isFound() {
    var (found, missing) = (0, [String]())
    for (name, candidate) in AnalysisWitnessTests.rules {
      guard Analyser.findings(of: candidate).contains(where: Mend.isInMatch) else { continue }
      let tokens = AnalysisMendTests.tokens(of: candidate)
      guard !tokens.isEmpty else { continue }
      if Mend.of(candidate, keeping: tokens) != nil { found += 1 } else { missing.append(name) }
    }
    #expect(found > 140, "\(missing)")
  }

  @Test("says what it took for granted, and pins ids where tokens have them")
  func words() throws {
    let candidate = Sample(.gitHub, "repo:acme/api:*").candidate
    let guessed = try #require(Mend.of(candidate))
    #expect(guessed.assumptions == ["the branch is main"])
    #expect(guessed.match.claims["repository_id"] == nil)
    let mend = try #require(Mend.of(candidate, keeping: AnalysisMendTests.tokens(of: candidate)))
    #expect(mend.assumptions == ["the one token seen is like those to come, but for its run"])
    #expect(mend.match.claims["repository_id"] == "821093847")
    #expect(
      mend.reasons == [
        "ref is pinned: it is the same in the one token seen",
        "repository_id is pinned: it is the same in the one token seen",
        "repository_owner_id is pinned: it is the same in the one token seen",
        "left open, for they are others in every run: actor, actor_id, base_ref, head_ref, job_workflow_sha, jti, "
          + "run_attempt, run_id, run_number, sha, workflow_sha",
      ])
    #expect(mend.closes == ["GH005"])
  }

  @Test("takes every branch that the owner used, and none that nobody did")
  func branches() throws {
    let candidate = Sample(.gitHub, "repo:acme/api:*").candidate
    let tokens = ["main", "release"].map { branch in
      let writer = TokenWriter(
        provider: .gitHub, issuerURL: candidate.issuerURL, audience: serviceAudience, subjectKeys: [])
      return Claims(
        writer.tokens(for: Persona([.owner: "acme", .repository: "api", .ref: "refs/heads/\(branch)"]))[0])
    }
    let mend = try #require(Mend.of(candidate, keeping: tokens))
    #expect(mend.match.condition == #"claims.ref in ["refs/heads/main", "refs/heads/release"]"#)
    #expect(mend.keptTokens == 2)
  }

  /// The same workload's next run: everything that is another then, is.
  private static func nextRun(of token: Claims, _ provider: Provider) -> Claims {
    var members = token.members
    for name in provider.runClaims where members[name] != nil {
      members[name] = members[name]?.int.map { JSON($0 + 7000) } ?? .string("another-" + name)
    }
    return Claims(members)
  }

  @Test("lets the next run in, though only one was seen", arguments: AnalysisWitnessTests.rules)
  func nextRun(name: String, candidate: Candidate) {
    let tokens = AnalysisMendTests.tokens(of: candidate)
    guard let one = tokens.first, let mend = Mend.of(candidate, keeping: [one]), !mend.closes.contains("GEN004") else {
      return
    }
    let next = Self.nextRun(of: one, candidate.provider)
    let wasLetIn = Matcher(candidate.match).accepts(next)
    #expect(!wasLetIn || Matcher(mend.match).accepts(next), "\(mend.match.requestJSON.compact)")
    let pinned = Set(mend.match.claims.keys).subtracting(candidate.match.claims.keys)
    #expect(pinned.isDisjoint(with: candidate.provider.runClaims))
  }

  @Test("pins no subject that has the run or who started it in it")
  func customSubject() throws {
    let candidate = Sample(.gitHub, "repo:acme/api:*").candidate
    let writer = TokenWriter(
      provider: .gitHub, issuerURL: candidate.issuerURL, audience: serviceAudience,
      subjectKeys: ["repo", "context", "actor", "sha"])
    let persona = Persona([.owner: "acme", .repository: "api", .ref: "refs/heads/main", .actor: "octocat"])
    let token = try #require(
      writer.tokens(for: persona).first { $0["sub"]?.string?.contains(":actor:octocat:sha:") ?? false })
    let mend = try #require(Mend.of(candidate, keeping: [Claims(token)]))
    #expect(mend.match.subjectPrefix == nil || mend.match.subjectPrefix == "repo:acme/api:*")
    #expect(mend.match.claims["ref"] == "refs/heads/main")
  }

  @Test("makes no rule of subjects that are another in every run")
  func opaqueSubjects() throws {
    let candidate = Sample(.generic, "svc/team-a/*").candidate
    func token(_ subject: String, _ jti: String) -> Claims {
      Claims([
        "iss": .string(candidate.issuerURL), "sub": .string(subject), "aud": .string(serviceAudience), "iat": 1,
        "exp": 2, "jti": .string(jti),
      ])
    }
    #expect(Mend.of(candidate, keeping: (1...4).map { token("svc/team-a/run-\($0)", "\($0)") }) == nil)
    let steady = try #require(Mend.of(candidate, keeping: (1...4).map { token("svc/team-a/worker", "\($0)") }))
    #expect(steady.match.claims["sub"] == "svc/team-a/worker" && steady.assumptions.isEmpty)
    #expect(steady.reasons.first == "sub is pinned: it is the same in all 4 tokens seen")
    let two = try #require(Mend.of(candidate, keeping: (1...4).map { token("svc/team-a/\($0 % 2)", "\($0)") }))
    #expect(two.match.condition == #"claims.sub in ["svc/team-a/0", "svc/team-a/1"]"#)
    #expect(two.reasons.first == "sub is one of the 2 that the tokens seen have")
  }

  @Test("says that it is about the tags seen")
  func tags() throws {
    let candidate = Sample(.gitHub, "repo:acme/api:ref:refs/tags/*").candidate
    let writer = TokenWriter(
      provider: .gitHub, issuerURL: candidate.issuerURL, audience: serviceAudience, subjectKeys: [])
    let token = Claims(writer.tokens(for: Persona([.owner: "acme", .repository: "api", .ref: "refs/tags/v1"]))[0])
    let mend = try #require(Mend.of(candidate, keeping: [token]))
    #expect(mend.assumptions.contains("tags made later are not meant"))
  }

  @Test("asks the workload for a new audience where the old one is another service's")
  func audience() throws {
    let candidate = Sample(.gitHub, AnalysisCatalogueTests.main, audience: "https://github.com/acme").candidate
    let mend = try #require(Mend.of(candidate, keeping: AnalysisMendTests.tokens(of: candidate)))
    #expect(mend.match.audience == serviceAudience)
    #expect(mend.keptTokens == 0)
    #expect(mend.assumptions.first == "the workload asks for the audience https://api.anthropic.com")
  }

  @Test("needs a token where the rule names nobody")
  func needsToken() { #expect(Mend.of(Sample(.gitHub, "repo:acme/*").candidate) == nil) }
}
