import Console
import Foundation
import Interface
import Testing

@Suite("Themes from files")
struct ThemesTests {
  /// A directory with these files, gone after the test.
  static func with<Value>(_ files: [String: String], _ body: (String) throws -> Value) throws -> Value {
    let directory = FileManager.default.temporaryDirectory.appending(path: "gatehouse-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    for (name, text) in files { try Data(text.utf8).write(to: directory.appending(path: name)) }
    return try body(directory.path)
  }

  static func theme(_ name: String, _ colour: String) -> String {
    "name = \"\(name)\"\n\n[roles]\ntext = { color = \"\(colour)\" }\n"
  }

  struct Missing: Error {}

  @Test("the first screen reads one file, and only when it holds what it is called after")
  func early() throws {
    let files = [
      "night.toml": Self.theme("night", "ansi-blue"), "day.toml": Self.theme("dusk", "default"), "bad.toml": "name = 3",
    ]
    try Self.with(files) { directory in
      #expect(Themes.early(nil, in: ["/nowhere", directory])?.name == "night")
      #expect(Themes.early("night", in: [directory])?[.text].foreground == .ansi(4))
      for name in ["day", "dusk", "bad", "none"] { #expect(Themes.early(name, in: [directory]) == nil) }
    }
  }

  @Test("a person's own takes the place of ours")
  func own() throws {
    try Self.with(["a.toml": Self.theme("night", "ansi-red")]) { own in
      try Self.with(["night.toml": Self.theme("night", "ansi-blue"), "day.toml": Self.theme("day", "default")]) {
        ours in
        let themes = Themes(in: [own, "/nowhere", ours])
        #expect(themes.problems.isEmpty && themes.all.map(\.name) == ["night", "day"])
        #expect(themes.named(nil).theme[.text].foreground == .ansi(1))
        #expect(themes.named("day").theme.name == "day")
        let missing = themes.named("dusk")
        #expect(missing.theme.name == "night")
        #expect(missing.problem?.line.contains("There is night, day.") == true)
      }
    }
  }

  @Test(
    "a broken one is named with its line, and the rest still works",
    arguments: [
      ("name = \"x\"\n[roles]\ntext = { color = \"mauve\" }\n", ":3: "),
      ("name = \"x\"\n[roles]\nshade = { color = \"default\" }\n", ":3: "),
      ("name = \"x\"\n[roles\n", ":2: "), ("[roles]\n", "name"), ("name = 3\n[roles]\n", "name"),
    ])
  func broken(text: String, saying: String) throws {
    try Self.with(["x.toml": text, "y.toml": Self.theme("fine", "default")]) { directory in
      let themes = Themes(in: [directory])
      #expect(themes.all.map(\.name) == ["fine"])
      let line = try #require(themes.problems.first).line
      #expect(line.contains("x.toml") && line.contains(saying), "\(line)")
    }
  }
}
