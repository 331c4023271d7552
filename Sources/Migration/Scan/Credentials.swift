internal import Federation

/// The credentials in a text, plain, in base64 and in pieces, and what only looks like one.
struct CredentialSearch {
  let source: SourceText

  func finds() -> [Find] {
    guard source.bytes.withUnsafeBytes(Anchors.credentials.occur) else { return [] }
    var finds: [Find] = []
    var end = 0
    for start in source.occurrences(of: "sk-ant-") where start >= end {
      guard let credential = Credential(in: source.bytes, at: start) else { continue }
      if credential.isReal {
        finds.append(find(credential, at: start))
        end = credential.range.upperBound
      } else if let (joined, count, behind) = joined([start..<credential.range.upperBound]) {
        var find = find(joined, at: start)
        find.parts = count
        finds.append(find)
        end = behind
      } else if !isCompared(start) {
        finds.append(find(credential, at: start))
      }
    }
    return finds + splitInThePrefix() + encoded()
  }

  private func find(_ credential: Credential, at offset: Int) -> Find {
    var find = Find(credential.kind, credential.isReal ? .real : .placeholder, at: offset)
    (find.hint, find.digest) = (credential.hint, credential.digest)
    find.note = find.class == .real ? credential.kind.note : nil
    return find
  }

  // MARK: Pieces

  /// A credential made of the given pieces and up to three more that follow them.
  private func joined(_ pieces: [Range<Int>]) -> (credential: Credential, count: Int, end: Int)? {
    var pieces = pieces
    while pieces.count < 5, let next = piece(behind: pieces[pieces.count - 1].upperBound) {
      pieces.append(next)
      var bytes = pieces.flatMap { source.bytes[$0] }
      defer { wipe(&bytes) }
      if let credential = Credential(in: bytes, at: 0), credential.isReal {
        return (credential, pieces.count, next.upperBound)
      }
    }
    return nil
  }

  /// The next piece of a literal: behind a closing quote, an operator or a line continuation, and an opening quote.
  private func piece(behind end: Int) -> Range<Int>? {
    var (at, isParted) = (end, false)
    while at < source.bytes.count, at - end < 200 {
      let byte = source.bytes[at]
      if "\"'`\\\n".utf8.contains(byte) { isParted = true }
      guard "\"'`\\ \t\r\n+.&~,".utf8.contains(byte) else { break }
      at += 1
    }
    let start = at
    while at < source.bytes.count, Credential.isTokenByte(source.bytes[at]) { at += 1 }
    return isParted && at > start ? start..<at : nil
  }

  /// `"sk-" + "ant-api03-…"` has no prefix to be found by.
  private func splitInThePrefix() -> [Find] {
    var finds: [Find] = []
    for tag in ["api03-", "admin01-", "oat01-", "ort01-"] {
      for offset in source.occurrences(of: tag) {
        var start = offset
        while start > 0, Credential.isTokenByte(source.bytes[start - 1]) { start -= 1 }
        var pieces = [start..<(offset + tag.utf8.count)]
        while pieces.count < 3, let before = piece(before: pieces[0].lowerBound) { pieces.insert(before, at: 0) }
        guard pieces.count > 1, pieces.flatMap({ source.bytes[$0] }).starts(with: Credential.prefix) else { continue }
        var last = pieces[pieces.count - 1].upperBound
        while last < source.bytes.count, Credential.isTokenByte(source.bytes[last]) { last += 1 }
        pieces[pieces.count - 1] = pieces[pieces.count - 1].lowerBound..<last
        var bytes = pieces.flatMap { source.bytes[$0] }
        defer { wipe(&bytes) }
        let whole = Credential(in: bytes, at: 0).flatMap { $0.isReal ? ($0, pieces.count) : nil }
        guard let (credential, count) = whole ?? joined(pieces).map({ ($0.credential, $0.count) }) else { continue }
        var find = find(credential, at: pieces[0].lowerBound)
        find.parts = count
        finds.append(find)
      }
    }
    return finds
  }

