import Platform
import Testing

@testable import Federation

@Suite("Key sets")
struct KeySetTests {
  static let ec = Result { try SigningKey(.es256, id: "e", seed: "key sets").publicJWK }

  /// The key with some members changed; nil takes one away.
  static func changed(_ changes: [String: JSON?]) throws -> KeySet.Key {
    var members = try #require(ec.get().object)
    for (name, value) in changes { members[name] = value }
    return try #require(KeySet(json: [.object(members)]).keys.first)
  }

  @Test("are a list or an object with keys", arguments: ["[]", #"{"keys":[]}"#, #"{"keys":[],"other":1}"#])
  func shapes(text: String) throws { #expect(try KeySet(parsing: text.utf8).keys.isEmpty) }

  @Test(
    "are nothing else",
    arguments: [
      ("{}", .notASet), (#"{"keys":{}}"#, .notASet), ("7", .notASet), (#"{"kty":"EC"}"#, .singleKey),
    ] as [(String, UnreadableKeySet)])
  func otherShapes(text: String, mistake: UnreadableKeySet) {
    #expect(throws: mistake) { try KeySet(parsing: text.utf8) }
  }

  @Test("are refused when a member is there twice, or they are too long")
  func refused() throws {
    #expect(throws: UnreadableKeySet.self) { try KeySet(parsing: #"{"keys":[],"keys":[]}"#.utf8) }
    #expect(throws: UnreadableKeySet.tooLong(KeySet.sizeLimit + 1)) {
      try KeySet(parsing: [UInt8](repeating: 0x20, count: KeySet.sizeLimit + 1))
    }
    #expect(throws: UnreadableKeySet.self) { try KeySet(parsing: String(repeating: "[", count: 100_000).utf8) }
  }

  @Test(
    "keep a key that cannot be used, and say why",
    arguments: [
      (["use": "enc"], "the key is for enc, not for signatures (use)"),
      (["key_ops": ["sign"]], "the key is not for verifying (key_ops)"),
      (["kty": "OKP"], "the key is of the type OKP, which no accepted algorithm uses"),
      (["kty": nil as JSON?], "the key has no type (kty)"),
      (["kty": "ec"], "the key is of the type ec, which no accepted algorithm uses"),
      (["crv": "secp256k1"], "the key is on a curve other than P-256, P-384 and P-521"),
      (["crv": "P-384"], "the key is not a point on P-384"),
      (["x": "AA"], "the key is not a point on P-256"),
      (["y": nil as JSON?], "the key is not a point on P-256"),
      (["x": 7], "the key is not a point on P-256"),
      (["kty": "RSA"], "the key is not a well-formed RSA key"),
      (["kty": "RSA", "n": "", "e": "AQAB"], "the key is not a well-formed RSA key"),
      (["kty": "RSA", "n": "AQAB", "e": "AQAB"], "the key has 17 bits, and 2048 are the least that is safe"),
      (["kty": "RSA", "n": "AQAB", "e": "AQ"], "the key is not a well-formed RSA key"),
      (["kty": "RSA", "n": "AQAB", "e": "AQAB="], "the key is not a well-formed RSA key"),
    ] as [([String: JSON?], String)])
  func faults(changes: [String: JSON?], fault: String) throws {
    let key = try Self.changed(changes)
    #expect(key.fault == fault && key.id == "e")
    #expect(Algorithm.allCases.allSatisfy { key.fault(for: $0) == fault })
  }

  @Test("hold points that are on their curve")
  func offCurve() throws {
    let good = try Self.changed([:])
    #expect(good.fault == nil)
    var y = try #require(Base64URL.decode(Array((good.json["y"]?.string ?? "").utf8)))
    y[31] ^= 1
    #expect(try Self.changed(["y": .string(Base64URL.encode(y))]).fault == "the key is not a point on P-256")
    let zero = JSON.string(Base64URL.encode([UInt8](repeating: 0, count: 32)))
    #expect(try Self.changed(["x": zero, "y": zero]).fault == "the key is not a point on P-256")
  }

  @Test("let a key verify with the algorithms of its kind, curve and alg only")
  func binding() throws {
    func usable(_ key: KeySet.Key) -> [Algorithm] { Algorithm.allCases.filter { key.fault(for: $0) == nil } }
    #expect(usable(try Self.changed([:])) == [.es256])
    #expect(usable(try Self.changed(["alg": nil as JSON?])) == [.es256])
    #expect(usable(try Self.changed(["alg": .null, "use": .null])) == [.es256])
    #expect(usable(try Self.changed(["alg": "ES384"])) == [])
    #expect(usable(try Self.changed(["key_ops": ["verify"], "use": nil as JSON?])) == [.es256])
    let set = try KeySet(json: Fixture.json("pyjwt.json"))
    let rsa = try #require(set.keys.first { $0.id == "rsa-2048" })
    #expect(usable(rsa) == [.rs256, .rs384, .rs512, .ps256, .ps384, .ps512])
    #expect(rsa.fault(for: .es256) == "ES256 needs an EC key on P-256, and the key is an RSA key")
  }

  @Test("stay usable beside a key that is not")
  func oneBadKey() throws {
    let key = try SigningKey(.es256, id: "e", seed: "key sets")
    let keys = try KeySet(json: [7, ["kty": "RSA"], ["kid": "e"], key.publicJWK, nil])
    #expect(keys.keys.count == 5)
    #expect(keys.checks(of: try Token(key.sign([:]))).failing == [])
  }

  @Test("survive whatever bytes come")
  func fuzz() throws {
    var random = Seeded(state: 2)
    let seed = Array(try KeySet(json: [Self.ec.get(), ["kty": "RSA", "n": "AQAB", "e": "AQAB"]]).json.compact.utf8)
    let token = try Token(SigningKey(.es256, id: "e", seed: "key sets").sign([:]))
    var (read, verified) = (0, 0)
    for _ in 0..<3000 {
      var bytes = seed
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(contentsOf: Array(#"{"[,]:eE0"#.utf8).shuffled(using: &random).prefix(1), at: place)
        default: bytes[place] = UInt8.random(in: 0x20...0x7E, using: &random)
        }
      }
      guard let keys = try? KeySet(parsing: bytes) else { continue }
      read += 1
      if keys.checks(of: token).failing.isEmpty {
        verified += 1
        // Only the very key may verify.
        #expect(keys.keys.contains { $0.json["x"] == (try? Self.ec.get())?["x"] && $0.id == "e" })
      }
    }
    #expect(read > 500 && verified > 200 && verified < read)
  }
}
