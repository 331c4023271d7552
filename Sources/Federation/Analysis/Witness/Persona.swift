/// Who a token is made for: a value for each thing that it says. Where nothing is set, a stranger's.
struct Persona: Hashable, Sendable {
  private var values: [Field: String] = [:]

  init(_ values: [Field: String] = [:]) { self.values = values }

  subscript(field: Field) -> String? {
    get { values[field] }
    set { values[field] = newValue }
  }

  func value(_ field: Field, or stranger: String) -> String { values[field] ?? stranger }

  /// Sets what is not set.
  mutating func fill(_ more: [Field: String]) { values.merge(more) { own, _ in own } }

  /// Somebody whom `extents` let in: what they pin is pinned, what they begin goes on differently.
  ///
  /// - Parameter filler: what stands in the gaps of a shape.
  init(fitting extents: [Field: Extent], filler: String) {
    for (field, extent) in extents {
      switch extent {
      case .open: break
      case .exact(let values): self[field] = values.sorted().first
      case .shaped(let shapes):
        self[field] = shapes.sorted().first?.replacing(String(Extent.gap), with: filler)
      case .begins(let text): self[field] = Persona.completed(text, field)
      }
    }
    // Where an id is begun, the name before it is whole.
    for (name, id) in [(Field.owner, Field.ownerID), (.repository, .repositoryID)] {
      if let text = extents[name]?.beginning, extents[id]?.beginning != nil { self[name] = text }
    }
  }

  /// A value of the same form that begins with `text` and is not what its author had in mind.
  static func completed(_ text: String, _ field: Field) -> String {
    let whole = unfinished(text, among: wholes(field))
    if let whole { return whole }
    switch field {
    case .ownerID, .repositoryID, .projectID, .namespaceID:
      if text.allSatisfy(\.isNumber) { return text + "0" }
      return padded(text, to: "ffffffff-ffff-4fff-8fff-ffffffffffff")
    case .organizationID, .pipelineID, .object, .accountUID:
      return padded(text, to: "ffffffff-ffff-4fff-8fff-ffffffffffff")
    case .subject where text.allSatisfy(\.isNumber): return padded(text, to: "999999999999999999999")
    case .client,
      .subject where text.hasPrefix("0oa"):
      return padded(text, to: "0oaZZZZZZZZZZZZZZZZZ")
    case .accountNumber: return padded(text, to: "999999999999")
    case .namespace where text.contains("/"): return text + "/evil"
    case .trustDomain: return text + ".evil"
    case .email: return text.contains("@") ? text + "mallory-proj.iam.gserviceaccount.com" : text + "-evil@acme.example"
    case .jobWorkflowRef, .workflowRef, .configRef:
      return text.contains("@") ? text + "refs/heads/evil" : text + "/evil.yml@refs/heads/evil"
    case .ref, .refPath: return text + (text.last == "/" ? text.contains("tags") ? "v0.0.0-evil" : "evil" : "-evil")
    case .project: return text + (text.contains("/") || !text.contains("-evil") ? "-evil" : "")
    default: return text + (Extent.endsName(text) ? "evil" : "-evil")
    }
  }

  /// Where every value begins in one of a few ways.
  private static func wholes(_ field: Field) -> [String] {
    switch field {
    case .ref, .refPath: ["refs/heads/evil", "refs/tags/v0.0.0-evil"]
    case .principal: ["role/evil", "user/contractor", "root"]
    case .phase: ["plan", "apply"]
    case .refType: ["branch", "tag"]
    default: []
    }
  }

  private static func unfinished(_ text: String, among wholes: [String]) -> String? {
    wholes.first { $0.hasPrefix(text) && $0 != text }
  }

  /// `text`, and the end of `pattern` as far as that is longer.
  private static func padded(_ text: String, to pattern: String) -> String { text + pattern.dropFirst(text.count) }
}
