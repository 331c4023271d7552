package import Federation
package import Interface
import Platform

/// The form of a provider's template: its fields, with one choice in place of those that stand for one another.
package struct WorkloadForm: Equatable, Sendable {
  package let provider: ProviderTemplate.ID
  package private(set) var form: Form
  /// The workload, once everything is right.
  package private(set) var workload: Workload?
  /// What the analyser says of a rule for it, worst first. Kept, because the form is drawn at every key.
  package private(set) var findings: [Finding] = []
  /// What was typed into fields that are not shown now.
  private var kept: [String: String] = [:]

  private var template: ProviderTemplate { ProviderTemplate.of(provider) }

  package init(_ provider: ProviderTemplate.ID, values: [String: String] = [:]) {
    self.provider = provider
    kept = values
    form = Form([])
    form = Form(fields(chosen: initialChoices))
    // What a token said is checked before anyone touched a field.
    if !values.isEmpty { check(showingMissing: false) }
    judge()
  }

  private mutating func judge() {
    let now = try? Workload(provider, values: values)
    guard now != workload else { return }
    workload = now
    findings =
      now.map {
        Analyser.findings(
          match: $0.match, scope: Scope.inference, lifetime: template.tokenLifetime, issuerURL: $0.issuerURL)
      } ?? []
  }

  /// By field; empty ones left out.
  package var values: [String: String] {
    var values: [String: String] = [:]
    for field in shownFields {
      let value = value(of: field)
      if !value.isEmpty { values[field.id] = value }
    }
    return values
  }

  package mutating func press(_ key: Key) -> Form.Outcome {
    let before = choices
    let outcome = form.press(key)
    if choices != before { rebuild() }
    if outcome == .changed {
      check(showingMissing: false)
      judge()
    }
    return outcome
  }

  /// Puts what is wrong beside the fields it is about, and the focus on the first.
  /// - Parameter showingMissing: also what is still empty, which is no fault while one types.
  @discardableResult
  package mutating func check(showingMissing: Bool) -> Bool {
    let faults = template.faults(in: values)
    for field in form.fields where field.kind != .note { form.setProblem(field.id, nil) }
    for fault in faults where showingMissing || values[fault.field] != nil {
      if form.fields.first(where: { $0.id == fault.field })?.problem == nil { form.setProblem(fault.field, fault.text) }
    }
    if showingMissing, let first = faults.first(where: { fault in form.fields.contains { $0.id == fault.field } }) {
      form.focus(on: first.field)
    }
    return faults.isEmpty
  }

  // MARK: alternatives

  private static let choicePrefix = "choice:"

  /// The groups of alternatives in the order of their first fields.
  private var groups: [String] {
    template.fields.reduce(into: []) { groups, field in
      if let word = field.alternative, !groups.contains(word) { groups.append(word) }
    }
  }

  private func members(_ group: String) -> [ProviderTemplate.Field] {
    template.fields.filter { $0.alternative == group }
  }

  private var choices: [Int] { groups.map { form.choice(WorkloadForm.choicePrefix + $0) } }

  /// The alternative that has a value, else the first.
  private var initialChoices: [Int] {
    groups.map { group in members(group).firstIndex { kept[$0.id]?.isEmpty == false } ?? 0 }
  }

  private var shownFields: [ProviderTemplate.Field] {
    template.fields.filter { field in form.fields.contains { $0.id == field.id } }
  }

  private mutating func rebuild() {
    for field in shownFields { kept[field.id] = value(of: field) }
    let focused = form.focusedID
    form = Form(fields(chosen: choices))
    if let focused { form.focus(on: focused) }
  }

  private func fields(chosen: [Int]) -> [Form.Field] {
    var fields: [Form.Field] = []
    for field in template.fields {
      guard let group = field.alternative, let place = groups.firstIndex(of: group) else {
        fields.append(shown(field))
        continue
      }
      let members = members(group)
      if members.first?.id == field.id {
        fields.append(
          .choice(
            WorkloadForm.choicePrefix + group, label: group.prefix(1).uppercased() + group.dropFirst(),
            options: members.map(\.label), selected: chosen[place], hint: "← and → change it"))
      }
      if members.indices.contains(chosen[place]), members[chosen[place]].id == field.id { fields.append(shown(field)) }
    }
    return fields
  }

  private func shown(_ field: ProviderTemplate.Field) -> Form.Field {
    let value = kept[field.id] ?? ""
    switch field.kind {
    case .text, .document:
      return .text(field.id, label: field.label, value: value, hint: field.hint)
    case .choice(let choices):
      return .choice(
        field.id, label: field.label, options: choices.map(\.label),
        selected: choices.firstIndex { $0.value == value } ?? 0, hint: field.hint)
    }
  }

  private func value(of field: ProviderTemplate.Field) -> String {
    guard case .choice(let choices) = field.kind else { return form.value(field.id) }
    let index = form.choice(field.id)
    return choices.indices.contains(index) ? choices[index].value : ""
  }
}
