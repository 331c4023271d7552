import Foundation
import Platform
import Testing

@testable import Federation

/// An organization with one of everything, and a token that fits.
private struct Story {
  static let key = Result { try SigningKey(.es256, id: "k", seed: "verdict tests") }
  static let now = Date(timeIntervalSince1970: 1_790_000_010)

  var rule: FederationRule
  var issuer: Issuer
  var account: ServiceAccount
  let work: ID<Workspace>
  let usual: ID<Workspace>
  var claims: JSON.Object = [
    "iss": "https://idp.example.com", "sub": "job:deploy", "aud": "https://api.anthropic.com", "iat": 1_790_000_000,
    "exp": 1_790_000_300, "jti": "t-1",
  ]

  init() throws {
    work = try ID("wrkspc_01work")
    usual = try ID("wrkspc_01usual")
    account = ServiceAccount(
      id: try ID("svac_01a"), name: "deployer", description: nil, organizationRole: .developer, createdAt: Self.now,
      createdBy: nil)
    issuer = Issuer(
      id: try ID("fdis_01i"), name: "idp", issuerURL: "https://idp.example.com",
      keys: .inline([try Self.key.get().publicJWK]), checksJTI: true, maxTokenLifetime: 3600, createdAt: Self.now,
      createdBy: nil)
    rule = FederationRule(
      id: try ID("fdrl_01r"), name: "deploy", description: nil, issuerID: issuer.id,
      match: .init(subjectPrefix: "job:deploy"), accountID: account.id, scope: Scope.developer, tokenLifetime: 600,
      appliesToAllWorkspaces: false, workspaceIDs: [work], createdAt: Self.now, createdBy: nil)
  }

  func exchange() throws -> Exchange {
    Exchange(
      .token(try Token(Self.key.get().sign(claims))), rule: rule, issuer: issuer, account: account,
      requestedAccountID: account.id, defaultWorkspaceID: usual,
      memberships: [
        .init(accountID: account.id, workspaceID: work, role: "workspace_user", isImplicit: false, createdBy: nil)
      ],
      isReplay: false, now: Self.now)
  }
}

