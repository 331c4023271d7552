import Federation
import FederationView
import Foundation
import Interface
import Platform
import Testing

@Suite("The findings of a rule")
struct LintTests {
  let now = Date(timestamp: "2026-11-24T10:00:00Z")!

  /// Three rules, and what is around them.
  func state(accepted: [AcceptedFinding] = []) throws -> Rules.State {
    var state = try RulesTests.state()
    let inventory = Inventory(issuers: state.issuers, accounts: [], rules: state.rules, now: now)
    _ = Rules.update(&state, .surveyed(Rules.Survey(inventory, accepted: accepted)))
    return state
  }

  func screen(_ state: Rules.State, rows: Int = 21) -> String {
    Rules.render(state, size: Size(columns: 80, rows: rows)).text
  }

  let token = Claims([
    "iss": "https://token.actions.githubusercontent.com", "sub": "repo:acme/web:ref:refs/heads/main",
    "aud": "https://api.anthropic.com", "repository": "acme/web", "repository_owner": "acme",
    "repository_id": "712", "repository_owner_id": "1020", "ref": "refs/heads/main",
  ])

  @Test("are listed worst first, with a token that gets in and what to do, on a small screen too")
  func page() throws {
    var state = try state()
    let id = state.rules[1].id
    #expect(RulesTests.press("jl", &state) == [.lint(.read(id))])
    let text = screen(state)
    #expect(text.contains("Rules › ci-all › Findings") && text.contains("! high") && text.contains("GH003"))
    #expect(text.contains("What to do") && text.contains("This token gets in, for one"))
    #expect(text.contains("→ mend") && text.contains("looking at the tokens"))
    _ = RulesTests.press("<pgdn>", &state)
    #expect(screen(state).contains("repository_owner_id"))
  }

  @Test("are mended by a change that is shown, asked for by name, and keeps the tokens seen")
  func mends() throws {
    var state = try state()
    let rule = state.rules[1]
    _ = RulesTests.press("jl", &state)
    _ = Rules.update(&state, .lint(.seen(rule.id, [token])))
    #expect(Rules.keys.press(.enter, in: state) == .off("The mend stands last: G goes there."))
    _ = RulesTests.press("G", &state)
    let text = screen(state)
    #expect(text.contains("claims.repository_id") && text.contains("+ 712"), "\(text)")
    _ = RulesTests.press("<pgdn>", &state)
    #expect(screen(state).contains("Of 1 token seen in 30 days 1 still gets in"))
    _ = RulesTests.press("<enter>", &state)
    let question = screen(state)
    #expect(question.contains("Change the rule ci-all"))
    #expect(question.contains("POST /v1/organizations/federation_rules/\(rule.id)"))
    #expect(RulesTests.press("ci<enter>", &state).isEmpty)
    let effects = RulesTests.press("-all<enter>", &state)
    guard case .update(rule, let update, [], [])? = effects.first, effects.count == 1, let match = update.match else {
      Issue.record("\(effects)")
      return
    }
    #expect(Matcher(match).accepts(token))
    var changed = rule
    changed.match = match
    _ = Rules.update(&state, .updated(changed))
    var rules = state.rules
    rules[1] = changed
    _ = Rules.update(&state, .loaded(rules: rules, issuers: state.issuers))
    let left = screen(state)
    #expect(!left.contains("high") && !left.contains("→ mend"), "\(left)")
  }

  @Test("stay when the change is refused, with the reason")
  func refused() throws {
    var state = try state()
    let rule = state.rules[1]
    _ = RulesTests.press("jl", &state)
    _ = Rules.update(&state, .lint(.seen(rule.id, [token])))
    _ = RulesTests.press("G<enter>ci-all<enter>", &state)
    _ = Rules.update(&state, .updateFailed(Problem("The rule was not changed", because: "429", try: "Wait.")))
    #expect(state.lint?.applying?.isSending == false && screen(state).contains("✗ The rule was not changed: 429."))
  }

  @Test("are accepted with a reason and a date, and count no more from then on")
  func accepts() throws {
    var state = try state()
    let rule = state.rules[1]
    _ = RulesTests.press("jlA", &state)
    #expect(screen(state).contains("Live with GH003 for a while") && screen(state).contains("2027-02-22"))
    #expect(RulesTests.press("<enter><enter>", &state).isEmpty)
    #expect(screen(state).contains("✗ say why it is fine for now"))
    let effects = RulesTests.press("moves soon<enter><ctrl-u>2026-12-31<enter>", &state)
    let date = Date(timestamp: "2026-12-31T00:00:00Z")!
    #expect(effects == [.lint(.accept("GH003", of: rule, reason: "moves soon", until: date))])
    let accepted = try AcceptedFinding(
      accepting: "GH003", of: rule, reason: "moves soon", until: date, who: "ada", at: now)
    _ = Rules.update(&state, .lint(.accepted([accepted])))
    #expect(screen(state).contains("accepted to 2026-12-31"))
    _ = RulesTests.press("<esc>", &state)
    let row = screen(state).split(separator: "\n").first { $0.contains("ci-all") }
    #expect(row.map { !$0.contains("high") } == true, "\(row ?? "")")
    _ = RulesTests.press("<enter>", &state)
    #expect(screen(state, rows: 40).contains("✓ accepted until 2026-12-31: GH003, moves soon"))
  }

