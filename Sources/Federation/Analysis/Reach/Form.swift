/// How one provider writes its tokens: the form of its subjects, what its claims say, and of what kind they are.
struct Form: Sendable {
  typealias Reader = @Sendable (SubjectText) -> Reading

  let subject: Reader
  /// Claims that stand for one field as they are.
  var fields: [ClaimPath: Field] = [:]
  /// Claims whose value has parts.
  var structured: [ClaimPath: Reader] = [:]
  /// The fields that claims with parts have a say in.
  var parts: [ClaimPath: [Field]] = [:]
  /// Claims that are no texts; all others are.
  var kinds: [ClaimPath: Kind] = [:]
  /// Claims that every token has, beside ``Form/registered``.
  var everywhere: Set<String> = []

  static let registered: Set<String> = ["iss", "sub", "aud", "iat", "exp"]

  /// What a claim says when it has this value, or begins with it; nil when it says nothing about who or which run.
  func reading(of path: ClaimPath, _ text: String, isPrefix: Bool) -> Reading? {
    let value = SubjectText(text, isPrefix: isPrefix)
    if path == .subject { return subject(value) }
    if let read = structured[path] { return read(value) }
    guard let field = field(of: path) else { return nil }
    var whole = value
    let extent = whole.take(upTo: "")
    // Members of one object, such as tags, are different things that one field stands for.
    let isMember = path.names.count > 1 && fields[path] == nil
    return Reading([field: isMember ? .shaped(["\(path.names.last ?? "")=\(text)"]) : extent])
  }

  /// The field that a claim stands for, by itself or as a member of an object that does.
  func field(of path: ClaimPath) -> Field? {
    if let field = fields[path] { return field }
    if path == "iss" { return .issuer }
    let outer = ClaimPath(path.names.dropLast())
    return path.names.count > 2 && kinds[outer] == .object ? fields[outer] : nil
  }

  func kind(of path: ClaimPath) -> Kind? {
    if path.names.count == 1, ["iat", "nbf", "exp"].contains(path.names[0]) { return .number }
    return kinds[path]
  }

  /// The objects that a claim map cannot look into.
  var objects: [String] { kinds.filter { $0.value == .object && $0.key.names.count == 1 }.map { $0.key.names[0] } }

  static func of(_ provider: Provider) -> Form { forms[provider] ?? generic }

  private static let forms: [Provider: Form] = [
    .gitHub: gitHub, .gitLab: gitLab, .aws: aws, .google: google, .kubernetes: kubernetes, .entra: entra,
    .okta: okta, .spiffe: spiffe, .buildkite: buildkite, .terraform: terraform, .circleCI: circleCI,
  ]

  /// Of an issuer nothing is known about: the subject is one opaque text.
  static let generic = Form { text in
    var text = text
    return Reading([.subject: text.take(upTo: "")])
  }
}

/// A text made of `name:value` pairs that stand in a fixed order.
struct PairForm: Sendable {
  let separator: Character
  let names: [String]

  /// The values by name, as far as the text goes; nil when it is not of this form. A whole text needs every name.
  func values(_ text: inout SubjectText) -> [String: Extent]? {
    var values: [String: Extent] = [:]
    for (index, name) in names.enumerated() {
      guard text.skip((index == 0 ? "" : String(separator)) + name + String(separator)) else { return nil }
      guard !text.hasEnded else { return values }
      let value = text.take(upTo: String(separator))
      guard value != .exact([""]) else { return nil }
      values[name] = value
      guard !text.hasEnded else { return values }
    }
    guard text.isAtEnd || text.isPrefix && text.skip(String(separator)) && text.isAtEnd else { return nil }
    return values
  }
}
