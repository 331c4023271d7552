/// `OWNER/NAME`, as GitHub spells it.
struct GitHubRepository: Hashable, Sendable {
  let owner, name: String
  var text: String { "\(owner)/\(name)" }

  init(owner: String, name: String) { (self.owner, self.name) = (owner, name) }

  init?(_ text: String) {
    guard Self.fault(in: text) == nil else { return nil }
    let parts = text.split(separator: "/")
    self.init(owner: String(parts[0]), name: String(parts[1]))
  }

  static func fault(in text: String) -> String? {
    if text.contains("://") || text.hasPrefix("git@") { return "only OWNER/NAME, not the whole address" }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else { return "OWNER/NAME, with one slash, such as acme/api" }
    return ownerFault(in: parts[0]) ?? nameFault(in: parts[1])
  }

  /// Letters, digits and single hyphens between them; managed users have `_` and a short code at the end.
  static func ownerFault(in text: String) -> String? {
    guard Grammar.matches(text, /[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?:_[A-Za-z0-9]+)?/) else {
      return "an owner has letters, digits and single hyphens between them"
    }
    return text.utf8.count > 39 ? "an owner's name has at most 39 characters" : nil
  }

  private static func nameFault(in text: String) -> String? {
    guard Grammar.matches(text, /[A-Za-z0-9._\-]{1,100}/), text != ".", text != ".." else {
      return "a repository's name has up to 100 letters, digits, dots, hyphens and underscores"
    }
    return text.hasSuffix(".git") ? "without .git at the end" : nil
  }
}

/// Which run of a repository a token is for: what stands behind the repository in its subject.
enum GitHubRun: Hashable, Sendable {
  case branch(String), tag(String), environment(String), pullRequest
  /// A subject that the organization has customised, or none that GitHub writes by itself.
  case other(String)

  init(context: String) {
    if let branch = context.after("ref:refs/heads/") {
      self = .branch(branch)
    } else if let tag = context.after("ref:refs/tags/") {
      self = .tag(tag)
    } else if let name = context.after("environment:") {
      self = .environment(name.replacing("%3A", with: ":"))
    } else if context == "pull_request" {
      self = .pullRequest
    } else {
      self = .other(context)
    }
  }

  /// Reads `main`, `refs/heads/main` and `refs/tags/v1`.
  init(ref: String) {
    if let tag = ref.after("refs/tags/") {
      self = .tag(tag)
    } else {
      self = .branch(ref.after("refs/heads/") ?? ref)
    }
  }

  var context: String {
    switch self {
    case .branch(let name): "ref:refs/heads/\(name)"
    case .tag(let name): "ref:refs/tags/\(name)"
    // A colon would be taken for the end of the name (GitHub, OpenID Connect reference).
    case .environment(let name): "environment:" + name.replacing(":", with: "%3A")
    case .pullRequest: "pull_request"
    case .other(let context): context
    }
  }

  /// `branch main`
  var words: String {
    switch self {
    case .branch(let name): "on branch \(name)"
    case .tag(let name): "on tag \(name)"
    case .environment(let name): "in environment \(name)"
    case .pullRequest: "of a pull request"
    case .other(let context): "with the context \(context)"
    }
  }

  /// `ref`, `ref_type`, `event_name`, as a run of this kind has them.
  var claims: [(String, String)] {
    switch self {
    case .branch(let name):
      [("ref", "refs/heads/\(name)"), ("ref_type", "branch"), ("event_name", "push")]
    case .tag(let name): [("ref", "refs/tags/\(name)"), ("ref_type", "tag"), ("event_name", "push")]
    case .environment(let name):
      [
        ("ref", "refs/heads/main"), ("ref_type", "branch"), ("event_name", "workflow_dispatch"),
        ("environment", name),
      ]
    case .pullRequest:
      [
        ("ref", "refs/pull/7/merge"), ("ref_type", "branch"), ("event_name", "pull_request"),
        ("base_ref", "main"), ("head_ref", "patch-1"),
      ]
    case .other: [("ref", "refs/heads/main"), ("ref_type", "branch"), ("event_name", "push")]
    }
  }

  static func refFault(in text: String) -> String? {
    if let name = text.after("refs/heads/") { return Grammar.refNameFault(in: name) }
    if let name = text.after("refs/tags/") { return Grammar.refNameFault(in: name) }
    if text.hasPrefix("refs/") { return "a branch (main) or refs/tags/NAME: no subject names another kind of ref" }
    return Grammar.refNameFault(in: text)
  }
}

extension String {
  /// What follows `prefix`, or nil when it does not stand at the beginning. Compared byte for byte.
  func after(_ prefix: String) -> String? {
    utf8.starts(with: prefix.utf8) ? String(utf8.dropFirst(prefix.utf8.count)) : nil
  }
}
