/// Checks that the fields of several providers share.
enum Grammar {
  static func trimmed(_ text: String) -> String {
    let kept = text.drop(while: \.isWhitespace)
    return String(kept[..<(kept.lastIndex { !$0.isWhitespace }.map { kept.index(after: $0) } ?? kept.startIndex)])
  }

  /// A value that looks right on a screen and is not must not become a rule.
  static func hiddenFault(in text: String, kind: ProviderTemplate.Field.Kind) -> String? {
    if kind == .document { return nil }
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x20...0x7E: continue
      case 0..<0x20, 0x7F..<0xA0: return "it holds a control character, number \(scalar.value)"
      default:
        return "it holds \(String(scalar).debugDescription), which is not plain ASCII and can look like something else"
      }
    }
    return nil
  }

  static func matches(_ text: String, _ pattern: some RegexComponent) -> Bool {
    text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && text.wholeMatch(of: pattern) != nil
  }

  static func numberFault(in text: String) -> String? {
    matches(text, /[1-9][0-9]*/) ? nil : "a number without leading zeros, such as 821093847"
  }

  /// What is wrong with the name of a branch or tag (git check-ref-format), or nil.
  static func refNameFault(in name: String) -> String? {
    if name.isEmpty { return "a name is needed" }
    if name == "@" || name.hasPrefix("-") { return "no branch or tag can be called \(name)" }
    if name.hasPrefix("/") || name.hasSuffix("/") || name.contains("//") { return "a slash only stands between names" }
    if name.hasSuffix(".") { return "no name ends with a dot" }
    for sequence in ["..", "@{"] where name.contains(sequence) { return "no name holds \(sequence)" }
    if let odd = name.first(where: { " ~^:?*[\\".contains($0) }) {
      return "no branch or tag has \(odd == " " ? "a blank" : String(odd)) in its name"
    }
    for part in name.split(separator: "/") {
      if part.hasPrefix(".") { return "no part of a name begins with a dot" }
      if part.hasSuffix(".lock") { return "no part of a name ends with .lock" }
    }
    return nil
  }
}
