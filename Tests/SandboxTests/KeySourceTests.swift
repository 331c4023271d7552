import Federation
import Foundation
import Platform
import Sandbox
import Synchronization
import Testing

/// Serves documents by address, counts how often it is asked, and can stop answering.
final class Documents: Sendable {
  private let state = Mutex<(documents: [String: JSON], asked: [String])>(([:], []))

  func put(_ json: JSON?, at address: String) { state.withLock { $0.documents[address] = json } }
  var asked: [String] { state.withLock(\.asked) }

  @Sendable func fetch(_ address: String, _ certificate: String?) async throws -> [UInt8] {
    try state.withLock { state in
      state.asked.append(address)
      guard let json = state.documents[address] else { throw CancellationError() }
      return Array(json.compact.utf8)
    }
  }
}

@Suite("Keys that the sandbox fetches")
struct KeySourceTests {
  let documents = Documents()
  let url = "https://login.acme.example.com/tenant"

  private func begin(_ keys: JSON = ["type": "discovery"]) async throws -> Exchanging {
    let client = Client(try Sandbox(seed: 5, now: { Client.now }, fetch: documents.fetch))
    documents.put(["jwks_uri": "https://keys.acme.example.com/jwks"], at: url + "/.well-known/openid-configuration")
    documents.put(try client.sandbox.issuer.key.publicKeySet, at: "https://keys.acme.example.com/jwks")
    return try await Exchanging(issuer: ["issuer_url": .string(url), "jwks": keys], clientAt: client)
  }

  private func exchange(_ it: Exchanging, _ jti: String, key: SigningKey? = nil) async throws -> Int {
    let claims = it.claims(["iss": .string(url), "jti": .string(jti)])
    return try await it.exchange((key ?? it.client.sandbox.issuer.key).sign(claims)).status
  }

  @Test("are found by discovery, kept for a while, and the issuer says when")
  func discovery() async throws {
    let it = try await begin()
    for jti in ["1", "2"] { #expect(try await exchange(it, jti) == 200) }
    #expect(documents.asked == [url + "/.well-known/openid-configuration", "https://keys.acme.example.com/jwks"])
    let issuer = try await it.client.ask(.get, "federation_issuers/\(it.issuer)").json
    #expect(issuer.at("poll_status.consecutive_failures") == 0)
    #expect(issuer.at("poll_status.last_fetched_at") == "2026-11-24T09:00:00.000000Z")
  }

  @Test("may have an address of their own")
  func explicit() async throws {
    let it = try await begin(["type": "explicit_url", "url": "https://keys.acme.example.com/jwks"])
    #expect(try await exchange(it, "1") == 200)
    #expect(documents.asked == ["https://keys.acme.example.com/jwks"])
  }

  @Test("that are new are looked for again, after up to a minute")
  func rotation() async throws {
    let it = try await begin()
    #expect(try await exchange(it, "1") == 200)
    let new = try SigningKey(.es256, id: "new", seed: "new")
    documents.put(new.publicKeySet, at: "https://keys.acme.example.com/jwks")
    #expect(try await exchange(it, "2", key: new) == 401)
    #expect(try await it.last().at("status.reason") == "unknown_kid")
    _ = try await it.client.ask(.post, "/_sandbox/clock", ["advance_seconds": 61])
    let claims = it.claims(["iss": .string(url), "jti": "3"])
    #expect(try await it.exchange(new.sign(claims)).status == 200)
  }

  @Test("that cannot be fetched let nobody in, and after five times polling is paused until it is taken up again")
  func unavailable() async throws {
    let it = try await begin()
    documents.put(nil, at: "https://keys.acme.example.com/jwks")
    for jti in 1...6 { #expect(try await exchange(it, "\(jti)") == 401) }
    let issuer = try await it.client.ask(.get, "federation_issuers/\(it.issuer)").json
    #expect(issuer.at("poll_status.consecutive_failures") == 5 && issuer.at("poll_status.next_poll_at") == .null)
    #expect(issuer["jwks_polling_disabled_at"]?.string != nil)
    #expect(documents.asked.count == 10)
    _ = try await it.client.make("federation_issuers/\(it.issuer)", ["jwks_polling_disabled": false])
    documents.put(try it.client.sandbox.issuer.key.publicKeySet, at: "https://keys.acme.example.com/jwks")
    #expect(try await exchange(it, "7") == 200)
  }

  @Test("are not fetched from where the discovery document must not lead")
  func misled() async throws {
    let it = try await begin()
    documents.put(["jwks_uri": "http://169.254.169.254/keys"], at: url + "/.well-known/openid-configuration")
    documents.put(try it.client.sandbox.issuer.key.publicKeySet, at: "http://169.254.169.254/keys")
    #expect(try await exchange(it, "1") == 401)
    #expect(documents.asked == [url + "/.well-known/openid-configuration"])
  }
}
