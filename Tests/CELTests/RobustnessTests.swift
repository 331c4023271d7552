import Testing

@testable import CEL

/// Numbers that look random and are the same on every run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

@Suite("Whatever it is given")
struct RobustnessTests {
  private let claims = Value(object: [
    (key: "sub", value: Value.string("repo:acme/app:ref:refs/heads/main")), (key: "n", value: .double(5)),
    (key: "list", value: .list([.string("a"), .int(1), .null])),
    (key: "map", value: Value(object: [("k", .bool(true))])),
  ])

  /// Everything that is done with a text that claims to be a condition.
  private func exercise(_ text: String) {
    _ = Expression.issues(inCondition: text).map(\.rendering)
    guard let expression = try? Expression(parsing: text) else { return }
    _ = expression.examine()
    let explanation = expression.explain(claims: claims)
    _ = explanation.rendering
    switch (expression.decide(claims: claims), explanation.outcome) {
    case (.success(let decided), .success(let explained)): #expect(decided == explained, "\(text)")
    case (.failure(let decided), .failure(let explained)): #expect(decided == explained, "\(text)")
    default: Testing.Issue.record("decided and explained differ: \(text)")
    }
  }

  @Test("reads random bytes without harm") func bytes() {
    var numbers = SeededNumbers(state: 1)
    for _ in 0..<2000 {
      let count = Int.random(in: 0..<60, using: &numbers)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &numbers) }
      exercise(String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test("reads random tokens and mutated expressions without harm") func mutations() throws {
    var numbers = SeededNumbers(state: 2)
    let corpus = try (fixture("cel-conformance") + fixture("cel-wif-cases")).compactMap { $0["expr"] as? String }
    let pieces = [
      "(", ")", "[", "]", "{", "}", "claims", ".", ",", "&&", "||", "!", "-", "?", ":", "in", "==", "<", "+", "%", "1",
      "2u",
      "1.5", "\"a\"", "b'x'", "has(", ".all(x, ", ".map(x, ", ".matches(", "null", "true", "timestamp(", "`q`", "//",
      "'''",
    ]
    for round in 0..<3000 {
      var scalars = Array((corpus.randomElement(using: &numbers) ?? "").unicodeScalars)
      if round % 3 == 0 {
        scalars = (0..<Int.random(in: 1..<20, using: &numbers)).flatMap { _ in
          Array((pieces.randomElement(using: &numbers) ?? "").unicodeScalars)
        }
      }
      for _ in 0..<Int.random(in: 1..<4, using: &numbers) {
        let place = Int.random(in: 0...scalars.count, using: &numbers)
        let piece = Array((pieces.randomElement(using: &numbers) ?? "").unicodeScalars)
        let end = min(scalars.count, place + Int.random(in: 0..<4, using: &numbers))
        scalars.replaceSubrange(place..<end, with: piece)
      }
      exercise(String(String.UnicodeScalarView(scalars)))
    }
  }

  @Test("reads mutated patterns without harm, and matches what it generates from them") func patterns() throws {
    var numbers = SeededNumbers(state: 3)
    let corpus = try fixture("re2-cases").compactMap { $0["pattern"] as? String }
    let pieces = [
      "(", ")", "[", "]", "*", "+", "?", "{2}", "{1,3}", "|", "^", "$", ".", "\\", "\\d", "\\pL", "(?i)", "a", "-",
      "[^",
    ]
    for _ in 0..<3000 {
      var scalars = Array((corpus.randomElement(using: &numbers) ?? "").unicodeScalars)
      let place = Int.random(in: 0...scalars.count, using: &numbers)
      scalars.insert(contentsOf: (pieces.randomElement(using: &numbers) ?? "").unicodeScalars, at: place)
      guard let pattern = try? Pattern(String(String.UnicodeScalarView(scalars))) else { continue }
      for sample in pattern.samples(limit: 8) { #expect(pattern.matches(sample)) }
    }
  }

  @Test(
    "refuses what is nested too deep, and takes what is just not",
    arguments: [
      ("(", "1", ")"), ("[", "1", "]"), ("!", "true", ""), ("-", "x", ""), ("true ? 1 : ", "2", ""), ("{1: ", "2", "}"),
      ("size(", "x", ")"), ("[1].all(x, ", "true", ")"),
    ])
  func nesting(open: String, middle: String, close: String) throws {
    let text = nested(open, middle, close, Limits.nesting - 1)
    exercise(text)
    #expect(throws: Never.self) { try Expression(parsing: text) }
    for levels in [Limits.nesting + 1, 1200] {
      #expect { try Expression(parsing: self.nested(open, middle, close, levels)) } throws: {
        ($0 as? CEL.Issue)?.code == .limit
      }
    }
  }

  private func nested(_ open: String, _ middle: String, _ close: String, _ levels: Int) -> String {
    String(repeating: open, count: levels) + middle + String(repeating: close, count: levels)
  }

  @Test("bounds chains that hang on one another, and no others", arguments: [" + 1", ".a", "[0]", " == 1"])
  func chains(link: String) throws {
    exercise("claims" + String(repeating: link, count: Limits.depth - 10))
    #expect { try Expression(parsing: "claims" + String(repeating: link, count: Limits.depth + 1)) } throws: {
      ($0 as? CEL.Issue)?.code == .limit
    }
    exercise("claims.a" + String(repeating: " && claims.a", count: 1200))
  }

