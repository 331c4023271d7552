import Platform
import Testing

@testable import Federation

/// Keys are made once: an RSA key takes a while in a debug build.
private enum Keys {
  static let rsa = Result { try SigningKey(.rs256, id: "r", seed: "signature tests") }
  static let ec = Result { try SigningKey(.es256, id: "e", seed: "signature tests") }
  static func set(_ key: SigningKey) throws -> KeySet { try KeySet(json: key.publicKeySet) }
}

@Suite("Signatures")
struct SignatureTests {
  static let claims: JSON.Object = ["iss": "https://idp.example.com", "sub": "é\u{1F512}"]

  @Test("made by another implementation, in every algorithm, are good, and bad when a character changes")
  func interoperates() throws {
    let fixture = try Fixture.json("pyjwt.json")
    let keys = try KeySet(json: fixture)
    let tokens = try #require(fixture["tokens"]?.array)
    #expect(Set(tokens.compactMap { $0["alg"]?.string }) == Set(Algorithm.allCases.map(\.rawValue)))
    for entry in tokens {
      let token = try Token(try #require(entry["token"]?.string))
      #expect(keys.checks(of: token).failing == [], "\(entry["alg"]?.string ?? "")")
      #expect(token.claims.subject == "workload:acme/größe")
      var signature = token.signed.signature
      signature[signature.count / 2] ^= 1
      #expect(keys.checks(of: try token.signed(with: signature)).failing == ["signature"])
    }
  }

  @Test("of an RSA key with 1024 bits are refused however good")
  func shortKey() throws {
    let fixture = try Fixture.json("pyjwt.json")
    let token = try Token(try #require(fixture.at("refused.0.token")?.string))
    let check = try #require(KeySet(json: fixture).checks(of: token)["signature"])
    #expect(check.failed && check.note == "the key has 1024 bits, and 2048 are the least that is safe")
  }

  @Test("of the RFC's own examples are good")
  func standardExamples() throws {
    let examples = try Fixture.json("rfc7515.json")
    for example in try #require(examples.array) {
      let keys = try KeySet(json: [try #require(example["key"])])
      let key = try #require(keys.keys.first)
      let parts = try #require(example["token"]?.string).split(separator: ".").map(String.init)
      let algorithm = try #require(Algorithm(rawValue: example["alg"]?.string ?? ""))
      let signature = try #require(Base64URL.decode(Array(parts[2].utf8)))
      let message = Array((parts[0] + "." + parts[1]).utf8)
      #expect(key.isValid(signature, for: message, by: algorithm))
      #expect(!key.isValid(signature, for: message + [0], by: algorithm))
    }
  }

  @Test("made here are good here, in every algorithm", arguments: Algorithm.allCases)
  func roundTrip(algorithm: Algorithm) throws {
    let key = try algorithm.curve == nil ? Keys.rsa.get() : SigningKey(algorithm, id: "r", seed: "round trip")
    let token = try Token(key.sign(Self.claims, algorithm: algorithm, id: "r"))
    var jwk = try #require(key.publicJWK.object)
    jwk["alg"] = .string(algorithm.rawValue)
    jwk["kid"] = "r"
    #expect(try KeySet(json: [.object(jwk)]).checks(of: token).failing == [])
    #expect(token.header["typ"] == "JWT" && token.claims.members == Self.claims)
  }

  @Test("of ECDSA have one exact length and no zero half")
  func ellipticLengths() throws {
    let key = try Keys.ec.get()
    let keys = try Keys.set(key)
    let token = try Token(key.sign(Self.claims))
    let good = token.signed.signature
    let (r, s) = (Array(good.prefix(32)), Array(good.suffix(32)))
    let zero = [UInt8](repeating: 0, count: 32)
    let order: [UInt8] = [
      0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA, 0xAD, 0xA7,
      0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
    ]
    // ASN.1, as other formats have it: SEQUENCE { INTEGER r, INTEGER s }, with a leading zero each.
    let der: [UInt8] = [0x30, 70, 0x02, 33, 0] + r + [0x02, 33, 0] + s
    let bad: [[UInt8]] = [
      [], zero + zero, r + zero, zero + s, s + r, Array(good.dropLast()), good + [0], [0] + good,
      [0] + r + [0] + s, order + s, r + order, r, der, zero + order, [UInt8](repeating: 0xFF, count: 64),
    ]
    for signature in bad {
      #expect(keys.checks(of: try token.signed(with: signature)).failing == ["signature"])
    }
    #expect(keys.checks(of: token).failing == [])
  }

  @Test("in another form than the algorithm's are refused, though the right key made them")
  func oddForms() throws {
    let fixture = try Fixture.json("odd-signatures.json")
    let keys = try KeySet(json: fixture)
    for (list, failing) in [("accepted", []), ("refused", ["signature"])] {
      for entry in try #require(fixture[list]?.array) {
        let token = try Token(try #require(entry["token"]?.string))
        #expect(keys.checks(of: token).failing == failing, "\(entry["name"]?.string ?? "")")
      }
    }
  }

  @Test("of RSA have the key's length")
  func rsaLengths() throws {
    let key = try Keys.rsa.get()
    let keys = try Keys.set(key)
    let token = try Token(key.sign(Self.claims))
    let good = token.signed.signature
    let bad: [[UInt8]] = [
      [], [0], [1], Array(good.dropLast()), Array(good.dropFirst()), good + [0], [0] + good,
      [UInt8](repeating: 0, count: 256), [UInt8](repeating: 0xFF, count: 256), Array(good.reversed()),
    ]
    for signature in bad {
      #expect(keys.checks(of: try token.signed(with: signature)).failing == ["signature"])
    }
  }

  @Test("of one padding or digest do not pass for another, whatever the header says")
  func confusedAlgorithms() throws {
    let key = try Keys.rsa.get()
    var jwk = try #require(key.publicJWK.object)
    jwk["alg"] = nil
    let keys = try KeySet(json: [.object(jwk)])
    for made in Algorithm.allCases where made.curve == nil {
      for said in Algorithm.allCases {
        let header: JSON.Object = ["alg": .string(said.rawValue), "kid": "r"]
        let token = try Token(key.sign(header: header, Self.claims, by: made))
        #expect(keys.checks(of: token).failing == (made == said ? [] : ["signature"]))
      }
    }
  }

  @Test("by an algorithm other than the key's own are refused even when they fit")
  func keyDecides() throws {
    let key = try Keys.rsa.get()
    let token = try Token(key.sign(Self.claims, algorithm: .ps256))
    let check = try #require(Keys.set(key).checks(of: token)["signature"])
    #expect(check.failed && check.note == "the key is for RS256 only, and the token says PS256")
  }

  @Test(
    "by a shared secret or by nobody are refused", arguments: ["none", "None", "HS256", "HS512", "rs256", "EdDSA", ""])
  func refusedAlgorithms(name: String) throws {
    let key = try Keys.rsa.get()
    let header: JSON.Object = ["alg": .string(name), "kid": "r"]
    let token = try Token(key.sign(header: header, Self.claims, by: .rs256))
    let checks = try Keys.set(key).checks(of: token)
    #expect(checks.failing == ["alg", "signature"] && checks["alg"]?.reason == .unsupportedAlgorithm)
    #expect(try Keys.set(key).checks(of: token.signed(with: [])).failing == ["alg", "signature"])
  }

  @Test("made with the public key as the secret of an HMAC are refused")
  func publicKeyAsSecret() throws {
    let fixture = try Fixture.json("confusion.json")
    for text in try #require(fixture["tokens"]?.array).compactMap(\.string) {
      #expect(try KeySet(json: fixture).checks(of: Token(text)).failing.first == "alg")
    }
  }

  @Test("by a shared secret in the key set are refused")
  func sharedSecret() throws {
    let keys = try KeySet(json: [["kty": "oct", "kid": "k", "k": "c2VjcmV0"]])
    #expect(keys.checks(of: try Token(claims: "{}")).failing == ["signature"])
    #expect(keys.keys.first?.isPrivate == true)
  }

  @Test("of a token with critical header parameters are refused")
  func criticalParameters() throws {
    let key = try Keys.rsa.get()
    let header: JSON.Object = ["alg": "RS256", "kid": "r", "crit": ["b64"], "b64": false]
    let token = try Token(key.sign(header: header, Self.claims, by: .rs256))
    #expect(try Keys.set(key).checks(of: token).failing == ["alg"])
  }

  @Test("are never verified with a key that the token brings along")
  func embeddedKey() throws {
    let (key, forger) = (try Keys.rsa.get(), try SigningKey(.rs256, id: "r", seed: "forger"))
    for extra: JSON.Object in [
      ["jwk": forger.publicJWK], ["jku": "https://evil.example.com/jwks"], ["x5c": ["MII"]],
      ["x5u": "https://evil.example.com"],
    ] {
      var header: JSON.Object = ["alg": "RS256", "kid": "r"]
      for (name, value) in extra { header[name] = value }
      let token = try Token(forger.sign(header: header, Self.claims, by: .rs256))
      #expect(try Keys.set(key).checks(of: token).failing == ["signature"])
    }
  }

  @Test("need a kid that the set knows")
  func keyIDs() throws {
    let key = try Keys.rsa.get()
    let keys = try Keys.set(key)
    func reason(_ header: JSON.Object) throws -> DenialReason? {
      keys.checks(of: try Token(key.sign(header: header, Self.claims, by: .rs256)))["kid"]?.reason
    }
    #expect(try reason(["alg": "RS256"]) == .missingKeyID)
    #expect(try reason(["alg": "RS256", "kid": 7]) == .missingKeyID)
    #expect(try reason(["alg": "RS256", "kid": "R"]) == .unknownKeyID)
    #expect(try reason(["alg": "RS256", "kid": "r"]) == nil)
  }

  @Test("are tried with every key of the kid that fits")
  func sharedKeyID() throws {
    let (rsa, ec) = (try Keys.rsa.get(), try Keys.ec.get())
    let other = try SigningKey(.rs256, id: "r", seed: "another")
    let keys = try KeySet(json: [ec.publicJWK, other.publicJWK, rsa.publicJWK])
    #expect(keys.checks(of: try Token(rsa.sign(Self.claims))).failing == [])
    #expect(keys.checks(of: try Token(ec.sign(Self.claims, id: "r"))).failing == ["signature"])
  }
}

@Suite("Signing keys")
struct SigningKeyTests {
  @Test("from one seed are one key, from two seeds two", arguments: [Algorithm.rs256, .es256, .es384, .es512])
  func seeded(algorithm: Algorithm) throws {
    let (first, again) = (try SigningKey(algorithm, seed: "7"), try SigningKey(algorithm, seed: "7"))
    #expect(first.publicJWK == again.publicJWK && first.id == again.id)
    #expect(first.privatePEM == again.privatePEM)
    #expect(try SigningKey(algorithm, seed: "8").publicJWK != first.publicJWK)
    #expect(try SigningKey(algorithm).publicJWK != SigningKey(algorithm).publicJWK)
  }

  @Test("go through PEM unchanged", arguments: [Algorithm.ps384, .es256, .es512])
  func pem(algorithm: Algorithm) throws {
    let key = try SigningKey(algorithm, id: "k", seed: "pem")
    let read = try SigningKey(pem: key.privatePEM, algorithm: algorithm, id: "k")
    #expect(read.publicJWK == key.publicJWK)
    #expect(key.privatePEM.expose { $0.hasPrefix("-----BEGIN PRIVATE KEY-----\n") })
    #expect(try SigningKey(pem: key.privatePEM).algorithm == (algorithm == .ps384 ? .rs256 : algorithm))
  }

  @Test("say what is wrong with a text that is none")
  func notPEM() throws {
    #expect(throws: UnusableKey.notPEM) { try SigningKey(pem: Secret("-----BEGIN PRIVATE KEY-----\nAA\n")) }
    let key = try SigningKey(.es256, seed: "x")
    #expect(throws: UnusableKey.unfit(.rs256)) { try SigningKey(pem: key.privatePEM, algorithm: .rs256) }
    #expect(throws: UnusableKey.unfit(.es384)) { try key.sign([:], algorithm: .es384) }
  }

  @Test("have the thumbprint of RFC 7638 for a name")
  func thumbprint() throws {
    // RFC 7638 §3.1 has an RSA key; what is hashed there is e, kty and n in this order.
    let key = try SigningKey(.rs256, seed: "thumb")
    let jwk = key.publicJWK
    let text = #"{"e":"\#(jwk["e"]?.string ?? "")","kty":"RSA","n":"\#(jwk["n"]?.string ?? "")"}"#
    #expect(key.id == Base64URL.encode(Digest.sha256(Array(text.utf8))))
  }

  @Test("keep their private half to themselves")
  func secrecy() throws {
    let key = try SigningKey(.es256, seed: "quiet")
    #expect(key.publicJWK["d"] == nil && "\(key.privatePEM)" == "••••••")
    #expect(try KeySet(json: key.publicKeySet).keys.first?.isPrivate == false)
  }
}
