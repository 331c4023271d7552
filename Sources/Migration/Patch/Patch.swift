package import Platform

/// The change that moves the workloads of a folder to federation: text by position, so that whatever is not part of it
/// stays byte for byte. What files alone cannot decide is not guessed but asked.
package struct Patch: Sendable {
  /// The identifiers that take the key's place. None of them is a secret.
  package struct Identifiers: Sendable {
    package var rule, organization, account: String
    /// Nil when the rule has one workspace only.
    package var workspace: String?
    /// The service account of Google's that the workload is to run as.
    package var googleAccount: String?

    package init(rule: String, organization: String, account: String, workspace: String?, googleAccount: String? = nil)
    {
      (self.rule, self.organization, self.account) = (rule, organization, account)
      (self.workspace, self.googleAccount) = (workspace, googleAccount)
    }

    /// As environment variables, in the order in which they are written.
    var variables: [(key: String, value: String)] {
      [
        ("ANTHROPIC_FEDERATION_RULE_ID", rule), ("ANTHROPIC_ORGANIZATION_ID", organization),
        ("ANTHROPIC_SERVICE_ACCOUNT_ID", account),
      ] + (workspace.map { [("ANTHROPIC_WORKSPACE_ID", $0)] } ?? [])
    }
  }

  package struct Change: Sendable {
    /// Relative to the folder.
    package let path: String
    /// Nil for a file that is made.
    package let before: [UInt8]?
    package let after: [UInt8]

    /// - Returns: the change as a unified diff in which keys are shown by their hints.
    package var diff: String {
      UnifiedDiff.text(path: path, before: before, after: after, mask: Patch.masked)
    }

    /// Whether the diff is not the whole truth, because a line that goes holds a key.
    package var isMasked: Bool {
      before.map { Patch.masked(String(decoding: $0, as: UTF8.self)) != String(decoding: $0, as: UTF8.self) } ?? false
    }
  }

  /// Something a person has to decide or to do.
  package struct Question: Hashable, Sendable {
    package let path: String
    package let line: Int
    package let text: String

    package var json: JSON { ["file": .string(path), "line": JSON(line), "question": .string(text)] }
  }

  package static let audience = "https://api.anthropic.com"
  /// Where a pod finds its token.
  static let tokenFolder = "/var/run/secrets/anthropic.com"

  /// By path.
  package private(set) var changes: [Change] = []
  package private(set) var questions: [Question] = []

  /// - Parameters:
  ///   - files: all that a scan found something in, by path.
  ///   - exists: whether there is a file at a path, for those that the change makes.
  package init(
    files: [String: [UInt8]], identifiers: Identifiers, exists: (String) -> Bool = { _ in false }
  ) {
    for path in files.keys.sorted() {
      guard let bytes = files[path] else { continue }
      let part = FilePatch(path: path, bytes: bytes, identifiers: identifiers, others: files)
      questions += part.questions
      if part.after != bytes { changes.append(Change(path: path, before: bytes, after: part.after)) }
      for made in part.made where files[made.path] == nil {
        guard !exists(made.path) else {
          questions.append(Question(path: made.path, line: 1, text: "It is there already: does it hold\n\(made.text)?"))
          continue
        }
        changes.append(Change(path: made.path, before: nil, after: Array(made.text.utf8)))
      }
    }
    changes.sort { $0.path < $1.path }
  }

  /// The text with every key in it shown by its hint.
  static func masked(_ text: String) -> String {
    guard text.contains("sk-ant-") else { return text }
    let bytes = Array(text.utf8)
    let source = SourceText(bytes)
    var (masked, at): ([UInt8], Int) = ([], 0)
    for start in source.occurrences(of: "sk-ant-") where start >= at {
      guard let credential = Credential(in: bytes, at: start), let hint = credential.hint else { continue }
      masked += bytes[at..<start] + Array(hint.utf8)
      at = credential.range.upperBound
    }
    return String(decoding: masked + bytes[at...], as: UTF8.self)
  }
}

/// The change of one file.
struct FilePatch {
  private(set) var after: [UInt8]
  /// Files that have to be beside it.
  private(set) var made: [(path: String, text: String)] = []
  private(set) var questions: [Patch.Question] = []

