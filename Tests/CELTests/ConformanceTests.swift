import CEL
import Testing

/// The language's own conformance cases.
@Suite("Conformance")
struct ConformanceTests {
  @Test("evaluates every standard case to its value or error", arguments: ["core", "types", "two-variable-macros"])
  func evaluation(tier: String) throws {
    for line in try fixture("cel-conformance") where line["tier"] as? String == tier {
      let text = try #require(line["expr"] as? String)
      let expected = try #require(line["expect"] as? [String: Any])
      let bindings = try #require(line["bindings"] as? [String: Any]).mapValues { try Value(typed: $0) }
      let result = (try? Expression(parsing: text))?.evaluate(with: bindings)
      if let value = expected["value"] {
        let expectedValue = try Value(typed: value)
        #expect((try? result?.get()) == expectedValue, "\(text)")
      } else if let error = expected["error"] as? String {
        switch result {
        case .success(let value): Testing.Issue.record("\(text) gives \(value.text), not \(error)")
        case .failure(let failure): if error != "any" { #expect(failure.kind.rawValue == error, "\(text)") }
        case nil: break
        }
      }
    }
  }

  @Test("checks every standard case without refusing what has a value, and finds its type")
  func checking() throws {
    for line in try fixture("cel-conformance") where ["core", "types"].contains(line["tier"] as? String) {
      let text = try #require(line["expr"] as? String)
      let expected = try #require(line["expect"] as? [String: Any])
      guard let expression = try? Expression(parsing: text) else { continue }
      let check = expression.check(declaring: try variables(of: line))
      if line["check"] as? Bool == false { continue }
      if expected["error"] == nil { #expect(check.isValid, "\(text): \(check.issues.map(\.rendering))") }
      if let type = expected["type"] as? String { #expect(check.type.text == type, "\(text)") }
    }
  }

  @Test("refuses in checking what the suite runs unchecked because checking would refuse it")
  func refusal() throws {
    for line in try fixture("cel-conformance") where line["check"] as? Bool == false {
      let text = try #require(line["expr"] as? String)
      // A form of an extension is known by its name alone.
      if line["tier"] as? String == "strings-ext" { continue }
      let issues = try Expression(parsing: text).check(declaring: try variables(of: line)).issues
      #expect(!issues.isEmpty, "\(text)")
    }
  }

  @Test("knows what belongs to an extension", arguments: ["two-variable-macros", "strings-ext"])
  func extensions(tier: String) throws {
    for line in try fixture("cel-conformance") where line["tier"] as? String == tier {
      let text = try #require(line["expr"] as? String)
      let issues = try Expression(parsing: text).check(declaring: try variables(of: line)).issues
      #expect(issues.contains { $0.code == .unknownFunction && $0.severity == .warning }, "\(text)")
    }
  }

  private func variables(of line: [String: Any]) throws -> [String: StaticType] {
    var types = try #require(line["bindings"] as? [String: Any]).mapValues { _ in StaticType.dyn }
    for (name, type) in line["declared"] as? [String: String] ?? [:] {
      types[name] = StaticType(type)
    }
    return types
  }
}
