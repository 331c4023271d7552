/// Forms that are filled in one after the other, then looked at together before anything is done.
package struct Wizard: Equatable, Sendable {
  package struct Step: Equatable, Sendable {
    package var id, title: String
    /// What this step is for, in a sentence or two.
    package var about: String
    package var form: Form
    package init(id: String, title: String, about: String = "", form: Form) {
      (self.id, self.title, self.about, self.form) = (id, title, about, form)
    }
  }

  package enum Outcome: Equatable, Sendable {
    /// A value of that step changed: check it, and fit later steps to it.
    case changed(step: String)
    /// The step is filled in: check it, say what is wrong, then ``Wizard/advance()``.
    case submitted(step: String)
    /// The summary was agreed to.
    case finished
    case moved, cancelled, ignored
  }

  package private(set) var steps: [Step]
  /// Of the step at hand; the number of steps for the summary.
  package private(set) var index = 0
  private var summaryTop = 0

  package init(_ steps: [Step]) { self.steps = steps }

  package var isAtSummary: Bool { index >= steps.count }
  package var step: Step? { isAtSummary ? nil : steps[index] }

  package func value(_ id: String) -> String {
    steps.first { $0.form.fields.contains { $0.id == id } }?.form.value(id) ?? ""
  }

  package mutating func edit(_ step: String, _ change: (inout Form) -> Void) {
    if let place = steps.firstIndex(where: { $0.id == step }) { change(&steps[place].form) }
  }

  /// Gives a step other fields; those that stay keep what was filled in.
  package mutating func setFields(_ step: String, _ fields: [Form.Field]) {
    edit(step) { form in
      let old = form
      form = Form(fields)
      for field in old.fields where field.isFocusable { form.setValue(field.id, old.value(field.id)) }
      if let id = old.focusedID { form.focus(on: id) }
    }
  }

  /// Goes on, unless a field of this step has a problem; that field gets the focus then.
  ///
  /// - Returns: whether it went on.
  @discardableResult
  package mutating func advance() -> Bool {
    guard let step else { return false }
    if step.form.hasProblem {
      steps[index].form.focusOnProblem()
      return false
    }
    (index, summaryTop) = (index + 1, 0)
    return true
  }

  /// `esc` goes back a step and loses nothing; at the first it cancels.
  package mutating func press(_ key: Key) -> Outcome {
    if isAtSummary { return pressAtSummary(key) }
    switch steps[index].form.press(key) {
    case .changed: return .changed(step: steps[index].id)
    case .submitted: return .submitted(step: steps[index].id)
    case .moved: return .moved
    case .ignored: return .ignored
    case .cancelled: return back()
    }
  }

  private mutating func back() -> Outcome {
    guard index > 0 else { return .cancelled }
    index -= 1
    return .moved
  }

  private mutating func pressAtSummary(_ key: Key) -> Outcome {
    switch key {
    case .enter: return .finished
    case .escape: return back()
    case .character(let character):
      guard let number = character.wholeNumberValue, (1...max(1, steps.count)).contains(number), number <= steps.count
      else { break }
      index = number - 1
      return .moved
    default: break
    }
    guard let motion = Motion(key) else { return .ignored }
    summaryTop = motion.applied(to: summaryTop, count: summary.count, height: 10)
    return .moved
  }

  private var summary: [(label: String, text: String, role: Role)] {
    steps.enumerated().flatMap { number, step in
      let values = step.form.fields.filter(\.isFocusable).map { field in
        let value = step.form.shownValue(field.id)
        return (label: "   \(field.label)", text: value.isEmpty ? "–" : value, role: value.isEmpty ? Role.dim : .text)
      }
      return [(label: "\(number + 1)  \(step.title)", text: "", role: Role.heading)] + values
    }
  }

  /// The steps in a line, what the one at hand is for, its form, and the keys; at the end the summary.
  package func render(into surface: inout Surface, row: Int, column: Int, width: Int, height: Int) {
    guard width > 0, height > 0 else { return }
    var part = Surface(Size(columns: width, rows: height))
    renderSteps(into: &part)
    let keys =
      isAtSummary
      ? "enter go on   esc back   1-\(steps.count) to a step"
      : index > 0 ? "enter next   esc back, nothing is lost" : "enter next   esc cancel"
    if height > 3 { part.write(Text.clipped(keys, to: width), row: height - 1, role: .dim) }
    if let step {
      let about = step.about.isEmpty ? [] : Text.wrapped(step.about, to: width)
      let shown = about.prefix(max(0, min(about.count, height - 6)))
      for (offset, line) in shown.enumerated() { part.write(line, row: 2 + offset, role: .dim) }
      let first = 2 + shown.count + (shown.isEmpty ? 0 : 1)
      step.form.render(into: &part, row: first, column: 0, width: width, height: max(0, height - first - 2))
    } else {
      let lines = summary
      let room = max(0, height - 4)
      let labels = min(width / 2, (lines.map { Text.columns($0.label) }.max() ?? 0) + 2)
      let top = max(0, min(summaryTop, lines.count - room))
      for (offset, line) in lines.dropFirst(top).prefix(room).enumerated() {
        let label = Text.clipped(line.label, to: line.text.isEmpty ? width : labels - 1)
        part.write(label, row: 2 + offset, role: line.role == .heading ? .heading : .dim)
        part.write(Text.clipped(line.text, to: width - labels), row: 2 + offset, column: labels, role: line.role)
      }
    }
    surface.place(part, row: row, column: column)
  }

  /// `✓ Issuer › 2 Subject › 3 Summary`, from the left as many as fit around the step at hand.
  private func renderSteps(into surface: inout Surface) {
    let titles = steps.map(\.title) + ["Summary"]
    let labels = titles.enumerated().map { place, title in place < index ? "✓ \(title)" : "\(place + 1) \(title)" }
    var first = 0
    let widths = labels.map { Text.columns($0) + 3 }
    while first < index, widths[first...index].reduce(0, +) > surface.size.columns { first += 1 }
    var place = 0
    for (offset, label) in labels.enumerated().dropFirst(first) where place < surface.size.columns {
      if offset > first { place += surface.write(" › ", row: 0, column: place, role: .dim) }
      let role: Role = offset == index ? .heading : offset < index ? .good : .dim
      place += surface.write(Text.clipped(label, to: surface.size.columns - place), row: 0, column: place, role: role)
    }
  }
}

extension Form {
  /// What a person may see of a value: dots for a secret, a number with its unit.
  func shownValue(_ id: String) -> String {
    switch fields.first(where: { $0.id == id })?.kind {
    case .secret(let editor): String(repeating: "•", count: min(8, editor.text.count))
    case .toggle(let isOn): isOn ? "yes" : "no"
    case .number(let quantity): quantity.value.map { Quantity.text($0, quantity.units) } ?? ""
    default: value(id)
    }
  }
}
