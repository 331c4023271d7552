import Console
import Platform
import PlatformClient

/// How to reach one organization: where it is, and where each credential comes from.
struct ConnectionProfile: Sendable {
  let name: String
  let base: BaseURL
  let signIn: SignIn
  /// No change is ever sent, whatever the command line says.
  let isReadOnly: Bool
  /// Every change asks for a name to be typed.
  let isProduction: Bool

  /// The profile that the options name, or the active one of the configuration, or what the environment has.
  static func chosen(_ options: GlobalOptions, _ environment: Environment) throws(Problem) -> ConnectionProfile {
    let settings = try Settings(path: environment.configurationPath)
    let name = options.profile ?? settings.profile
    if let name, let json = settings.profiles[name] {
      return try ConnectionProfile(name, json, options, environment)
    }
    var signIn = SignIn.standard(environment.values)
    if let name {
      // A name that the configuration does not know can be one of the `ant` program's own.
      guard let directory = AntProfile.directory(environment.values), AntProfile.exists(name, in: directory) else {
        let known = settings.profiles.keys.sorted()
        throw Problem(
          "Nothing was sent", because: "there is no profile called \(name.debugDescription)",
          try: known.isEmpty
            ? "Write it in \(environment.configurationPath)." : "Known: \(known.joined(separator: ", ")).",
          kind: .usage, code: "unknown_profile")
      }
      signIn.token = .antProfile(name)
    }
    let base = if let asked = try options.base() { asked } else { try signIn.base(environment.values) }
    return ConnectionProfile(
      name: name ?? "default", base: base, signIn: signIn, isReadOnly: options.readOnly, isProduction: false)
  }

  private init(name: String, base: BaseURL, signIn: SignIn, isReadOnly: Bool, isProduction: Bool) {
    (self.name, self.base, self.signIn) = (name, base, signIn)
    (self.isReadOnly, self.isProduction) = (isReadOnly, isProduction)
  }

  /// A profile as the configuration writes it: `base_url`, `read_only`, `production`, and `token`, `admin_key` and
  /// `compliance_key`, each `{ant = "name"}`, `{env = "NAME"}`, `{file = "path"}` or `{command = ["program", …]}`.
  private init(
    _ name: String, _ json: JSON, _ options: GlobalOptions, _ environment: Environment
  ) throws(Problem) {
    let known = ["base_url", "read_only", "production", "token", "admin_key", "compliance_key"]
    if let other = json.object?.keys.first(where: { !known.contains($0) }) {
      throw Self.unusable(name, "\(other) is not known; there is \(known.joined(separator: ", "))")
    }
    // Taken for not set, a mistake here would lift a protection that its owner counts on.
    if let value = json["read_only"], value.bool == nil { throw Self.unusable(name, "read_only is not true or false") }
    if let value = json["production"], value != "type-name" {
      throw Self.unusable(name, "production is not \"type-name\", the one rule there is")
    }
    if let value = json["base_url"], value.string == nil { throw Self.unusable(name, "base_url is no text") }
    let standard = SignIn.standard(environment.values)
    var signIn = SignIn(
      token: try Self.origin("token", in: json, name) ?? standard.token,
      adminKey: try Self.origin("admin_key", in: json, name) ?? standard.adminKey,
      complianceKey: try Self.origin("compliance_key", in: json, name) ?? standard.complianceKey)
    let base: BaseURL
    if let asked = try options.base() {
      base = asked
    } else if let text = json["base_url"]?.string {
      do throws(TransportFailure) { base = try BaseURL(text) } catch {
        throw Self.unusable(name, "base_url is neither https nor on loopback")
      }
      signIn.keepBack(
        whatWasInherited: json, at: base, usual: try? standard.base(environment.values), profile: name)
    } else {
      base = try signIn.base(environment.values)
    }
    self.init(
      name: name, base: base, signIn: signIn,
      isReadOnly: options.readOnly || json["read_only"]?.bool == true, isProduction: json["production"] == "type-name")
  }

  private static func origin(_ key: String, in json: JSON, _ name: String) throws(Problem) -> CredentialOrigin? {
    guard let value = json[key] else { return nil }
    guard let (kind, place) = value.object?.members.first, value.object?.count == 1 else {
      throw unusable(name, "\(key) is no table with one member")
    }
    switch (kind, place.string, place.array) {
    case ("ant", let text?, _): return .antProfile(text)
    case ("env", let text?, _): return .environment(text)
    case ("file", let text?, _): return .file(text)
    case ("command", _, let words?) where words.allSatisfy({ $0.string != nil }):
      return .command(words.compactMap(\.string))
    default: throw unusable(name, "\(key) is none of ant, env, file and command")
    }
  }

  private static func unusable(_ name: String, _ cause: String) -> Problem {
    Problem(
      "The profile \(name) was not used", because: cause, try: "Mend it in config.toml.", kind: .local,
      code: "configuration_unusable")
  }
}

extension SignIn {
  /// Takes out what the profile has of the environment and does not name itself, where its address is another than that
  /// which the environment's credentials are for: nobody may have meant them to go there. To this machine variables
  /// go, for so a sandbox is used.
  /// - Parameter usual: where the platform is without configuration, if that can be told.
  fileprivate mutating func keepBack(
    whatWasInherited json: JSON, at base: BaseURL, usual: BaseURL?, profile name: String
  ) {
    if base == usual { return }
    func isKept(_ origin: CredentialOrigin?) -> Bool {
      if case .antProfile = origin { return false }
      return base == .platform || base.isLoopback
    }
    let kept = [("token", token), ("admin_key", adminKey), ("compliance_key", complianceKey)].filter { key, origin in
      json[key] == nil && origin != nil && !isKept(origin)
    }.map(\.0)
    if kept.contains("token") { token = nil }
    if kept.contains("admin_key") { adminKey = nil }
    if kept.contains("compliance_key") { complianceKey = nil }
    guard let example = kept.first else { return }
    let place =
      example == "token" ? "{ env = \"ANTHROPIC_OAUTH_TOKEN\" }" : "{ env = \"ANTHROPIC_\(example.uppercased())\" }"
    remedy =
      "The profile \(name) has an address of its own, and what the environment holds is not sent there unless the "
      + "profile names it, as in \(example) = \(place)."
  }
}
