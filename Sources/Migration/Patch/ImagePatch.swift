/// Dockerfiles: `ARG` and `ENV` of a client's key go, alone or out of an instruction with others.
struct ImagePatch {
  /// One instruction with its continued lines.
  private struct Instruction {
    let range: Range<Int>
    let name: String
    /// What is behind the name, without the marks of continued lines.
    let words: [Range<Int>]
  }

  func apply(to draft: inout PatchDraft) {
    let source = draft.source
    let instructions = instructions(source)
    let declared = instructions.filter { !keys(of: $0, source).isEmpty }
    guard let first = declared.first else { return }
    guard draft.variablesWithToken != nil else { return draft.askForToken(first.range.lowerBound, "this image") }
    let names = Set(
      declared.flatMap { instruction in keys(of: instruction, source).map { name(instruction.words[$0], source) } })
    let starts = Set(declared.map(\.range.lowerBound))
    for other in instructions where !starts.contains(other.range.lowerBound) {
      let text = source.text(other.range)
      guard names.contains(where: { text.contains("$\($0)") || text.contains("${\($0)") }) else { continue }
      return draft.ask(
        other.range.lowerBound,
        "This instruction reads the key, which would be empty, not absent: mount it as a build secret, or do without.")
    }
    for instruction in declared { change(instruction, &draft) }
    draft.ask(
      first.range.lowerBound,
      "The key is in the layers of every image that was built so far: build anew, and remove those once the key is archived."
    )
  }

  private func name(_ word: Range<Int>, _ source: SourceText) -> String {
    String(source.text(word).prefix { $0 != "=" })
  }

  /// Which words name a key.
  private func keys(of instruction: Instruction, _ source: SourceText) -> [Int] {
    guard ["ARG", "ENV"].contains(instruction.name), let first = instruction.words.first else { return [] }
    if instruction.name == "ENV", !source.text(first).contains("=") {
      return PatchDraft.isRead(source.text(first)) ? [0] : []
    }
    return instruction.words.indices.filter { PatchDraft.isRead(name(instruction.words[$0], source)) }
  }

  private func change(_ instruction: Instruction, _ draft: inout PatchDraft) {
    let (words, keys) = (instruction.words, Set(keys(of: instruction, draft.source)))
    let isOldForm = instruction.name == "ENV" && !draft.source.text(words[0]).contains("=")
    guard keys.count < words.count, !isOldForm else { return draft.rewriting.removeLines(instruction.range) }
    let kept = words.indices.filter { !keys.contains($0) }
    for key in keys {
      if let next = kept.first(where: { $0 > key }) {
        // Several keys in a row are one edit from the first to what stays.
        guard key == 0 || !keys.contains(key - 1) else { continue }
        draft.rewriting.replace(words[key].lowerBound..<words[next].lowerBound, with: "")
      } else if let last = kept.last, key == last + 1 {
        draft.rewriting.replace(words[last].upperBound..<words[words.count - 1].upperBound, with: "")
      }
    }
  }

  private func instructions(_ source: SourceText) -> [Instruction] {
    var instructions: [Instruction] = []
    let lines = source.lines
    var index = 0
    while index < lines.count {
      let start = index
      let first = source.text(lines[index]).drop { $0 == " " || $0 == "\t" }
      guard !first.isEmpty, !first.hasPrefix("#") else {
        index += 1
        continue
      }
      var words: [Range<Int>] = []
      while true {
        let line = lines[index]
        let text = source.text(line)
        let isRemark = index > start && text.drop { $0 == " " || $0 == "\t" }.hasPrefix("#")
        let isContinued = isRemark || text.reversed().drop { $0 == " " || $0 == "\t" }.first == "\\"
        if !isRemark { words += self.words(line, source, isContinued: isContinued) }
        guard isContinued, index + 1 < lines.count else { break }
        index += 1
      }
      if let name = words.first {
        instructions.append(
          Instruction(
            range: name.lowerBound..<lines[index].upperBound, name: source.text(name).uppercased(),
            words: Array(words.dropFirst())))
      }
      index += 1
    }
    return instructions
  }

  private func words(_ line: Range<Int>, _ source: SourceText, isContinued: Bool) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var at = line.lowerBound
    while at < line.upperBound {
      let start = at
      var quote: UInt8?
      while at < line.upperBound, quote != nil || !" \t".utf8.contains(source.bytes[at]) {
        let byte = source.bytes[at]
        if byte == quote { quote = nil } else if quote == nil, "\"'".utf8.contains(byte) { quote = byte }
        if byte == UInt8(ascii: "\\"), at + 1 < line.upperBound { at += 1 }
        at += 1
      }
      if at > start { words.append(start..<at) }
      at += 1
    }
    if isContinued, let last = words.last, source.text(last) == "\\" { words.removeLast() }
    return words
  }
}
