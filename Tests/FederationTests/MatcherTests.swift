import Foundation
import Platform
import Testing

@testable import Federation

@Suite("Matching")
struct MatcherTests {
  @Test("judges every case of the corpus, and names every matcher that fails")
  func corpus() throws {
    let cases = try Fixture.lines("match-corpus.jsonl")
    #expect(cases.count == 72)
    for line in cases {
      let item = try MatchCase(json: line)
      let verdict = item.verdict
      let failing = Set(verdict.failed.map(\.matcher))
      #expect(failing == Set(line["fails"]?.array?.compactMap(\.string) ?? []), "\(item.id ?? "")")
      #expect(verdict.isAccepted == (line["expect"] == "accept"), "\(item.id ?? "")")
      #expect(verdict.failed.allSatisfy { $0.note != nil }, "\(item.id ?? "")")
      let isIssuer = item.claims.issuer == item.issuerURL
      #expect((Matcher(item.match).accepts(item.claims) && isIssuer) == verdict.isAccepted, "\(item.id ?? "")")
    }
  }

  static func check(_ match: FederationRule.Match, _ claims: JSON, _ matcher: String) -> Check? {
    Matcher(match).checks(of: Claims(claims.object ?? [:]))[matcher]
  }

  @Test(
    "names the nearest miss of a subject",
    arguments: [
      (
        "repo:acme/api:ref:refs/heads/main", "repo:acme/api:ref:refs/heads/Main",
        "the same but for letter case: differs at character 30: `heads/Main`, the rule has `heads/main`"
      ),
      (
        "repo:acme/api:ref:refs/heads/main", "repo:acme/api:ref:refs/heads/dev",
        "differs at character 30: `heads/dev`, the rule has `heads/main`"
      ),
      (
        "repo:acme/api:ref:refs/heads/main", "repo:acme/api:ref:refs/heads/main-evil",
        "it goes on with `-evil` after all that the rule has; without a `*` at its end the rule takes this subject only"
      ),
      (
        "repo:acme/api:ref:refs/heads/main", "repo:acme/api:ref:refs/heads",
        "it ends where the rule goes on with `/main`"
      ),
      (
        "repo:acme/api:ref:refs/heads/main", "repo:acme/api:environment:production",
        "differs at character 15: `api:environment:production`, the rule has `api:ref:refs/heads/main`; "
          + "the job names an environment, and its subject then ends in that and not in a branch"
      ),
      (
        "repo:acme/api:ref:refs/heads/main", "repo:acme@101/api@202:ref:refs/heads/main",
        "the token has GitHub's immutable form of the subject, repo:acme@101/api@202:…; the rule has the form without "
          + "ids, which this repository no longer sends"
      ),
      (
        "repo:acme@101/api@202:ref:refs/heads/main", "repo:acme/api:ref:refs/heads/main",
        "the rule has GitHub's immutable form of the subject, with ids; this repository sends the form without, "
          + "repo:acme/api:…"
      ),
      (
        "repo:acme@101/api@202:ref:refs/heads/main", "repo:acme@901/api@902:ref:refs/heads/main",
        "the names are the same and the ids are not: another owner or repository has taken the name"
      ),
      (
        "repo:acme/*:ref:refs/heads/main", "repo:acme/api:ref:refs/heads/main",
        "differs at character 11: `acme/api:ref:refs/heads/main`, the rule has `acme/*:ref:refs/heads/main`; "
          + "a `*` that is not the last character stands for itself"
      ),
      (
        "repo:acme/*", "repo:acme@101/api@202:pull_request",
        "the token has GitHub's immutable form of the subject, repo:acme@101/api@202:…; the rule has the form without "
          + "ids, which this repository no longer sends"
      ),
      (
        "system:serviceaccount:a:b", "system:serviceaccount:a:b\n",
        "the same but for blanks at the end of the token's; "
          + "without a `*` at its end the rule takes this subject only"
      ),
      ("x", "", "it is empty"),
    ])
  func nearestMiss(rule: String, subject: String, note: String) {
    let check = Self.check(.init(subjectPrefix: rule), ["sub": .string(subject)], "subject_prefix")
    #expect(check?.note == note && check?.reason == .subject)
  }

  @Test("compares bytes, though Swift takes two ways to write a character as equal")
  func bytes() {
    let (one, two) = ("caf\u{E9}", "cafe\u{301}")
    for match: FederationRule.Match in [
      .init(subjectPrefix: one), .init(subjectPrefix: one + "*"), .init(claims: ["team": one]), .init(audience: one),
    ] {
      let audience = match.audience == nil ? serviceAudience : two
      let claims = Claims(["sub": .string(two), "team": .string(two), "aud": .string(audience)])
      #expect(!Matcher(match).accepts(claims) && Matcher(match).checks(of: claims).failing.count == 1)
      let same = Claims(["sub": .string(one), "team": .string(one), "aud": .string(match.audience ?? serviceAudience)])
      #expect(Matcher(match).accepts(same) && !Matcher(match).checks(of: same).contains(where: \.failed))
    }
    #expect(Claims(["iss": .string(two)]).issuerCheck(one).failed)
  }

