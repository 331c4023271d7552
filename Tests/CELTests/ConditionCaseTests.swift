import CEL
import Testing

/// Conditions as people write them, with what becomes of a token and what an explanation must name.
@Suite("Conditions")
struct ConditionCaseTests {
  @Test("decide as the reference does in both number models") func outcomes() throws {
    for line in try cases() where line["expect"] as? String != "invalid" {
      let id = try #require(line["id"] as? String)
      let expression = try Expression(parsing: try #require(line["expr"] as? String))
      #expect(expression.checkCondition().isValid, "\(id)")
      for (model, key) in [(NumberModel.double, "expect"), (.int, "expect_int")] {
        let expected = line[key] ?? line["expect"]
        let outcome = expression.decide(claims: try Value(json: try #require(line["claims"]), model))
        switch outcome {
        case .success(let truth): #expect(truth == expected as? Bool, "\(id) \(key)")
        case .failure: #expect("error" == expected as? String, "\(id) \(key)")
        }
      }
    }
  }

  @Test("blame exactly the parts that decided") func blame() throws {
    for line in try cases() {
      guard let blame = line["blame"] as? [String] else { continue }
      let expression = try Expression(parsing: try #require(line["expr"] as? String))
      let explanation = expression.explain(claims: try Value(json: try #require(line["claims"])))
      #expect(explanation.blame == blame, "\(line["id"] ?? "")")
    }
  }

  @Test("point at the mistake") func carets() throws {
    for line in try cases() where line["expect"] as? String == "invalid" {
      let id = try #require(line["id"] as? String)
      let text = try #require(line["expr"] as? String)
      let issues = Expression.issues(inCondition: text)
      let first = try #require(issues.first { $0.severity == .error }, "\(id)")
      #expect([first.line, first.column] == line["at"] as? [Int], "\(id): \(first.rendering)")
      let span = String(decoding: Array(text.utf8)[first.range], as: UTF8.self)
      #expect(span == line["span"] as? String, "\(id): \(first.rendering)")
    }
  }

  @Test("find what a careful reader would") func examination() throws {
    for line in try cases() {
      guard let expected = line["lint"] as? [String] else { continue }
      let id = try #require(line["id"] as? String)
      let text = try #require(line["expr"] as? String)
      let vocabulary = try Vocabulary(provider: try #require(line["provider"] as? String))
      let issues = Expression.issues(inCondition: text, with: vocabulary)
      let grave = Set(issues.filter { $0.severity > .information }.map(\.code.rawValue))
      let all = Set(issues.map(\.code.rawValue))
      if expected.isEmpty {
        #expect(grave.isEmpty, "\(id)")
      } else {
        #expect(all.isSuperset(of: expected), "\(id): \(all)")
        #expect(grave.isSuperset(of: expected.filter { $0 != "mutable-name" }), "\(id): \(grave)")
      }
    }
  }

  @Test("find a token against the owner's will where there is one, and none where there is not") func search() throws {
    for line in try cases() {
      guard let text = line["intent"] as? String else { continue }
      let id = try #require(line["id"] as? String)
      let condition = try Expression(parsing: try #require(line["expr"] as? String))
      let intent = try Expression(parsing: text)
      let space = TokenSpace(
        provider: try #require(line["provider"] as? String), near: try Value(json: try #require(line["claims"])),
        for: [condition, intent])
      let (witness, tried) = condition.counterexample(to: intent, in: space, budget: 20_000)
      #expect(
        (witness != nil) == (line["witness"] is [String: Any]), "\(id): \(witness?.claims.text ?? "none") of \(tried)")
      if let claims = witness?.claims {
        #expect(try condition.decide(claims: claims).get())
        #expect((try? intent.decide(claims: claims).get()) != true)
      }
    }
  }

  private func cases() throws -> [[String: Any]] { try fixture("cel-wif-cases") }
}
