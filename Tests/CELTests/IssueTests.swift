import CEL
import Testing

@Suite("Issues")
struct IssueTests {
  @Test("render the line, a caret and a remedy") func rendering() throws {
    let issue = try #require(Expression.issues(inCondition: "claims.sub = \"repo:acme/app:pull_request\"").first)
    #expect(
      issue.rendering == """
        1:12: error: '=' is not an operator
          claims.sub = "repo:acme/app:pull_request"
                     ^
          hint: use == to compare
        """)
  }

  @Test(
    "point at the mistake and say what to write",
    arguments: [
      ("claims.a === 1", 1, 10, "===", "use == to compare"), ("claims.a & claims.b", 1, 10, "&", "use && for both"),
      ("claims.a or claims.b", 1, 10, "or", "use || for either"), ("not claims.a", 1, 1, "not", "use ! to negate"),
      ("not(claims.a)", 1, 1, "not", "use ! to negate"), ("if claims.a", 1, 1, "if", "use condition ? a : b"),
      ("(claims.a = 1)", 1, 11, "=", "use == to compare"), ("claims.a == 'x", 1, 13, "'x", "close it"),
      ("claims.a.lowerCase() == 'x'", 1, 10, "lowerCase", "an extension has lowerAscii()"),
      ("claims.a.startswith('x')", 1, 10, "startswith", "did you mean startsWith()?"),
      ("startsWith(claims.a, 'x')", 1, 1, "startsWith", "text.startsWith"),
      ("claims.a.size(1) == 1", 1, 10, "size", "size(x)"),
      ("claims.sub.startsWith(5)", 1, 12, "startsWith", "startsWith"), ("1 == 'a'", 1, 3, "==", "use string(1)"),
      ("'a' in 'abc'", 1, 5, "in", "contains()"), ("!'s'", 1, 1, "!", ""), ("sub == 'a'", 1, 1, "sub", "claims.sub"),
      ("claims.a.matches('*.x')", 1, 18, "'*.x'", "no glob"), ("claims.a == `x`", 1, 13, "`x`", "index form"),
      ("timestamp('x') == timestamp(0)", 1, 11, "'x'", ""), ("claims.a && 'x'", 1, 10, "&&", "true or false"),
      ("claims.all(1, true)", 1, 12, "1", ""), ("claims.a\r\n&& claims.b == ]", 2, 16, "]", ""),
      ("{'a': 1, 'a': 2}.a == 1", 1, 10, "'a'", ""),
      ("claims.a == 9223372036854775808", 1, 13, "9223372036854775808", ""),
      ("claims.sub startsWith 'x'", 1, 12, "startsWith", "text.startsWith"), ("Name{a: 1}", 1, 1, "Name{", ""),
      ("claims.?a", 1, 8, "?", ""), ("1x", 1, 1, "1x", ""),
      ("claims.a == \u{A0}1", 1, 13, "\u{A0}", ""),
    ])
  func mistakes(text: String, line: Int, column: Int, span: String, remedy: String) throws {
    let issue = try #require(Expression.issues(inCondition: text).first { $0.severity == .error }, "\(text)")
    #expect([issue.line, issue.column] == [line, column], "\(issue.rendering)")
    #expect(String(decoding: Array(text.utf8)[issue.range], as: UTF8.self) == span, "\(issue.rendering)")
    #expect(remedy.isEmpty || issue.remedy?.contains(remedy) ?? false, "\(issue.rendering)")
  }

  @Test(
    "say where a text ends too early",
    arguments: [
      ("", 1, 1), ("claims.a ==", 1, 12), ("claims.a == \n", 2, 1), ("(claims.a", 1, 10), ("claims.a ? 1", 1, 13),
    ])
  func ends(text: String, line: Int, column: Int) throws {
    let issue = try #require(Expression.issues(inCondition: text).first)
    #expect(issue.position == Position(line: line, column: column) && issue.length == 0)
  }

  @Test("show of a long line what stands around the place") func longLine() throws {
    let names = String(repeating: "claims.a && ", count: 20)
    let issue = try #require(Expression.issues(inCondition: names + "x && " + names + "claims.b").first)
    let lines = issue.rendering.split(separator: "\n").map(String.init)
    #expect(lines[1].unicodeScalars.count <= 100 && lines[1].hasPrefix("  …") && lines[1].hasSuffix("…"))
    let caret = try #require(lines[2].firstIndex(of: "^")).utf16Offset(in: lines[2])
    #expect(Array(lines[1])[caret] == "x")
  }

  @Test("note where the bracket stands that was never closed") func note() throws {
    let issue = try #require(Expression.issues(inCondition: "claims.a.startsWith(\"s\"").first)
    #expect(issue.note?.position == Position(line: 1, column: 20))
  }

  @Test("count columns in code points") func columns() throws {
    let issue = try #require(Expression.issues(inCondition: "claims.a == \"é😀\" = 1").first)
    #expect(issue.column == 18)
  }

  @Test("collect what is independent") func several() {
    let issues = Expression.issues(inCondition: "foo == 1 && claims.a.bar() && \"a\" + 1 == \"b\"")
    #expect(issues.map(\.code) == [.undeclaredName, .unknownFunction, .noOverload])
  }

  @Test(
    "find conditions that are the same for every token",
    arguments: [
      ("true", CEL.Issue.Severity.error), ("1 == 1", .error), ("claims.a == 1 || true", .error),
      ("!(claims.a == 1 && false)", .error),
      ("[1].exists(x, x == 1)", .error), ("true ? 1 < 2 : claims.a", .error), ("false", .warning),
      ("claims.a && false", .warning),
      ("1 / 0 == 1", .warning),
    ])
  func constant(text: String, severity: CEL.Issue.Severity) {
    #expect(Expression.issues(inCondition: text).map(\.code) == [.constant])
    #expect(Expression.issues(inCondition: text).map(\.severity) == [severity])
  }

  @Test(
    "find what depends on how numbers are read",
    arguments: [
      ("claims.iat + 600 > claims.exp", true), ("claims.n % 2 == 0", true), ("type(claims.n) == int", true),
      ("string(claims.n) == \"5\"", true), ("claims.n == 9007199254740993", true),
      ("claims.n in [1, 9007199254740993]", true),
      ("claims.exp - claims.iat <= 600", false), ("int(claims.iat) + 60 > 0", false), ("claims.n == 5", false),
      ("claims.a + \"x\" == \"ax\"", false),
    ])
  func numberModel(text: String, isFound: Bool) {
    #expect(Expression.issues(inCondition: text).contains { $0.code == .numberModel } == isFound)
  }

  @Test("warn of a result that is known only with a token") func dynResult() {
    let issues = Expression.issues(inCondition: "claims.email_verified")
    #expect(issues.map(\.code) == [.dynResult])
    #expect(issues.first?.remedy == "write claims.email_verified == true")
  }

  @Test(
    "find what lets in more than it seems to, of any issuer",
    arguments: [
      ("claims.sub.startsWith('repo:acme')", CEL.Issue.Code.openPrefix),
      ("claims.a.startsWith('x' + 'y')", .openPrefix),
      ("claims.email.endsWith('acme.com')", .openSuffix), ("claims.a.contains('acme')", .substring),
      ("claims.a.matches('acme')", .unanchoredRegex), ("claims.a.matches('^a|b$')", .unanchoredRegex),
      ("claims.a.matches('^acme.com$')", .regexDot), ("claims.a.matches('^v[0-9]+.[0-9]+$')", .regexDot),
      ("claims.a.matches('^acme/*$')", .globAsRegex), ("claims.a.matches('^acme.*$')", .openPrefix),
      ("claims.a != 'x'", .negationOnly), ("!(claims.a in ['x'])", .negationOnly),
      ("claims.a == 'x' && claims.b == 'y' || claims.c == 'z'", .orEscape),
      ("claims.g.all(x, x == 'a')", .alwaysTrueOnEmpty),
      ("claims.sub != ''", .alwaysTrue), ("claims.sub.size() > 0 || claims.a == 'x'", .alwaysTrue),
      ("claims.a == 'x' || claims.a != 'x'", .alwaysTrue), ("claims.sub == claims.sub", .alwaysTrue),
      ("claims.a == 'x' && claims.a == 'y'", .alwaysFalse),
      ("claims.a in ['x', 'y'] && claims.a.startsWith('z')", .alwaysFalse),
      ("claims.a.lowerAscii() == 'x'", .unknownFunction), ("claims.a == 'x'", .useStatic),
    ])
  func suspicions(text: String, code: CEL.Issue.Code) {
    let issues = Expression.issues(inCondition: text)
    #expect(issues.contains { $0.code == code }, "\(issues.map(\.rendering))")
    #expect(issues.allSatisfy { $0.severity < .error })
  }

  @Test(
    "leave alone what says what it means",
    arguments: [
      "claims.sub.startsWith('repo:acme/')", "claims.email.endsWith('@acme.com')",
      "claims.a.matches('^(acme|globex)/[^/]+$')",
      "claims.a.matches('^refs/heads/release-[0-9]+[.][0-9]+$')", "claims.ref == 'a' || claims.ref == 'b'",
      "'x' in claims.groups", "claims.a == 'x' && (claims.b == 'y' || claims.c == 'z')",
      "[].all(x, x) && claims.a == 'x'",
      "claims.a.matches('^repo:acme/.*$')", "int(claims.iat) + 60 > int(claims.exp)",
    ])
  func innocent(text: String) {
    let issues = Expression.issues(inCondition: text).filter { $0.severity > .information }
    #expect(issues.isEmpty, "\(issues.map(\.rendering))")
  }

  @Test("stop at a hundred") func cap() {
    let text = Array(repeating: "x", count: 500).joined(separator: " && ")
    #expect(Expression.issues(inCondition: text).count == Limits.issues)
  }
}
