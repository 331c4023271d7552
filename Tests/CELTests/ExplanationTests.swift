import CEL
import Testing

@Suite("Explanations")
struct ExplanationTests {
  private let claims = Value(object: [
    (key: "repository", value: Value.string("acme/app")), (key: "ref", value: .string("refs/heads/dev")),
    (key: "actor_id", value: .string("1003")), (key: "groups", value: .list([.string("eng"), .string("Ops")])),
    (key: "verified", value: .bool(true)), (key: "environments", value: .string("x")),
    (key: "iat", value: .double(1_790_000_000)),
    (key: "owner", value: .string("cafe\u{301}")),
  ])

  private func explain(_ text: String) throws -> Explanation { try Expression(parsing: text).explain(claims: claims) }

  @Test("show every part with its mark and values") func rendering() throws {
    let text =
      #"claims.repository == "acme/app" && claims.ref == "refs/heads/main" && claims.environment == "production""#
    #expect(
      try explain(text).rendering == """
        refused: 1 of 3 parts is false
          ✓ claims.repository == "acme/app"
          ✗ claims.ref == "refs/heads/main"       claims.ref is "refs/heads/dev"; differs from column 12: "dev" / "main"
          ! claims.environment == "production"    the token has no claim "environment", but "environments" (did not matter)
        """)
  }

  @Test(
    "say how near a value comes",
    arguments: [
      (#"claims.ref == "refs/heads/main""#, #"differs from column 12: "dev" / "main""#),
      (#"claims.ref == "refs/heads/Dev""#, "the same but for letter case, from column 12"),
      (#"claims.ref == "refs/heads/dev\n""#, "the same but for a trailing newline"),
      (#"claims.owner == "caf\u00e9""#, "they look the same, and are written with different code points"),
      (#"claims.actor_id == 1003"#, #""1003" is a string, 1003 a number"#),
      (#"claims.actor_id in [1001, 1002]"#, #""1003" is a string, the list holds int values"#),
      (#"claims.repository in ["Acme/app"]"#, "the same but for letter case, from column 1"),
      (#"claims.ref.startsWith("refs/tags/")"#, #"the first 5 characters agree, then comes "heads/dev" / "tags/""#),
      (#"claims.ref.startsWith("Refs/")"#, "it starts so but for letter case"),
      (#"claims.ref.endsWith("/DEV")"#, "it ends so but for letter case"),
      (#"claims.ref.contains("HEADS")"#, "it does but for letter case"),
      (#"claims.ref.matches("^REFS/heads/[a-z]+$")"#, "it matches but for letter case"),
      (#"has(claims.environment)"#, #"the token has no claim "environment", but "environments""#),
      (#"claims["enviroments"] == "x""#, #"the token has no claim "enviroments", but "environments""#),
      (#"claims.groups.exists(g, g == "ops")"#, #"none of 2 elements fits: "eng", "Ops""#),
      (#"claims.groups.all(g, g == "eng")"#, #"element 1, "Ops", does not fit"#),
      (#"claims.groups.exists_one(g, g != "")"#, "2 of 2 elements fit"),
      (#"!claims.verified"#, "claims.verified is true"),
      (#"claims.iat + 60 > 5"#, "double + int is not defined"),
    ])
  func nearMiss(text: String, remark: String) throws {
    let leaf = try #require(try explain(text).leaves.first)
    #expect(leaf.remarks.contains(remark), "\(leaf.remarks)")
    #expect(!leaf.result.isSuccess(true))
  }

  @Test("explain the body of a macro for the element that decided") func inner() throws {
    let leaf = try #require(try explain(#"claims.groups.all(g, g.size() == 3 && g != "Ops")"#).leaves.first)
    #expect(leaf.inner.map(\.mark) == ["✓", "✗"])
    #expect(leaf.inner.map(\.remarks) == [[], ["g is \"Ops\""]])
  }

  @Test("keep what a token sends from drawing on the screen") func hostile() throws {
    let claims = Value(object: [(key: "ref", value: Value.string("\u{1B}[2J\u{202E}x"))])
    let text = try Expression(parsing: #"claims.ref == "x""#).explain(claims: claims).rendering
    #expect(text.contains(#""\u001b[2J\u202ex""#))
    #expect(!text.unicodeScalars.contains("\u{1B}") && !text.unicodeScalars.contains("\u{202E}"))
  }

  @Test("cut a value that nobody would read to its end") func long() throws {
    let claims = Value(object: [(key: "ref", value: Value.string(String(repeating: "a", count: 100_000)))])
    let text = try Expression(parsing: #"claims.ref == "x""#).explain(claims: claims).rendering
    #expect(text.utf8.count < 1000)
  }
}
