import Foundation
import Migration
import Testing
import Yams

@Suite("Reading by position")
struct ReadingTests {
  /// A document as plain values, so that two readings can be compared.
  private indirect enum Value: Equatable, CustomStringConvertible {
    case text(String)
    case list([Value])
    case members([String: Value])

    init(_ node: Migration.Node, anchors: inout [String: Value]) {
      switch node.content {
      case .scalar(let text): self = .text(text)
      case .alias(let name): self = anchors[name] ?? .text("*" + name)
      case .sequence(let items): self = .list(items.map { Value($0.value, anchors: &anchors) })
      case .mapping(let entries):
        var members: [String: Value] = [:]
        for entry in entries { members[entry.key] = Value(entry.value, anchors: &anchors) }
        self = .members(members)
      }
      if let anchor = node.anchor { anchors[anchor] = self }
    }

    init(_ node: Yams.Node) {
      switch node {
      case .scalar(let scalar): self = .text(scalar.string)
      case .sequence(let items): self = .list(items.map(Value.init))
      case .mapping(let pairs):
        self = .members(
          Dictionary(pairs.map { ($0.key.string ?? "", Value($0.value)) }, uniquingKeysWith: { $1 }))
      case .alias: self = .text("*")
      }
    }

    var description: String {
      switch self {
      case .text(let text): text.debugDescription
      case .list(let items): "[" + items.map(\.description).joined(separator: ", ") + "]"
      case .members(let members):
        "{" + members.keys.sorted().map { "\($0): \(members[$0]!)" }.joined(separator: ", ") + "}"
      }
    }
  }

  private func ours(_ text: String) throws -> [Value] {
    try Migration.Node.documents(in: Array(text.utf8)).map { document in
      var anchors: [String: Value] = [:]
      return Value(document, anchors: &anchors)
    }
  }

  private func theirs(_ text: String) throws -> [Value] {
    try Yams.compose_all(yaml: text).map(Value.init)
  }

  static let documents: [String] = try! ["repos", "after"].flatMap { folder in
    try Fixture.files(folder).filter { [".yml", ".yaml", ".json"].contains(where: $0.hasSuffix) }
      .map { folder + "/" + $0 }
  }

  @Test("agrees with an independent reader on every document of the fixtures", arguments: documents)
  func fixtures(path: String) throws {
    let text = String(decoding: try Fixture.bytes(path), as: UTF8.self)
    #expect(try ours(text) == theirs(text))
  }

  @Test(
    "agrees with it on what configuration is written like",
    arguments: [
      "a: 1\nb:\n- x\n- y: 2\n  z: 3\n-\n  - deep\n  - - deeper\nc: [1, {d: e}, \"f,g\"]\n",
      "---\na: b # c\n...\n---\n# only\nd: 'it''s'\n", "a: \"tab\\t\\u00e9 \\\"q\\\"\"\nb: plain # no\nc: no#comment\n",
      "a: &x\n  k: v\nb: *x\nc: &y [1]\n", "a:\n  b: one\n    two\n    three\nc: d\n",
      "run: |\n  first\n    second\n\n  third\nnext: |-\n  kept: not a key\nlast: |\n  end",
      "a: http://x:80/y\n",
      "x:\n", "a: >\n  one\n  two\n\n  three\n    four\n  five\nb: >-\n  x\n\nc: |+\n  y\n\nd: e\n",
      "a: {b: , c: [ ], d: {}}\n", "\"quoted key\": 1\n'other': 2\n",
      "a: !Ref B\nc: !Sub\n  - d\n", "- a\n-  b: 1\n   c: 2\n", "a: {\n  b: c, # d\n  e: f\n}\n",
      "a:\r\n  - b\r\n  - c: d\r\ne: f\r\n", "on:\n  push:\n    branches: [main]\n  pull_request:\njobs: {}\n",
    ])
  func agrees(text: String) throws { #expect(try ours(text) == theirs(text)) }

  @Test(
    "refuses what it does not read",
    arguments: [
      "a: {{ .Values.x }}\n", "? [a]\n: b\n", "a: b: c\n", "a:\n    b: 1\n  c: 2\n", "a: \"open\n", "a: [1, 2\n",
      "{{- if .x }}\na: b\n{{- end }}\n", String(repeating: "[", count: 5000),
      (0..<300).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
    ])
  func refuses(text: String) {
    #expect(throws: (any Error).self) { try ours(text) }
  }

  @Test("survives cuts and changed bytes of a document")
  func damage() throws {
    let bytes = try Fixture.bytes("repos/02-gha-env-levels/.github/workflows/eval.yml")
    for index in stride(from: 0, to: bytes.count, by: 5) {
      _ = Scan.finds(in: Array(bytes[..<index]), path: "a.yml")
      var other = bytes
      other[index] = [0x09, 0x22, 0x7B, 0x2D, 0x0A, 0xFF][index % 6]
      _ = try? Migration.Node.documents(in: other)
    }
  }
}
