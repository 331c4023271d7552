/// References in lines: code, Dockerfiles, shell, `.env` files and prose.
struct TextPlaces {
  let source: SourceText
  let kind: FileKind
  /// Of the file: scripts and templates are told by it.
  let path: String

  func references() -> [Find] {
    source.lines.flatMap { line -> [Find] in
      // What is minified or generated is searched for keys, not for the way it reads them.
      guard line.count < 2000, mayMatter(line) else { return [] }
      return switch kind {
      case .dockerfile: dockerfile(line)
      case .code: code(line)
      case .requirements, .project: Versions.inRequirements(source, line, isProject: kind == .project)
      default: isScript ? shell(line) + expansions(line) : shell(line) + templated(line)
      }
    }
  }

  private static let words = Anchors(["anthropic", "claude", "api_key", "apikey"])

  private func mayMatter(_ line: Range<Int>) -> Bool {
    source.bytes.withUnsafeBytes { TextPlaces.words.occur(in: UnsafeRawBufferPointer(rebasing: $0[line])) }
  }

  // MARK: Code

  /// How languages read a variable of their environment, up to its name.
  private static let readers = [
    "os.environ.get(", "os.environ[", "os.getenv(", "environ.get(", "environ[", "getenv(", "process.env.",
    "process.env?.", "process.env[", "import.meta.env.", "Deno.env.get(", "Bun.env.", "Bun.env[", "os.Getenv(",
    "os.LookupEnv(", "System.getenv(", "ENV[", "ENV.fetch(", "$_ENV[", "$_SERVER[",
    "Environment.GetEnvironmentVariable(",
    "env::var(", "std::env::var(", "std::env::var_os(", "ProcessInfo.processInfo.environment[", "System.get_env(",
    "System.fetch_env!(", "os.environ.pop(", "os.environ.setdefault(",
  ]

  private func code(_ line: Range<Int>) -> [Find] {
    let text = source.text(line)
    var finds: [Find] = []
    for name in identifiers(in: line) where KeyName.isKey(source.text(name)) {
      var opening = name.lowerBound
      while opening > line.lowerBound, "\"'`".utf8.contains(source.bytes[opening - 1]) { opening -= 1 }
      let before = source.text(line.lowerBound..<opening)
      guard let reader = TextPlaces.readers.filter({ before.hasSuffix($0) }).max(by: { $0.count < $1.count }) else {
        continue
      }
      var find = Find(
        .environmentRead, .reference, at: opening - reader.utf8.count, name: source.text(name))
      find.note = note(reader: reader, behind: source.text(name.upperBound..<line.upperBound))
      finds.append(find)
    }
    guard text.contains("api_key") || text.contains("apiKey") || text.contains("ApiKey") else { return finds }
    return finds + arguments(line)
  }

  /// What becomes of the read once the variable is gone.
  private func note(reader: String, behind: String) -> String? {
    let rest = behind.drop { "\"'`])".contains($0) }
    let hasDefault =
      rest.hasPrefix(", \"") || rest.hasPrefix(", '") || rest.hasPrefix(" ?? \"") || rest.hasPrefix(" || \"")
    if hasDefault { return "An empty key when the variable is gone, which fails: the code must change." }
    return switch reader {
    case "os.environ[", "environ[", "ENV.fetch(", "System.fetch_env!(":
      "An error when the variable is gone: the code must change."
    case "os.environ.get(", "os.getenv(", "environ.get(", "process.env.", "process.env[":
      "Nothing when the variable is gone: it federates without a change, unless something guards it."
    default: nil
    }
  }

  /// Values given to a client of Anthropic's by name: a literal that is no key, or a setting read from elsewhere.
  private func arguments(_ line: Range<Int>) -> [Find] {
    var finds: [Find] = []
    for label in ["api_key=", "apiKey: ", "apiKey:", "api_key: "] {
      for offset in source.occurrences(of: label, in: line) {
        let start = offset + label.utf8.count
        guard !finds.contains(where: { $0.offset == start || $0.offset == start + 1 }), start < line.upperBound else {
          continue
        }
        let before = source.text(max(0, offset - 200)..<offset)
        guard let call = before.lastIndex(of: "("),
          before[..<call].reversed().prefix(40).contains(where: { $0 == "A" || $0 == "a" }),
          KeyName.mentions(before[..<call].split(whereSeparator: { " =\n(".contains($0) }).last ?? "")
        else { continue }
        let value = source.text(start..<line.upperBound)
        if let quote = value.first, "\"'`".contains(quote) {
          let literal = value.dropFirst().prefix { $0 != quote }
          guard !literal.isEmpty, !literal.contains("sk-ant-"), !literal.contains("${") else { continue }
          finds.append(Find(.apiKey, .placeholder, at: start + 1))
        } else {
          let path = value.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
          let steps = path.split(separator: ".")
          guard steps.count > 1, !["process", "os", "import", "Deno", "Bun", "System"].contains(steps[0]) else {
            continue
          }
          finds.append(
            Find(.configurationRead, .reference, at: start, name: steps.dropFirst().joined(separator: ".")))
        }
      }
    }
    return finds
  }

