package import Federation
package import Platform

/// Who uses static keys in a folder, and what each needs so that it can do without.
package struct Plan: Sendable {
  /// One automation, or a person, that reads a key.
  package struct Consumer: Sendable {
    package enum Platform: String, Sendable {
      case github, gitlab, kubernetes, aws, gcp, compose, terraform, person, code, file
    }

    package let name: String
    package let platform: Platform
    package fileprivate(set) var places: [Find] = []
    /// Records of the key list that its keys may be.
    package fileprivate(set) var keys: [KeyMatch] = []
    /// What has to be so before it can move.
    package fileprivate(set) var blocks: [String] = []
    /// Makes the account and the rule; words in capitals are not known from files.
    package fileprivate(set) var command: String?
    /// The rule that the command would make, where files tell all of it, and what the analyser says of it.
    package fileprivate(set) var match: FederationRule.Match?
    package fileprivate(set) var findings: [Federation.Finding] = []
    /// A service account's name.
    package var account: String { Slug.from(name) }
  }

  /// Where a repository comes from, as its git configuration says.
  package struct Origin: Hashable, Sendable {
    package let host, path: String

    /// From the text of `.git/config`: the first `url` of a remote.
    package init?(gitConfiguration text: String) {
      let line = text.split(separator: "\n").first { $0.drop { $0 == " " || $0 == "\t" }.hasPrefix("url") }
      guard var url = line?.split(separator: "=", maxSplits: 1).last.map({ $0.drop { $0 == " " } }) else { return nil }
      if let scheme = url.firstRange(of: "://") { url = url[scheme.upperBound...] }
      if let at = url.firstIndex(of: "@") { url = url[url.index(after: at)...] }
      let parts = url.split(maxSplits: 1, whereSeparator: { $0 == ":" || $0 == "/" })
      guard parts.count == 2 else { return nil }
      host = String(parts[0])
      let path = parts[1].hasSuffix(".git") ? parts[1].dropLast(4) : parts[1]
      self.path = String(path.drop { $0 == "/" })
    }
  }

  /// Those that can move first, and those with fewest places before others.
  package let consumers: [Consumer]

  /// - Parameters:
  ///   - keys: the whole key list; nil when it could not be read.
  package init(finds: [Find], keys: [APIKey]?, origin: Origin?) {
    var consumers: [String: Consumer] = [:]
    for find in finds where find.class != .placeholder && find.kind != .sdkTooOld {
      let (platform, name) = Plan.owner(of: find)
      let title = "\(platform.rawValue) \(name)"
      var consumer = consumers[title] ?? Consumer(name: name, platform: platform)
      consumer.places.append(find)
      if find.class == .real, let keys {
        let match = KeyMatch.of(find, among: keys)
        if !consumer.keys.contains(match) { consumer.keys.append(match) }
      }
      consumers[title] = consumer
    }
    let old = finds.filter { $0.kind == .sdkTooOld }
    self.consumers = consumers.values.map { Plan.completed($0, old: old, origin: origin) }.sorted {
      ($0.blocks.count, $0.places.count, $0.name) < ($1.blocks.count, $1.places.count, $1.name)
    }
  }

  // MARK: Whose a place is

  private static func owner(of find: Find) -> (Consumer.Platform, String) {
    let file = find.file.split(separator: "/").last.map { String($0.prefix { $0 != "." }) } ?? find.file
    let place = find.place ?? ""
    if find.file.contains(".github/workflows/") {
      return (.github, job(place).map { "\(file) \($0)" } ?? file)
    }
    if find.file.hasSuffix(".gitlab-ci.yml") {
      return (.gitlab, find.level == "job" ? String(place.prefix { $0 != "." }) : "pipeline")
    }
    switch find.kind {
    case .kubernetesSecret where place.contains("/"): return (.kubernetes, name(behindSlash: place))
    case .composeInterpolation, .composeBuildArgument, .composeEnvironmentFile:
      return (.compose, place.split(separator: ".").dropFirst().first.map(String.init) ?? file)
    case .awsSecret, .lambdaEnvironment: return (find.file.hasSuffix(".tf") ? .terraform : .aws, file)
    case .gcpSecret: return (find.file.hasSuffix(".tf") ? .terraform : .gcp, file)
    case .terraformVariable, .githubSecret, .kubernetesSecret: return (.terraform, file)
    case .environmentRead, .configurationRead:
      return (.code, find.file.split(separator: "/").dropLast().last.map(String.init) ?? "code")
    case .keyHelper, .keySuffix, .onePassword, .profilePointer, .accessToken, .refreshToken, .sessionID:
      return (.person, "person")
    default: break
    }
    let personal = [".zsh", ".bash", ".profile", ".claude", ".config", ".netrc", ".envrc"]
    if personal.contains(where: { find.file.hasPrefix($0) || find.file.contains("/" + $0) }) {
      return (.person, "person")
    }
    if find.file.hasSuffix(".tf") || find.file.hasSuffix(".tfvars") { return (.terraform, file) }
    return (.file, find.file)
  }

  private static func job(_ place: String) -> String? {
    let steps = place.split(separator: ".")
    return steps.first == "jobs" ? steps.dropFirst().first.map(String.init) : nil
  }

  private static func name(behindSlash place: String) -> String {
    String(place.drop { $0 != "/" }.dropFirst().prefix { $0 != " " })
  }

  // MARK: What it needs

  private static func completed(_ consumer: Consumer, old: [Find], origin: Origin?) -> Consumer {
    var consumer = consumer
    consumer.blocks = blocks(consumer, old)
    let account = consumer.account
    switch consumer.platform {
    case .github:
      let repository = origin.flatMap { $0.host == "github.com" ? $0.path : nil }
      consumer.command =
        "gatehouse connect github --repository \(repository ?? "OWNER/NAME") --ref main --new-account \(account)"
      propose(.github, repository.map { ["repository": $0, "ref": "main"] }, for: &consumer)
    case .gitlab:
      let project = origin.flatMap { $0.host == "gitlab.com" ? $0.path : nil }
      consumer.command =
        "gatehouse connect gitlab --project \(project ?? "GROUP/NAME") --branch main --new-account \(account)"
      propose(.gitlab, project.map { ["project": $0, "branch": "main"] }, for: &consumer)
    case .kubernetes:
      consumer.command =
        "gatehouse connect kubernetes --namespace NAMESPACE --service-account \(account) --issuer-url URL --new-account \(account)"
    case .aws: consumer.command = "gatehouse connect aws --role ARN --issuer-url URL --new-account \(account)"
    case .gcp:
      consumer.command = "gatehouse connect gcp --service-account EMAIL --unique-id NUMBER --new-account \(account)"
    case .compose, .terraform, .person, .code, .file: break
    }
    return consumer
  }

  private static func propose(
    _ provider: ProviderTemplate.ID, _ values: [String: String]?, for consumer: inout Consumer
  ) {
    guard let values, let workload = try? Workload(provider, values: values) else { return }
    consumer.match = workload.match
    consumer.findings = Analyser.findings(
      match: workload.match, scope: Scope.inference, lifetime: workload.template.tokenLifetime,
      issuerURL: workload.issuerURL)
  }

  /// Whether a client that is too old is the one at a place: in the same workflow, or in a manifest of the same tree.
  private static func concerns(_ old: Find, _ place: Find) -> Bool {
    if old.place != nil { return old.file == place.file }
    let folder = old.file.split(separator: "/").dropLast().map { $0 + "/" }.joined()
    let repository = place.file.firstRange(of: ".github/").map { String(place.file[..<$0.lowerBound]) }
    return place.file.hasPrefix(folder) || repository.map(folder.hasPrefix) ?? false
  }

  private static func blocks(_ consumer: Consumer, _ old: [Find]) -> [String] {
    var blocks: [String] = []
    if consumer.keys.contains(where: { if case .ambiguous = $0 { true } else { false } }) {
      blocks.append("Two records have this key's hint: whose usage it is takes a second proof.")
    }
    if consumer.keys.contains(.none) { blocks.append("A key of it is in no list of this organization.") }
    if consumer.places.contains(where: { $0.kind == .adminKey }) {
      blocks.append("An Admin API key: it takes a rule with org:admin, which only the Console makes.")
    }
    switch consumer.platform {
    case .person: blocks.append("A person: signs in with gatehouse login or ant auth login, and needs no rule.")
    case .compose: blocks.append("Has its host an identity? If not it is an exception, with an owner and a date.")
    default: break
    }
    let needsClient: Set<Consumer.Platform> = [.github, .gitlab, .kubernetes, .aws, .gcp, .code]
    if needsClient.contains(consumer.platform) {
      let own = old.filter { find in consumer.places.contains { concerns(find, $0) } }
      blocks += own.map { "\($0.file):\($0.line): \($0.note ?? "the client is too old")" }
    }
    return blocks
  }
}

extension Plan.Consumer {
  package var json: JSON {
    [
      "name": .string(name), "platform": .string(platform.rawValue), "account": .string(account),
      "places": .array(places.map(\.json)), "blocks": .array(blocks.map(JSON.string)), "command": JSON(command),
      "keys": .array(
        keys.map { ["match": .string($0.word), "candidates": .array($0.ids.map { JSON($0) })] }),
      "match": match?.json ?? .null, "findings": .array(findings.map { .string($0.id) }),
    ]
  }
}
