/// The first releases of the clients that can federate and choose a workspace; older ones ignore the variables.
package struct ClientVersion: Comparable, Sendable {
  let parts: [Int]

  /// The leading numbers of `1.40.0`, `v1.0.120` or `0.98.0rc1`. Nil when there are none.
  package init?(_ text: some StringProtocol) {
    let digits = text.drop { "v=^~<> ".contains($0) }
    parts = digits.split(separator: ".", omittingEmptySubsequences: false).prefix(3)
      .map { Int($0.prefix { $0.isNumber }) ?? -1 }
    guard let first = parts.first, first >= 0 else { return nil }
  }

  package static func < (left: ClientVersion, right: ClientVersion) -> Bool {
    func padded(_ version: ClientVersion) -> [Int] { version.parts.map { max(0, $0) } + [0, 0] }
    return zip(padded(left), padded(right)).prefix(3).first { $0 != $1 }.map { $0 < $1 } ?? false
  }

  package static func == (left: ClientVersion, right: ClientVersion) -> Bool { !(left < right) && !(right < left) }
}

enum Versions {
  /// The first release that federates and takes a workspace, by package.
  static let python = "0.99.0"
  static let node = "0.94.0"
  /// Of Python the first one that takes a key which is set and empty for none.
  static let proposedPython = "0.122.0"
  static let action = "1.0.130"
  /// What several processes of one run need to share an exchange.
  static let proposedAction = "v1.0.181"

  private static func isOld(_ version: some StringProtocol, below least: String) -> Bool {
    guard let version = ClientVersion(version), let least = ClientVersion(least) else { return false }
    return version < least
  }

  /// Requirements of a line that let in no release which is new enough.
  /// - Parameter isProject: of `pyproject.toml`, not of a file of requirements.
  static func inRequirements(_ source: SourceText, _ line: Range<Int>, isProject: Bool) -> [Find] {
    Requirement.all(in: source, line: line, isProject: isProject).compactMap { requirement in
      guard let offset = requirement.tooOldAt, let version = requirement.tooOldVersion else { return nil }
      return tooOld("anthropic", version, python, at: offset)
    }
  }

  /// A range in `package.json` that holds no release which is new enough.
  static func inPackage(_ document: Node) -> [Find] {
    ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"].compactMap { section in
      guard let node = document[[section, "@anthropic-ai/sdk"]], let range = node.text, isTooOldRange(range) else {
        return nil
      }
      return tooOld("@anthropic-ai/sdk", range, node: node)
    }
  }

  /// `^0.60.0` goes no further than 0.60, for the first number that is not zero is kept.
  static func isTooOldRange(_ range: String) -> Bool {
    guard let first = range.first, first.isNumber || "^~=v".contains(first), !range.contains("||") else { return false }
    return isOld(range, below: node)
  }

  private static func tooOld(_ name: String, _ version: String, node: Node) -> Find {
    tooOld(name, version, Versions.node, at: node.textStart)
  }

  private static func tooOld(_ name: String, _ version: String, _ least: String, at offset: Int) -> Find {
    var find = Find(.sdkTooOld, .reference, at: offset, name: name)
    find.note = "\(version) cannot federate; \(least) and later can."
    return find
  }

  /// Uses of the action at a release that is too old.
  static func ofActions(_ document: Node) -> [Find] {
    var finds: [Find] = []
    document.scalars { path, node in
      guard path.last == .key("uses"), let text = node.text, let version = oldAction(text) else { return }
      var find = Find(
        .sdkTooOld, .reference, at: node.textStart + text.utf8.count - version.utf8.count,
        name: String(text.prefix { $0 != "@" }), place: path.text, level: "step")
      find.note = "\(version) cannot federate; v\(action) and later can."
      finds.append(find)
    }
    return finds
  }

  /// The version behind `anthropics/claude-code-action@`, when it is a release that is too old: `v1` floats.
  static func oldAction(_ uses: String) -> String? {
    guard uses.hasPrefix("anthropics/claude-code-action@") || uses.hasPrefix("anthropics/claude-code-base-action@"),
      let version = uses.split(separator: "@").last, version.filter({ $0 == "." }).count == 2,
      isOld(version, below: action)
    else { return nil }
    return String(version)
  }
}
