/// Reads a pattern: alternatives of sequences of repeated atoms.
struct PatternParser {
  private struct Flags {
    var foldsCase = false
    var isMultiline = false
    var dotMatchesNewline = false
  }

  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var flags = Flags()
  private var nesting = 0
  private var groupNames: Set<String> = []

  init(_ text: String) throws(Pattern.Malformed) {
    scalars = Array(text.unicodeScalars)
    guard scalars.count <= Limits.pattern else {
      throw Pattern.Malformed(message: "it is longer than \(Limits.pattern) code points", offset: Limits.pattern)
    }
  }

  mutating func parse() throws(Pattern.Malformed) -> Pattern.Tree {
    let tree = try alternatives()
    if index < scalars.count { throw malformed("')' closes nothing", at: index) }
    return tree
  }

  // MARK: Scanning

  private func malformed(_ message: String, at offset: Int) -> Pattern.Malformed {
    Pattern.Malformed(message: message.harmless, offset: offset)
  }

  private func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
    index + ahead < scalars.count ? scalars[index + ahead] : nil
  }

  private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    guard peek() == scalar else { return false }
    index += 1
    return true
  }

  private mutating func skip(text: String) -> Bool {
    guard scalars[index...].starts(with: text.unicodeScalars) else { return false }
    index += text.unicodeScalars.count
    return true
  }

  private func text(from start: Int) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[start..<min(index, scalars.count)])
    return String(view)
  }

  // MARK: Structure

  private mutating func alternatives() throws(Pattern.Malformed) -> Pattern.Tree {
    nesting += 1
    defer { nesting -= 1 }
    guard nesting <= Limits.nesting else {
      throw malformed("its groups are nested deeper than \(Limits.nesting)", at: index)
    }
    var branches = [try sequence()]
    while skip("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .alternatives(branches)
  }

  private mutating func sequence() throws(Pattern.Malformed) -> Pattern.Tree {
    var parts: [Pattern.Tree] = []
    /// Whether the last part has been repeated, for RE2 refuses `a**`.
    var isRepeated = false
    while let scalar = peek(), scalar != "|", scalar != ")" {
      let start = index
      if let (least, most) = try repetition() {
        guard let body = parts.popLast() else { throw malformed("'\(text(from: start))' repeats nothing", at: start) }
        if isRepeated { throw malformed("'\(text(from: start))' repeats a repetition", at: start) }
        _ = skip("?")
        parts.append(.repetition(body, least: least, most: most))
        isRepeated = true
      } else if skip(text: "\\Q") {
        while index < scalars.count, !skip(text: "\\E") {
          parts.append(literal(scalars[index]))
          index += 1
        }
        isRepeated = false
      } else {
        if let atom = try atom() { parts.append(atom) }
        isRepeated = false
      }
    }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  /// A quantifier at the index; nil when none is there, for a brace that is none stands for itself.
  private mutating func repetition() throws(Pattern.Malformed) -> (least: Int, most: Int?)? {
    if skip("*") { return (0, nil) }
    if skip("+") { return (1, nil) }
    if skip("?") { return (0, 1) }
    let start = index
    guard skip("{"), let least = number() else {
      index = start
      return nil
    }
    var most: Int? = least
    var isNumber = true
    if skip(",") {
      most = number()
      isNumber = most != nil || peek() == "}"
    }
    guard isNumber, skip("}") else {
      index = start
      return nil
    }
    guard least <= 1000, most ?? 0 <= 1000 else { throw malformed("a repeat count is over 1000", at: start) }
    if let most, most < least { throw malformed("'\(text(from: start))' counts down", at: start) }
    return (least, most)
  }

  private mutating func number() -> Int? {
    let start = index
    while let scalar = peek(), ("0"..."9").contains(scalar) { index += 1 }
    let digits = text(from: start)
    // Written with a leading zero it is no number to RE2.
    if digits.isEmpty || digits.utf8.count > 1 && digits.hasPrefix("0") { return nil }
    return Int(digits) ?? .max
  }

  // MARK: Atoms

  /// Nil for a flag setting, which matches nothing by itself.
  private mutating func atom() throws(Pattern.Malformed) -> Pattern.Tree? {
    let start = index
    let scalar = scalars[index]
    switch scalar {
    case "(": return try group()
    case "[": return .set(try set())
    case "\\": return try escape()
    default: break
    }
    index += 1
    switch scalar {
    case ".": return .any(matchesNewline: flags.dotMatchesNewline)
    case "^": return .assertion(flags.isMultiline ? .lineStart : .textStart)
    case "$": return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
    default: return literal(scalars[start])
    }
  }

  private func literal(_ scalar: Unicode.Scalar) -> Pattern.Tree {
    guard flags.foldsCase else { return .scalar(scalar) }
    let variants = scalar.caseVariants
    if variants.count == 1 { return .scalar(scalar) }
    var set = ScalarSet()
    for variant in variants { set.insert(variant.value...variant.value) }
    set.seal()
    return .set(set)
  }

  private mutating func group() throws(Pattern.Malformed) -> Pattern.Tree? {
    let start = index
    let outer = flags
    index += 1
    if skip("?") {
      if skip("P") || peek() == "<" {
        try groupName(start)
      } else if try setFlags(start) {
        return nil
      }
    }
    let tree = try alternatives()
    guard skip(")") else { throw malformed("'(' is never closed", at: start) }
    flags = outer
    // Kept apart from its neighbours, so that what is repeated is the whole of it.
    return .sequence([tree])
  }

  private mutating func groupName(_ start: Int) throws(Pattern.Malformed) {
    let opening = index
    guard skip("<"), peek() != "=", peek() != "!" else {
      throw malformed(
        peek().map { "=!".unicodeScalars.contains($0) } == true ? "RE2 has no look-behind" : "'(?P' wants '<name>'",
        at: start)
    }
    let nameStart = index
    while let scalar = peek(), scalar.isASCII, UInt8(ascii: scalar).continuesName { index += 1 }
    let name = text(from: nameStart)
    guard skip(">"), !name.isEmpty else { throw malformed("a group's name is not closed", at: opening) }
    guard groupNames.insert(name).inserted else { throw malformed("two groups are called \(name)", at: opening) }
  }

  /// `(?i)` and `(?i:`.
  /// - Returns: whether the group is over, so that the flags hold until the end of the one around it.
  private mutating func setFlags(_ start: Int) throws(Pattern.Malformed) -> Bool {
    var isOn = true
    var hasLetter = true
    while let scalar = peek() {
      index += 1
      switch scalar {
      case "i": flags.foldsCase = isOn
      case "m": flags.isMultiline = isOn
      case "s": flags.dotMatchesNewline = isOn
      // Greed does not change whether a pattern matches.
      case "U": break
      case "-" where isOn:
        isOn = false
        hasLetter = false
        continue
      case ":" where hasLetter: return false
      case ")" where hasLetter: return true
      case "=", "!": throw malformed("RE2 has no look-ahead", at: start)
      case ">": throw malformed("RE2 has no atomic groups", at: start)
      default: throw malformed("RE2 has no group '\(text(from: start))'", at: start)
      }
      hasLetter = true
    }
    throw malformed("'(' is never closed", at: start)
  }

  private mutating func escape() throws(Pattern.Malformed) -> Pattern.Tree {
    let start = index
    switch peek(1) {
    case "A": index += 2; return .assertion(.textStart)
    case "z": index += 2; return .assertion(.textEnd)
    case "b": index += 2; return .assertion(.wordBoundary)
    case "B": index += 2; return .assertion(.noWordBoundary)
    default: break
    }
    if let items = try classEscape() {
      var set = ScalarSet(foldsCase: flags.foldsCase)
      set.insert(items)
      set.seal()
      return .set(set)
    }
    index = start
    return literal(try escapedScalar())
  }

  /// `\d`, `\pL` and the like; nil when another escape is there.
  private mutating func classEscape() throws(Pattern.Malformed) -> [ScalarSet.Item]? {
    guard peek() == "\\", let letter = peek(1) else { return nil }
    switch letter {
    case "d", "s", "w", "D", "S", "W":
      index += 2
      return ScalarProperty(asciiClass: String(letter).lowercased())
        .map { [.property($0, isNegated: letter.properties.isUppercase)] }
    case "p", "P":
      let start = index
      index += 2
      var isNegated = letter == "P"
      var name = ""
      if skip("{") {
        if skip("^") { isNegated.toggle() }
        let nameStart = index
        while let scalar = peek(), scalar != "}" {
          _ = scalar
          index += 1
        }
        name = text(from: nameStart)
        guard skip("}") else { throw malformed("'{' is never closed", at: start) }
      } else if let scalar = peek() {
        index += 1
        name = String(scalar)
      }
      guard let property = ScalarProperty(name: name) else {
        throw malformed("the character class '\(text(from: start))' is unknown", at: start)
      }
      return [.property(property, isNegated: isNegated)]
    default: return nil
    }
  }

  /// One character written with a backslash.
  private mutating func escapedScalar() throws(Pattern.Malformed) -> Unicode.Scalar {
    let start = index
    index += 1
    guard let letter = peek() else { throw malformed("it ends with a backslash", at: start) }
    index += 1
    switch letter {
    case "a": return "\u{07}"
    case "f": return "\u{0C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "v": return "\u{0B}"
    case "x": return try hexadecimal(start)
    case "0"..."7":
      guard letter == "0" || peek().map({ ("0"..."7").contains($0) }) == true else {
        throw malformed("RE2 has no back-references", at: start)
      }
      var value = letter.value - 0x30
      for _ in 0..<2 {
        guard let digit = peek(), ("0"..."7").contains(digit) else { break }
        value = value * 8 + digit.value - 0x30
        index += 1
      }
      if let scalar = Unicode.Scalar(value) { return scalar }
    case "8", "9": throw malformed("RE2 has no back-references", at: start)
    case _ where letter.isASCII && !UInt8(ascii: letter).isLetter: return letter
    default: break
    }
    throw malformed("the escape '\(text(from: start))' is unknown", at: start)
  }

  private mutating func hexadecimal(_ start: Int) throws(Pattern.Malformed) -> Unicode.Scalar {
    let isBraced = skip("{")
    var value: UInt32 = 0
    var count = 0
    while count < (isBraced ? 8 : 2), let digit = peek().flatMap({ $0.isASCII ? UInt8(ascii: $0).hexDigit : nil }) {
      value = value << 4 | digit
      count += 1
      index += 1
    }
    let isComplete = isBraced ? count > 0 && skip("}") : count == 2
    guard isComplete, let scalar = Unicode.Scalar(value) else {
      throw malformed("the escape '\(text(from: start))' names no character", at: start)
    }
    return scalar
  }

  // MARK: Classes

  private mutating func set() throws(Pattern.Malformed) -> ScalarSet {
    let start = index
    var set = ScalarSet(foldsCase: flags.foldsCase)
    index += 1
    set.isNegated = skip("^")
    var isFirst = true
    while isFirst || peek() != "]" {
      isFirst = false
      guard peek() != nil else { throw malformed("'[' is never closed", at: start) }
      if let items = try posixClass() {
        set.insert(items)
        continue
      }
      if let items = try classEscape() {
        set.insert(items)
        continue
      }
      let low = index
      let lower = try member()
      guard peek() == "-", let after = peek(1), after != "]" else {
        set.insert(lower.value...lower.value)
        continue
      }
      index += 1
      let upper = try member()
      guard lower.value <= upper.value else {
        throw malformed("the range '\(text(from: low))' runs backwards", at: low)
      }
      set.insert(lower.value...upper.value)
    }
    index += 1
    set.seal()
    return set
  }

  private mutating func member() throws(Pattern.Malformed) -> Unicode.Scalar {
    if peek() == "\\" { return try escapedScalar() }
    guard let scalar = peek() else { throw malformed("a class is never closed", at: index) }
    index += 1
    return scalar
  }

  /// `[:alpha:]`, within a class.
  private mutating func posixClass() throws(Pattern.Malformed) -> [ScalarSet.Item]? {
    let start = index
    guard skip(text: "[:") else { return nil }
    let isNegated = skip("^")
    let nameStart = index
    while peek() != nil, peek() != ":" || peek(1) != "]" { index += 1 }
    let name = text(from: nameStart)
    guard skip(text: ":]") else {
      index = start
      return nil
    }
    guard name.unicodeScalars.count > 1, let property = ScalarProperty(asciiClass: name) else {
      throw malformed("the character class '\(text(from: start))' is unknown", at: start)
    }
    return [.property(property, isNegated: isNegated)]
  }
}
