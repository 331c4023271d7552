import Foundation
import Platform
import Testing

@testable import Federation

@Suite("Reading tokens")
struct TokenTests {
  /// RFC 7519 §3.1 (HS256) and §6.1 (unsecured).
  static let standardExamples = [
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.",
  ]

  @Test("reads the RFC's examples, and accepts neither", arguments: standardExamples)
  func standard(text: String) throws {
    let token = try Token(text)
    #expect(token.claims.issuer == "joe" && token.claims.seconds("exp") == 1_300_819_380)
    #expect(token.claims["http://example.com/is_root"] == true)
    let keys = try KeySet(json: [])
    #expect(keys.checks(of: token).failing == ["alg", "kid", "signature"])
  }

  @Test("takes base64url in its one strict form")
  func base64() {
    for count in 0..<70 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ 7) }
      let text = Base64URL.encode(bytes)
      let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
      let usual = Data(bytes).base64EncodedString()
        .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
      #expect(text + padding == usual && Base64URL.decode(Array(text.utf8)) == bytes)
    }
    for bad in ["A", "AAAAA", "AA==", "AAA=", "AB", "AAB", "A A", "AA\n", "AA+A", "AA/A", "AÄ", "\u{0}AAA", "AAAA="] {
      #expect(Base64URL.decode(Array(bad.utf8)) == nil, "\(bad)")
    }
  }

  @Test("says which part is wrong")
  func malformed() throws {
    let header = Base64URL.encode(Array(#"{"alg":"RS256"}"#.utf8))
    let table: [(String, UnreadableToken)] = [
      ("", .partCount(1)), ("a.b", .partCount(2)), ("a.b.c.d", .partCount(4)), ("a.b.c.d.e", .encrypted),
      (header + "=.e30.AA", .notBase64URL(.header)), (header + ".e30=.AA", .notBase64URL(.claims)),
      (header + ".e30.AB", .notBase64URL(.signature)), (header + ".e30.A A", .notBase64URL(.signature)),
      (header + ".W10.AA", .notAnObject(.claims)), ("MQ.e30.AA", .notAnObject(.header)),
      (" " + header + ".e30.AA", .notBase64URL(.header)), (header + ".e30.AA\n", .notBase64URL(.signature)),
    ]
    for (text, expected) in table { #expect(throws: expected) { try Token(text) } }
    #expect(try Token(header + ".e30.").claims.members.isEmpty)
  }

  @Test(
    "refuses what can be read in two ways",
    arguments: [
      #"{"sub":"a","sub":"b"}"#, #"{"sub":"a","\u0073ub":"b"}"#, #"{"a":{"b":1,"b":1}}"#, #"{"sub":"a"}{"sub":"b"}"#,
      #"{"sub":"a",}"#, #"{"sub":'a'}"#, #"{"sub":"a"} //"#, "\u{FEFF}{}", #"{"sub":"\ud800"}"#, #"{"exp":01}"#,
      #"{"exp":NaN}"#, #"{"exp":Infinity}"#, #"{"exp":+1}"#, "{\"sub\":\"a\u{0}\"}",
    ])
  func ambiguous(claims: String) {
    #expect(throws: UnreadableToken.self) { try Token(claims: claims) }
    #expect(throws: UnreadableToken.self) { try Token(header: claims, claims: "{}") }
  }

  @Test("refuses text that is not UTF-8")
  func encoding() {
    for bytes: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82]] {
      let claims = Array(#"{"sub":""#.utf8) + bytes + Array(#""}"#.utf8)
      let text = ["e30", Base64URL.encode(claims), "AA"].joined(separator: ".")
      #expect(throws: UnreadableToken.self) { try Token(text) }
    }
  }

  @Test("takes 16 KiB and not a byte more")
  func size() throws {
    let start = "e30.e30."
    let room = Token.sizeLimit - start.utf8.count
    #expect(throws: Never.self) { try Token(start + String(repeating: "A", count: room)) }
    #expect(throws: UnreadableToken.tooLong(Token.sizeLimit + 4)) {
      try Token(start + String(repeating: "A", count: room + 4))
    }
  }

  @Test("is not brought down by nesting", arguments: ["[", "{\"a\":", "[{\"a\":"])
  func nesting(opening: String) {
    let count = 9000 / opening.utf8.count
    let claims = "{\"a\":" + String(repeating: opening, count: count)
    #expect(throws: UnreadableToken.self) { try Token(claims: claims) }
  }

  @Test("forgives what comes with a pasted token", arguments: ["\n %@ \r\n", "Bearer %@\n", "\tBearer  %@"])
  func pasted(form: String) throws {
    let text = "e30.e30.AA"
    let pasted = form.replacingOccurrences(of: "%@", with: text)
    #expect(try Token(pasted: Secret(pasted)).text == Secret(text))
    #expect(throws: UnreadableToken.self) { try Token(pasted) }
  }

  @Test("shows nothing of itself when it is printed")
  func secrecy() throws {
    let token = try Token(Self.standardExamples[0])
    #expect(!"\(token) \(String(reflecting: token))".contains("eyJ"))
    var dumped = ""
    dump(token, to: &dumped)
    #expect(!dumped.contains("eyJ") && !dumped.contains("dBjftJ"))
  }

  @Test("finds a claim by its bytes, not by how its name looks")
  func claimNames() throws {
    let claims = try Token(claims: #"{"caf\u00e9":"1"}"#).claims
    #expect(claims["caf\u{E9}"] == "1" && claims["cafe\u{301}"] == nil)
  }

  @Test(
    "takes only a finite number for a time",
    arguments: [
      ("1790000000", 1_790_000_000), ("1790000000.5", 1_790_000_000.5), ("1.79e9", 1_790_000_000), ("-1", -1),
      ("1e999", nil), ("\"1790000000\"", nil), ("null", nil), ("true", nil), ("[1]", nil),
    ] as [(String, Double?)])
  func times(text: String, expected: Double?) throws {
    #expect(try Token(claims: "{\"exp\":\(text)}").claims.seconds("exp") == expected)
  }

  @Test("survives whatever bytes come, and reads only what it could write again")
  func fuzz() throws {
    var random = Seeded(state: 1)
    let seeds = Self.standardExamples + ["e30.e30.", try Fixture.json("pyjwt.json").at("tokens.0.token")?.string ?? ""]
    var read = 0
    for round in 0..<4000 {
      var bytes = Array(seeds[round % seeds.count].utf8)
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0 where place < bytes.count: bytes.remove(at: place)
        case 1: bytes.insert(contentsOf: Array("eyJ.=-_\u{0}".utf8).shuffled(using: &random).prefix(2), at: place)
        case 2 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &random)
        default: bytes = Array(bytes[..<place])
        }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      guard let token = try? Token(text) else { continue }
      read += 1
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      #expect(Base64URL.encode(token.signed.signature) == parts[2])
      #expect(try JSON(parsing: token.claims.json.compact) == token.claims.json)
    }
    #expect(read > 400)
  }
}

