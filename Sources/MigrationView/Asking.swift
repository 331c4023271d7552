import FoundationEssentials
package import Interface
package import Migration
package import Platform

extension Migrating {
  /// A step to take, with what was said for it.
  package enum Order: Equatable, Sendable {
    /// - Parameter hours: since the workload was changed; exchanges before that prove nothing.
    case verify(FederationRule, hours: Int)
    /// - Parameter waiver: why what stands against it is set aside; nil when nothing does.
    case disable(waiver: String?)
    case rollback
    case archive(waiver: String?)

    package var step: Course.Step {
      switch self {
      case .verify: .verify
      case .disable: .disable
      case .rollback: .rollback
      case .archive: .archive
      }
    }

    var doing: String {
      switch self {
      case .verify: "Looking for proof of"
      case .disable: "Disabling"
      case .rollback: "Turning on"
      case .archive: "Archiving"
      }
    }

    /// The same on the command line.
    func command(for key: APIKey) -> String {
      switch self {
      case .verify(let rule, let hours): "gatehouse migrate verify \(key.id) --rule \(rule.id) --since -\(hours)h"
      case .disable(let waiver): "gatehouse migrate disable \(key.id) --copy-kept" + Order.words(waiver)
      case .rollback: "gatehouse migrate rollback \(key.id)"
      case .archive(let waiver): "gatehouse migrate archive \(key.id)" + Order.words(waiver)
      }
    }

    private static func words(_ waiver: String?) -> String {
      waiver.map { " --waive '\($0.replacing("'", with: "'\\''"))'" } ?? ""
    }
  }

  /// A step that is asked about: first what it needs, then for a change the key's name, then it is on its way.
  package struct Asking: Equatable, Sendable {
    package enum Stage: Equatable, Sendable {
      case form
      case name(Order, Confirmation)
      case sending(Order)
    }

    package let step: Course.Step
    package let line: Line
    let rules: [FederationRule]
    /// What a person may set aside with a reason.
    let refusals: [Guard.Refusal]
    package var form = Form([])
    package var stage = Stage.form

    var key: APIKey { line.key }
    package var isSending: Bool { if case .sending = stage { true } else { false } }

    init(_ step: Course.Step, _ line: Line, on board: Board) {
      (self.step, self.line) = (step, line)
      rules = board.rules.sorted { $0.name < $1.name }
      refusals = step == .disable || step == .archive ? line.refusals(at: board.at) : []
      switch step {
      case .verify: form = verification(at: board.at)
      case .disable:
        form = Form(
          grounds + [
            .toggle(
              "copy", label: "The secret store still has the key",
              hint: "space says yes; look there first: without its text, turning the key on again helps nobody")
          ] + reason)
      case .archive where !refusals.isEmpty: form = Form(grounds + reason)
      case .rollback: stage = .sending(.rollback)
      case .archive: ask(.archive(waiver: nil))
      case .plan, .patch, .brownOut, .restore: break
      }
    }

    /// By the rule that was looked at last, and from a day before the first exchange that was seen.
    private func verification(at now: Date) -> Form {
      let last = line.course.evidence
      let chosen =
        rules.firstIndex { $0.id == last?.ruleID } ?? rules.firstIndex { key.principal == .account($0.accountID) }
      let hours = last?.firstExchange.map { Int(now.timeIntervalSince($0) / 3600) + 24 } ?? 24
      return Form([
        .choice(
          "rule", label: "Rule", options: rules.map(\.name), selected: chosen ?? 0,
          hint: "the one that the workload federates by; ← → choose"),
        .number(
          "hours", label: "Changed within", value: min(max(1, hours), Asking.longest),
          units: [Unit("hours"), Unit("days", 24)], range: 1...Asking.longest,
          hint: "exchanges from before the workload was changed prove nothing"),
      ])
    }

    /// Hours of a quarter, which is as far back as usage is read.
    private static let longest = 93 * 24

    private var grounds: [Form.Field] {
      refusals.isEmpty ? [] : [.note("Against it stands:")] + refusals.map { .note("✗ \($0.text)") } + [.note(" ")]
    }

    private var reason: [Form.Field] {
      refusals.isEmpty
        ? [] : [.text("reason", label: "Set aside because", hint: "kept in the journal and in the auditors' report")]
    }

    /// What the form says so far; nil while something is missing.
    var order: Order? {
      let reason = form.value("reason")
      let waiver = refusals.isEmpty ? nil : reason
      switch step {
      case .verify:
        guard rules.indices.contains(form.choice("rule")), let hours = Int(form.value("hours")) else { return nil }
        return .verify(rules[form.choice("rule")], hours: hours)
      case .disable: return form.isOn("copy") && waiver != "" ? .disable(waiver: waiver) : nil
      case .archive: return waiver != "" ? .archive(waiver: waiver) : nil
      case .rollback: return .rollback
      case .plan, .patch, .brownOut, .restore: return nil
      }
    }

    private mutating func ask(_ order: Order) {
      let isFinal = order.step == .archive
      var lines =
        isFinal
        ? ["An archived key cannot be brought back. Afterwards delete the stored copies."]
        : [
          "Whatever still uses it stops working, and no report tells of calls that fail: ask its owners.",
          "u turns it on again in one key press, until it is archived.",
        ]
      lines += ["", order.command(for: key), ""]
      stage = .name(
        order, Confirmation(title: "\(isFinal ? "Archive" : "Disable") \(key.name)", lines: lines, word: key.name))
    }

    private mutating func submit() -> Order? {
      if form.fields.contains(where: { $0.id == "copy" }) {
        form.setProblem(
          "copy", form.isOn("copy") ? nil : "without it there is no way back, and no reason sets that aside")
      }
      form.setProblem("reason", !refusals.isEmpty && form.value("reason").isEmpty ? "say why" : nil)
      guard !form.hasProblem, let order else {
        form.focusOnProblem()
        return nil
      }
      guard step == .verify else {
        ask(order)
        return nil
      }
      stage = .sending(order)
      return order
    }

    package enum Outcome: Equatable, Sendable { case ordered(Order), cancelled, none }

    package mutating func press(_ key: Key) -> Outcome {
      switch stage {
      case .sending: return .none
      case .form:
        switch form.press(key) {
        case .cancelled: return .cancelled
        case .submitted: return submit().map { .ordered($0) } ?? .none
        case .changed, .moved, .ignored: return .none
        }
      case .name(let order, var confirmation):
        switch confirmation.press(key) {
        case .cancelled: return .cancelled
        case .none: stage = .name(order, confirmation)
        case .confirmed:
          stage = .sending(order)
          return .ordered(order)
        }
        return .none
      }
    }
  }
}
