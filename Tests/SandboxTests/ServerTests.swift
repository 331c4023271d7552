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

  /// What comes back on one connection for these bytes, until the server ends it or has no more to say.
  private static func talk(_ url: String, _ text: String) throws -> String {
    let port = try #require(url.split(separator: ":").last.flatMap { UInt16($0) })
    let line = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(line) }
    var address = sockaddr_in()
    (address.sin_family, address.sin_port) = (sa_family_t(AF_INET), port.bigEndian)
    address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
    let isConnected = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(line, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    try #require(isConnected)
    let bytes = Array(text.utf8)
    _ = send(line, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    shutdown(line, Int32(SHUT_WR))
    var (received, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 65536))
    while true {
      let count = recv(line, &buffer, buffer.count, 0)
      guard count > 0 else { return String(decoding: received, as: UTF8.self) }
      received += buffer[..<count]
    }
  }

  @Test("takes request after request on a connection, bodies in chunks too, and refuses what is no HTTP")
  func wire() async throws {
    try await withServer { url, sandbox in
      let token = sandbox.credentials.oauthToken.expose { $0 }
      let head = "Host: 127.0.0.1\r\nAuthorization: Bearer \(token)\r\nAnthropic-Version: 2026-10-21\r\n"
      let path = "/v1/organizations/service_accounts"
      let get = "GET \(path)?limit=1 HTTP/1.1\r\n\(head)\r\n"
      let chunks = "9\r\n{\"name\": \r\n9;x=y\r\n\"wire-a\"}\r\n0\r\nTrailer: x\r\n\r\n"
      let post = "POST \(path) HTTP/1.1\r\n\(head)Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n\(chunks)"
      let all = try Self.talk(url, "\r\n" + get + post + get)
      #expect(all.ranges(of: "HTTP/1.1 200 ").count == 3 && all.contains("HTTP/1.1 100 Continue"))
      #expect(all.contains("wire-a"))
      let last = try Self.talk(url, "GET \(path) HTTP/1.1\r\n\(head)Connection: close\r\n\r\n" + get)
      #expect(last.ranges(of: "HTTP/1.1 200 ").count == 1)
      #expect(try Self.talk(url, "PATCH \(path) HTTP/1.1\r\n\(head)\r\n").hasPrefix("HTTP/1.1 405 "))
      let huge = "POST \(path) HTTP/1.1\r\n\(head)Content-Length: 99999999999\r\n\r\n"
      #expect(try Self.talk(url, huge).hasPrefix("HTTP/1.1 413 "))
      for nonsense in [
        "hello\r\n\r\n", "GET / SPDY/3\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
      ] { #expect(try Self.talk(url, nonsense).hasPrefix("HTTP/1.1 400 "), "\(nonsense)") }
      #expect(try Self.talk(url, "GET / HTTP/1.1\r\nA: " + String(repeating: "x", count: 1 << 18)).isEmpty)
      // A page in a browser may not turn faults on.
      for header in ["Host: evil.example\r\n", "Host: localhost\r\nOrigin: https://evil.example\r\n"] {
        #expect(try Self.talk(url, "POST /_sandbox/faults HTTP/1.1\r\n\(header)\r\n").hasPrefix("HTTP/1.1 403 "))
      }
    }
  }

  @Test("loses answers, or half of them, when asked to")
  func faults() async throws {
    try await withServer { url, sandbox in
      let get = "GET /v1/organizations/me HTTP/1.1\r\nHost: localhost\r\n\r\n"
      try await sandbox.setFaults([Fault("drop=after")])
      #expect(try Self.talk(url, get).isEmpty)
      try await sandbox.setFaults([Fault("truncate")])
      let half = try Self.talk(url, get)
      let parts = half.split(separator: "\r\n\r\n", maxSplits: 1)
      let size = try #require(half.firstMatch(of: /content-length: ([0-9]+)/).flatMap { Int($0.1) })
      #expect(parts.count == 2 && parts[1].utf8.count == size / 2)
    }
  }

  @Test("ends what is open when it ends, and says when its port is taken")
  func ends() async throws {
    let sandbox = try Sandbox(seed: 4)
    let (url, task) = try await SandboxServer(sandbox).start()
    let port = try #require(url.split(separator: ":").last.flatMap { UInt16($0) })
    await #expect(throws: Problem.self) { try await SandboxServer(sandbox, port: port).start() }
    task.cancel()
    try await task.value
    let (again, other) = try await SandboxServer(sandbox, address: "::1").start()
    #expect(again.hasPrefix("http://[::1]:"))
    other.cancel()
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