  private func piece(before start: Int) -> Range<Int>? {
    var (at, isParted) = (start, false)
    while at > 0, start - at < 200, "\"'`\\ \t\r\n+.&~,".utf8.contains(source.bytes[at - 1]) {
      at -= 1
      if "\"'`\\\n".utf8.contains(source.bytes[at]) { isParted = true }
    }
    let end = at
    while at > 0, Credential.isTokenByte(source.bytes[at - 1]) { at -= 1 }
    let isPrefix = ["sk-", "sk", "sk-ant-", "sk-ant", "ant-", "-ant-"].contains {
      source.bytes[at..<end].elementsEqual($0.utf8)
    }
    return isParted && isPrefix ? at..<end : nil
  }

  // MARK: Base64

  /// `sk-ant-` at the three places in a group of three bytes.
  private static let encodedPrefixes = ["c2stYW50", "NrLWFudC", "zay1hbnQt"]

  private func encoded() -> [Find] {
    var finds: [Find] = []
    var end = 0
    let offsets = CredentialSearch.encodedPrefixes.flatMap { source.occurrences(of: $0) }.sorted()
    for offset in offsets where offset >= end {
      let run = encodedRun(around: offset)
      end = run.end
      for skipped in 0..<4 {
        let text = run.text.dropFirst(skipped)
        // Text that ends inside a group of four is cut to whole groups.
        guard var decoded = Base64URL.decode(text) ?? Base64URL.decode(text.prefix(text.count / 4 * 4)) else {
          continue
        }
        defer { wipe(&decoded) }
        let inner = SourceText(decoded)
        let credentials = inner.occurrences(of: "sk-ant-").compactMap { Credential(in: decoded, at: $0) }
        guard !credentials.isEmpty else { continue }
        for credential in credentials {
          var find = find(credential, at: run.start + skipped)
          find.encoding = "base64"
          if !finds.contains(where: { $0.offset == find.offset && $0.digest == find.digest }) { finds.append(find) }
        }
        break
      }
    }
    return finds
  }

  /// The base64 text around `offset`, in the alphabet for URLs and without padding, with the lines it is wrapped into.
  private func encodedRun(around offset: Int) -> (start: Int, end: Int, text: [UInt8]) {
    func isDigit(_ at: Int) -> Bool {
      let byte = source.bytes[at]
      return Credential.isTokenByte(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
    }
    var (start, end) = (offset, offset)
    while start > 0, isDigit(start - 1) { start -= 1 }
    var text: [UInt8] = []
    while true {
      let lineStart = end == offset ? start : end
      end = lineStart
      while end < source.bytes.count, isDigit(end) { end += 1 }
      text += source.bytes[lineStart..<end]
      var next = end
      while next < source.bytes.count, " \t\r\n".utf8.contains(source.bytes[next]) { next += 1 }
      guard next > end, source.bytes[end..<next].contains(0x0A), next < source.bytes.count, isDigit(next) else { break }
      let line = source.lineRange(of: next)
      guard line.upperBound - next >= 4,
        (next..<line.upperBound).allSatisfy({ isDigit($0) || source.bytes[$0] == UInt8(ascii: "=") })
      else { break }
      end = next
    }
    let standard: [UInt8: UInt8] = [UInt8(ascii: "+"): UInt8(ascii: "-"), UInt8(ascii: "/"): UInt8(ascii: "_")]
    return (start, end, text.map { standard[$0] ?? $0 })
  }

  /// Whether the literal is only compared with something: `== "sk-ant-api03-test"`.
  private func isCompared(_ offset: Int) -> Bool {
    var at = offset
    while at > 0, "\"'` \t".utf8.contains(source.bytes[at - 1]) { at -= 1 }
    return at >= 2 && source.bytes[at - 1] == UInt8(ascii: "=") && "=!".utf8.contains(source.bytes[at - 2])
  }
}

/// Overwrites bytes that a credential may be in, as far as a value can be overwritten.
func wipe(_ bytes: inout [UInt8]) {
  for index in bytes.indices { bytes[index] = 0 }
}

extension Find.Kind {
  fileprivate var note: String? {
    switch self {
    case .adminKey: "An Admin API key is in no list of API keys, and a rule of a workspace cannot take its place."
    case .accessToken, .refreshToken, .sessionID: "Of a person's sign-in, not of an automation: reported only."
    case .complianceKey: "A key of another kind: reported only."
    default: nil
    }
  }
}
