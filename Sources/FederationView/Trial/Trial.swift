package import Federation
package import Interface
package import Platform

extension Rules {
  /// A token tried on a rule: asked for, then judged check by check. Neither is kept once the page is left.
  package struct Trial: Equatable, Sendable {
    package enum Presented: Equatable, Sendable {
      case token(Secret)
      /// The path of a file that holds one.
      case file(String)
      case claims(Claims)
    }

    package let rule: FederationRule
    package var form: Form
    package var isJudging = false
    package var verdict: Verdict?
    package var top = 0
    package var failure: Problem?

    init(_ rule: FederationRule) {
      self.rule = rule
      form = Form([
        .secret("token", label: "Token", hint: "paste one; it is judged here, sent nowhere and kept nowhere"),
        .text("file", label: "or a file", hint: "the path of a file that holds a token"),
        .text("claims", label: "or claims", hint: "as JSON: {\"sub\": \"repo:acme/api:ref:refs/heads/main\"}"),
        .text("workspace", label: "Workspace", hint: "as the request names it: nothing, default, or an identifier"),
      ])
    }

    /// Whether keys are text: as long as there is no verdict.
    var isTyping: Bool { verdict == nil }
  }
}

extension Rules.Trial {
  package enum Message: Equatable, Sendable {
    case judged(Verdict)
    case failed(Problem)
  }

  package enum Effect: Equatable, Sendable {
    case judge(Presented, FederationRule, WorkspaceRequest)
  }

  package static func update(_ state: inout Self, _ message: Message) {
    // The answer to a page that was left since is none to this one.
    guard state.isJudging else { return }
    state.isJudging = false
    switch message {
    case .judged(let verdict): state.verdict = verdict
    case .failed(let problem): state.failure = problem
    }
  }

  /// - Returns: nil when the page was left.
  mutating func press(_ key: Key) -> [Effect]? {
    guard !isJudging else { return key == .escape ? nil : [] }
    let filled = form.focusedID.map { $0 != "workspace" && !form.value($0).isEmpty } ?? false
    // Most people have one thing to give, and are done with it.
    if key == .enter, filled { return submit() }
    switch form.press(key) {
    case .cancelled: return nil
    case .submitted: return submit()
    case .changed, .moved, .ignored: return []
    }
  }

  private mutating func submit() -> [Effect] {
    failure = nil
    for field in ["token", "file", "claims", "workspace"] { form.setProblem(field, nil) }
    let given = ["token", "file", "claims"].filter { !form.value($0).isEmpty }
    guard given.count == 1 else {
      form.setProblem(
        given.last ?? "token", given.isEmpty ? "give one of the three" : "give one of the three, not more")
      form.focusOnProblem()
      return []
    }
    let workspace = form.value("workspace")
    guard let request = WorkspaceRequest(workspace.isEmpty ? nil : workspace) else {
      form.setProblem("workspace", "an identifier that begins wrkspc_, or default, or nothing")
      form.focusOnProblem()
      return []
    }
    let text = form.value(given[0])
    let presented: Presented
    switch given[0] {
    case "token": presented = .token(Secret(text))
    case "file": presented = .file(text)
    default:
      guard let members = (try? JSON(parsing: text))?.object else {
        form.setProblem("claims", "this is no JSON object")
        form.focusOnProblem()
        return []
      }
      presented = .claims(Claims(members))
    }
    // What was pasted is on its way to the judge, and stays nowhere else.
    form.setValue("token", "")
    isJudging = true
    return [.judge(presented, rule, request)]
  }
}
