/// What a file is, by its name and by what its documents hold.
enum FileKind {
  case workflow, gitlab, compose, kubernetes, cloudFormation, cloudBuild, taskDefinition, n8n, claudeSettings, package
  /// A document of settings: JSON, YAML.
  case document
  case dockerfile, terraform, code, requirements, project
  /// Lines of `NAME=value`, shell, prose.
  case text

  init(path: String, documents: [Node]) {
    let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    let ending = name.split(separator: ".", omittingEmptySubsequences: false).last.map(String.init) ?? ""
    self =
      if !documents.isEmpty {
        FileKind(name: name, path: path.lowercased(), documents: documents)
      } else if name.hasPrefix("dockerfile") || name.hasPrefix("containerfile") || ending == "dockerfile" {
        .dockerfile
      } else if ["tf", "tfvars", "hcl"].contains(ending) {
        .terraform
      } else if name.hasPrefix("requirements"), ending == "txt" {
        .requirements
      } else if name == "pyproject.toml" {
        .project
      } else if FileKind.codeEndings.contains(ending) {
        .code
      } else {
        .text
      }
  }

  private init(name: String, path: String, documents: [Node]) {
    let top = documents[0]
    self =
      if path.contains(".github/workflows/") || (top["jobs"]?.isMapping == true && top["on"] != nil) {
        .workflow
      } else if name == "action.yml" || name == "action.yaml" {
        .workflow
      } else if name.hasSuffix(".gitlab-ci.yml") || name.hasSuffix(".gitlab-ci.yaml") || path.contains(".gitlab/ci/") {
        .gitlab
      } else if documents.contains(where: { $0["apiVersion"] != nil && $0["kind"] != nil }) {
        .kubernetes
      } else if top["services"]?.isMapping == true, top["AWSTemplateFormatVersion"] == nil {
        .compose
      } else if top["AWSTemplateFormatVersion"] != nil || top["Resources"]?.isMapping == true
        || (top["functions"]?.isMapping == true && top["provider"]?.isMapping == true)
      {
        .cloudFormation
      } else if top["containerDefinitions"]?.isSequence == true {
        .taskDefinition
      } else if top["steps"]?.isSequence == true, top["availableSecrets"] != nil {
        .cloudBuild
      } else if top["nodes"]?.items.contains(where: { $0.value["type"] != nil }) == true {
        .n8n
      } else if name == ".claude.json" || path.contains(".claude/") || name == "managed-settings.json" {
        .claudeSettings
      } else if name == "package.json" {
        .package
      } else {
        .document
      }
  }

  static let codeEndings: Set<String> = [
    "py", "pyi", "ipynb", "js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "go", "java", "kt", "kts", "scala",
    "rb",
    "php", "cs", "fs", "rs", "swift", "c", "cc", "cpp", "h", "ex", "exs", "lua", "dart", "vue", "svelte", "groovy",
  ]

  /// Whether a file of this name is read as YAML or JSON.
  static func isDocument(_ path: String) -> Bool {
    let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    return [".yml", ".yaml", ".json", ".jsonc", ".json5"].contains { name.hasSuffix($0) }
      && !["package-lock.json", "npm-shrinkwrap.json", "composer.lock"].contains(name)
  }
}
