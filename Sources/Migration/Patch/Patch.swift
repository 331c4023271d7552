internal import Federation
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
    package var token: TokenSource
    /// Whether a requirement that pins a client too old to federate is raised; what was tested with it was not tested
    /// with the new one.
    package var raisesPins: Bool

    package init(
      rule: String, organization: String, account: String, workspace: String?, googleAccount: String? = nil,
      token: TokenSource = .unknown, raisesPins: Bool = false
    ) {
      (self.rule, self.organization, self.account) = (rule, organization, account)
      (self.workspace, self.googleAccount) = (workspace, googleAccount)
      (self.token, self.raisesPins) = (token, raisesPins)
    }

    /// As environment variables, in the order in which they are written.
    var variables: [(key: String, value: String)] {
      [
        ("ANTHROPIC_FEDERATION_RULE_ID", rule), ("ANTHROPIC_ORGANIZATION_ID", organization),
        ("ANTHROPIC_SERVICE_ACCOUNT_ID", account),
      ] + (workspace.map { [("ANTHROPIC_WORKSPACE_ID", $0)] } ?? [])
    }
  }

  /// Where a workload has its token from on a platform that puts none beside it.
  package enum TokenSource: Hashable, Sendable {
    /// Then a change would only break the workload, and none is made.
    case unknown
    /// A file that something on the host keeps fresh.
    case file(String)
    /// The workload's own code asks for it.
    case code
  }

  package struct Change: Sendable {
    /// Relative to the folder.
    package let path: String
    /// Nil for a file that is made.
    package let before: [UInt8]?
    package let after: [UInt8]

    /// The change as a unified diff, to be read: keys are shown by their hints.
    package var diff: String {
      UnifiedDiff.text(path: path, before: before, after: after, mask: Patch.masked)
    }

    /// The change as git apply takes it. Where the diff would have to show a key, it is there to be read as a remark,
    /// and what is applied is a binary patch, in which a line that goes is told by its place.
    package var patch: String {
      guard let before, !isSecret else { return diff }
      // Bytes that are no UTF-8 would not be the same in a text.
      guard isMasked || String(validating: before, as: UTF8.self) == nil else { return diff }
      let remark =
        "\(path): a line holds a key, which is not shown. This is to be read:\n\(diff)And this is applied, by git:"
      // By bytes, for a line end of two is one character.
      let lines = remark.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { "# \(Substring($0))\n" }
      return lines.joined() + GitDelta.text(path: path, before: before, after: after)
    }

    /// Whether the diff is not the whole truth, because a line that it shows holds a key.
    package var isMasked: Bool { diff != UnifiedDiff.text(path: path, before: before, after: after) { $0 } }

    /// Whether a key is in a line that is new, so that no patch can be without it: a line with two, one of which goes.
    package var isSecret: Bool {
      let steps = UnifiedDiff.steps(UnifiedDiff.lines(before ?? []), UnifiedDiff.lines(after))
      return steps.contains { step in
        let text = String(decoding: step.line, as: UTF8.self)
        return step.sign == "+" && Patch.masked(text) != text
      }
    }

    /// What is kept of it: digests, never the text.
    package var record: JSON {
      [
        "path": .string(path), "before_sha256": JSON(before.map { Digest.sha256($0).hexadecimal }),
        "after_sha256": .string(Digest.sha256(after).hexadecimal),
        "diff_sha256": .string(Digest.sha256(Array(diff.utf8)).hexadecimal),
      ]
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
  ///   - files: all that a scan found something in, by path, and those beside them that a change may concern.
  ///   - exists: whether there is a file at a path, for those that the change makes.
  package init(
    files: [String: [UInt8]], identifiers: Identifiers, exists: (String) -> Bool = { _ in false }
  ) {
    let shared = SharedParts(files: files, identifiers: identifiers)
    var charts = Charts(files: files)
    // Templates before the values that they read.
    for path in files.keys.sorted(by: { (ChartPatch.isValues($0) ? 1 : 0, $0) < (ChartPatch.isValues($1) ? 1 : 0, $1) })
    {
      guard let bytes = files[path] else { continue }
      let part = FilePatch(
        path: path, bytes: bytes, identifiers: identifiers, others: files, shared: shared, charts: charts)
      questions += part.questions
      charts.note(path, before: bytes, after: part.after)
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
    questions.sort { ($0.path, $0.line) < ($1.path, $1.line) }
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

/// What is left of each chart's values once its templates are changed.
struct Charts {
  private var templates: [String: [String: [UInt8]]] = [:]
  private var changed: Set<String> = []
  /// Paths of values in templates before the change, by chart.
  private var before: [String: Set<String>] = [:]

  init(files: [String: [UInt8]]) {
    for (path, bytes) in files {
      guard let root = ChartPatch.root(ofTemplate: path) else { continue }
      templates[root, default: [:]][path] = bytes
      before[root, default: []].formUnion(ChartPatch.valuePaths(in: String(decoding: bytes, as: UTF8.self)))
    }
  }

  mutating func note(_ path: String, before: [UInt8], after: [UInt8]) {
    guard let root = ChartPatch.root(ofTemplate: path), before != after else { return }
    templates[root]?[path] = after
    changed.insert(root)
  }

  /// The values of a chart's own file; values for one environment only override them.
  func values(at path: String, document: Node) -> ValuesPatch {
    let root = path.split(separator: "/").dropLast().map { $0 + "/" }.joined()
    let isOwn = path.hasSuffix("values.yaml") || path.hasSuffix("values.yml")
    guard isOwn, changed.contains(root) else { return ValuesPatch(document: document, isRead: false, unread: []) }
    let texts = (templates[root] ?? [:]).values.map { String(decoding: $0, as: UTF8.self) }
    let read = texts.reduce(into: Set<String>()) { $0.formUnion(ChartPatch.valuePaths(in: $1)) }
    return ValuesPatch(document: document, isRead: true, unread: (before[root] ?? []).subtracting(read))
  }
}

/// The change of one file.
struct FilePatch {
  private(set) var after: [UInt8]
  /// Files that have to be beside it.
  private(set) var made: [(path: String, text: String)] = []
  private(set) var questions: [Patch.Question] = []

  init(
    path: String, bytes: [UInt8], identifiers: Patch.Identifiers, others: [String: [UInt8]], shared: SharedParts,
    charts: Charts
  ) {
    after = bytes
    let source = SourceText(bytes)
    let isTemplate = ChartPatch.root(ofTemplate: path) != nil && !source.occurrences(of: "{{").isEmpty
    let documents = FileKind.isDocument(path) && !isTemplate ? (try? Node.documents(in: bytes)) ?? [] : []
    let kind = FileKind(path: path, documents: documents)
    var draft = PatchDraft(path: path, source: source, identifiers: identifiers, others: others)
    for document in documents where document.isMapping {
      switch kind {
      case .workflow where document["runs"] != nil: ActionPatch(document: document).apply(to: &draft)
      case .workflow: WorkflowPatch(document: document, shared: shared).apply(to: &draft)
      case .gitlab: PipelinePatch(document: document).apply(to: &draft)
      case .kubernetes: ClusterPatch(document: document).apply(to: &draft)
      case .taskDefinition: TaskPatch(document: document).apply(to: &draft)
      case .package: ManifestPatch(document: document).apply(to: &draft)
      case .compose: ComposePatch(document: document).apply(to: &draft)
      case .cloudFormation: FunctionPatch(document: document).apply(to: &draft)
      case .cloudBuild: BuildPatch(document: document).apply(to: &draft)
      case .document where ChartPatch.isValues(path): charts.values(at: path, document: document).apply(to: &draft)
      default: break
      }
    }
    switch kind {
    case _ where isTemplate: ChartPatch().apply(to: &draft)
    case .code: CodePatch(path: path).apply(to: &draft)
    case .dockerfile: ImagePatch().apply(to: &draft)
    case .terraform: TerraformPatch().apply(to: &draft)
    case .requirements, .project: RequirementsPatch(kind: kind).apply(to: &draft)
    default: break
    }
    draft.askAboutTheRest()
    let result = draft.rewriting.result
    // What cannot be read again was not understood in the first place.
    let isReadable =
      isTemplate
      ? (try? Node.documents(in: ChartPatch.filled(result))) != nil
      : documents.isEmpty || (try? Node.documents(in: result)) != nil
    if !draft.rewriting.isEmpty, !isReadable {
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
  /// All files of the patch as they were, by path.
  let others: [String: [UInt8]]
  var rewriting: Rewriting
  var made: [(path: String, text: String)] = []
  private(set) var questions: [Patch.Question] = []

  init(path: String, source: SourceText, identifiers: Patch.Identifiers, others: [String: [UInt8]]) {
    (self.path, self.identifiers, self.others) = (path, identifiers, others)
    rewriting = Rewriting(source)
  }

  /// The path of a file that is named relative to this one.
  func sibling(_ name: String) -> String {
    let folder = path.split(separator: "/").dropLast().map { $0 + "/" }.joined()
    return folder + (name.hasPrefix("./") ? String(name.dropFirst(2)) : name)
  }

  /// What takes the key's place where the platform hands out no token; nil while nobody says where one comes from.
  var variablesWithToken: [(key: String, value: String)]? {
    switch identifiers.token {
    case .unknown: nil
    case .file(let path): [("ANTHROPIC_IDENTITY_TOKEN_FILE", path)] + identifiers.variables
    case .code: identifiers.variables
    }
  }

  mutating func askForToken(_ offset: Int, _ what: String) {
    ask(
      offset,
      "Where has \(what) a token from? Nothing here hands one out. With a file that is kept fresh (SPIFFE, a sidecar, an "
        + "extension) give --token-file, with code that asks for it --token-from-code. Without either it keeps a key of its "
        + "own with an expiry, as an exception.")
  }

  /// Leaves the file as it is.
  mutating func discard(_ question: String) {
    rewriting = Rewriting(source)
    ask(0, question)
  }

  /// Puts variables in the place of entries of a mapping, in the way that it is written.
  mutating func exchangeEntries(
    _ keys: [Node.Entry], for variables: [(key: String, value: String)], in mapping: Node
  ) {
    guard let first = keys.first else { return }
    let start = source.lineRange(of: first.keyRange.lowerBound).lowerBound
    let indent = source.text(start..<first.keyRange.lowerBound)
    if mapping.style == .flow {
      let isQuoted = source.bytes[first.keyRange.lowerBound] == UInt8(ascii: "\"")
      let texts = variables.map { isQuoted ? "\"\($0.key)\": \"\($0.value)\"" : "\($0.key): \($0.value)" }
      let isOwnLine = indent.allSatisfy { $0 == " " || $0 == "\t" }
      rewriting.replace(first.range, with: texts.joined(separator: isOwnLine ? ",\n" + indent : ", "))
    } else if rewriting.isBehindOther(first.keyRange.lowerBound) {
      let indent = String(repeating: " ", count: rewriting.column(first.keyRange.lowerBound))
      rewriting.replace(first.range, with: variables.map { "\($0.key): \($0.value)" }.joined(separator: "\n" + indent))
    } else {
      let end = rewriting.endOfLine(first.range)
      let isEnded = source.bytes[end - 1] == 0x0A
      let text = variables.map { "\(indent)\($0.key): \($0.value)" }.joined(separator: "\n")
      rewriting.replace(start..<end, with: text + (isEnded ? "\n" : ""))
    }
    for key in keys.dropFirst() { rewriting.remove(key, from: mapping) }
  }

  var source: SourceText { rewriting.source }

  mutating func ask(_ offset: Int, _ text: String) {
    questions.append(Patch.Question(path: path, line: source.place(of: offset).line, text: text))
  }

  /// Whether a value is, or brings in, a key: not one that only stands for it in a test.
  func holdsKey(_ value: Node) -> Bool { value.text.map(holdsKey) ?? false }

  func holdsKey(_ text: String) -> Bool {
    if text.contains("sk-ant-") {
      return PatchDraft.isRealKey(text)
    }
    return KeyName.isIndirect(text) || text.contains("${{")
  }

  func holdsRealKey(_ value: Node) -> Bool { value.text.map(PatchDraft.isRealKey) ?? false }

  private static func isRealKey(_ text: String) -> Bool {
    CredentialSearch(source: SourceText(Array(text.utf8))).finds().contains { $0.class == .real }
  }

  /// Whether a variable is one that clients read by themselves.
  static func isRead(_ name: String) -> Bool { name == "ANTHROPIC_API_KEY" || name == "ANTHROPIC_AUTH_TOKEN" }

  /// Keys and references that no rule changes are put before a person; beside a change, keys alone.
  mutating func askAboutTheRest() {
    let isChanged = !rewriting.isEmpty
    for find in Scan.finds(in: source.bytes, path: path)
    where find.class == .real || (find.class == .reference && !isChanged) {
      guard let question = find.question, !questions.contains(where: { $0.line == find.line }),
        !rewriting.edits.contains(where: { $0.range.contains(find.offset) })
      else { continue }
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
    case .terraformVariable, .awsSecret, .lambdaEnvironment, .gcpSecret:
      "A stored copy, or what brings it in: leave it until the key is archived, for coming back needs it; then remove it."
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
