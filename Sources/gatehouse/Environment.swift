import FoundationEssentials
import Glibc
import Platform

/// What the process was given beside its arguments: credentials, and where files belong.
struct Environment {
  static let current = Environment(values: ProcessInfo.processInfo.environment)
  let values: [String: String]

  /// An empty value is none.
  subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

  /// The values of all that is a secret by its name.
  var secrets: [Secret] {
    let marks = ["KEY", "TOKEN", "SECRET", "PASSW", "CREDENTIAL", "AUTH"]
    return values.filter { name, _ in marks.contains { name.uppercased().contains($0) } }.map { Secret($0.value) }
  }

  var configurationDirectory: String { directory("GATEHOUSE_CONFIG_HOME", "XDG_CONFIG_HOME", ".config") }
  var configurationPath: String { configurationDirectory + "/config.toml" }
  var dataDirectory: String { directory("GATEHOUSE_DATA_HOME", "XDG_DATA_HOME", ".local/share") }
  var stateDirectory: String { directory("GATEHOUSE_STATE_HOME", "XDG_STATE_HOME", ".local/state") }

  /// Ours as it is named, or `gatehouse` within the one of the XDG base directory specification.
  private func directory(_ own: String, _ shared: String, _ usual: String) -> String {
    if let own = self[own] { return own }
    // The specification has relative paths passed over.
    if let shared = self[shared], shared.hasPrefix("/") { return shared + "/gatehouse" }
    return (self["HOME"] ?? "") + "/\(usual)/gatehouse"
  }

  /// The store of a profile.
  func storePath(_ profile: String) -> String { "\(dataDirectory)/\(profile).sqlite" }
}
