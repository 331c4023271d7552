import CEL
import Testing

@Suite("The language")
struct LanguageTests {
  private func value(_ text: String, _ claims: Value = Value(object: [])) throws -> Value {
    try Expression(parsing: text).evaluate(claims: claims).get()
  }

  /// Nil when there is a value.
  private func failure(_ text: String, _ bindings: [String: Value] = [:]) throws -> Failure? {
    if case .failure(let failure) = try Expression(parsing: text).evaluate(with: bindings) { failure } else { nil }
  }

  @Test(
    "counts, compares and searches code points",
    arguments: [
      ("\"é\" == \"e\\u0301\"", false), ("\"e\\u0301x\".startsWith(\"e\")", true), ("size(\"\\r\\n\") == 2", true),
      ("\"a\\u0301\\u0323\" == \"a\\u0323\\u0301\"", false),
      ("{\"é\": 1}.size() == 1 && \"e\\u0301\" in {\"é\": 1}", false),
      ("\"\\U0001F1E9\\U0001F1EA\".size() == 2", true), ("\"\\uFFFF\" < \"\\U00010000\"", true),
      ("\"cafe\\u0301\".endsWith(\"\\u0301\")", true), ("\"abc\".contains(\"\")", true),
    ])
  func codePoints(text: String, expected: Bool) throws { #expect(try value(text) == .bool(expected)) }

  @Test(
    "takes raw text as it stands, also a backslash at its end",
    arguments: [(#"r"\" == "\\""#, true), (#"r'\d+'.size() == 3"#, true), (#"r"""a"b"""  == "a\"b""#, true)])
  func raw(text: String, expected: Bool) throws { #expect(try value(text) == .bool(expected)) }

  @Test(
    "gives the value",
    arguments: [
      ("-9223372036854775808", Value.int(.min)), ("--1", .int(1)), ("- 1", .int(-1)),
      ("0x7FFFFFFFFFFFFFFF", .int(.max)),
      (".5 + 1e2", .double(100.5)), ("5 || true", .bool(true)), ("[1, 2,]", .list([.int(1), .int(2)])),
      ("[1, 2, 3].map(x, x > 1, x * 2)", .list([.int(4), .int(6)])), ("{1: \"a\"}[1.0]", .string("a")),
      ("[1].exists(x, [2].exists(x, x == 2) && x == 1)", .bool(true)),
      ("[[1, 2]].all(x, x.all(x, x > 0))", .bool(true)),
      ("1 + 2 * 3 - 4 / 2 % 2", .int(7)), ("1 < 2 == true", .bool(true)), ("true ? 1 : 1 / 0", .int(1)),
      ("false ? 1 : true ? 2 : 3", .int(2)), ("b\"\\xff\" + b\"a\"", .bytes([0xFF, 0x61])), ("// c\n1 // d", .int(1)),
      ("google.protobuf.Timestamp", .type(.timestamp)), ("type(type(1)) == type", .bool(true)),
      ("string(1.0)", .string("1")), ("string(1e21)", .string("1e+21")), ("int(\"-5\")", .int(-5)),
      ("[2, 1].exists(x, 1 / (x - 1) > 0)", .bool(true)), ("[].all(x, x)", .bool(true)),
      ("[].exists(x, x)", .bool(false)),
      ("timestamp(\"2026-11-24T10:00:00.5+02:00\")", .timestamp(Timestamp("2026-11-24T08:00:00.5Z")!)),
      ("string(duration(\"-1h2.5s\"))", .string("-3602.5s")), ("duration(\"1h1m1.001s\").getMilliseconds()", .int(1)),
      ("timestamp(\"2050-07-01T12:00:00Z\").getHours(\"Europe/Berlin\")", .int(14)),
      ("timestamp(\"2050-01-01T12:00:00Z\").getHours(\"Europe/Berlin\")", .int(13)),
      ("timestamp(\"2026-07-01T12:00:00Z\").getHours(\"America/New_York\")", .int(8)),
      ("timestamp(\"2026-01-10T12:00:00Z\").getHours(\"Australia/Sydney\")", .int(23)),
      ("timestamp(\"1900-01-01T12:00:00Z\").getHours(\"Asia/Tokyo\")", .int(21)),
    ])
  func values(text: String, expected: Value) throws { #expect(try value(text) == expected) }

  @Test(
    "fails by class",
    arguments: [
      ("-9223372036854775808 / -1", Failure.Class.range), ("-9223372036854775808 % -1", .range),
      ("-(-9223372036854775808)", .range),
      ("9223372036854775807 + 1", .range), ("0u - 1u", .range), ("1 < 2 < 3", .noSuchOverload),
      ("1 + 1u", .noSuchOverload),
      ("1.0 % 2.0", .noSuchOverload), ("\"a\" in \"abc\"", .noSuchOverload), ("{}.a", .noSuchKey), ("1.a", .notAMap),
      ("has([].a)", .notAMap), ("[1][1]", .indexOutOfBounds), ("[1][-1]", .indexOutOfBounds),
      ("x", .undeclaredReference),
      ("int(\"x\")", .badConversion), ("int(\"9223372036854775808\")", .range), ("uint(-1)", .range),
      ("bool(\"yes\")", .badConversion), ("timestamp(\"2026-02-30T00:00:00Z\")", .range),
      ("duration(\"1\")", .badConversion),
      ("\"a\".matches(\"[\" + \"\")", .badPattern), ("timestamp(0).getHours(\"No/Where\")", .badConversion),
      ("timestamp(0).getHours(\"../../etc/passwd\")", .badConversion), ("[1].exists_one(x, 1 / 0 == x)", .divideByZero),
      ("false || 1 / 0 == 0", .divideByZero), ("{1: 1, 1u: 2}", .duplicateKey), ("1.all(x, x)", .noSuchOverload),
    ])
  func failures(text: String, kind: Failure.Class) throws { #expect(try failure(text)?.kind == kind) }

  @Test("reports the left one of two errors, at its innermost part") func innermost() throws {
    let failure = try #require(try failure("claims.a.b == 1 && claims.c == 2", ["claims": Value(object: [])]))
    #expect(failure.range == 0..<8)
  }

  @Test("reads a whole number of a token by the model asked for")
  func numberModels() {
    #expect(Value(jsonNumber: "9007199254740993", as: .int) == .int(9_007_199_254_740_993))
    #expect(Value(jsonNumber: "9007199254740993") == .double(9_007_199_254_740_992))
    #expect(Value(jsonNumber: "18446744073709551615", as: .int) == .uint(.max))
    #expect(Value(jsonNumber: "1.0", as: .int) == .double(1))
    #expect(Value(jsonNumber: "1e3", as: .int) == .double(1000))
  }

  @Test("keeps chains of && and || flat") func flat() throws {
    guard case .and(let operands) = try Expression(parsing: "a && b && c && d").root.kind else {
      Testing.Issue.record("not a chain")
      return
    }
    #expect(operands.count == 4)
  }

  @Test("lets the last of two equal claims win") func duplicates() {
    let claims = Value(object: [
      (key: "a", value: .int(1)), (key: "b", value: .int(2)), (key: "a", value: Value.int(3)),
    ])
    #expect(claims["a"] == .int(3) && claims.map?.entries.map(\.key) == [.string("a"), .string("b")])
  }
}
