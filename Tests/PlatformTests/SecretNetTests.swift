import Platform
import Testing

@Suite("The second net for secrets")
struct SecretNetTests {
  private static let key = ["sk", "ant", "admin01", "x"].joined(separator: "-")

  @Test(
    "masks what reads like a secret, and leaves what is around it",
    arguments: [
      ("x-api-key: \(key)", "x-api-key: ••••••"),
      ("authorization: Bearer abcdefgh12345678", "authorization: •••••• ••••••"),
      ("proxy http://maya:pw@host:1/x", "proxy http://••••••@host:1/x"),
      ("password = hunter22, next", "password = ••••••, next"),
      (#"{"client_secret":"a.b.c.d.e","x":1}"#, #"{"client_secret":"••••••","x":1}"#),
      ("t eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl z", "t •••••• z"),
      ("glpat-abcdefghij0123456789", "••••••"),
      ("k Aa0Aa0Aa0Aa0Aa0Aa0Aa0Aa0Aa0Aa0Aa0Aa0Aa0Aa0 z", "k •••••• z"),
      ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nrest", "••••••\nrest"),
      ("x\nMIIE/abcdefghijklmnopqrstuvwxyz0123456789+AB\ny", "x\n••••••\ny"),
      ("-----BEGIN EC PRIVATE KEY-----\nMIIE, and cut off", "••••••"),
    ])
  func forms(text: String, masked: String) { #expect(SecretNet([]).masked(text) == masked) }

  @Test(
    "leaves what a supporter needs",
    arguments: [
      "GET /v1/organizations/service_accounts?limit=100 -> 200, 812 bytes, req_011CTxyz",
      "/home/maya/.local/share/gatehouse/default.sqlite is whole", "svac_01J9ZC2Q3W4E5R6T7Y8U9I0O1P", "the token",
      "https://api.anthropic.com answers for Acme", "2026-11-24T09:00:00Z", "token_type: ok",
    ])
  func harmless(text: String) { #expect(SecretNet([]).masked(text) == text) }

  @Test("masks what is known to be secret anywhere, in names of members too")
  func known() {
    let net = SecretNet([Secret("tea-and-biscuits"), Secret("abc")])
    let json: JSON = ["a": ["x tea-and-biscuits y", 7], "tea-and-biscuits": .null, "abc": "abc"]
    #expect(net.masked(json) == ["a": ["x •••••• y", 7], "••••••": .null, "abc": "abc"])
  }
}