  private func identifiers(in line: Range<Int>) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var at = line.lowerBound
    while at < line.upperBound {
      let start = at
      while at < line.upperBound, source.bytes[at].isLetterOrDigit || source.bytes[at] == UInt8(ascii: "_") { at += 1 }
      if at - start > 7 { ranges.append(start..<at) }
      if at == start { at += 1 }
    }
    return ranges
  }

  // MARK: Dockerfiles

  private func dockerfile(_ line: Range<Int>) -> [Find] {
    let words = words(line)
    guard let first = words.first else { return [] }
    let instruction = source.text(first).uppercased()
    guard instruction == "ARG" || instruction == "ENV" else { return [] }
    var finds: [Find] = []
    for (index, word) in words.dropFirst().enumerated() {
      let name = source.text(word).prefix { $0 != "=" }
      // `ENV NAME value`, the old form, has no equals sign and one name only.
      guard KeyName.isKey(name), index == 0 || source.text(word).contains("=") else { continue }
      var find = Find(
        instruction == "ARG" ? .dockerfileArgument : .dockerfileEnvironment, .reference, at: word.lowerBound,
        name: String(name))
      find.note = "What it holds stays in a layer of the image: the image must go too."
      finds.append(find)
    }
    return finds
  }

  private func words(_ line: Range<Int>) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var at = line.lowerBound
    while at < line.upperBound {
      let start = at
      while at < line.upperBound, source.bytes[at] != 0x20, source.bytes[at] != 0x09 { at += 1 }
      if at > start { words.append(start..<at) }
      at += 1
    }
    return words
  }

  // MARK: Shell and prose

  /// Scripts expand variables; prose only speaks of it.
  private var isScript: Bool {
    let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    return [".sh", ".bash", ".zsh", ".fish", ".ksh", ".mk"].contains { name.hasSuffix($0) }
      || ["makefile", "justfile", "jenkinsfile", ".envrc"].contains(name) || source.bytes.starts(with: Array("#!".utf8))
  }

  /// `$ANTHROPIC_API_KEY` and `${ANTHROPIC_API_KEY:-…}`.
  private func expansions(_ line: Range<Int>) -> [Find] {
    identifiers(in: line).compactMap { name in
      guard KeyName.isKey(source.text(name)) else { return nil }
      var start = name.lowerBound
      if start > line.lowerBound, source.bytes[start - 1] == UInt8(ascii: "{") { start -= 1 }
      guard start > line.lowerBound, source.bytes[start - 1] == UInt8(ascii: "$") else { return nil }
      return Find(.environmentRead, .reference, at: start - 1, name: source.text(name))
    }
  }

  /// A variable in a chart's template, which is no YAML before it is rendered.
  private func templated(_ line: Range<Int>) -> [Find] {
    guard FileKind.isDocument(path), let label = source.occurrences(of: "name: ", in: line).first else { return [] }
    guard let name = identifiers(in: label + 6..<line.upperBound).first, KeyName.isKey(source.text(name)) else {
      return []
    }
    return [Find(.kubernetesSecret, .reference, at: name.lowerBound, name: source.text(name))]
  }

  /// Variables that are given something which is no key, and secrets that 1Password keeps.
  private func shell(_ line: Range<Int>) -> [Find] {
    var finds: [Find] = []
    let text = source.text(line)
    if KeyName.mentions(text), let offset = source.occurrences(of: "op://", in: line).first {
      let reference = source.text(offset..<line.upperBound).prefix { !"\"'` \t)".contains($0) }
      finds.append(Find(.onePassword, .reference, at: offset, name: String(reference)))
    }
    guard text.contains("=") || text.contains(":") else { return finds }
    for name in identifiers(in: line) where KeyName.isKey(source.text(name)) {
      guard name.upperBound < line.upperBound, source.bytes[name.upperBound] == UInt8(ascii: "=") else { continue }
      var start = name.upperBound + 1
      var stops = " \t;&|"
      if start < line.upperBound, "\"'".utf8.contains(source.bytes[start]) {
        stops = String(UnicodeScalar(source.bytes[start]))
        start += 1
      }
      let value = source.text(start..<line.upperBound).prefix { !stops.contains($0) }
      guard !value.isEmpty, !value.contains("sk-ant-"), !KeyName.isIndirect(value) else { continue }
      // In prose the sign may end a sentence or a code span.
      guard value.contains(where: { $0.isLetter || $0.isNumber }) else { continue }
      finds.append(Find(.apiKey, .placeholder, at: start, name: source.text(name)))
    }
    return finds
  }

  // MARK: Names

  /// The variable, field or setting that the credential at `offset` is given to, as far as lines tell.
  func name(before offset: Int) -> String? {
    var at = offset
    func byte(_ back: Int = 1) -> UInt8 { at >= back ? source.bytes[at - back] : 0 }
    while at > 0, "\"'` \t(\r\n\\".utf8.contains(byte()), offset - at < 200 { at -= 1 }
    let isListed = byte() == UInt8(ascii: ",")
    guard "=:,".utf8.contains(byte()) else { return nil }
    at -= 1
    if byte() == UInt8(ascii: ":") || byte() == UInt8(ascii: "?") { at -= 1 }
    if byte() == UInt8(ascii: "=") || byte() == UInt8(ascii: "!") { return nil }
    while at > 0, " \t".utf8.contains(byte()) { at -= 1 }
    if isListed, !"\"'`".utf8.contains(byte()) { return nil }
    while at > 0, "\"'`])".utf8.contains(byte()) { at -= 1 }
    let end = at
    while at > 0, byte().isLetterOrDigit || "_-.".utf8.contains(byte()) { at -= 1 }
    guard at < end else { return nil }
    // `KEY: str = …`: what stands behind the colon is the type.
    let start = at
    while at > 0, byte() == 0x20 { at -= 1 }
    if kind == .code, byte() == UInt8(ascii: ":"), source.bytes[offset - 1] != UInt8(ascii: ":") {
      at -= 1
      let typedEnd = at
      while at > 0, byte().isLetterOrDigit || byte() == UInt8(ascii: "_") { at -= 1 }
      if at < typedEnd { return source.text(at..<typedEnd) }
    }
    return source.text(start..<end)
  }
}
