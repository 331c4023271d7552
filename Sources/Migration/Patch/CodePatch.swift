/// Code that gives a client its key by hand, in a way that fails once the variable is gone: the argument goes, and with
/// it a guard that demands the variable.
struct CodePatch {
  let path: String

  private var isPython: Bool { path.hasSuffix(".py") || path.hasSuffix(".pyi") }

  func apply(to draft: inout PatchDraft) {
    guard isPython || [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"].contains(where: path.hasSuffix)
    else {
      return
    }
    for call in calls(in: draft.source) {
      for argument in arguments(of: call, in: draft.source) { change(argument, of: call, &draft) }
    }
  }

  private struct Call {
    /// Between the parentheses.
    let arguments: Range<Int>
  }

  private struct Argument {
    /// With its name.
    let range: Range<Int>
    let value: String
    /// All arguments, or all members of the object that is the only argument.
    let all: [Range<Int>]
    let container: Range<Int>
  }

  private static let clients = ["Anthropic", "AsyncAnthropic", "anthropic.Client", "anthropic.AsyncClient"]

  private func calls(in source: SourceText) -> [Call] {
    var calls: [Call] = []
    for offset in source.occurrences(of: "(") {
      var start = offset
      while start > 0, source.bytes[start - 1].isLetterOrDigit || "_.".utf8.contains(source.bytes[start - 1]) {
        start -= 1
      }
      let name = source.text(start..<offset)
      guard
        CodePatch.clients.contains(where: { name == $0 || ($0.hasSuffix("Anthropic") && name.hasSuffix("." + $0)) }),
        let end = close(of: offset, in: source)
      else { continue }
      calls.append(Call(arguments: offset + 1..<end))
    }
    return calls
  }

  /// Where the bracket at `offset` is closed; strings are passed over.
  private func close(of offset: Int, in source: SourceText) -> Int? {
    var (depth, at) = (0, offset)
    while at < source.bytes.count, at - offset < 20_000 {
      switch source.bytes[at] {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth -= 1
        if depth == 0 { return at }
      case let quote where "\"'`".utf8.contains(quote):
        at += 1
        while at < source.bytes.count, source.bytes[at] != quote {
          at += source.bytes[at] == UInt8(ascii: "\\") ? 2 : 1
        }
      default: break
      }
      at += 1
    }
    return nil
  }

  /// The pieces of a list between commas, white space around them left out.
  private func pieces(_ range: Range<Int>, in source: SourceText) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var (start, at) = (range.lowerBound, range.lowerBound)
    func add(_ end: Int) {
      var (first, last) = (start, end)
      while first < last, " \t\r\n".utf8.contains(source.bytes[first]) { first += 1 }
      while last > first, " \t\r\n".utf8.contains(source.bytes[last - 1]) { last -= 1 }
      if first < last { pieces.append(first..<last) }
    }
    while at < range.upperBound {
      let byte = source.bytes[at]
      if "([{".utf8.contains(byte), let end = close(of: at, in: source) {
        at = end
      } else if "\"'`".utf8.contains(byte) {
        at += 1
        while at < range.upperBound, source.bytes[at] != byte { at += source.bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
      } else if byte == UInt8(ascii: ",") {
        add(at)
        start = at + 1
      }
      at += 1
    }
    add(range.upperBound)
    return pieces
  }

  private func arguments(of call: Call, in source: SourceText) -> [Argument] {
    var container = call.arguments
    if !isPython {
      guard let object = pieces(call.arguments, in: source).first, source.bytes[object.lowerBound] == UInt8(ascii: "{")
      else {
        return []
      }
      container = object.lowerBound + 1..<object.upperBound - 1
    }
    let all = pieces(container, in: source)
    return all.compactMap { range in
      let text = source.text(range)
      let (name, sign) = isPython ? ("api_key", "=") : ("apiKey", ":")
      if !isPython, text == name { return Argument(range: range, value: name, all: all, container: container) }
      guard text.hasPrefix(name) else { return nil }
      let rest = text.dropFirst(name.count).drop { $0 == " " }
      guard rest.hasPrefix(sign) else { return nil }
      return Argument(range: range, value: String(rest.dropFirst().drop { $0 == " " }), all: all, container: container)
    }
  }

  // MARK: What becomes of an argument

  private enum Fate { case stay, go, ask(String) }

  private func change(_ argument: Argument, of call: Call, _ draft: inout PatchDraft) {
    switch fate(of: argument.value) {
    case .stay: break
    case .go: remove(argument, of: call, &draft)
    case .ask(let question):
      guard isIdentifier(argument.value), removeVariable(argument.value, besides: argument.range, &draft) else {
        return draft.ask(argument.range.lowerBound, question)
      }
      remove(argument, of: call, &draft)
    }
  }

  private func isIdentifier(_ text: String) -> Bool {
    !text.isEmpty && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } && text.first?.isNumber == false
  }

