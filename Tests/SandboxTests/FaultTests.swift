import Platform
import Sandbox
import Testing

@Suite("Faults of the sandbox")
struct FaultTests {
  @Test(
    "are refused when a part is not understood",
    arguments: [
      "", "status=200", "status", "rate=0.5", "drop=now", "delay=soon", "status=500,path=v1", "status=500,rate=2",
      "truncate=1",
    ])
  func unreadable(text: String) { #expect(throws: Problem.self) { try Fault(text) } }

  @Test("answer what they are told, with the class that belongs to the status")
  func statuses() async throws {
    let client = try Client()
    for (text, type) in [
      ("status=429,retry-after=7", "rate_limit_error"), ("status=529", "overloaded_error"), ("status=500", "api_error"),
    ] {
      await client.sandbox.setFaults([try Fault(text)])
      let reply = try await client.ask(.get, "me")
      #expect(reply.type == type && reply.header("retry-after") == (text.contains("429") ? "7" : nil))
    }
  }

  @Test("concern only the paths they name, and as often as they say")
  func scope() async throws {
    let client = try Client()
    await client.sandbox.setFaults([try Fault("status=503,path=/v1/organizations/service*,count=2")])
    #expect(try await client.ask(.get, "me").status == 200)
    var statuses: [Int] = []
    for _ in 0..<3 { statuses.append(try await client.ask(.get, "service_accounts").status) }
    #expect(statuses == [503, 503, 200])
  }

  @Test(
    "lose the connection before the change is made, or after",
    arguments: [("drop=before", 0), ("drop=after", 1), ("truncate", 1)])
  func lost(text: String, made: Int) async throws {
    let client = try Client()
    await client.sandbox.setFaults([try Fault(text)])
    await #expect(throws: TransportFailure.self) { try await client.ask(.post, "service_accounts", ["name": "a"]) }
    await client.sandbox.setFaults([])
    #expect(try await client.ask(.get, "service_accounts").rows.count == made)
  }

  @Test("happen together: a delay and a status")
  func together() async throws {
    let client = try Client()
    await client.sandbox.setFaults([try Fault("delay=1ms"), try Fault("status=529,count=1")])
    #expect(try await client.ask(.get, "me").status == 529)
    #expect(try await client.ask(.get, "me").status == 200)
  }

  @Test("hide what is new for a while")
  func lag() async throws {
    let client = try Client()
    _ = try await client.ask(.post, "/_sandbox/faults", ["faults": ["visibility-lag=10s"]])
    let id = try await client.account()
    #expect(try await client.ask(.get, "service_accounts/\(id)").status == 404)
    #expect(try await client.ask(.get, "service_accounts").rows.isEmpty)
    #expect(try await client.feed().isEmpty)
    _ = try await client.ask(.post, "/_sandbox/clock", ["advance_seconds": 11])
    #expect(try await client.ask(.get, "service_accounts/\(id)").status == 200)
    #expect(try await client.feed().count == 1)
  }

  @Test("leave the control paths alone")
  func control() async throws {
    let client = try Client()
    await client.sandbox.setFaults([try Fault("status=500")])
    #expect(try await client.ask(.post, "/_sandbox/faults", ["faults": []]).json["ok"] == true)
    #expect(try await client.ask(.get, "me").status == 200)
    #expect(try await client.ask(.post, "/_sandbox/faults", ["faults": ["nonsense"]]).status == 400)
  }
}
