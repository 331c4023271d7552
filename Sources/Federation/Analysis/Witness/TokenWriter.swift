internal import Platform

/// Writes the claims of one provider's tokens, complete and without contradictions.
struct TokenWriter: Sendable {
  let provider: Provider
  let issuerURL: String
  let audience: String
  /// The names that the rule's subject is made of, where the provider lets them be chosen.
  let subjectKeys: [String]

  /// Any moment will do, for a rule does not read it: 1 October 2026.
  static let issuedAt = 1_790_812_800

  /// The tokens this persona may bring: one for each form that a subject can have.
  func tokens(for persona: Persona) -> [JSON.Object] {
    switch provider {
    case .gitHub: gitHub(persona)
    case .gitLab: gitLab(persona)
    case .aws: [aws(persona)]
    case .google: [google(persona)]
    case .kubernetes: [kubernetes(persona)]
    case .entra: [entra(persona)]
    case .okta: [okta(persona)]
    case .spiffe: [spiffe(persona)]
    case .buildkite: buildkite(persona)
    case .terraform: terraform(persona)
    case .circleCI: circleCI(persona)
    case .generic: [token("sub-of-mallory", persona[.subject], life: 3600, [:])]
    }
  }

  /// What every token has, and then `claims`.
  ///
  /// - Parameter life: seconds.
  func token(
    _ stranger: String, _ subject: String?, life: Int, listsAudience: Bool = false, _ claims: JSON.Object
  )
    -> JSON.Object
  {
    var token: JSON.Object = [
      "iss": .string(issuerURL), "sub": .string(subject ?? stranger),
      "aud": listsAudience ? [.string(audience)] : .string(audience), "iat": JSON(TokenWriter.issuedAt),
      "exp": JSON(TokenWriter.issuedAt + life),
    ]
    for (name, value) in claims { token[name] = value }
    return token
  }

  static let tokenID: JSON = "6f0d3c7a-5b1e-4c52-9d7a-2f8e1b6c4a90"
  static let commit = "9e2c51b0d4f7a8361c0b5d92e7f4a1830c6b5e27"
}

extension JSON.Object {
  /// Texts by name, those that are nil left out.
  init(texts: [(String, String?)]) {
    self.init()
    for (name, text) in texts { if let text { self[name] = .string(text) } }
  }

  /// Puts a value where a path leads, objects on the way included.
  mutating func set(_ value: JSON, at names: some Sequence<String>) {
    let names = Array(names)
    guard let first = names.first else { return }
    guard names.count > 1 else { return self[first] = value }
    var inner = self[first]?.object ?? JSON.Object()
    inner.set(value, at: names.dropFirst())
    self[first] = .object(inner)
  }

  func value(at path: ClaimPath) -> JSON? {
    path.names.reduce(JSON?.some(.object(self))) { $0?[$1] }
  }
}