  @Test("refuses a text over 16 KiB") func length() {
    let text = "claims.a == \"" + String(repeating: "x", count: Limits.source) + "\""
    #expect(Expression.issues(inCondition: text).map(\.code) == [.limit])
  }

  // MARK: Cost

  private func cost(_ text: String, _ claims: Value) throws -> (steps: Int, result: Result<Value, Failure>) {
    var machine = Machine(claims: claims)
    let root = try Expression(parsing: text).root
    let result = Result { () throws(Failure) in try machine.value(of: root) }
    return (machine.steps, result)
  }

  @Test(
    "costs in proportion to the claims",
    arguments: [
      "claims.text.contains(\"aab\")", "claims.text == claims.text + \"\"", "claims.text.matches(\"^(a+)+$\")",
      "claims.text.size() == 1",
      "claims.list.all(x, x != 5)", "7 in claims.list", "claims.list == claims.list",
      "claims.list.map(x, x).size() == 1",
    ])
  func growth(text: String) throws {
    func steps(_ count: Int) throws -> Int {
      let list = (0..<count).map { Value.int(Int64($0) + 100) }
      let claims = Value(object: [
        (key: "text", value: Value.string(String(repeating: "a", count: 16 * count))),
        (key: "list", value: .list(list)),
      ])
      return try cost(text, claims).steps
    }
    let (small, large) = (try steps(1000), try steps(4000))
    #expect(large <= 4 * small + 100 && large > small, "\(small) \(large)")
  }

  @Test("stops what would take too long, whatever stands beside it") func stops() throws {
    let nested = "[0,1,2,3,4,5,6,7,8,9]"
    let bomb = (0..<8).reversed().reduce("true") { "\(nested).all(x\($1), \($0))" }
    for text in [bomb, "true || \(bomb)", "\(bomb) || true", "[1].all(x, \(bomb) || true)"] {
      let (steps, result) = try cost(text, claims)
      if text.hasPrefix("true") { continue }
      #expect(steps <= Limits.steps + 1)
      guard case .failure(let failure) = result else {
        Testing.Issue.record("it ended")
        continue
      }
      #expect(failure.kind == .limit && failure.message.contains("\(Limits.steps)"))
    }
  }

  @Test(
    "bounds what + makes",
    arguments: [
      ("claims.t + claims.t", Failure.Class.limit), ("claims.l + claims.l", .limit), ("claims.t + \"x\" == \"\"", nil),
    ])
  func sizes(text: String, kind: Failure.Class?) throws {
    let claims = Value(object: [
      (key: "t", value: Value.string(String(repeating: "a", count: Limits.text - 1))),
      (key: "l", value: .list(Array(repeating: .null, count: Limits.elements))),
    ])
    let failure: Failure? = if case .failure(let failure) = try cost(text, claims).result { failure } else { nil }
    #expect(failure?.kind == kind)
  }

  @Test(
    "follows each instruction of a pattern at most once a character",
    arguments: ["^(a+)+$", "(a|aa)*b", "(a*)*(a*)*c", "a{1,100}b", "(x|y|a)+z"])
  func linear(text: String) throws {
    let pattern = try Pattern(text)
    for count in [1000, 4000] {
      let visits = pattern.visits(in: String(repeating: "a", count: count) + "!")
      #expect(visits <= (count + 2) * pattern.instructionCount, "\(visits)")
    }
  }

  @Test(
    "refuses patterns that would become too large, at once",
    arguments: ["((a{100}){100}){100}", "((((){1000}){1000}){1000}){1000}", "(.{1000}){1000}"])
  func largePatterns(text: String) { #expect(throws: Pattern.Malformed.self) { try Pattern(text) } }
}
