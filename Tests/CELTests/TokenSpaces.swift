import CEL

extension TokenSpace {
  /// Tokens near one, in which the claims of the provider agree with one another.
  init(provider: String, near claims: Value, for expressions: [Expression]) {
    func candidates(_ claim: String...) -> [String] {
      expressions.flatMap { $0.candidates(for: claim, seed: claims.member(at: claim)) }.compactMap(\.string)
    }
    func parameter(_ name: String, _ intended: String, _ others: [String]) -> Parameter {
      Parameter(name, ([intended] + others.filter { $0 != intended && !$0.isEmpty }).map { .string($0) })
    }
    @Sendable func text(_ claim: String) -> String { claims[claim]?.string ?? "" }
    switch provider {
    case "github":
      let repositories = candidates("repository") + candidates("sub").map { $0.dropping("repo:").before(":") }
      let named = repositories.map { ($0.before("/"), $0.contains("/") ? $0.after("/") : "app") }
      let owner = parameter(
        "owner", text("repository_owner"), named.map(\.0) + candidates("repository_owner") + ["globex"])
      let name = parameter("name", text("repository").after("/"), named.map(\.1) + ["other"])
      let ref = parameter(
        "ref", text("ref"),
        (candidates("workflow_ref") + candidates("job_workflow_ref")).map { $0.after("@") } + candidates("ref")
          + ["refs/heads/dev", "refs/tags/v1"])
      let events = ["push", "pull_request", "pull_request_target", "workflow_dispatch", "schedule", "issue_comment"]
      let event = parameter("event_name", text("event_name"), events)
      let actor = parameter("actor", text("actor"), candidates("actor") + ["mallory"])
      let workflow = parameter("job_workflow_ref", "", candidates("job_workflow_ref"))
      let form = Parameter("form", [.bool(false), .bool(true)])
      self.init(parameters: [owner, name, ref, event, actor, form] + (workflow.values.count > 1 ? [workflow] : [])) {
        values in
        let texts = values.map { $0?.string ?? "" }
        let (owner, name, ref, event, actor) = (texts[0], texts[1], texts[2], texts[3], texts[4])
        guard !owner.isEmpty, !name.isEmpty, !owner.contains("/"), !name.contains("/") else { return nil }
        let ownerID = owner == text("repository_owner") ? text("repository_owner_id") : "900001"
        let isSame = owner + "/" + name == text("repository")
        let id = isSame ? text("repository_id") : "700001"
        let place = values[5]?.bool == true ? "\(owner)@\(ownerID)/\(name)@\(id)" : "\(owner)/\(name)"
        let run = event == "pull_request" ? "pull_request" : "ref:\(ref)"
        let workflow = "\(owner)/\(name)/.github/workflows/deploy.yml@\(ref)"
        return Value(
          object: [
            "sub": "repo:\(place):\(run)", "repository": "\(owner)/\(name)", "repository_owner": owner,
            "repository_id": id,
            "repository_owner_id": ownerID, "ref": ref, "event_name": event, "actor": actor, "workflow_ref": workflow,
            "ref_type": ref.contains("tags") ? "tag" : "branch",
            "job_workflow_ref": values.count > 6 && !texts[6].isEmpty ? texts[6] : workflow,
          ].map { (key: $0.key, value: Value.string($0.value)) })
      }
    case "kubernetes":
      let account = claims["kubernetes.io"]
      let namespace = parameter(
        "namespace", account?["namespace"]?.string ?? "", candidates("kubernetes.io", "namespace") + ["other"])
      let name = parameter(
        "name", account?["serviceaccount"]?["name"]?.string ?? "",
        candidates("kubernetes.io", "serviceaccount", "name") + ["other"])
      self.init(parameters: [namespace, name]) { values in
        guard let namespace = values[0], let name = values[1] else { return nil }
        let subject = "system:serviceaccount:\(namespace.string ?? ""):\(name.string ?? "")"
        let account = Value(object: [("namespace", namespace), ("serviceaccount", Value(object: [("name", name)]))])
        return Value(object: [("sub", .string(subject)), ("kubernetes.io", account), ("aud", claims["aud"] ?? .null)])
      }
    default: self.init(around: claims, for: expressions)
    }
  }
}

extension String {
  fileprivate func before(_ mark: Character) -> String { String(prefix { $0 != mark }) }
  fileprivate func after(_ mark: Character) -> String { String(drop { $0 != mark }.dropFirst()) }
  fileprivate func dropping(_ start: String) -> String { hasPrefix(start) ? String(dropFirst(start.count)) : self }
}
