import Platform
import Testing

@Suite("JSON")
struct JSONTests {
  @Test(
    "is written back as it was read",
    arguments: [
      "null", "true", "[]", "{}", #"{"b":1,"a":[1.50,-0,1e3,123456789012345678901234567890]}"#, #""a\"\\\n\té😀""#,
      #"{"":{"":[[[null]]]}}"#,
    ])
  func roundTrip(text: String) throws { #expect(try JSON(parsing: text).compact == text) }

  @Test(
    "reads every escape",
    arguments: [
      (#""\u0041\/\b\f\r""#, "A/\u{8}\u{c}\r"), (#""\ud83d\ude00""#, "😀"), (#""é""#, "\u{e9}"), (" \n\t\r\"x\" ", "x"),
    ])
  func escapes(text: String, value: String) throws { #expect(try JSON(parsing: text) == .string(value)) }

  @Test(
    "is not what RFC 8259 does not allow",
    arguments: [
      "", " ", "nul", "tru", "01", "1.", ".5", "+1", "1e", "--1", "[1,]", "[,1]", "[1 2]", "{\"a\":1,}", "{a:1}",
      "{\"a\"}", "{\"a\" 1}", "\"\u{1}\"", "\"a", #""\x""#, #""\u12""#, #""\ud800""#, #""\ud800A""#, #""\udc00""#,
      "[1]x", "'a'", "NaN", "Infinity", "/*x*/1", "\u{FEFF}1", "[", "{", "]", "1 1",
    ])
  func mistakes(text: String) { #expect(throws: InvalidJSON.self) { try JSON(parsing: text) } }

  @Test(
    "is not what is no UTF-8",
    arguments: [[0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xC0, 0x80, 0x22]])
  func notUTF8(bytes: [UInt8]) { #expect(throws: InvalidJSON.self) { try JSON(parsing: bytes) } }

  @Test("refuses a member named twice, however it is spelt, unless told that the last wins")
  func duplicates() throws {
    let text = #"{"a":1,"\u0061":2}"#
    #expect(throws: InvalidJSON.self) { try JSON(parsing: text) }
    #expect(try JSON(parsing: text, duplicates: .lastWins)["a"]?.int == 2)
  }

  @Test("cannot be nested so deep that it ends the program")
  func depth() throws {
    let most = JSON.depthLimit
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try JSON(parsing: nested(most))
    #expect(throws: InvalidJSON.self) { try JSON(parsing: nested(most + 2)) }
    #expect(throws: InvalidJSON.self) { try JSON(parsing: String(repeating: "[", count: 1_000_000)) }
  }

  @Test("prints no character that could steer a terminal or mislead an eye")
  func harmless() {
    let hostile = "\u{1B}[2J\u{202E}\u{9B}\u{200B}\u{7F}\u{2028}\u{FEFF}"
    #expect(JSON.string(hostile).compact == #""\u001b[2J\u202e\u009b\u200b\u007f\u2028\ufeff""#)
  }

  @Test("is equal in any order of members, and not in any order of elements")
  func equality() throws {
    #expect(try JSON(parsing: #"{"a":1,"b":2}"#) == JSON(parsing: #"{"b":2,"a":1}"#))
    #expect(try JSON(parsing: "[1,2]") != JSON(parsing: "[2,1]"))
    #expect(try JSON(parsing: #"{"a":1}"#).hashValue == JSON(parsing: #"{"a":1}"#).hashValue)
  }

  @Test("is read along a path")
  func path() throws {
    let json = try JSON(parsing: #"{"a":{"b":[{"c":"x"}]},"n":null}"#)
    #expect(json.at("a.b.0.c") == "x")
    #expect(json.at("a.b.1.c") == nil && json.at("a.x") == nil && json.at("n.x") == nil)
  }

  @Test(
    "has whole numbers in any writing, within their range",
    arguments: [("1e3", 1000), ("5.0", 5), ("-7", -7), ("1.5", nil), ("9223372036854775808", nil), ("1e400", nil)])
  func whole(text: String, value: Int?) throws { #expect(try JSON(parsing: text).int == value) }
}
