import ArgumentParser
import CEL
import Federation
import Platform

struct ConditionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "condition", abstract: "Conditions of rules, in CEL: check one, or try it on claims.",
    subcommands: [Check.self, Eval.self])

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check a condition: syntax, types, and what a rule should not say.",
      discussion: "Example:  gatehouse condition check 'claims.repository == \"acme/api\"'")
    @Argument(help: ArgumentHelp("The condition.", valueName: "text")) var expression: String
    @OptionGroup var options: GlobalOptions

    func run() throws {
      let issues = Expression.issues(inCondition: expression)
      let isValid = issues.allSatisfy { $0.severity < .error }
      if options.json {
        Output.json(["ok": .bool(isValid), "issues": .array(issues.map(\.json))])
      } else if issues.isEmpty {
        Output.line("Nothing is wrong with it.")
      } else {
        Output.line(issues.map(\.rendering).joined(separator: "\n"))
      }
      if !isValid { throw ExitCode(1) }
    }
  }

  struct Eval: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Evaluate a condition on claims and say which part decided.",
      discussion: """
        With --batch a file of JSON Lines is answered line by line.
        Example:  gatehouse condition eval --expr 'claims.ref == "refs/heads/main"' --claims '{"ref":"refs/heads/dev"}'
        """)
    @Option(help: ArgumentHelp("The condition.", valueName: "text")) var expr: String?
    @Option(help: ArgumentHelp("The claims, as JSON or a file.", valueName: "json|file")) var claims: String?
    @Option(help: ArgumentHelp("Typed variables instead of claims, as JSON or a file.", valueName: "json|file"))
    var bindings: String?
    @Option(help: ArgumentHelp("A file of cases, one JSON object a line; - for standard input.", valueName: "file"))
    var batch: String?
    @OptionGroup var options: GlobalOptions

    func validate() throws {
      let isSingle = expr != nil && (claims == nil) != (bindings == nil)
      guard batch == nil ? isSingle : expr == nil && claims == nil && bindings == nil else {
        throw ValidationError("Give --expr with one of --claims and --bindings, or --batch alone.")
      }
    }

    func run() throws {
      if let batch {
        for line in try InputFile.jsonLines(batch) { Output.json(try ConditionCase(line).answer) }
        return
      }
      var line: JSON.Object = ["expr": JSON(expr)]
      if let claims { line["claims"] = try InputFile.json(claims) }
      if let bindings { line["bindings"] = try InputFile.json(bindings) }
      let answer = try ConditionCase(.object(line)).answer
      if options.json { Output.json(answer) } else { describe(answer) }
      let isNo = answer["outcome"].map { $0 != .bool(true) } ?? (answer["error"] != nil)
      if isNo { throw ExitCode(1) }
    }

    private func describe(_ answer: JSON) {
      if let value = answer["value"] { return Output.line(value.compact) }
      if let outcome = answer["outcome"] {
        Output.line(
          outcome.bool.map { $0 ? "true: a token with these claims may pass" : "false: it is refused" }
            ?? (outcome.string ?? ""))
      }
      for part in answer["blame"]?.array ?? [] { Output.line("  because of  \(part.string ?? "")") }
      for remark in answer["remarks"]?.array ?? [] { Output.line("    \(remark.string ?? "")") }
      if let message = answer.at("error.message")?.string { Output.line(message) }
    }
  }
}

/// One line of a batch: an expression with claims, or with typed variables.
struct ConditionCase {
  private let json: JSON
  private let text: String

  /// - Throws: ``Problem`` when there is no expression.
  init(_ json: JSON) throws(Problem) {
    guard let text = json["expr"]?.string else {
      throw Problem(
        "The case was not read", because: "it has no expr", try: "Give {\"expr\":…,\"claims\":{…}}.", kind: .usage)
    }
    (self.json, self.text) = (json, text)
  }

  var answer: JSON {
    get throws(Problem) {
      if let claims = json["claims"]?.object { return answer(on: Claims(claims)) }
      do throws(Undecodable) { return try answerOnVariables() } catch {
        throw Problem(
          "The case was not read", because: "\(error.member) is not \(error.expected)",
          try: "See the typed values in gatehouse condition eval --help.", kind: .usage)
      }
    }
  }

  // MARK: on claims

  private func answer(on claims: Claims) -> JSON {
    var answer: JSON.Object = ["id": json["id"] ?? .null]
    let issues = Expression.issues(inCondition: text)
    if let issue = issues.first(where: { $0.severity == .error }) {
      answer["outcome"] = "invalid"
      answer["error"] = issue.json
      return .object(answer)
    }
    guard let expression = try? Expression(parsing: text) else { return .object(answer) }
    let explanation = expression.explain(claims: claims.value(.double))
    answer["outcome"] = outcome(explanation.outcome)
    let whole = outcome(expression.decide(claims: claims.value(.int)))
    if whole != answer["outcome"] { answer["outcome_int"] = whole }
    answer["blame"] = .array(explanation.blame.map(JSON.string))
    let remarks = explanation.leaves.filter { $0.role == .decisive }.flatMap(\.remarks)
    answer["remarks"] = .array(remarks.map(JSON.string))
    if case .failure(let failure) = explanation.outcome { answer["error"] = failure.json(in: expression) }
    return .object(answer)
  }

  private func outcome(_ result: Result<Bool, Failure>) -> JSON {
    if case .success(let truth) = result { .bool(truth) } else { "error" }
  }

  // MARK: on typed variables

  private func answerOnVariables() throws(Undecodable) -> JSON {
    var answer: JSON.Object = ["name": json["name"] ?? .null]
    var (bindings, declared) = ([String: Value](), [String: StaticType]())
    for (name, value) in json["bindings"]?.object ?? [:] {
      bindings[name] = try TypedValue.value(value)
      declared[name] = .dyn
    }
    for (name, type) in json["declared"]?.object ?? [:] {
      guard let type = type.string.flatMap({ StaticType($0) }) else {
        throw Undecodable(member: "declared.\(name)", expected: "a type")
      }
      declared[name] = type
    }
    let expression: Expression
    do throws(Issue) { expression = try Expression(parsing: text) } catch {
      answer["error"] = error.json
      return .object(answer)
    }
    if json["check"]?.bool != false {
      let check = expression.check(declaring: declared)
      if let issue = check.issues.first(where: { $0.severity == .error }) {
        answer["error"] = issue.json
        return .object(answer)
      }
      answer["type"] = .string(check.type.text)
    }
    switch expression.evaluate(with: bindings) {
    case .success(let value): answer["value"] = TypedValue.json(value)
    case .failure(let failure): answer["error"] = failure.json(in: expression)
    }
    return .object(answer)
  }
}

extension Issue {
  /// `{"code","severity","message","line","column","length"}`, with `class` as an error of a run has it.
  var json: JSON {
    [
      "class": .string(code.rawValue), "code": .string(code.rawValue), "severity": .string(severity.rawValue),
      "message": .string(message), "remedy": JSON(remedy), "line": JSON(line), "column": JSON(column),
      "length": JSON(length),
    ]
  }
}

extension Failure {
  func json(in expression: Expression) -> JSON {
    let position = expression.source.position(of: range.lowerBound)
    return [
      "class": .string(kind.rawValue), "message": .string(message), "line": JSON(position.line),
      "column": JSON(position.column),
    ]
  }
}