  init(path: String, bytes: [UInt8], identifiers: Patch.Identifiers, others: [String: [UInt8]]) {
    after = bytes
    let source = SourceText(bytes)
    let documents = FileKind.isDocument(path) ? (try? Node.documents(in: bytes)) ?? [] : []
    let kind = FileKind(path: path, documents: documents)
    var draft = PatchDraft(path: path, source: source, identifiers: identifiers)
    for document in documents where document.isMapping {
      switch kind {
      case .workflow: WorkflowPatch(document: document).apply(to: &draft)
      case .gitlab: PipelinePatch(document: document).apply(to: &draft)
      case .kubernetes: ClusterPatch(document: document).apply(to: &draft)
      case .taskDefinition: TaskPatch(document: document).apply(to: &draft)
      case .package: ManifestPatch(document: document).apply(to: &draft)
      default: break
      }
    }
    if kind == .code { CodePatch(path: path).apply(to: &draft) }
    if draft.rewriting.isEmpty { draft.askAboutTheRest(kind) }
    let result = draft.rewriting.result
    // What cannot be read again was not understood in the first place.
    if !documents.isEmpty, (try? Node.documents(in: result)) == nil {
      draft.ask(0, "The change by position would not be readable: change this file by hand.")
    } else {
      (after, made) = (result, draft.made)
    }
    questions = draft.questions
  }
}

/// A change in the making.
struct PatchDraft {
  let path: String
  let identifiers: Patch.Identifiers
  var rewriting: Rewriting
  var made: [(path: String, text: String)] = []
  private(set) var questions: [Patch.Question] = []

  init(path: String, source: SourceText, identifiers: Patch.Identifiers) {
    (self.path, self.identifiers) = (path, identifiers)
    rewriting = Rewriting(source)
  }

  var source: SourceText { rewriting.source }

  mutating func ask(_ offset: Int, _ text: String) {
    questions.append(Patch.Question(path: path, line: source.place(of: offset).line, text: text))
  }

  /// Whether a value is, or brings in, a key: not one that only stands for it in a test.
  func holdsKey(_ value: Node) -> Bool {
    guard let text = value.text else { return false }
    if text.contains("sk-ant-") {
      return CredentialSearch(source: SourceText(Array(text.utf8))).finds().contains { $0.class == .real }
    }
    return KeyName.isIndirect(text) || text.contains("${{")
  }

  /// Whether a variable is one that clients read by themselves.
  static func isRead(_ name: String) -> Bool { name == "ANTHROPIC_API_KEY" || name == "ANTHROPIC_AUTH_TOKEN" }

  /// Keys and references that no rule changes are put before a person.
  mutating func askAboutTheRest(_ kind: FileKind) {
    for find in Scan.finds(in: source.bytes, path: path) where find.class != .placeholder {
      guard let question = find.question, !questions.contains(where: { $0.line == find.line }) else { continue }
      questions.append(Patch.Question(path: path, line: find.line, text: question))
    }
  }
}

extension Find {
  /// What a person has to decide about a find that was left alone.
  fileprivate var question: String? {
    if self.class == .real {
      return kind == .apiKey
        ? "A stored key (\(hint ?? "")). Leave it until the key is archived, for rollback needs it; then remove it."
        : note
    }
    return switch kind {
    case .composeInterpolation, .composeEnvironmentFile, .composeBuildArgument:
      "Has this host an identity (SPIFFE, a cloud's)? If not, it keeps a key of its own with an expiry, as an exception."
    case .dockerfileArgument, .dockerfileEnvironment:
      "Remove the instruction; the value is in the layers of every image that was built so far."
    case .terraformVariable, .awsSecret, .lambdaEnvironment, .gcpSecret:
      "Remove it together with the workload that reads it; without a token file its code has to supply the token."
    case .githubSecret, .gitlabVariable:
      "Something else writes or reads this secret: remove it when no workload needs it any more."
    case .kubernetesSecret where place == nil:
      "A template is not changed by position: take the variable out here, and the value out of the chart's values."
    case .kubernetesSecret:
      "Which key of the Secret holds the credential? Take it out of the Secret, not out of the manifest."
    case .keyHelper: "The helper comes before federation in Claude Code: remove it on machines that federate."
    case .sdkTooOld: (note ?? "") + " Raise it in the manifest and in the lock file."
    case .configurationRead:
      "The key comes from a file of settings: leave the argument out where the workload federates."
    default: nil
    }
  }
}
