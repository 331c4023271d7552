/// Requirements and projects of Python: a client that is too old to federate is raised. A range in a project goes up by
/// itself, as in `package.json`; a pin only where somebody asks for it, for it is what was tested.
struct RequirementsPatch {
  let kind: FileKind

  func apply(to draft: inout PatchDraft) {
    guard kind == .project || draft.identifiers.raisesPins else { return }
    let lines = draft.source.lines
    for (index, line) in lines.enumerated() {
      for requirement in Requirement.all(in: draft.source, line: line, isProject: kind == .project)
      where requirement.isTooOld {
        // Digests of a release stand on the same line or on those it is continued on.
        let continued = lines[index...].prefix { draft.source.text($0).hasSuffix("\\") }.count
        let whole = lines[index...].prefix(continued + 1)
        guard !whole.contains(where: { !draft.source.occurrences(of: "--hash", in: $0).isEmpty }) else {
          draft.ask(
            line.lowerBound, "Raise it by the tool that made this file, for the digests have to follow: pip-compile.")
          continue
        }
        draft.rewriting.replace(requirement.specifier, with: requirement.raised)
        draft.ask(
          line.lowerBound,
          "The lock file, if there is one, has to follow: uv lock, poetry lock or pip-compile. Test with it.")
      }
    }
  }
}

/// What a line asks of the client's version.
struct Requirement {
  /// Of the signs and versions, in bytes of the file.
  let specifier: Range<Int>
  private let clauses: [(sign: String, version: String)]
  /// Where the version stands that is too old, in bytes of the file.
  let tooOldAt: Int?
  let tooOldVersion: String?

  var isTooOld: Bool { tooOldAt != nil }

  private static let signs = ["===", "==", "~=", "<=", ">=", "!=", "<", ">", "^", "~", "="]

  /// - Parameter text: `==0.97.0`, `>=0.90, <0.98`, `^0.90`; what stands in front of the first sign is an exact version.
  init?(_ text: Substring, at offset: Int) {
    var clauses: [(sign: String, version: String)] = []
    var (tooOldAt, tooOldVersion): (Int?, String?)
    for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
      let body = piece.drop { $0 == " " }
      let sign = Requirement.signs.first(where: body.hasPrefix) ?? ""
      let version = body.dropFirst(sign.count).drop { $0 == " " }.prefix {
        $0.isNumber || $0.isLetter || ".*+-".contains($0)
      }
      guard let number = ClientVersion(version) else { return nil }
      clauses.append((sign, String(version)))
      let isUpper = ["===", "==", "~=", "<=", "<", "^", "~", "=", ""].contains(sign)
      let isOld = ClientVersion(Versions.python).map { sign == "<" ? number <= $0 : number < $0 } ?? false
      if isUpper, isOld, tooOldAt == nil {
        tooOldAt = offset + text.utf8.distance(from: text.startIndex, to: version.startIndex)
        tooOldVersion = String(version)
      }
    }
    guard !clauses.isEmpty else { return nil }
    (self.clauses, self.tooOldAt, self.tooOldVersion) = (clauses, tooOldAt, tooOldVersion)
    specifier = offset..<offset + text.utf8.count
  }

  /// The same kind of bound, at a release that federates and takes an empty key for none.
  var raised: String {
    let first = clauses[0].sign
    return clauses.count == 1 && !first.hasPrefix("<")
      ? first + Versions.proposedPython : ">=\(Versions.proposedPython),<1"
  }

  /// - Parameter line: of requirements, or of `pyproject.toml`.
  static func all(in source: SourceText, line: Range<Int>, isProject: Bool) -> [Requirement] {
    guard isProject else { return named(source.text(line)[...], at: line.lowerBound).map { [$0] } ?? [] }
    let text = source.text(line)
    let code = text.drop { $0 == " " || $0 == "\t" }
    guard !code.hasPrefix("#") else { return [] }
    let start = line.lowerBound + text.utf8.count - code.utf8.count
    if let quoted = poetry(code, at: start) { return [quoted] }
    var requirements: [Requirement] = []
    for offset in ["\"anthropic", "'anthropic"].flatMap({ source.occurrences(of: $0, in: line) }) {
      let inner = source.text(offset + 1..<line.upperBound).prefix { $0 != "\"" && $0 != "'" }
      if let requirement = named(inner, at: offset + 1) { requirements.append(requirement) }
    }
    return requirements
  }

  /// `anthropic[vertex]==0.97.0 ; python_version < "3.13"  # why`.
  private static func named(_ text: Substring, at offset: Int) -> Requirement? {
    let name = text.prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == "." }
    guard name.lowercased() == "anthropic" else { return nil }
    var rest = text.dropFirst(name.count).drop { $0 == " " }
    if rest.first == "[" { rest = rest.drop { $0 != "]" }.dropFirst().drop { $0 == " " } }
    guard let first = rest.first, "=~<>!".contains(first) else { return nil }
    var body = rest.prefix { !";#\\\r".contains($0) }
    if let hash = body.firstRange(of: " --") { body = body[..<hash.lowerBound] }
    while body.last == " " || body.last == "\t" { body.removeLast() }
    return Requirement(body, at: offset + text.utf8.distance(from: text.startIndex, to: rest.startIndex))
  }

  /// `anthropic = "^0.90"` and `anthropic = {version = "^0.90", extras = ["vertex"]}`.
  private static func poetry(_ text: Substring, at offset: Int) -> Requirement? {
    guard text.hasPrefix("anthropic") else { return nil }
    var rest = text.dropFirst("anthropic".count).drop { $0 == " " }
    guard rest.first == "=" else { return nil }
    rest = rest.dropFirst().drop { $0 == " " }
    if rest.first == "{" {
      guard let version = rest.firstRange(of: "version") else { return nil }
      rest = rest[version.upperBound...].drop { " =".contains($0) }
    }
    guard let quote = rest.first, "\"'".contains(quote) else { return nil }
    rest = rest.dropFirst()
    return Requirement(
      rest.prefix { $0 != quote }, at: offset + text.utf8.distance(from: text.startIndex, to: rest.startIndex))
  }
}
