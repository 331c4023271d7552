extension Catalogue {
  static let gitLab: [Risk] = [
    Risk(
      "GL001", .critical, "No group and no project", "every project of the instance gets in",
      example: #"project_path:* accepts {"sub":"project_path:mallory/x:ref_type:branch:ref:main"}"#,
      remedy: "Pin the project."),
    Risk(
      "GL002", .critical, "The prefix stops inside the top-level group", "groups whose name begins alike get in",
      example: #"project_path:acme* accepts {"sub":"project_path:acme-evil/x:…"}"#,
      remedy: "End the group with its slash, then write the project."),
    Risk(
      "GL003", .high, "Every project of the group", "every project of the group and of its subgroups gets in",
      example: #"project_path:acme/* accepts {"sub":"project_path:acme/sandbox:…"}"#,
      remedy: "Pin the project."),
    Risk(
      "GL004", .high, "The prefix stops inside the project", "projects whose path or id begins alike get in",
      example: #"project_path:acme/api* accepts {"sub":"project_path:acme/api-evil:…"}"#,
      remedy: "Put the colon after the project, then the ref."),
    Risk(
      "GL005", .high, "Every pipeline of the project", "all branches, tags and merge-request pipelines get in",
      example: #"project_path:acme/api:* accepts {"pipeline_source":"merge_request_event"}"#,
      remedy: "Pin an exact ref, or ref_protected."),
    Risk(
      "GL006", .medium, "Any branch, protected or not", "unprotected branches get in",
      example: #"…:ref_type:branch:ref:* accepts {"ref":"evil","ref_protected":"false"}"#,
      remedy: "Require ref_protected to be \"true\"."),
    Risk(
      "GL007", .high, "The prefix stops inside a branch", "branches with a longer name get in",
      example: #"…:ref:main* accepts {"ref":"main-evil"}"#,
      remedy: "Write the exact branch."),
    Risk(
      "GL008", .medium, "Any tag, protected or not", "tags of any developer get in",
      example: #"…:ref_type:tag:ref:* accepts {"ref_type":"tag","ref":"v9","ref_protected":"false"}"#,
      remedy: "Require ref_protected to be \"true\", and protect the tags."),
    Risk(
      "GL009", .medium, "A person as a pin", "the person gets in wherever they start a pipeline",
      example: #"claims.user_login accepts {"user_login":"jsmith","project_path":"jsmith/x"}"#,
      remedy: "Pin the project."),
    Risk(
      "GL010", .low, "A path without an id", "a path that is renamed can be taken again",
      example: #"claims.project_path acme/api accepts {"project_path":"acme/api","project_id":"5"}"#,
      remedy: "Add project_id."),
    Risk(
      "GL011", .medium, "A ref without its type", "a tag of the branch's name gets in",
      example: #"claims.ref main accepts {"ref":"main","ref_type":"tag"}"#,
      remedy: "Add ref_type, or pin ref_path."),
    Risk(
      "GL012", .high, "Merge requests are trusted", "code under review gets in",
      example: #"claims.pipeline_source merge_request_event"#,
      remedy: "Run after the merge."),
    Risk(
      "GL013", .info, "The subject by path", "a path that is renamed can be taken again",
      example: #"project_path:acme/api:ref_type:branch:ref:main"#,
      remedy: "Use the id form, project_id:…, where the project has it."),
  ]
}
