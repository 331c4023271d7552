import Foundation
import FoundationNetworking
import Platform
import Sandbox
import Testing

@Suite("The sandbox over HTTP")
struct ServerTests {
  private func withServer(_ body: (String, Sandbox) async throws -> Void) async throws {
    let sandbox = try Sandbox(seed: 4, now: { Client.now })
    let (url, task) = try await SandboxServer(sandbox).start()
    try await body(url, sandbox)
    task.cancel()
  }

  private func get(_ url: String, _ headers: [String: String]) async throws -> (Int, JSON) {
    var request = URLRequest(url: try #require(URL(string: url)))
    for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
    let (data, response) = try await URLSession.shared.data(for: request)
    return ((response as? HTTPURLResponse)?.statusCode ?? 0, try JSON(parsing: data))
  }

  @Test("answers as in process, with the key in either header")
  func answers() async throws {
    try await withServer { url, sandbox in
      let key = sandbox.credentials.adminKey.expose { $0 }
      for header in [["x-api-key": key], ["authorization": "Bearer \(key)"]] {
        let (status, json) = try await get(
          url + "/v1/organizations/me", header.merging(["anthropic-version": "2026-10-21"]) { $1 })
        #expect(status == 200 && json["id"]?.string == sandbox.credentials.organizationID)
      }
      let query = "/v1/organizations/usage_report/messages?starting_at=2026-11-24T00:00:00Z&group_by%5B%5D=model"
      #expect(try await get(url + query, ["x-api-key": key, "anthropic-version": "2023-06-01"]).0 == 200)
    }
  }

  @Test("hands over what opens it, on one line")
  func handover() async throws {
    let sandbox = try Sandbox(seed: 4)
    let line = try sandbox.handover(baseURL: "http://127.0.0.1:1", key: sandbox.issuer.key)
    let names = [
      "base_url", "organization_id", "oauth_admin_token", "oauth_admin_refresh_token", "admin_api_key",
      "compliance_access_key", "default_workspace_id", "issuer",
    ]
    #expect(line.object?.keys == names && !line.compact.contains("\n"))
    #expect(line["issuer"]?.object?.keys == ["url", "jwks", "private_key_pem", "kid"])
  }

  @Test("is for this machine only", arguments: ["0.0.0.0", "192.168.1.1", "example.com", ""])
  func loopback(address: String) throws {
    #expect(throws: Problem.self) { try SandboxServer(Sandbox(seed: 4), address: address) }
  }
}
