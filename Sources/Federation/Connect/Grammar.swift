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

  static func uuidFault(in text: String) -> String? {
    matches(text, /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/)
      ? nil : "a UUID in small letters, such as 2f3c1d9e-8a4b-4c6d-9e0f-112233445566"
  }

  /// What is wrong with an issuer's address that the platform compares byte for byte.
  /// - Parameter slash: whether one stands at the end; nil where both occur.
  static func issuerFault(in text: String, slash: Bool? = false) -> String? {
    guard let rest = text.after("https://") else { return "an address that begins https://" }
    if rest.hasSuffix("/.well-known/openid-configuration") { return "the issuer itself, not its discovery document" }
    guard !rest.isEmpty, !rest.hasPrefix("/"), !text.contains(where: { " ?#".contains($0) }) else {
      return "https://HOST, perhaps with a path, without a query"
    }
    let host = rest.prefix { $0 != "/" }
    if host.contains(where: \.isUppercase) { return "the host in small letters, as tokens have it" }
    if slash == true, !text.hasSuffix("/") { return "with the slash at its end, as tokens have it" }
    if slash == false, text.hasSuffix("/") { return "without the slash at its end: it is compared byte for byte" }
    return nil
  }

  static func lengthFault(in text: String, most: Int) -> String? {
    text.utf8.count > most ? "at most \(most) characters" : nil
  }
}