  /// - Parameter value: the expression that gives the key.
  private func fate(of value: String) -> Fate {
    let source = SourceText(Array(value.utf8))
    if CredentialSearch(source: source).finds().contains(where: { $0.class == .real }) { return .go }
    // A dummy of a test stays.
    if let first = value.first, "\"'`".contains(first) { return .stay }
    if isPython {
      if value.hasPrefix("os.environ[") { return .go }
      for reader in ["os.environ.get(", "os.getenv("] where value.hasPrefix(reader) {
        return value.dropFirst(reader.count).contains(",") ? .go : .stay
      }
    } else if value.hasPrefix("process.env") {
      return value.contains("??") || value.contains("||") ? .go : .stay
    }
    return .ask("Where does this key come from? Leave the argument out where the workload federates.")
  }

  private func remove(_ argument: Argument, of call: Call, _ draft: inout PatchDraft) {
    guard let index = argument.all.firstIndex(of: argument.range) else { return }
    if argument.all.count == 1 {
      // The object goes with its only member.
      let isWhole = isPython || pieces(call.arguments, in: draft.source).count == 1
      draft.rewriting.replace(isWhole ? call.arguments : argument.container, with: "")
    } else if index + 1 < argument.all.count {
      draft.rewriting.replace(argument.range.lowerBound..<argument.all[index + 1].lowerBound, with: "")
    } else {
      draft.rewriting.replace(argument.all[index - 1].upperBound..<argument.range.upperBound, with: "")
    }
  }

  // MARK: A variable that holds the key

  /// Takes out the variable's declaration and the guard behind it, when the variable serves nothing else.
  private func removeVariable(_ name: String, besides argument: Range<Int>, _ draft: inout PatchDraft) -> Bool {
    let lines = draft.source.lines
    guard let declared = lines.firstIndex(where: { isDeclaration(draft.source.text($0), of: name) }) else {
      return false
    }
    let guards = lines.indices.filter { isGuard(draft.source.text(lines[$0]), of: name) }
    let others = lines.indices.filter { index in
      index != declared && !guards.contains(index) && mentions(name, in: lines[index], besides: argument, draft.source)
    }
    guard others.isEmpty else { return false }
    draft.rewriting.removeLines(lines[declared])
    for index in guards { draft.rewriting.removeLines(statement(from: index, lines, draft.source)) }
    return true
  }

  private func isDeclaration(_ line: String, of name: String) -> Bool {
    let text = line.drop { $0 == " " || $0 == "\t" }
    let starts = isPython ? ["\(name) ="] : ["const \(name) =", "let \(name) =", "var \(name) ="]
    guard let start = starts.first(where: text.hasPrefix) else { return false }
    let value = text.dropFirst(start.count).drop { $0 == " " }
    return value.hasPrefix(isPython ? "os." : "process.env")
  }

  private func isGuard(_ line: String, of name: String) -> Bool {
    let text = line.drop { $0 == " " || $0 == "\t" }
    return isPython
      ? text.hasPrefix("if not \(name):") || text.hasPrefix("if \(name) is None:") || text.hasPrefix("assert \(name)")
      : text.hasPrefix("if (!\(name))") || text.hasPrefix("if(!\(name))")
  }

  /// A guard with what belongs to it: its block in braces, or the lines further in.
  private func statement(from index: Int, _ lines: [Range<Int>], _ source: SourceText) -> Range<Int> {
    let line = lines[index]
    if !isPython {
      guard let brace = source.occurrences(of: "{", in: line).first, let end = close(of: brace, in: source) else {
        return line
      }
      return indentedStart(line, source)..<end + 1
    }
    func indent(_ line: Range<Int>) -> Int { source.bytes[line].prefix { $0 == 0x20 || $0 == 0x09 }.count }
    var last = index
    while last + 1 < lines.count, !lines[last + 1].isEmpty, indent(lines[last + 1]) > indent(line) { last += 1 }
    return indentedStart(line, source)..<lines[last].upperBound
  }

  private func indentedStart(_ line: Range<Int>, _ source: SourceText) -> Int {
    line.lowerBound + source.bytes[line].prefix { $0 == 0x20 || $0 == 0x09 }.count
  }

  private func mentions(_ name: String, in line: Range<Int>, besides argument: Range<Int>, _ source: SourceText) -> Bool
  {
    source.occurrences(of: name, in: line).contains { offset in
      let end = offset + name.utf8.count
      let isWord =
        (offset == 0 || !(source.bytes[offset - 1].isLetterOrDigit || source.bytes[offset - 1] == UInt8(ascii: "_")))
        && (end == source.bytes.count || !(source.bytes[end].isLetterOrDigit || source.bytes[end] == UInt8(ascii: "_")))
      return isWord && !argument.contains(offset)
    }
  }
}
