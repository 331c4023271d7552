/// Fields that are filled in one after the other.
package struct Form: Equatable, Sendable {
  package struct Field: Equatable, Sendable {
    package var id, label: String
    package var kind: Kind
    /// What belongs here, shown while the field has the focus.
    package var hint: String
    /// Why the value will not do.
    package var problem: String?

    package init(id: String, label: String, kind: Kind, hint: String = "", problem: String? = nil) {
      (self.id, self.label, self.kind, self.hint, self.problem) = (id, label, kind, hint, problem)
    }

    package static func text(_ id: String, label: String, value: String = "", hint: String = "") -> Field {
      Field(id: id, label: label, kind: .text(LineEditor(value)), hint: hint)
    }
    package static func secret(_ id: String, label: String, value: String = "", hint: String = "") -> Field {
      Field(id: id, label: label, kind: .secret(LineEditor(value)), hint: hint)
    }
    package static func choice(
      _ id: String, label: String, options: [String], selected: Int = 0, hint: String = ""
    ) -> Field {
      Field(id: id, label: label, kind: .choice(options, selected: selected), hint: hint)
    }
    package static func toggle(_ id: String, label: String, isOn: Bool = false, hint: String = "") -> Field {
      Field(id: id, label: label, kind: .toggle(isOn), hint: hint)
    }
    /// Several of the options; the value is their names joined by `, `.
    package static func multiChoice(
      _ id: String, label: String, options: [String], chosen: Set<Int> = [], hint: String = ""
    ) -> Field {
      Field(id: id, label: label, kind: .multiChoice(options, chosen: chosen, cursor: 0), hint: hint)
    }
    /// A whole number with a unit; the value is in the first of the units.
    ///
    /// - Parameters:
    ///   - units: what a number can be of, the smallest first. A unit's first letter, typed, chooses it.
    ///   - range: of the value, in the first unit.
    package static func number(
      _ id: String, label: String, value: Int? = nil, units: [Unit], range: ClosedRange<Int>, hint: String = ""
    ) -> Field {
      Field(id: id, label: label, kind: .number(Quantity(value, units: units, range: range)), hint: hint)
    }
    package static func note(_ text: String, id: String = "") -> Field { Field(id: id, label: text, kind: .note) }

    var isFocusable: Bool { kind != .note }
  }

  package enum Kind: Equatable, Sendable {
    case text(LineEditor), secret(LineEditor)
    case choice([String], selected: Int)
    case toggle(Bool)
    case multiChoice([String], chosen: Set<Int>, cursor: Int)
    case number(Quantity)
    /// The label alone, as lines of plain text; never focused.
    case note
  }

  package enum Outcome: Equatable, Sendable { case changed, moved, submitted, cancelled, ignored }

  package var fields: [Field]
  /// The index of the field that keys go to.
  package var focus: Int

  package init(_ fields: [Field]) {
    self.fields = fields
    focus = fields.firstIndex(where: \.isFocusable) ?? 0
  }

  /// The identifier of the field that keys go to; nil in a form of notes.
  package var focusedID: String? { fields.indices.contains(focus) ? fields[focus].id : nil }

  /// `enter` goes on to the next field and submits at the last; `ctrl-s` submits anywhere.
  package mutating func press(_ key: Key) -> Outcome {
    switch key {
    case .escape: return .cancelled
    case .control("s"): return .submitted
    case .enter: return move(by: 1) ? .moved : .submitted
    case .tab, .down: return move(by: 1, around: key == .tab) ? .moved : .ignored
    case .backTab, .up: return move(by: -1, around: key == .backTab) ? .moved : .ignored
    default: return edit(key)
    }
  }

  private mutating func move(by step: Int, around: Bool = false) -> Bool {
    let places = fields.indices.filter { fields[$0].isFocusable }
    guard let place = places.firstIndex(of: focus) else {
      guard let first = places.first else { return false }
      focus = first
      return true
    }
    let next = around ? (place + step + places.count) % places.count : place + step
    guard places.indices.contains(next), next != place else { return false }
    focus = places[next]
    return true
  }

  private mutating func edit(_ key: Key) -> Outcome {
    guard fields.indices.contains(focus) else { return .ignored }
    let before = value(at: focus)
    switch (fields[focus].kind, key) {
    case (.text(var editor), _):
      guard editor.press(key) else { return .ignored }
      fields[focus].kind = .text(editor)
    case (.secret(var editor), _):
      guard editor.press(key) else { return .ignored }
      fields[focus].kind = .secret(editor)
    case (.choice(let options, let selected), .left) where !options.isEmpty:
      fields[focus].kind = .choice(options, selected: (selected + options.count - 1) % options.count)
    case (.choice(let options, let selected), .right), (.choice(let options, let selected), " "):
      guard !options.isEmpty else { return .ignored }
      fields[focus].kind = .choice(options, selected: (selected + 1) % options.count)
    case (.toggle(let isOn), " "), (.toggle(let isOn), .left), (.toggle(let isOn), .right):
      fields[focus].kind = .toggle(!isOn)
    case (.multiChoice(let options, var chosen, let cursor), _) where !options.isEmpty:
      switch key {
      case .left: fields[focus].kind = .multiChoice(options, chosen: chosen, cursor: max(0, cursor - 1))
      case .right:
        fields[focus].kind = .multiChoice(options, chosen: chosen, cursor: min(options.count - 1, cursor + 1))
      case " ":
        if chosen.remove(cursor) == nil { chosen.insert(cursor) }
        fields[focus].kind = .multiChoice(options, chosen: chosen, cursor: cursor)
      default: return .ignored
      }
    case (.number(var quantity), _):
      guard quantity.press(key) else { return .ignored }
      fields[focus].kind = .number(quantity)
      guard value(at: focus) != before else { return .moved }
      fields[focus].problem = quantity.fault
      return .changed
    default:
      return .ignored
    }
    guard value(at: focus) != before else { return .moved }
    fields[focus].problem = nil
    return .changed
  }

  private func value(at index: Int) -> String {
    switch fields[index].kind {
    case .text(let editor), .secret(let editor): editor.text
    case .choice(let options, let selected): options.indices.contains(selected) ? options[selected] : ""
    case .toggle(let isOn): isOn ? "true" : "false"
    case .multiChoice(let options, let chosen, _):
      options.indices.filter(chosen.contains).map { options[$0] }.joined(separator: ", ")
    case .number(let quantity): quantity.value.map { "\($0)" } ?? ""
    case .note: ""
    }
  }

  /// The text, the chosen options, a number in its first unit, or `true` and `false`; empty for a field there is not.
  package func value(_ id: String) -> String {
    fields.firstIndex { $0.id == id }.map(value(at:)) ?? ""
  }

  /// The index of the chosen option; 1 or 0 for a toggle; 0 for anything else.
  package func choice(_ id: String) -> Int {
    switch fields.first(where: { $0.id == id })?.kind {
    case .choice(_, let selected): selected
    case .toggle(let isOn): isOn ? 1 : 0
    default: 0
    }
  }

  package func isOn(_ id: String) -> Bool { choice(id) == 1 }

  /// The indices of the chosen options of a field of several.
  package func choices(_ id: String) -> Set<Int> {
    guard case .multiChoice(_, let chosen, _) = fields.first(where: { $0.id == id })?.kind else { return [] }
    return chosen
  }

  package var hasProblem: Bool { fields.contains { $0.problem != nil } }

  /// Moves to the first field that will not do.
  package mutating func focusOnProblem() {
    if let index = fields.firstIndex(where: { $0.problem != nil && $0.isFocusable }) { focus = index }
  }

  package mutating func setProblem(_ id: String, _ text: String?) {
    if let index = fields.firstIndex(where: { $0.id == id }) { fields[index].problem = text }
  }

  /// Sets what ``value(_:)`` gives.
  package mutating func setValue(_ id: String, _ value: String) {
    guard let index = fields.firstIndex(where: { $0.id == id }) else { return }
    switch fields[index].kind {
    case .text: fields[index].kind = .text(LineEditor(value))
    case .secret: fields[index].kind = .secret(LineEditor(value))
    case .choice(let options, let selected):
      fields[index].kind = .choice(options, selected: options.firstIndex(of: value) ?? selected)
    case .toggle: fields[index].kind = .toggle(value == "true")
    case .multiChoice(let options, _, let cursor):
      let names = Set(value.split(separator: ",").map { String($0.drop { $0 == " " }) })
      fields[index].kind = .multiChoice(
        options, chosen: Set(options.indices.filter { names.contains(options[$0]) }), cursor: cursor)
    case .number(let old):
      fields[index].kind = .number(Quantity(Int(value), units: old.units, range: old.range))
    case .note: break
    }
  }

  package mutating func setChoice(_ id: String, _ selected: Int) {
    guard let index = fields.firstIndex(where: { $0.id == id }) else { return }
    if case .choice(let options, _) = fields[index].kind, options.indices.contains(selected) {
      fields[index].kind = .choice(options, selected: selected)
    }
  }

  package mutating func focus(on id: String) {
    if let index = fields.firstIndex(where: { $0.id == id && $0.isFocusable }) { focus = index }
  }
}