  @Test(
    "takes a star for a prefix only at the end",
    arguments: [
      ("a*", "a", true), ("a*", "ab", true), ("a*", "A", false), ("a*", "", false), ("*", "", true), ("*", "x", true),
      ("", "", true), ("", "x", false), ("a**", "a*b", true), ("a**", "ab", false), ("*a", "ba", false),
      ("*a", "*a", true),
    ])
  func stars(pattern: String, subject: String, fits: Bool) {
    #expect(SubjectPattern(pattern).fits(subject) == fits && (SubjectPattern(pattern).miss(subject) == nil) == fits)
  }

  @Test("asks for the service's own audience when the rule names none")
  func defaultAudience() throws {
    let check = try #require(
      Self.check(.init(subjectPrefix: "a"), ["sub": "a", "aud": "sts.amazonaws.com"], "audience"))
    #expect(check.failed && check.expected == "https://api.anthropic.com")
    #expect(
      Self.check(.init(subjectPrefix: "a"), ["aud": ["x", "https://api.anthropic.com"]], "audience")?.passed == true)
  }

  @Test(
    "says what an audience is when it is not a text",
    arguments: [
      (nil, "the token has no aud; ask the provider for a token with this audience"),
      (7, "aud is a number without a string in it; ask the provider for a token with this audience"),
      ([], "aud is a list without a string in it; ask the provider for a token with this audience"),
      (["a", "b"], "none of the 2 is equal to it; ask the provider for a token with this audience"),
      (
        "https://api.anthropic.com/",
        "it goes on with `/` after all that the rule has; ask the provider for a token with this audience"
      ),
    ] as [(JSON?, String)])
  func audiences(value: JSON?, note: String) {
    var claims: JSON.Object = [:]
    claims["aud"] = value
    let check = Self.check(.init(audience: serviceAudience), .object(claims), "audience")
    #expect(check?.note == note && check?.failed == true)
  }

  @Test(
    "says why a claim is not equal",
    arguments: [
      (
        "repository_id", "202", ["repository_id": 202],
        #"the claim is a number, and only a string can be equal to a string: use a condition, claims["repository_id"] == 202"#
      ),
      (
        "scp", "a", ["scp": ["a"]],
        #"the claim is a list, and only a string can be equal to a string: use a condition, "a" in claims["scp"]"#
      ),
      (
        "kubernetes.io.namespace", "inference", ["kubernetes.io": ["namespace": "inference"]],
        #"the token has no claim of this name, and a path is no name: use a condition, claims["kubernetes.io"].namespace == …"#
      ),
      ("Ref", "x", ["ref": "x"], "the token has no claim of this name, but ref"),
      ("repository_onwer", "x", ["repository_owner": "x"], "the token has no claim of this name, but repository_owner"),
      ("ref", "x", ["sub": "x"], "the token has no claim of this name"),
      (
        "ref", "refs/heads/main", ["ref": "refs/heads/dev"],
        "differs at character 12: `heads/dev`, the rule has `heads/main`"
      ),
      (
        "n", "x", ["n": nil],
        #"the claim is null, and only a string can be equal to a string: use a condition, claims["n"].member == …"#
      ),
    ] as [(String, String, JSON, String)])
  func claimNotes(name: String, wanted: String, claims: JSON, note: String) {
    let check = Self.check(.init(claims: [name: wanted]), claims, "claims." + name)
    #expect(check?.note == note && check?.reason == .claims)
  }

  @Test(
    "says which part of a condition decided, and what it saw",
    arguments: [
      ("claims.sub == 'a'", "true", []), ("claims.n == 7", "true", []),
      ("claims.sub == 'A'", "false", ["`claims.sub == 'A'` is false", #"claims.sub is "a""#, "letter case"]),
      ("claims.sub", "an error", ["`claims.sub` fails", "string"]),
      (
        "claims.sub == 'a' && claims.ref == 'refs/heads/main'", "false",
        ["1 of 2 parts decided", "`claims.ref == 'refs/heads/main'` is false", "column 12"]
      ),
      (
        "claims.sub == 'x' || claims.team == 'y'", "an error",
        ["1 of 2 parts decided", "fails", #"no claim "team""#]
      ),
      ("type(claims.n) == int", "false", ["with whole numbers taken as integers it would be true"]),
    ] as [(String, String, [String])])
  func conditions(text: String, actual: String, fragments: [String]) {
    let claims: JSON = ["sub": "a", "n": 7, "ref": "refs/heads/dev"]
    let check = Self.check(.init(condition: text), claims, "condition")
    #expect(check?.actual == actual && check?.passed == (actual == "true"))
    #expect((check?.note == nil) == fragments.isEmpty)
    for fragment in fragments { #expect(check?.note?.contains(fragment) == true, "\(check?.note ?? "")") }
  }

  @Test(
    "knows the conditions that no rule may have",
    arguments: [
      ("claims.sub == 'a'", nil), ("claims.ref_protected", nil),
      ("claims.sub = 'a'", "'=' is not an operator (line 1, column 12)"),
      ("true", "the condition is true for every token, which the platform refuses (line 1, column 1)"),
      (
        "1 == 1 || claims.sub == 'a'",
        "the condition is true for every token, which the platform refuses (line 1, column 1)"
      ), ("request.sub == 'a'", "there is no variable 'request' (line 1, column 1)"),
      ("", "the expression is empty (line 1, column 1)"),
    ] as [(String, String?)])
  func faults(text: String, fault: String?) { #expect(Condition.fault(in: text) == fault) }

  @Test(
    "knows the claims that a condition speaks of",
    arguments: [
      ("claims.repository == 'a' && has(claims.ref)", ["repository", "ref"]),
      (#"claims["kubernetes.io"].namespace == 'a'"#, ["kubernetes.io"]), (#""x" in claims"#, ["x"]),
      ("['a'].exists(name, claims[name] == claims.sub)", ["sub"]),
      ("[{'owner': 'a'}].exists(claims, claims.owner == 'a')", []), ("claims ==", []), ("size(claims) > 3", []),
    ] as [(String, Set<String>)])
  func claimNames(text: String, names: Set<String>) { #expect(Condition.claims(in: text) == names) }

  @Test("takes a condition apart, and marks the parts that decided")
  func conditionParts() throws {
    let text = "claims.sub == 'a' && claims.team == 'y' && claims.ref.startsWith('refs/tags/')"
    let check = try #require(Self.check(.init(condition: text), ["sub": "a", "ref": "refs/heads/dev"], "condition"))
    #expect(check.parts.map(\.outcome) == [true, nil, false] && check.parts.map(\.isDecisive) == [false, false, true])
    #expect(check.json.at("parts.1.outcome") == "error" && check.json.at("parts.2.text")?.string == check.parts[2].text)
  }

  @Test(
    "takes a condition that fails or cannot be read for a refusal",
    arguments: ["claims.x == 1", "claims.sub = 'a'", ""])
  func brokenConditions(text: String) throws {
    let check = try #require(Self.check(.init(condition: text), ["sub": "a"], "condition"))
    #expect(check.failed && check.reason == .condition && check.note != nil)
    #expect(!Matcher(.init(condition: text)).accepts(Claims(["sub": "a", "aud": .string(serviceAudience)])))
  }

  @Test("takes no matcher of the wrong kind for none")
  func malformedRule() {
    for match: JSON in [
      ["claims": ["a": 1]], ["claims": []], ["subject_prefix": 1], ["condition": true], ["audience": []],
    ] {
      #expect(throws: Undecodable.self) { try MatchCase(json: ["rule": ["match": match], "claims": [:]]) }
    }
    for match: JSON in ["repo:acme/api:*", [], 1, nil] {
      let rule: JSON = ["match": match, "issuer_url": "https://i"]
      #expect(throws: Undecodable.self) { try MatchCase(json: ["rule": rule, "claims": [:]]) }
      #expect(throws: Undecodable.self) { try Candidate(json: ["rule": rule]) }
    }
  }

  @Test("prints a case as acceptance reads it")
  func json() throws {
    let item = try MatchCase(json: [
      "id": "X1", "rule": ["match": ["subject_prefix": "a"], "issuer_url": "https://i"],
      "claims": ["iss": "https://i", "sub": "b", "aud": "https://api.anthropic.com"],
    ])
    #expect(
      item.json.compact
        == #"{"id":"X1","accepted":false,"checks":["#
        + #"{"matcher":"issuer","passed":true,"expected":"https://i","actual":"https://i","note":null},"#
        + #"{"matcher":"subject_prefix","passed":false,"expected":"a","actual":"b","note":"differs at character 1: `b`, the rule has `a`"},"#
        + #"{"matcher":"audience","passed":true,"expected":"https://api.anthropic.com","actual":"https://api.anthropic.com","note":"the rule names no audience: taken for the service's own, which the platform does not confirm"}],"#
        + #""reason":"match_subject_prefix","reasons":["match_subject_prefix"],"unknown":[]}"#)
  }
}
