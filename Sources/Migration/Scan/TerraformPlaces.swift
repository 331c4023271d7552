/// References in Terraform: its variables, and the resources that write a key where others read it.
struct TerraformPlaces {
  let source: SourceText

  private struct Block {
    /// `resource`, `aws_lambda_function`, `summarise`.
    let labels: [String]
    let labelStarts: [Int]
    var attributes: [Attribute] = []
  }

  private struct Attribute {
    let name: String
    /// Of the expression, quotes included, up to the end of the line or the brace that ends it.
    let value: Range<Int>
  }

  func references() -> [Find] { blocks().flatMap(references) }

  /// The variable whose default the credential at `offset` is, or the attribute that holds it.
  func name(at offset: Int) -> String? {
    let line = source.lineRange(of: offset)
    guard let attribute = attributes(in: line).last(where: { $0.value.lowerBound <= offset }) else { return nil }
    let block = blocks().last { $0.labelStarts[0] < offset }
    if attribute.name == "default", let block, block.labels.first == "variable" { return block.labels.last }
    return attribute.name
  }

  private func references(_ block: Block) -> [Find] {
    let (labels, starts) = (block.labels, block.labelStarts)
    if labels.first == "variable", labels.count == 2, KeyName.isKey(labels[1]) {
      return [Find(.terraformVariable, .reference, at: starts[1], name: labels[1])]
    }
    guard labels.first == "resource", labels.count == 3 else { return [] }
    let place = "\(labels[1]).\(labels[2])"
    func attribute(_ names: String...) -> Attribute? { block.attributes.first { names.contains($0.name) } }
    func plain(_ attribute: Attribute) -> String { source.text(attribute.value).filter { $0 != "\"" } }
    let isOfClaude =
      block.attributes.contains { KeyName.mentions(source.text($0.value)) } || KeyName.mentions(labels[2])

    switch labels[1] {
    case "aws_ssm_parameter", "aws_secretsmanager_secret", "aws_secretsmanager_secret_version",
      "google_secret_manager_secret", "google_secret_manager_secret_version":
      guard isOfClaude, let name = attribute("name", "secret_id", "secret") else { return [] }
      // Where the value comes in; a secret whose value is set elsewhere is told by its name.
      let place = attribute("value", "secret_string", "secret_data") ?? name
      let kind: Find.Kind = labels[1].hasPrefix("google") ? .gcpSecret : .awsSecret
      return [Find(kind, .reference, at: place.value.lowerBound, name: plain(name))]
    case let type where type.hasPrefix("github_") && type.hasSuffix("_secret"):
      guard let name = attribute("secret_name"), KeyName.isKey(plain(name)) else { return [] }
      var find = Find(.githubSecret, .reference, at: name.value.lowerBound + 1, name: plain(name), place: place)
      find.note = "Terraform writes the secret: deleted by hand, it comes back at the next apply."
      return [find]
    case let type where type.hasPrefix("gitlab_") && type.hasSuffix("_variable"):
      guard let name = attribute("key"), KeyName.isKey(plain(name)) else { return [] }
      return [Find(.gitlabVariable, .reference, at: name.value.lowerBound + 1, name: plain(name), place: place)]
    default:
      let kind: Find.Kind =
        labels[1].hasPrefix("kubernetes_")
        ? .kubernetesSecret : labels[1].hasPrefix("aws_lambda") ? .lambdaEnvironment : .environmentRead
      return block.attributes.filter { KeyName.isKey($0.name) && !source.text($0.value).contains("sk-ant-") }.map {
        Find(kind, .reference, at: $0.value.lowerBound, name: $0.name, place: place)
      }
    }
  }

  /// Every block at the top, with the attributes of all blocks inside it.
  private func blocks() -> [Block] {
    var blocks: [Block] = []
    var depth = 0
    for line in source.lines {
      let text = source.text(line)
      let code = text.drop { $0 == " " || $0 == "\t" }
      guard !code.hasPrefix("#"), !code.hasPrefix("//") else { continue }
      if depth == 0, code.contains("{") {
        let (labels, starts) = labels(line)
        if !labels.isEmpty { blocks.append(Block(labels: labels, labelStarts: starts)) }
      }
      if !blocks.isEmpty { blocks[blocks.count - 1].attributes += attributes(in: line) }
      depth = max(0, depth + braces(text))
    }
    return blocks
  }

  /// How many more braces a line opens than it closes, strings and comments aside.
  private func braces(_ text: String) -> Int {
    var (count, isQuoted, previous) = (0, false, Character(" "))
    for character in text {
      if character == "\"", previous != "\\" { isQuoted.toggle() }
      if !isQuoted {
        if character == "#" { break }
        if character == "{" { count += 1 }
        if character == "}" { count -= 1 }
      }
      previous = character
    }
    return count
  }

  private func labels(_ line: Range<Int>) -> (texts: [String], starts: [Int]) {
    var (texts, starts): ([String], [Int]) = ([], [])
    var at = line.lowerBound
    while at < line.upperBound, source.bytes[at] != UInt8(ascii: "{") {
      let start = at
      while at < line.upperBound, source.bytes[at].isLetterOrDigit || "_-".utf8.contains(source.bytes[at]) { at += 1 }
      if at > start {
        texts.append(source.text(start..<at))
        starts.append(start)
      } else if source.bytes[at] == UInt8(ascii: "=") {
        return ([], [])
      } else {
        at += 1
      }
    }
    return (texts, starts)
  }

  /// `name = expression`, as often as a line has it.
  private func attributes(in line: Range<Int>) -> [Attribute] {
    var attributes: [Attribute] = []
    var (at, isQuoted) = (line.lowerBound, false)
    while at < line.upperBound {
      let byte = source.bytes[at]
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted, byte == UInt8(ascii: "#") { break }
      if !isQuoted, byte == UInt8(ascii: "="), at > line.lowerBound, at + 1 < line.upperBound,
        source.bytes[at + 1] != UInt8(ascii: "="), !"=!<>".utf8.contains(source.bytes[at - 1])
      {
        var end = at
        while end > line.lowerBound, " \t\"".utf8.contains(source.bytes[end - 1]) { end -= 1 }
        var start = end
        while start > line.lowerBound,
          source.bytes[start - 1].isLetterOrDigit || "_-".utf8.contains(source.bytes[start - 1])
        {
          start -= 1
        }
        var value = at + 1
        while value < line.upperBound, source.bytes[value] == 0x20 || source.bytes[value] == 0x09 { value += 1 }
        if start < end, value < line.upperBound {
          attributes.append(Attribute(name: source.text(start..<end), value: value..<valueEnd(value, line)))
        }
      }
      at += 1
    }
    return attributes
  }

  private func valueEnd(_ start: Int, _ line: Range<Int>) -> Int {
    var (at, isQuoted) = (start, false)
    while at < line.upperBound {
      if source.bytes[at] == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted, ",}#".utf8.contains(source.bytes[at]) { break }
      at += 1
    }
    while at > start, source.bytes[at - 1] == 0x20 { at -= 1 }
    return at
  }
}