  @Test("that were accepted can be taken back")
  func withdraws() throws {
    let rule = try RulesTests.state().rules[1]
    let accepted = try AcceptedFinding(
      accepting: "GH003", of: rule, reason: "x", until: now + 86400, who: "ada", at: now)
    var state = try state(accepted: [accepted])
    _ = RulesTests.press("jlGk", &state)
    let text = screen(state)
    #expect(text.contains("Accepted by ada on 2026-11-24 until 2026-11-25"), "\(text)")
    #expect(RulesTests.press("A", &state) == [.lint(.withdraw("GH003", of: rule.id))])
  }

  @Test("cannot be mended by those who may not change anything")
  func readOnly() throws {
    var state = try state()
    state.readOnlyReason = "This session is read-only."
    let id = state.rules[1].id
    _ = RulesTests.press("jl", &state)
    _ = Rules.update(&state, .lint(.seen(id, [token])))
    _ = RulesTests.press("G", &state)
    #expect(Rules.keys.press(.enter, in: state) == .off("This session is read-only."))
  }

  @Test("draws in any size", arguments: 0...6)
  func small(rows: Int) throws {
    var state = try state()
    _ = RulesTests.press("jl", &state)
    #expect(Rules.render(state, size: Size(columns: rows * 3, rows: rows)).size.rows == rows)
    _ = RulesTests.press("A", &state)
    #expect(Rules.render(state, size: Size(columns: rows * 3, rows: rows)).size.rows == rows)
  }
}

@Suite("A token tried on a rule")
struct TrialTests {
  func screen(_ state: Rules.State) -> String { Rules.render(state, size: Size(columns: 80, rows: 21)).text }

  @Test("is judged and not kept: nothing of it is left after esc")
  func forgets() throws {
    var state = try RulesTests.state()
    let before = state
    _ = RulesTests.press("t", &state)
    #expect(RulesTests.press("<esc>", &state).isEmpty && state == before)
    _ = RulesTests.press("thunter2.secret.token<esc>", &state)
    #expect(state == before)
    let effects = RulesTests.press("thunter2.secret.token<enter>", &state)
    #expect(effects == [.trial(.judge(.token(Secret("hunter2.secret.token")), state.rules[0], .omitted))])
    #expect(state.trial?.form.value("token") == "" && state.trial?.isJudging == true)
    #expect(!screen(state).contains("hunter2"))
    _ = Rules.update(&state, .trial(.judged(Verdict(.partCount(2)))))
    #expect(screen(state).contains("✗ Refused: malformed_token"))
    _ = RulesTests.press("<esc>", &state)
    #expect(state == before)
    // An answer that comes after the page was left finds nobody, and is none to the next one.
    _ = Rules.update(&state, .trial(.judged(Verdict(.partCount(2)))))
    #expect(state == before)
    _ = RulesTests.press("t", &state)
    _ = Rules.update(&state, .trial(.judged(Verdict(.partCount(2)))))
    #expect(state.trial?.verdict == nil)
  }

  @Test("may be claims or a file, and only one of the three")
  func kinds() throws {
    var state = try RulesTests.state()
    let rule = state.rules[0]
    _ = RulesTests.press("t<enter><enter>{}<tab>", &state)
    #expect(state.trial?.form.focusedID == "workspace")
    #expect(
      RulesTests.press("default<enter>", &state) == [.trial(.judge(.claims(Claims([:])), rule, .usual))])
    _ = Rules.update(&state, .trial(.failed(Problem("It was not judged", because: "429", try: "Wait."))))
    #expect(screen(state).contains("✗ It was not judged: 429. Wait."))
    #expect(RulesTests.press("<up><up>/tmp/token<enter>", &state).isEmpty)
    #expect(screen(state).contains("✗ give one of the three, not more"))
    _ = RulesTests.press("<esc>", &state)
    #expect(
      RulesTests.press("t<down>/tmp/token<enter>", &state) == [.trial(.judge(.file("/tmp/token"), rule, .omitted))])
    _ = RulesTests.press("<esc>t<down><down>nonsense<enter>", &state)
    #expect(screen(state).contains("✗ this is no JSON object"))
  }

  @Test("shows every check, and what the minted token could do")
  func verdict() throws {
    var state = try RulesTests.state()
    let now = Date(timestamp: "2026-11-24T10:00:00Z")!
    func judge(_ subject: String) {
      _ = RulesTests.press("t<down><down>{}<enter>", &state)
      let claims = Claims([
        "iss": "https://token.actions.githubusercontent.com", "sub": .string(subject), "aud": .string(serviceAudience),
        "iat": JSON(Int(now.timeIntervalSince1970)), "exp": JSON(Int(now.timeIntervalSince1970) + 300),
      ])
      let exchange = Exchange(
        .claims(claims), rule: state.rules[0], issuer: state.issuers[0], now: now)
      _ = Rules.update(&state, .trial(.judged(exchange.verdict())))
    }
    judge("repo:acme/api:ref:refs/heads/Main")
    let refused = screen(state)
    #expect(refused.contains("✗ Refused: match_subject_prefix"))
    #expect(refused.contains("✗ subject_prefix") && refused.contains("the same but for letter case"))
    #expect(refused.contains("✓ audience  https://api.anthropic.com"))
    judge("repo:acme/api:ref:refs/heads/main")
    _ = RulesTests.press("G", &state)
    let accepted = screen(state)
    #expect(accepted.contains("The minted token") && accepted.contains("600 s"), "\(accepted)")
    #expect(accepted.contains("all of the API but administration"))
  }
}
