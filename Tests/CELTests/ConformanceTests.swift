import CEL
import Testing

/// The language's own conformance cases.
@Suite("Conformance")
struct ConformanceTests {
  @Test("evaluates every standard case to its value or error") func evaluation() throws {
    for line in try fixture("cel-conformance") where ["core", "types"].contains(line["tier"] as? String) {
      let text = try #require(line["expr"] as? String)
      let bindings = try #require(line["bindings"] as? [String: Any]).mapValues { try Value(typed: $0) }
      let expected = try #require(line["expect"] as? [String: Any])
      let result = evaluate(text, bindings)
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

  /// Nil for an expression that is refused before evaluation.
  private func evaluate(_ text: String, _ bindings: [String: Value]) -> Result<Value, Failure>? {
    (try? Expression(parsing: text))?.evaluate(with: bindings)
  }
}
