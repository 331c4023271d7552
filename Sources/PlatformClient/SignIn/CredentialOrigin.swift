package import FoundationEssentials
package import Platform

/// Where a credential is kept, as a connection profile says. The credential itself is never written there.
package enum CredentialOrigin: Hashable, Sendable {
  /// A profile of the `ant` program; nil for its active one. Tokens only.
  case antProfile(String?)
  /// The federation variables of the official clients. Tokens only.
  case federation
  case environment(String)
  /// Refused when others may read it.
  case file(String)
  /// Program and arguments, run without a shell; the first line it prints.
  case command([String])

  /// In a few words, for the person who asks where a credential comes from.
  package var words: String {
    switch self {
    case .antProfile(let name): name.map { "the ant profile \($0)" } ?? "the active ant profile"
    case .federation: "a token exchange by the environment's federation variables"
    case .environment(let name): "the environment variable \(name)"
    case .file(let path): "the file \(path)"
    case .command(let words): "the command \(words.first ?? "")"
    }
  }
}

extension CredentialOrigin {
  /// What the `ant` profile of a person has on file, if it comes from one and can be read.
  package func kept(_ environment: [String: String]) -> CredentialsFile.Contents? {
    guard case .antProfile(let name) = self, let directory = AntProfile.directory(environment),
      let profile = try? AntProfile(
        name ?? AntProfile.activeName(in: directory, environment), in: directory, environment: environment),
      case .user = profile.authentication
    else { return nil }
    return try? CredentialsFile(path: profile.credentialsPath).read()
  }

  /// The credential itself, read now; of the places that keep one as it stands.
  package func secret(_ environment: [String: String]) async throws(Problem) -> Secret {
    try await StoredCredential(origin: self, environment: environment, named: []).token(insteadOf: nil).secret
  }
}

/// Where each of the three credentials comes from.
package struct SignIn: Hashable, Sendable {
  package var token, adminKey, complianceKey: CredentialOrigin?
  /// What to do about a missing one, where there is more to say than which variable to set.
  package var remedy: String?

  package init(
    token: CredentialOrigin? = nil, adminKey: CredentialOrigin? = nil, complianceKey: CredentialOrigin? = nil
  ) {
    (self.token, self.adminKey, self.complianceKey) = (token, adminKey, complianceKey)
  }

  /// Without any configuration: the three environment variables; for the token else the `ant` profile, where there is
  /// one, else the federation variables. An empty variable is none.
  package static func standard(_ environment: [String: String]) -> SignIn {
    func variable(_ name: String) -> CredentialOrigin? {
      environment[name].flatMap { $0.isEmpty ? nil : .environment(name) }
    }
    var token = variable("ANTHROPIC_OAUTH_TOKEN")
    let isNamed = environment["ANTHROPIC_PROFILE"].map { !$0.isEmpty } ?? false
    if token == nil, !isNamed, Federated(environment: environment) != nil { token = .federation }
    if token == nil, let directory = AntProfile.directory(environment) {
      let name = AntProfile.activeName(in: directory, environment)
      if isNamed || AntProfile.exists(name, in: directory) { token = .antProfile(nil) }
    }
    return SignIn(
      token: token, adminKey: variable("ANTHROPIC_ADMIN_KEY"), complianceKey: variable("ANTHROPIC_COMPLIANCE_KEY"))
  }

  /// Where the platform is, as the `ant` profile that is signed in with says; else where it always is. A token goes
  /// where it came from, unless the person says otherwise.
  package func base(_ environment: [String: String]) throws(Problem) -> BaseURL {
    guard case .antProfile(let name)? = token, let directory = AntProfile.directory(environment),
      let profile = try? AntProfile(
        name ?? AntProfile.activeName(in: directory, environment), in: directory, environment: environment),
      let text = profile.baseURL
    else { return .platform }
    do throws(TransportFailure) { return try BaseURL(text) } catch {
      throw Refusal.problem("Nothing was sent to the address of the profile \(profile.name)", error, isChange: false)
    }
  }

  /// The sources. Nothing is read before a call needs it.
  /// - Parameter transport: to the platform's address; not one that refuses changes, for renewing a token is a POST.
  package func credentials(
    _ environment: [String: String], _ transport: any Transport, clock: any Clock<Duration> = ContinuousClock(),
    now: @escaping @Sendable () -> Date = { Date() }
  ) -> Credentials {
    let named = [token, adminKey, complianceKey].compactMap { origin -> String? in
      if case .environment(let name) = origin { name } else { nil }
    }
    func source(_ origin: CredentialOrigin?, isToken: Bool) -> (any CredentialSource)? {
      origin.map { origin in
        let tokens: any TokenOrigin =
          switch origin {
          case .antProfile, .federation:
            OriginTokens(origin: origin, environment: environment, transport: transport, clock: clock, now: now)
          default: StoredCredential(origin: origin, environment: environment, named: named)
          }
        return TokenCache(tokens, form: isToken ? Credential.bearer : Credential.apiKey, now: now)
      }
    }
    var credentials = Credentials(
      token: source(token, isToken: true), adminKey: source(adminKey, isToken: false),
      complianceKey: source(complianceKey, isToken: false))
    credentials.remedy = remedy
    return credentials
  }
}

