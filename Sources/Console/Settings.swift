internal import FoundationEssentials
package import Operations
package import Platform
import TOMLKit

/// What a person set in `config.toml`. No secret is ever in it: a profile says where each one is.
package struct Settings: Sendable {
  /// The connection profile used when none is named.
  package var profile: String?
  package var theme: String?
  /// Each profile as it was written, by name.
  package var profiles: [String: JSON] = [:]
  /// Keys by the name of the action that they are bound to.
  package var keys: [String: [String]] = [:]
  /// What is worth being told of at once.
  package var alerts: [Alert] = []

  /// Nothing set.
  package init() {}

  /// - Parameter path: a file that may be missing, which is the same as nothing set.
  /// - Throws: ``Problem`` with file and line for what is not TOML, and with the member for what is of another type.
  package init(path: String) throws(Problem) {
    guard Files.exists(path) else { return }
    let text = try Files.text(at: path, what: "configuration")
    let json: JSON
    do {
      json = try JSON(parsing: TOMLTable(string: text).convert(to: .json))
    } catch let error as TOMLParseError {
      throw Settings.unusable("\(path):\(error.source.begin.line)", error.description)
    } catch {
      throw Settings.unusable(path, "it holds a value that has no place here")
    }
    profile = try Settings.text("profile", in: json, path)
    theme = try Settings.text("theme", in: json, path)
    for (name, value) in json["profiles"]?.object ?? [:] {
      guard value.object != nil else { throw Settings.unusable(path, "profiles.\(name) is no table") }
      profiles[name] = value
    }
    for (action, value) in json["keys"]?.object ?? [:] {
      let names = value.string.map { [$0] } ?? value.array?.compactMap(\.string)
      guard let names, names.count == value.array?.count ?? 1 else {
        throw Settings.unusable(path, "keys.\(action) is neither a key nor a list of keys")
      }
      keys[action] = names
    }
    try readAlerts(json["alerts"], text, path)
    let known = ["profile", "theme", "profiles", "keys", "alerts"]
    if let other = json.object?.keys.first(where: { !known.contains($0) }) {
      throw Settings.unusable(path, "\(other) is not known here; there is \(known.joined(separator: ", "))")
    }
  }

  private mutating func readAlerts(_ json: JSON?, _ text: String, _ path: String) throws(Problem) {
    guard let json else { return }
    guard let tables = json.array else { throw Settings.unusable(path, "alerts is no list: write [[alerts]]") }
    for (number, table) in tables.enumerated() {
      do throws(AlertFault) { alerts.append(try Alert(table, now: Date())) } catch {
        let line = Settings.line(ofAlert: number, key: error.key, in: text).map { ":\($0)" } ?? ""
        throw Settings.unusable(path + line, error.cause)
      }
    }
    let twice = Dictionary(grouping: alerts, by: \.name).values.first { $0.count > 1 }?.first
    if let twice { throw Settings.unusable(path, "two alerts are called \(twice.name.debugDescription)") }
  }

  /// The line, from 1, of a member of the alert, or of its heading where it has none of the name; nil for alerts that
  /// are written in another way than `[[alerts]]`.
  private static func line(ofAlert number: Int, key: String?, in text: String) -> Int? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.filter { !$0.isWhitespace }
    }
    let headings = lines.indices.filter { lines[$0].hasPrefix("[[alerts]]") }
    guard headings.indices.contains(number) else { return nil }
    let start = headings[number]
    let members = lines[(start + 1)...].prefix { !$0.hasPrefix("[") }
    return 1 + (key.flatMap { key in members.indices.first { members[$0].hasPrefix("\(key)=") } } ?? start)
  }

  private static func text(_ key: String, in json: JSON, _ path: String) throws(Problem) -> String? {
    guard let value = json[key] else { return nil }
    guard let text = value.string else { throw unusable(path, "\(key) is no text") }
    return text
  }

  private static func unusable(_ place: String, _ cause: String) -> Problem {
    Problem(
      "The configuration was not read", because: "\(place): \(cause)", try: "Mend the file, or move it away.",
      kind: .local, code: "configuration_unusable")
  }
}
