import Federation
import Foundation
import Operations
import Platform
import PlatformClient
import Sandbox
import Storage
import Testing

/// Connecting, broken at every step by everything that can go wrong, and then gone on with or taken back.
@Suite("A connection that breaks half way")
struct BrokenConnectingTests {
  enum Ending: String, CaseIterable, Sendable { case resumed, askedAgain, undone }

  struct Breakage: Sendable, CustomTestStringConvertible {
    let step: ConnectionPlan.Step
    /// As the sandbox takes it.
    let fault: String
    let ending: Ending
    var testDescription: String { "\(fault) at \(step.rawValue), \(ending.rawValue)" }

    static let faults = ["drop=before", "drop=after", "garbage", "truncate", "status=429", "status=529"]
    static let all = faults.flatMap { fault in
      ConnectionPlan.Step.allCases.flatMap { step in
        ["", ",count=1", ",count=2"].flatMap { times in
          Ending.allCases.map { Breakage(step: step, fault: fault + times, ending: $0) }
        }
      }
    }
  }

  @Test("by a fault is whole or gone in the end, and never double", arguments: Breakage.all)
  func faults(breakage: Breakage) async throws {
    let scene = try await Scene()
    let plan = try await scene.operations.plan(scene.wish)
    #expect(plan.steps == ConnectionPlan.Step.allCases)
    try await scene.setFaults([breakage.fault + ",path=" + breakage.step.path])
    guard let interruption = await scene.interruption(of: plan) else {
      // What passes quickly is dealt with on the way. Taking back is not for what is whole.
      try await scene.setFaults([])
      return try await scene.checkWhole()
    }
    #expect(!interruption.problem.cause.isEmpty && !interruption.problem.remedy.isEmpty)
    // Once more while it lasts: still neither double nor half.
    let again = breakage.ending == .resumed ? await scene.interruption(of: interruption.remaining) : nil
    try await scene.setFaults([])
    if breakage.ending == .resumed, again == nil { return try await scene.checkWhole() }
    try await scene.end(breakage.ending, (again ?? interruption).remaining)
  }

  struct Death: Sendable, CustomTestStringConvertible {
    let step: ConnectionPlan.Step
    /// Whether the platform had done the step.
    let isDone: Bool
    let ending: Ending
    var testDescription: String { "\(isDone ? "after" : "before") \(step.rawValue), \(ending.rawValue)" }

    static let all = ConnectionPlan.Step.allCases.flatMap { step in
      [false, true].flatMap { isDone in Ending.allCases.map { Death(step: step, isDone: isDone, ending: $0) } }
    }
  }

  @Test("because the program is killed, too", arguments: Death.all)
  func deaths(death: Death) async throws {
    let scene = try await Scene()
    let plan = try await scene.operations.plan(scene.wish)
    let (dead, died) = AsyncStream<Void>.makeStream()
    let transport = DyingTransport(inner: scene.sandbox, step: death.step, isDone: death.isDone, died: died)
    let killed = scene.operations(over: transport)
    // Nobody waits for it any more: what it was doing is never heard of again.
    _ = Task { try await killed.connect(plan) }
    for await _ in dead { break }
    let begun = try scene.operations.unfinishedConnections()
    #expect(begun.count == 1 && begun.first?.ruleName == plan.ruleName)
    try await scene.end(death.ending, nil)
  }

  @Test("leaves alone what was there before and what others use by now")
  func others() async throws {
    let scene = try await Scene()
    let account = try await scene.operations.createAccount(AccountDraft(name: "ours"))
    var wish = scene.wish
    wish.account = .existing("ours")
    let plan = try await scene.operations.plan(wish)
    try await scene.setFaults(["status=529,path=" + ConnectionPlan.Step.rule.path])
    #expect(await scene.interruption(of: plan)?.isHalfMade == true)
    try await scene.setFaults([])
    let issuer = try #require(try await scene.operations.issuers().first)
    _ = try await scene.operations.createRule(
      RuleDraft(
        name: "another", issuerID: issuer.id, match: .init(subjectPrefix: "repo:acme/web:ref:refs/heads/main"),
        accountID: account.id, scope: Scope.inference, tokenLifetime: 600, workspaceID: scene.workspace))
    let record = try scene.operations.unfinishedConnection(nil)
    let result = try await scene.operations.takeBack(record)
    #expect(result.removed == ["the membership of ours"])
    #expect(result.kept == ["the issuer github-actions stays: 1 live rule trusts it: another"])
    #expect(try await scene.operations.accounts().map(\.name) == ["ours"])
    #expect(try await scene.operations.rules().map(\.name) == ["another"])
    let memberships = try await scene.operations.memberships(of: account.id)
    #expect(!memberships.contains { $0.workspaceID == scene.workspace })
    #expect(try scene.operations.unfinishedConnections().isEmpty)
  }

  @Test("leaves nothing to go on with where the first request was refused")
  func refused() async throws {
    let scene = try await Scene()
    let plan = try await scene.operations.plan(scene.wish)
    try await scene.setFaults(["status=403,path=" + ConnectionPlan.Step.issuer.path])
    #expect(await scene.interruption(of: plan)?.isHalfMade == false)
    #expect(try scene.operations.unfinishedConnections().isEmpty)
    #expect(throws: Problem.self) { _ = try scene.operations.unfinishedConnection(nil) }
  }
}