@Suite("The times in a token")
struct TimeTests {
  static let now = Date(timeIntervalSince1970: 1_790_000_000)

  func failing(_ claims: String, limit: Int = 3600) throws -> [String] {
    try Token(claims: claims).claims.timeChecks(now: Self.now, lifetimeLimit: limit).failing
  }

  @Test(
    "have 30 seconds of leeway, and not one more",
    arguments: [
      (0, 300, nil, []), (30, 330, nil, []), (31, 330, nil, ["iat"]), (-300, -29, nil, []), (-300, -30, nil, ["exp"]),
      (-300, -31, nil, ["exp"]), (0, 300, 30, []), (0, 300, 31, ["nbf"]), (0, 300, -600, []),
      (40, 3000, 40, ["iat", "nbf"]),
    ] as [(Int, Int, Int?, [String])])
  func leeway(issued: Int, expiry: Int, start: Int?, expected: [String]) throws {
    let base = 1_790_000_000
    let notBefore = start.map { ",\"nbf\":\(base + $0)" } ?? ""
    #expect(try failing("{\"sub\":\"a\",\"iat\":\(base + issued),\"exp\":\(base + expiry)\(notBefore)}") == expected)
  }

  @Test(
    "are limited by the issuer",
    arguments: [(3600, []), (3600.5, ["lifetime"]), (3601, ["lifetime"])] as [(Double, [String])])
  func lifetime(seconds: Double, expected: [String]) throws {
    #expect(try failing("{\"sub\":\"a\",\"iat\":1790000000,\"exp\":\(1_790_000_000 + seconds)}") == expected)
  }

  @Test("must be there, and be numbers")
  func missing() throws {
    #expect(try failing("{}") == ["sub", "iat", "exp"])
    #expect(try failing(#"{"sub":1,"iat":"1790000000","exp":null,"nbf":"x"}"#) == ["sub", "iat", "exp", "nbf"])
    let checks = try Token(claims: #"{"sub":"a","iat":1790000000}"#).claims.timeChecks(now: Self.now, lifetimeLimit: 1)
    #expect(checks["exp"]?.reason == .missingClaim && checks["exp"]?.note == "the token has no exp")
  }

  @Test(
    "say how far off they are",
    arguments: [
      ("exp", 1_789_999_900, "expired 100 s ago: fetch a new token for every exchange"),
      ("exp", 1_789_990_000, "expired 3 h ago: fetch a new token for every exchange"),
      ("iat", 1_790_000_600, "issued 10 min in the future: one of the two clocks is wrong"),
      ("iat", 1_790_000_000_000, "this is milliseconds; it must be seconds"),
    ])
  func notes(claim: String, value: Int, note: String) throws {
    let claims = try Token(claims: "{\"\(claim)\":\(value)}").claims
    #expect(claims.timeChecks(now: Self.now, lifetimeLimit: 3600)[claim]?.note == note)
  }

  @Test("of any size are shown without harm", arguments: ["1e300", "-1e300", "253402300800", "-5", "0.5"])
  func anySize(text: String) throws {
    let claims = try Token(claims: "{\"sub\":\"a\",\"iat\":\(text),\"exp\":\(text),\"nbf\":\(text)}").claims
    #expect(claims.timeChecks(now: Self.now, lifetimeLimit: 3600).count == 5)
  }
}
