/// References in a manifest of Kubernetes or of Knative, which Cloud Run takes.
struct ClusterPlaces {
  let document: Node
  let source: SourceText

  private var kind: String { document["kind"]?.text ?? "" }
  private var title: String { "\(kind)/\(document[["metadata", "name"]]?.text ?? "")" }
  private var isKnative: Bool { document["apiVersion"]?.text?.hasPrefix("serving.knative.dev") == true }

  /// Where the pod's specification is, by kind.
  static func podPath(of kind: String) -> [String]? {
    switch kind {
    case "Pod": ["spec"]
    case "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "Service", "ReplicationController":
      ["spec", "template", "spec"]
    case "CronJob": ["spec", "jobTemplate", "spec", "template", "spec"]
    default: nil
    }
  }

  func references() -> [Find] {
    if kind == "List" {
      return (document["items"]?.items ?? []).flatMap { ClusterPlaces(document: $0.value, source: source).references() }
    }
    guard let pod = ClusterPlaces.podPath(of: kind).flatMap({ document[$0] }) else { return [] }
    return ["containers", "initContainers"].flatMap { section in
      (pod[section]?.items ?? []).flatMap {
        container($0.value, "\(title) \(section)[\($0.value["name"]?.text ?? "")]")
      }
    }
  }

  private func container(_ container: Node, _ place: String) -> [Find] {
    var finds: [Find] = []
    for item in container["env"]?.items ?? [] {
      guard let name = item.value["name"], let text = name.text, KeyName.isKey(text) else { continue }
      if let reference = item.value[["valueFrom", "secretKeyRef"]] {
        var find = Find(
          isKnative ? .gcpSecret : .kubernetesSecret, .reference, at: name.textStart, name: text, place: "\(place).env")
        find.secret = [reference["name"]?.text, reference["key"]?.text].compactMap(\.self).joined(separator: "/")
        finds.append(find)
      } else if let value = item.value["value"], let literal = value.text, !literal.isEmpty,
        !literal.contains("sk-ant-"), !KeyName.isIndirect(literal)
      {
        finds.append(Find(.apiKey, .placeholder, at: value.textStart, name: text, place: "\(place).env"))
      }
    }
    for item in container["envFrom"]?.items ?? [] {
      guard let name = item.value[["secretRef", "name"]], let secret = name.text else { continue }
      // The manifest shows no keys of the Secret; its name or a remark beside it may tell.
      guard KeyName.mentions(source.text(source.lineRange(of: name.range.lowerBound))) else { continue }
      var find = Find(
        .kubernetesSecret, .reference, at: name.textStart, name: "(all keys of the Secret)", place: "\(place).envFrom")
      find.secret = secret
      find.note = "The manifest cannot leave one variable out: the Secret must lose its key."
      finds.append(find)
    }
    return finds
  }

  /// How the place at the end of `path` is called.
  func describe(_ path: [Step]) -> (name: String?, place: String?, level: String?) {
    if kind == "List", path.count > 2, path[0] == .key("items"), case .index(let index) = path[1],
      let items = document["items"]?.items, items.indices.contains(index)
    {
      return ClusterPlaces(document: items[index].value, source: source).describe(Array(path.dropFirst(2)))
    }
    var text = path.text
    var name: String?
    if let pod = ClusterPlaces.podPath(of: kind), path.keys.starts(with: pod), path.count >= pod.count + 2,
      let section = path[pod.count].key, case .index(let index) = path[pod.count + 1],
      let container = document[pod + [section]]?.items[index].value
    {
      text = "\(section)[\(container["name"]?.text ?? "")]"
      let rest = path.dropFirst(pod.count + 2)
      if rest.first == .key("env"), case .index(let index)? = rest.dropFirst().first {
        name = container["env"]?.items[index].value["name"]?.text
        text += ".env"
      } else if !rest.isEmpty {
        text += "." + Array(rest).text
      }
    }
    return (name, "\(title) \(text)", nil)
  }
}
