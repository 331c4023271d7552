package import Federation
import Interface
import Platform

extension Rules.Connect {
  /// What a real token said. Its text is forgotten at once: whoever has it can use it.
  package struct TokenFacts: Equatable, Sendable {
    package let claims: Claims
    package let provider: ProviderTemplate.ID
  }

  static var tokenForm: Form {
    Form([
      .secret(
        "token", label: "Token",
        hint: "paste a real one, or type the path of a file that holds one; it is only decoded here")
    ])
  }

  /// - Returns: nil when `form` was left.
  mutating func pressToken(_ key: Key, _ form: Form) -> [Effect] {
    var form = form
    switch form.press(key) {
    case .cancelled: token = nil
    case .submitted:
      let text = form.value("token")
      token = form
      // A path has a slash or a dot at its front; a token begins eyJ.
      if ["/", "~", "."].contains(where: text.hasPrefix) { return [.readFile(text)] }
      take(Secret(text))
    case .changed, .moved, .ignored: token = form
    }
    return []
  }

  /// Recognises whose token it is, and fills in the form as it suggests.
  mutating func take(_ text: Secret) {
    do throws(UnreadableToken) {
      let claims = try Token(pasted: text).claims
      guard let read = ProviderTemplate.recognise(claims.json) else {
        return refuseToken("it has no iss or no sub, so no rule can be made for it")
      }
      (facts, token) = (TokenFacts(claims: claims, provider: read.template.id), nil)
      workload = WorkloadForm(read.template.id, values: read.values)
      providers.selected = ProviderTemplate.all.firstIndex { $0.id == read.template.id } ?? 0
      step = .workload
    } catch {
      refuseToken(error.cause)
    }
  }

  mutating func refuseToken(_ cause: String) {
    var form = token ?? Self.tokenForm
    // What was pasted is no token, and may be any secret: it does not stay.
    form.setValue("token", "")
    form.setProblem("token", cause)
    token = form
  }

  /// What the token says that the form does not ask for, and what does not fit.
  func factLines(width: Int) -> [Pager.Line] {
    guard let facts, facts.provider == workload.provider else { return [] }
    let claims = facts.claims
    var lines = [Pager.Line("From the token: sub \(claims.subject ?? "none")", role: .dim)]
    if let workload = workload.workload {
      let checks = Matcher(workload.match).checks(of: claims)
      if let failed = checks.first(where: \.failed) {
        let why =
          failed.note ?? "expected \(failed.expected ?? "another value"), the token has \(failed.actual ?? "none")"
        lines.append(Pager.Line("✗ The token would not get in: \(failed.matcher): \(why)", role: .warning))
      } else {
        lines.append(Pager.Line("✓ The token would get in.", role: .good))
      }
    }
    return lines.flatMap { line in Text.wrapped(line.text, to: width).map { Pager.Line($0, role: line.role) } }
  }
}