@Suite("The verdict on an exchange")
struct VerdictTests {
  @Test("lets in what fits, and says what would be minted")
  func accepted() throws {
    let story = try Story()
    let verdict = try story.exchange().verdict()
    #expect(verdict.isAccepted && verdict.reason == nil && verdict.unknown.isEmpty)
    #expect(verdict.grant?.workspaceID == story.work && verdict.grant?.lifetime == 580)
    #expect(verdict.grant?.abilities == ["all of the API but administration, like an API key of the workspace"])
    #expect(
      verdict.checks.map(\.matcher) == [
        "rule_status", "issuer_status", "service_account", "service_account_status", "alg", "kid", "signature",
        "issuer", "sub", "iat", "exp", "lifetime", "subject_prefix", "audience", "workspace", "membership", "jti",
      ])
  }

  @Test("names every reason, the first one first")
  func everyReason() throws {
    var story = try Story()
    story.claims["iss"] = "https://idp.example.com/"
    story.claims["sub"] = "job:Deploy"
    story.claims["exp"] = 1_789_999_900
    story.claims["aud"] = "vault"
    story.rule.archivedAt = Story.now
    story.rule.match.claims = ["team": "x"]
    var exchange = try story.exchange()
    exchange.isReplay = true
    exchange.memberships = []
    let verdict = exchange.verdict()
    #expect(!verdict.isAccepted && verdict.grant == nil)
    #expect(
      verdict.reasons == [
        .ruleArchived, .issuerMismatch, .expired, .subject, .audience, .claims, .notMember, .tokenReused,
      ])
    #expect(verdict.reason == .ruleArchived && verdict.json()["reason"] == "rule_archived")
  }

  @Test("refuses a token of another key, and judges the rest all the same")
  func forged() throws {
    let story = try Story()
    let forger = try SigningKey(.es256, id: "k", seed: "forger")
    var exchange = try story.exchange()
    exchange.presented = .token(try Token(forger.sign(story.claims)))
    #expect(exchange.verdict().reasons == [.badSignature])
  }

  @Test(
    "mints for as long as the rule says, at most twice what is left of the token, at least a minute",
    arguments: [
      (600, 300, 600), (3600, 300, 600), (600, 10, 60), (60, 300, 60), (86400, 176400, 86400), (3600, 30.9, 61),
      (600, -29, 60), (600, -1e300, 60), (600, 1e300, 600),
    ] as [(Int, Double, Int)])
  func lifetime(rule: Int, remaining: Double, expected: Int) {
    #expect(Grant.lifetime(ruleLifetime: rule, remaining: remaining) == expected)
  }

  @Test(
    "chooses the workspace",
    arguments: [
      ("wrkspc_01work", ["wrkspc_01work"], false, "wrkspc_01work", nil),
      ("wrkspc_01work", ["wrkspc_01usual"], false, nil, .workspaceNotEnabled),
      ("wrkspc_01work", [], true, "wrkspc_01work", nil),
      ("default", ["wrkspc_01usual", "wrkspc_01work"], false, "wrkspc_01usual", nil),
      ("default", ["wrkspc_01work"], false, nil, .workspaceNotEnabled),
      ("default", [], true, "wrkspc_01usual", nil),
      (nil, ["wrkspc_01work"], false, "wrkspc_01work", nil),
      (nil, ["wrkspc_01work", "wrkspc_01usual"], false, nil, .workspaceRequired),
      (nil, [], false, nil, .workspaceNotEnabled),
      (nil, ["wrkspc_01work", "wrkspc_01other"], true, "wrkspc_01usual", nil),
    ] as [(String?, [String], Bool, String?, DenialReason?)])
  func workspace(request: String?, enabled: [String], all: Bool, chosen: String?, reason: DenialReason?) throws {
    var story = try Story()
    story.rule.workspaceIDs = try enabled.map { try ID($0) }
    story.rule.appliesToAllWorkspaces = all
    let choice = WorkspaceChoice(
      try #require(WorkspaceRequest(request)), rule: story.rule, defaultWorkspaceID: story.usual)
    #expect(choice.workspaceID?.description == chosen && choice.check.reason == reason)
    #expect(choice.check.passed == (chosen != nil))
  }

  @Test(
    "takes a workspace by identifier or as default, and nothing else",
    arguments: ["", "Default", "wrkspc_", "svac_01a"])
  func malformedWorkspace(text: String) { #expect(WorkspaceRequest(text) == nil) }

  @Test("needs membership, which everyone has in the default workspace")
  func membership() throws {
    var exchange = try Story().exchange()
    exchange.memberships = []
    #expect(exchange.verdict().reasons == [.notMember])
    exchange.rule.workspaceIDs.append(try ID("wrkspc_01usual"))
    exchange.workspace = .usual
    #expect(exchange.verdict().isAccepted)
  }

  @Test("lets only an admin account have org:admin")
  func role() throws {
    var exchange = try Story().exchange()
    exchange.rule.scope = "workspace:developer org:admin"
    #expect(exchange.verdict().reasons == [.roleTooLow])
    exchange.account?.organizationRole = .admin
    #expect(exchange.verdict().isAccepted)
    exchange.rule.scope = "org:administrator"
    exchange.account?.organizationRole = .developer
    #expect(exchange.verdict().isAccepted)
  }

  @Test("refuses another account than the rule's, and archived ones")
  func accounts() throws {
    var exchange = try Story().exchange()
    exchange.requestedAccountID = try ID("svac_01other")
    exchange.account?.archivedAt = Story.now
    exchange.issuer?.archivedAt = Story.now
    #expect(exchange.verdict().reasons == [.issuerArchived, .accountMismatch, .accountArchived])
  }

  @Test("refuses a token a second time only where the issuer's tokens are watched and have a jti")
  func replay() throws {
    var story = try Story()
    var exchange = try story.exchange()
    exchange.isReplay = true
    #expect(exchange.verdict().reasons == [.tokenReused])
    exchange.issuer?.checksJTI = false
    #expect(exchange.verdict().isAccepted)
    story.claims["jti"] = nil
    exchange = try story.exchange()
    exchange.isReplay = true
    #expect(exchange.verdict().isAccepted)
  }

  @Test("says what is not known here, and does not hold it against the token")
  func unknown() throws {
    var exchange = Exchange(
      .claims(Claims(["sub": "job:deploy", "aud": "https://api.anthropic.com"])), rule: try Story().rule, now: Story.now
    )
    let verdict = exchange.verdict()
    #expect(verdict.isAccepted && verdict.grant == nil)
    #expect(verdict.unknown.map(\.matcher) == ["issuer", "iat", "exp", "membership"])
    #expect(verdict.json(id: "x")["unknown"] == ["issuer", "iat", "exp", "membership"])
    exchange.presented = .token(try Token(claims: #"{"sub":"job:deploy","aud":"https://api.anthropic.com"}"#))
    #expect(exchange.verdict().unknown.map(\.matcher) == ["signature", "issuer", "membership"])
    #expect(exchange.verdict().reasons == [.missingClaim])
  }

  @Test("on a text that is no token says why")
  func unreadable() {
    let verdict = Verdict(UnreadableToken.partCount(2))
    #expect(verdict.reason == .malformedToken && verdict.failed.first?.note == "it has 2 parts where a token has three")
  }
}
