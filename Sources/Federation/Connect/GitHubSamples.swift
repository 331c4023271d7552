import Platform

/// The token a GitHub workload brings, and those of its neighbours.
struct GitHubSamples {
  let own: SampleToken
  let others: [SampleToken]

  init(values: ProviderTemplate.Values, subject: String, issuerURL: String) {
    let text = values["repository"]
    let repository = GitHubRepository(text) ?? GitHubRepository(owner: text, name: text)
    // Without ids the numbers are examples; what matters is that those of others differ.
    let ownerID = values["owner-id"].isEmpty ? "5544123" : values["owner-id"]
    let repositoryID = values["repository-id"].isEmpty ? "821093847" : values["repository-id"]
    let hasIDs = subject.contains(/^repo:[^:]*@[0-9]/)

    func token(
      _ run: GitHubRun, of place: GitHubRepository, ownerID: String, repositoryID: String, subject: String? = nil
    ) -> SampleToken {
      let repo =
        hasIDs ? "repo:\(place.owner)@\(ownerID)/\(place.name)@\(repositoryID)" : "repo:\(place.text)"
      var claims = JSON.Object()
      claims["iss"] = .string(issuerURL)
      claims["sub"] = .string(subject ?? "\(repo):\(run.context)")
      claims["aud"] = .string(serviceAudience)
      claims["repository"] = .string(place.text)
      claims["repository_id"] = .string(repositoryID)
      claims["repository_owner"] = .string(place.owner)
      claims["repository_owner_id"] = .string(ownerID)
      for (name, value) in run.claims { claims[name] = .string(value) }
      claims["runner_environment"] = "github-hosted"
      return SampleToken("a job \(run.words) of \(place.text)", claims: .object(claims))
    }

    let stranger = GitHubRepository(owner: repository.owner + "-evil", name: repository.name)
    let neighbour = GitHubRepository(owner: repository.owner, name: repository.name + "-copy")
    let sandbox = GitHubRepository(owner: repository.owner, name: "intern-sandbox")
    let run = Self.run(of: subject, in: repository)
    let isCustom = !subject.hasPrefix("repo:")
    own = token(
      run, of: repository, ownerID: ownerID, repositoryID: repositoryID,
      subject: isCustom ? Self.completed(subject) : nil)

    var others: [SampleToken] = []
    func add(
      _ run: GitHubRun, _ place: GitHubRepository, ownerID: String = ownerID, repositoryID: String = repositoryID
    ) {
      others.append(token(run, of: place, ownerID: ownerID, repositoryID: repositoryID))
    }
    // From strangers inwards, so that the worst that gets in is named first.
    add(.branch("main"), GitHubRepository(owner: "mallory", name: "x"), ownerID: "990001", repositoryID: "990002")
    add(run, stranger, ownerID: "990003", repositoryID: "990004")
    add(run, sandbox, repositoryID: "990005")
    add(run, neighbour, repositoryID: "990006")
    add(.pullRequest, repository)
    switch run {
    case .branch(let name):
      add(.branch(name + "-evil"), repository)
      add(.environment("production"), repository)
    case .tag(let name): add(.tag(name + "-evil"), repository)
    case .environment(let name): add(.environment(name + "-2"), repository)
    case .pullRequest, .other: break
    }
    if run != .branch("main") { add(.branch("main"), repository) }
    add(.tag("v0.0.0-evil"), repository)
    self.others = others.filter { [own] in
      $0.claims["sub"] != own.claims["sub"] || $0.claims["repository"] != own.claims["repository"]
    }
  }

  /// The run a subject names, or the likeliest one that its star leaves room for.
  static func run(of subject: String, in repository: GitHubRepository) -> GitHubRun {
    let plain = subject.replacing(/@[0-9]+/, with: "")
    guard let context = plain.after("repo:\(repository.text):") else { return .branch("main") }
    guard context.hasSuffix("*") else { return GitHubRun(context: context) }
    let prefix = String(context.dropLast())
    let likely: [GitHubRun] = [.branch("main"), .tag("v1.0.0"), .environment("production"), .pullRequest]
    return likely.first { $0.context.hasPrefix(prefix) } ?? GitHubRun(context: prefix + "1")
  }

  private static func completed(_ subject: String) -> String {
    subject.hasSuffix("*") ? subject.dropLast() + "example" : subject
  }
}
