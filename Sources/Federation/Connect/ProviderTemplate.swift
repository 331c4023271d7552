package import Platform

/// How one kind of workload is connected: what must be known of it, and what that comes to. The wizard's form, the
/// flags of `connect` and the plan all read the same template.
package struct ProviderTemplate: Sendable, Identifiable {
  /// The word after `connect` on the command line.
  package enum ID: String, CaseIterable, Sendable {
    case github, gitlab, aws, gcp, azure, kubernetes, spiffe, okta, buildkite, terraform, circleci, oidc
  }

  package struct Field: Sendable, Identifiable {
    package struct Choice: Hashable, Sendable {
      package let value, label: String
      package init(_ value: String, _ label: String) { (self.value, self.label) = (value, label) }
    }

    package enum Kind: Hashable, Sendable {
      case text
      /// The first is taken when nothing is said.
      case choice([Choice])
      /// The text of a file, or pasted: a flag takes the file's path.
      case document
    }

    /// The key of the value, and the name of the flag: `repository` is `--repository`.
    package let id: String
    package let label, hint, example: String
    package let kind: Kind
    package let isRequired: Bool
    /// Fields with the same word here stand for one another: exactly one of them is filled in.
    package let alternative: String?
    /// What is wrong with a value that is not empty, or nil.
    package let fault: @Sendable (String) -> String?

    init(
      _ id: String, label: String, hint: String, example: String = "", kind: Kind = .text, isRequired: Bool = true,
      alternative: String? = nil, fault: @escaping @Sendable (String) -> String? = { _ in nil }
    ) {
      (self.id, self.label, self.hint, self.example) = (id, label, hint, example)
      (self.kind, self.isRequired, self.alternative, self.fault) = (kind, isRequired, alternative, fault)
    }
  }

  package let id: ID
  package let title: String
  /// What the person is about to trust, in a sentence.
  package let summary: String
  package let fields: [Field]
  /// Seconds a minted token lives unless someone says otherwise.
  package let tokenLifetime: Int
  /// Why that long.
  package let lifetimeReason: String
  /// Faults that only show when fields are seen together. Called when each field is fine by itself.
  let relations: @Sendable (Values) -> [FieldFault]
  let trust: @Sendable (Values) -> Trust
  let files: @Sendable (Values, HandoverIdentifiers) -> [HandoverFile]
  /// The values that a token of this provider with these claims suggests; nil when it is another provider's.
  package let recognise: @Sendable (JSON) -> [String: String]?

  package static let all = ID.allCases.map(of)

  package static func of(_ id: ID) -> ProviderTemplate {
    switch id {
    case .github: github
    case .gitlab: gitlab
    case .aws: aws
    case .gcp: gcp
    case .azure: azure
    case .kubernetes: kubernetes
    case .spiffe: spiffe
    case .okta: okta
    case .buildkite: buildkite
    case .terraform: terraform
    case .circleci: circleci
    case .oidc: oidc
    }
  }

  /// The provider whose token has these claims, and the values they suggest. Any issuer will do in the end, so only
  /// claims without an issuer or a subject are nobody's.
  package static func recognise(_ claims: JSON) -> (template: ProviderTemplate, values: [String: String])? {
    for template in all {
      if let values = template.recognise(claims) { return (template, values) }
    }
    return nil
  }

  /// What was filled in, by field; empty where nothing was.
  struct Values: Hashable, Sendable {
    let texts: [String: String]
    subscript(id: String) -> String { texts[id] ?? "" }
  }
}

/// What keeps a workload from being connected, beside the field it is about.
package struct FieldFault: Hashable, Sendable {
  /// The field's identifier.
  package let field: String
  package let text: String
  package init(_ field: String, _ text: String) { (self.field, self.text) = (field, text) }
}

extension ProviderTemplate {
  /// What is wrong with the values, in the order of the fields; empty when they will do.
  package func faults(in values: [String: String]) -> [FieldFault] {
    let values = normal(values)
    var faults: [FieldFault] = []
    for (id, value) in values.texts where fields.allSatisfy({ $0.id != id }) {
      faults.append(
        FieldFault(id, "\(title) has no \(id.debugDescription), so \(value.debugDescription) means nothing"))
    }
    for field in fields {
      let value = values[field.id]
      if value.isEmpty {
        if field.isRequired, field.alternative == nil { faults.append(FieldFault(field.id, "this is needed")) }
      } else if let text = Grammar.hiddenFault(in: value, kind: field.kind) ?? choiceFault(field, value)
        ?? field.fault(value)
      {
        faults.append(FieldFault(field.id, text))
      }
    }
    faults += alternativeFaults(in: values)
    return faults.isEmpty ? relations(values) : faults
  }

  private func choiceFault(_ field: Field, _ value: String) -> String? {
    guard case .choice(let choices) = field.kind, choices.allSatisfy({ $0.value != value }) else { return nil }
    return "one of \(choices.map(\.value).joined(separator: ", ")), not \(value.debugDescription)"
  }

  private func alternativeFaults(in values: Values) -> [FieldFault] {
    var seen: [String] = []
    for field in fields { if let word = field.alternative, !seen.contains(word) { seen.append(word) } }
    return seen.compactMap { word in
      let group = fields.filter { $0.alternative == word }
      let filled = group.filter { !values[$0.id].isEmpty }
      let names = group.map(\.id).joined(separator: ", ")
      switch filled.count {
      case 0: return FieldFault(group[0].id, "one of \(names) is needed")
      case 1: return nil
      default: return FieldFault(filled[1].id, "only one of \(names) may be given")
      }
    }
  }

  /// Blanks at the ends are nobody's intention and would match nothing.
  func normal(_ values: [String: String]) -> Values {
    var texts: [String: String] = [:]
    for (id, value) in values {
      let trimmed = Grammar.trimmed(value)
      if !trimmed.isEmpty { texts[id] = trimmed }
    }
    for field in fields where texts[field.id] == nil {
      if case .choice(let choices) = field.kind { texts[field.id] = choices.first?.value }
    }
    return Values(texts: texts)
  }
}
