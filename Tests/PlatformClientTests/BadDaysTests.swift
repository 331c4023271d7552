import Platform
import PlatformClient
import Testing

@Suite("The platform's client on bad days")
struct BadDaysTests {
  static let refusals: [(status: Int, type: String, kind: Problem.Kind, tries: Int, words: String)] = [
    (400, "invalid_request_error", .refused, 1, "the platform refused it (400): Said so"),
    (401, "authentication_error", .credential, 1, "did not accept the token (401)"),
    (403, "permission_error", .credential, 1, "does not allow it (403)"),
    (404, "not_found_error", .refused, 1, "no such thing (404)"),
    (409, "conflict_error", .refused, 1, "conflicts with what is there (409)"),
    (429, "rate_limit_error", .unavailable, 6, "too many requests (429)"),
    (500, "api_error", .unavailable, 6, "the platform failed (500)"),
    (529, "overloaded_error", .unavailable, 6, "overloaded for everyone (529)"),
  ]

  @Test("says what each refusal means, after as many tries as make sense", arguments: refusals)
  func refusal(_ row: (status: Int, type: String, kind: Problem.Kind, tries: Int, words: String)) async throws {
    let transport = ScriptedTransport(.refusal(row.status, row.type))
    let problem = await #expect(throws: Problem.self) {
      try await PlatformClient.scripted(transport).account(try ID("svac_1"))
    }
    #expect(problem?.line.contains(row.words) == true, "\(problem?.line ?? "")")
    #expect(problem?.summary == "The service account was not read")
    #expect(problem?.kind == row.kind && problem?.code == row.type && problem?.status == row.status)
    #expect(problem?.requestID == "req_1")
    #expect(transport.requests.count == row.tries)
  }

  static let silences: [(failure: TransportFailure, code: String, tries: Int)] = [
    (.unreachable("refused"), "unreachable", 3), (.unknownHost("no.example"), "unknown_host", 3),
    (.untrusted("its certificate has expired"), "untrusted", 1), (.timedOut, "timed_out", 2),
    (.lost("early"), "answer_lost", 6), (.refusedAddress("x"), "refused_address", 1),
  ]

  @Test("says what no answer means", arguments: silences)
  func silence(_ row: (failure: TransportFailure, code: String, tries: Int)) async throws {
    let transport = ScriptedTransport(.fail(row.failure))
    let problem = await #expect(throws: Problem.self) { try await PlatformClient.scripted(transport).issuers() }
    #expect(problem?.code == row.code)
    #expect(transport.requests.count == row.tries)
  }

  @Test(
    "takes no answer that the platform does not give", arguments: ["", "{\"id\":", "<html>", "[]", "{\"id\":\"x\"}"])
  func nonsense(body: String) async throws {
    let problem = await #expect(throws: Problem.self) {
      try await PlatformClient.scripted(ScriptedTransport(.text(200, body))).account(try ID("svac_1"))
    }
    #expect(problem?.code == "invalid_answer" && problem?.kind == .refused)
  }

  @Test("repeats no credential that the answer repeats")
  func echo() async throws {
    let key = ["sk", "ant", "oat01-CANARY"].joined(separator: "-")
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.CANARY_signature"
    let answer: JSON = [
      "type": "error", "error": ["type": "authentication_error", "message": .string("Not \(key) nor \(token)")],
    ]
    let problem = await #expect(throws: Problem.self) {
      try await PlatformClient.scripted(ScriptedTransport(.answer(401, answer))).issuers()
    }
    #expect(problem?.cause.contains("CANARY") == false && problem?.cause.contains("Not sk-ant-") == true)
  }

  @Test("follows no redirect, and says where it should not have been sent")
  func redirect() async throws {
    let transport = ScriptedTransport(.answer(302, [:], [Request.Item("location", "https://elsewhere.example")]))
    let problem = await #expect(throws: Problem.self) { try await PlatformClient.scripted(transport).issuers() }
    #expect(problem?.code == "redirected" && transport.requests.count == 1)
  }

  @Test("waits twice as long each time, or as long as the platform asks")
  func waits() async throws {
    let clock = QuickClock()
    let transport = ScriptedTransport(
      .refusal(529, "overloaded_error"), .refusal(500, "api_error"),
      .refusal(429, "rate_limit_error", [Request.Item("retry-after", "7")]), .ok(Sample.page([])))
    _ = try await PlatformClient.scripted(transport, clock: clock).rules()
    #expect(clock.waits == [.milliseconds(250), .milliseconds(500), .seconds(7)])
  }

  @Test("does not wait longer than its budget")
  func budget() async throws {
    let clock = QuickClock()
    let transport = ScriptedTransport(
      .refusal(429, "rate_limit_error", [Request.Item("retry-after", "3600")]))
    let problem = await #expect(throws: Problem.self) {
      try await PlatformClient.scripted(transport, clock: clock).rules()
    }
    #expect(problem?.remedy.hasPrefix("Wait 3600 s") == true)
    #expect(clock.waits.isEmpty && transport.requests.count == 1)
  }

  @Test("does not try again what the platform says is of no use")
  func hopeless() async throws {
    let transport = ScriptedTransport(.refusal(500, "api_error", [Request.Item("x-should-retry", "false")]))
    await #expect(throws: Problem.self) { try await PlatformClient.scripted(transport).rules() }
    #expect(transport.requests.count == 1)
  }

  // MARK: A creation whose answer was lost

  static let losses: [ScriptedTransport.Step] = [
    .fail(.lost("early")), .fail(.timedOut), .refusal(500, "api_error"), .text(200, "{\"id\":"), .text(200, "{}"),
  ]

  @Test("finds what a lost answer had made, and makes it once", arguments: losses)
  func lostAfter(_ loss: ScriptedTransport.Step) async throws {
    let transport = ScriptedTransport(loss, .ok(Sample.page([Sample.account(7)])))
    let account = try await PlatformClient.scripted(transport).createAccount(AccountDraft(name: "ci"))
    #expect(account.id.description == "svac_7")
    #expect(transport.requests.map(\.method) == [.post, .get])
  }

  @Test("sends a creation again that was lost before it was handled", arguments: losses)
  func lostBefore(_ loss: ScriptedTransport.Step) async throws {
    let transport = ScriptedTransport(loss, .ok(Sample.page([])), .ok(Sample.account(7)))
    let account = try await PlatformClient.scripted(transport).createAccount(AccountDraft(name: "ci"))
    #expect(account.id.description == "svac_7")
    #expect(transport.requests.map(\.method) == [.post, .get, .post])
  }

  @Test("takes the conflict with its own lost creation for what it is, though the list is late")
  func lateList() async throws {
    let transport = ScriptedTransport(
      .fail(.lost("early")), .ok(Sample.page([])), .refusal(409, "conflict_error"), .ok(Sample.page([])),
      .refusal(409, "conflict_error"), .ok(Sample.page([Sample.account(7)])))
    let account = try await PlatformClient.scripted(transport).createAccount(AccountDraft(name: "ci"))
    #expect(account.id.description == "svac_7")
  }

  @Test("does not take another's thing of the same name for its own", arguments: [false, true])
  func another(archived: Bool) async throws {
    let other = Sample.account(7, role: archived ? "developer" : "admin", archived: archived)
    let transport = ScriptedTransport(
      .fail(.lost("early")), .ok(Sample.page([])), .refusal(409, "conflict_error"), .ok(Sample.page([other])))
    let problem = await #expect(throws: Problem.self) {
      try await PlatformClient.scripted(transport).createAccount(AccountDraft(name: "ci"))
    }
    #expect(problem?.status == 409 && problem?.code == "conflict_error")
  }

  @Test(
    "says that it does not know, when it cannot look either",
    arguments: [(ScriptedTransport.Step.fail(.timedOut), Problem.Kind.unavailable), (.text(200, "<html>"), .refused)])
  func unknown(_ step: ScriptedTransport.Step, kind: Problem.Kind) async throws {
    let problem = await #expect(throws: Problem.self) {
      try await PlatformClient.scripted(ScriptedTransport(step)).createAccount(AccountDraft(name: "ci"))
    }
    #expect(problem?.summary == "It is not known whether the service account was created")
    #expect(problem?.kind == kind && problem?.isUncertain == true)
  }

  @Test("waits for an account that the platform does not show yet, before anything refers to it")
  func lag() async throws {
    let clock = QuickClock()
    let transport = ScriptedTransport(
      .ok(Sample.account(7)), .refusal(404, "not_found_error"), .refusal(404, "not_found_error"),
      .ok(Sample.account(7)),
      .ok(["service_account_id": "svac_7", "workspace_id": "wrkspc_1", "workspace_role": "workspace_user"]))
    let client = PlatformClient.scripted(transport, clock: clock)
    let account = try await client.createAccount(AccountDraft(name: "ci"))
    _ = try await client.addMembership(account: account.id, workspace: try ID("wrkspc_1"), role: "workspace_user")
    _ = try await client.addMembership(account: account.id, workspace: try ID("wrkspc_1"), role: "workspace_user")
    #expect(transport.requests.map(\.method) == [.post, .get, .get, .get, .post, .post])
    #expect(clock.waits == [.seconds(1), .seconds(1)])
  }
}
