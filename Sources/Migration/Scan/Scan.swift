/// Finds static keys, what looks like them, and the places that read or pass one on. Pure: bytes in, finds out. No
/// find holds a key, and none is ever sent anywhere.
package enum Scan {
  /// Above this a file is searched for credentials only, in pieces; nobody writes settings of that size.
  static let structured = 4 << 20

  /// Whether there can be anything to find; wrong only in the way that costs a closer look.
  package static func mayMatter(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { Anchors.standard.occur(in: $0) }
  }

  /// - Parameter path: relative to the folder that is scanned; the kind of file is told by it.
  /// - Returns: in the order of the text.
  package static func finds(in bytes: [UInt8], path: String) -> [Find] {
    if let pointer = profilePointer(bytes, path) { return [pointer] }
    let source = SourceText(bytes)
    var finds = CredentialSearch(source: source).finds()
    if bytes.count <= structured {
      let documents = documents(in: bytes, path: path)
      let kind = FileKind(path: path, documents: documents)
      if !documents.isEmpty {
        let places = DocumentPlaces(source: source, kind: kind, documents: documents)
        finds = finds.map { described($0, places, source) } + places.references()
      } else {
        finds = finds.map { named($0, source, kind, path) }
      }
      if kind == .terraform {
        finds += TerraformPlaces(source: source).references()
      } else if documents.isEmpty || (try? Node.documents(in: bytes)) == nil {
        finds += TextPlaces(source: source, kind: kind, path: path).references()
      }
    }
    return placed(finds, source, path)
  }

  /// YAML and JSON as documents; nothing when it is neither, or not written as either.
  private static func documents(in bytes: [UInt8], path: String) -> [Node] {
    guard FileKind.isDocument(path) else { return [] }
    let documents = Node.readableDocuments(in: bytes)
    return documents.contains { $0.isMapping } ? documents : []
  }

  /// In a remark no part of the document holds it: then its line tells.
  private static func described(_ find: Find, _ places: DocumentPlaces, _ source: SourceText) -> Find {
    var find = find
    (find.name, find.place, find.level) = places.describe(find.offset)
    if find.name == nil, find.place == nil {
      find.name = TextPlaces(source: source, kind: .text, path: "").name(before: find.offset)
    }
    return find
  }

  private static func named(_ find: Find, _ source: SourceText, _ kind: FileKind, _ path: String) -> Find {
    var find = find
    find.name =
      kind == .terraform
      ? TerraformPlaces(source: source).name(at: find.offset)
      : TextPlaces(source: source, kind: kind, path: path).name(before: find.offset)
    return find
  }

  /// Gives lines and columns, and says one place once: a reference that is also a credential is the credential.
  private static func placed(_ finds: [Find], _ source: SourceText, _ path: String) -> [Find] {
    var seen: Set<Int> = []
    var placed: [Find] = []
    for find in finds.sorted(by: { ($0.offset, $0.rank) < ($1.offset, $1.rank) }) {
      guard find.class == .real || seen.insert(find.offset).inserted else { continue }
      seen.insert(find.offset)
      var find = find
      find.file = path
      (find.line, find.column) = source.place(of: find.offset)
      placed.append(find)
    }
    return placed
  }

  /// `~/.config/anthropic/active_config` names a profile, and some SDKs put it before the federation variables.
  private static func profilePointer(_ bytes: [UInt8], _ path: String) -> Find? {
    guard path.lowercased().hasSuffix("anthropic/active_config") else { return nil }
    let name = String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
    guard !name.isEmpty else { return nil }
    var find = Find(.profilePointer, .reference, at: 0, name: name)
    (find.file, find.line, find.column) = (path, 1, 1)
    find.note = "The Python SDK before 2.0 and the TypeScript SDK take this profile before the federation variables."
    return find
  }
}

extension Find {
  fileprivate var rank: Int {
    switch self.class {
    case .real: 0
    case .reference: 1
    case .placeholder: 2
    }
  }
}