extension ConnectionPlan.Step {
  /// Of the request that does it.
  fileprivate var path: String {
    let root = "/v1/organizations/"
    return switch self {
    case .issuer: root + "federation_issuers"
    case .account: root + "service_accounts"
    case .membership: root + "service_accounts/*"
    case .rule: root + "federation_rules"
    }
  }
}

/// A platform, a store that outlives the program, and what is to be connected.
private struct Scene {
  let sandbox: Sandbox
  let storage: Storage
  let operations: Operations
  let workspace: ID<Workspace>
  let wish: Operations.ConnectionWish

  init() async throws {
    let bench = try Workbench(.empty)
    (sandbox, operations, storage) = (bench.sandbox, bench.operations, bench.operations.storage)
    var request = Request(.post, "/v1/organizations/workspaces", json: ["name": "Production"])
    request.headers.append(Request.Item("anthropic-version", "2026-10-21"))
    request.credential = .bearer(sandbox.credentials.oauthToken)
    let made = try JSON(parsing: try await sandbox.send(request).body)
    workspace = try ID(try #require(made["id"]?.string, "\(made.compact)"))
    wish = Operations.ConnectionWish(
      workload: try Workload(.github, values: ["repository": "acme/api", "ref": "main"]), account: .new("api"),
      workspace: workspace.description, scope: Scope.inference)
  }

  func operations(over transport: any Transport) -> Operations {
    let keys = sandbox.credentials
    let client = PlatformClient(
      transport: transport, credentials: Credentials(token: FixedCredential(.bearer(keys.oauthToken))),
      policy: RetryPolicy(attempts: 2), clock: PatientClock())
    return Operations(client: client, storage: storage)
  }

  /// Nil when it goes through.
  func interruption(of plan: ConnectionPlan) async -> Operations.Interruption? {
    do throws(Operations.Interruption) {
      _ = try await operations.connect(plan)
      return nil
    } catch {
      return error
    }
  }

  func setFaults(_ faults: [String]) async throws {
    let body: JSON = ["faults": .array(faults.map(JSON.string))]
    let answer = try await sandbox.send(Request(.post, "/_sandbox/faults", json: body))
    #expect(answer.status == 200)
  }

  /// Ends it in one of the ways that a person has.
  func end(_ ending: BrokenConnectingTests.Ending, _ remaining: ConnectionPlan?) async throws {
    switch ending {
    case .resumed:
      var rest = remaining
      if rest == nil { rest = try await operations.plan(restOf: try operations.unfinishedConnection(nil)) }
      _ = try await operations.connect(try #require(rest))
      try await checkWhole()
    case .askedAgain:
      _ = try await operations.connect(try await operations.plan(wish))
      try await checkWhole()
    case .undone:
      // Where nothing was made there is nothing to take back.
      if let record = try operations.unfinishedConnections().first { _ = try await operations.takeBack(record) }
      try await checkGone()
    }
    #expect(try operations.unfinishedConnections().isEmpty)
  }

  /// One of each, archived ones counted.
  func checkWhole() async throws {
    let issuers = try await operations.issuers(includeArchived: true)
    let accounts = try await operations.accounts(includeArchived: true)
    let rules = try await operations.rules(includeArchived: true)
    #expect(issuers.map(\.name) == ["github-actions"] && accounts.map(\.name) == ["api"])
    #expect(rules.map(\.name) == ["gha-acme-api-main"] && rules[0].accountID == accounts[0].id)
    let archived = issuers.map(\.isArchived) + accounts.map(\.isArchived) + rules.map(\.isArchived)
    #expect(archived == [false, false, false])
    let memberships = try await operations.memberships(of: accounts[0].id)
    #expect(memberships.filter { $0.workspaceID == workspace }.map(\.role) == ["workspace_developer"])
  }

  func checkGone() async throws {
    #expect(try await operations.issuers().isEmpty)
    #expect(try await operations.accounts().isEmpty)
    #expect(try await operations.rules().isEmpty)
    #expect(try await operations.issuers(includeArchived: true).count <= 1)
    #expect(try await operations.accounts(includeArchived: true).count <= 1)
    #expect(try await operations.rules(includeArchived: true).count <= 1)
  }
}

/// Dies with the program at one step's request, before the platform has it or after.
private struct DyingTransport: Transport {
  let inner: any Transport
  let step: ConnectionPlan.Step
  let isDone: Bool
  let died: AsyncStream<Void>.Continuation

  func send(_ request: Request) async throws(TransportFailure) -> Response {
    let path = step.path
    let isIt = path.hasSuffix("*") ? request.path.hasPrefix(path.dropLast()) : request.path == path
    guard isIt, request.method == .post else { return try await inner.send(request) }
    if isDone { _ = try await inner.send(request) }
    died.yield()
    // Never: the process is gone.
    for await _ in AsyncStream<Never>.makeStream().stream {}
    throw .lost("the program was killed")
  }
}
