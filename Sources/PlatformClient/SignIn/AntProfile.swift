package import FoundationEssentials
package import Platform

/// A profile as the `ant` program and the official clients keep it: `configs/<name>.json`, not secret, and
/// `credentials/<name>.json`.
package struct AntProfile: Hashable, Sendable {
  package enum Authentication: Hashable, Sendable {
    /// A person who signed in. Without a client's identifier somebody else renews the token, and it is only read.
    case user(clientID: String?)
    /// A workload, this program included, that brings a token of its own.
    case federation(Federated)
  }

  package let name: String
  package let authentication: Authentication
  package let organizationID, baseURL: String?
  package let credentialsPath: String

  /// `$ANTHROPIC_CONFIG_DIR`; else `$XDG_CONFIG_HOME/anthropic`, where that has profiles; else `~/.config/anthropic`.
  /// Nil without a home. An empty variable is none.
  package static func directory(_ environment: [String: String]) -> String? {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    if let directory = value("ANTHROPIC_CONFIG_DIR") { return directory }
    if let shared = value("XDG_CONFIG_HOME"), PrivateFile.exists("\(shared)/anthropic/configs") {
      return "\(shared)/anthropic"
    }
    return value("HOME").map { "\($0)/.config/anthropic" }
  }

  /// `$ANTHROPIC_PROFILE`; else what `active_config` says; else `default`.
  package static func activeName(in directory: String, _ environment: [String: String]) -> String {
    if let name = environment["ANTHROPIC_PROFILE"], !name.isEmpty { return name }
    let bytes = (try? PrivateFile.read("\(directory)/active_config", forbidden: 0, links: .followed)) ?? []
    let name = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first
    return name.map(String.init) ?? "default"
  }

  /// Whether a profile was ever set up there.
  package static func exists(_ name: String, in directory: String) -> Bool {
    isName(name) && PrivateFile.exists("\(directory)/configs/\(name).json")
  }

  /// `[A-Za-z0-9_.-]+` without a dot in front, so that no name leads out of the directory.
  static func isName(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix(".")
      && name.utf8.allSatisfy { $0.isASCIIAlphanumeric || "_.-".utf8.contains($0) }
  }

  /// - Parameter environment: fills in what a federation profile leaves out.
  package init(_ name: String, in directory: String, environment: [String: String] = [:]) throws(Problem) {
    func unusable(_ cause: String, try remedy: String) -> Problem {
      Problem(
        "The profile \(name.debugDescription) was not read", because: cause, try: remedy, kind: .credential,
        code: "profile_unusable")
    }
    let signIn = "Run ant auth login --profile \(name) --scope org:admin."
    guard AntProfile.isName(name) else {
      throw unusable("a profile's name has letters, digits, _, . and -", try: "Name another.")
    }
    let path = "\(directory)/configs/\(name).json"
    let bytes: [UInt8]
    do throws(PrivateFile.Fault) {
      // Whoever may write it decides where the token goes.
      bytes = try PrivateFile.read(path, forbidden: 0o022, links: .followed)
    } catch {
      let remedy =
        switch error {
        case .missing: signIn
        case .exposed: "Run chmod go-w \(path)."
        default: "Look at the file, or sign in again with ant."
        }
      throw unusable("\(path): \(error.words)", try: remedy)
    }
    guard let json = try? JSON(parsing: bytes, duplicates: .lastWins), let authentication = json["authentication"]
    else {
      throw unusable("\(path) is not a profile", try: signIn)
    }
    self.name = name
    organizationID = json["organization_id"]?.string
    baseURL = json["base_url"]?.string
    let own = authentication["credentials_path"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    credentialsPath =
      own.map { AntProfile.expanded($0, directory, environment) } ?? "\(directory)/credentials/\(name).json"
    switch authentication["type"]?.string {
    case "user_oauth": self.authentication = .user(clientID: authentication["client_id"]?.string)
    case "oidc_federation":
      guard let federated = Federated(profile: json, environment: environment) else {
        throw unusable(
          "it names no rule, organization or identity token",
          try: "Set federation_rule_id, organization_id and identity_token in \(path).")
      }
      self.authentication = .federation(federated)
    case let other:
      throw unusable(
        "its type \(other?.debugDescription ?? "") is not known here", try: "Use user_oauth or oidc_federation.")
    }
  }

  private static func expanded(_ path: String, _ directory: String, _ environment: [String: String]) -> String {
    if path.hasPrefix("~/"), let home = environment["HOME"] { return home + path.dropFirst() }
    return path.hasPrefix("/") ? path : "\(directory)/\(path)"
  }

  /// Where this profile's tokens come from.
  /// - Parameter transport: to the address of the profile; not one that refuses changes, for a refresh is a POST.
  package func tokens(
    _ transport: any Transport, clock: any Clock<Duration> = ContinuousClock(),
    now: @escaping @Sendable () -> Date = { Date() }
  ) -> any TokenOrigin {
    let endpoint = TokenEndpoint(transport: transport, now: now)
    switch authentication {
    case .user(let clientID):
      return ProfileTokens(
        name: name, file: CredentialsFile(path: credentialsPath), clientID: clientID, endpoint: endpoint, clock: clock)
    case .federation(let federated): return FederatedTokens(federated: federated, endpoint: endpoint)
    }
  }
}