/// Tokens of a profile or an exchange that is looked up when it is first needed.
private struct OriginTokens: TokenOrigin {
  let origin: CredentialOrigin
  let environment: [String: String]
  let transport: any Transport
  let clock: any Clock<Duration>
  let now: @Sendable () -> Date

  func token(insteadOf rejected: Secret?) async throws(Problem) -> AccessToken {
    try await tokens().token(insteadOf: rejected)
  }

  private func tokens() throws(Problem) -> any TokenOrigin {
    func missing(_ cause: String, try remedy: String) -> Problem {
      Problem("You are not signed in", because: cause, try: remedy, kind: .credential, code: "not_signed_in")
    }
    guard case .antProfile(let name) = origin else {
      guard let federated = Federated(environment: environment) else {
        throw missing(
          "the federation variables name no rule, organization or identity token",
          try: "Set ANTHROPIC_FEDERATION_RULE_ID, ANTHROPIC_ORGANIZATION_ID and ANTHROPIC_IDENTITY_TOKEN_FILE.")
      }
      return FederatedTokens(federated, transport, now: now)
    }
    guard let directory = AntProfile.directory(environment) else {
      throw missing("there is no home directory to look for profiles in", try: "Set HOME or ANTHROPIC_CONFIG_DIR.")
    }
    let profile = try AntProfile(
      name ?? AntProfile.activeName(in: directory, environment), in: directory, environment: environment)
    return profile.tokens(transport, clock: clock, now: now)
  }
}

/// A credential that is kept somewhere as it stands: read when it is first needed, and again when it is refused.
private struct StoredCredential: TokenOrigin {
  let origin: CredentialOrigin
  let environment: [String: String]
  /// The variables that the profile's credentials are in, which no command that prints another needs.
  let named: [String]

  func token(insteadOf rejected: Secret?) async throws(Problem) -> AccessToken {
    AccessToken(secret: try await secret(), expiresAt: nil)
  }

  private func secret() async throws(Problem) -> Secret {
    switch origin {
    case .environment(let name): return try checked(Array((environment[name] ?? "").utf8))
    case .file(let path):
      let bytes: [UInt8]
      do throws(PrivateFile.Fault) {
        bytes = try PrivateFile.read(path, forbidden: 0o077, links: .own)
      } catch {
        let remedy =
          switch error {
          case .missing: "Put it there."
          case .exposed: "Run chmod 600 \(path). If others may have read it, make a new one."
          case .isOpenLink: "Name the file itself, or close the directory of the link to others."
          default: "Look at the file."
          }
        throw unusable(error.words, try: remedy)
      }
      return try checked(bytes)
    case .command(let words):
      let bytes: [UInt8]
      do throws(Command.Failure) {
        bytes = try await Command(words, environment.filter { !named.contains($0.key) }).output()
      } catch {
        throw unusable(error.cause, try: "Run it yourself and see what it prints.")
      }
      return try checked(bytes)
    case .antProfile, .federation: throw unusable("only a token comes from there", try: "Name another.")
    }
  }

  private func checked(_ bytes: [UInt8]) throws(Problem) -> Secret {
    guard let secret = Secret.oneLine(bytes) else {
      throw unusable("what it holds is no credential: one line without spaces", try: "Look at it.")
    }
    return secret
  }

  private func unusable(_ cause: String, try remedy: String) -> Problem {
    Problem(
      "A credential was not read", because: "\(origin.words): \(cause)", try: remedy, kind: .credential,
      code: "credential_unusable")
  }
}

extension Secret {
  /// The only line of a text without its surrounding space; nil when there are more, or characters that no header
  /// may hold.
  static func oneLine(_ bytes: [UInt8]) -> Secret? {
    let start = bytes.firstIndex { $0 > 0x20 } ?? bytes.endIndex
    let end = (bytes.lastIndex { $0 > 0x20 } ?? bytes.startIndex - 1) + 1
    guard start < end, bytes[start..<end].allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
    return Secret(String(decoding: bytes[start..<end], as: UTF8.self))
  }
}
