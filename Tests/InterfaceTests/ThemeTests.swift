import Foundation
import Testing

@testable import Interface

@Suite("Themes")
struct ThemeTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../themes").standardizedFileURL

  /// The five files as they are installed, read line by line: a role a line is all that ours use of TOML.
  static let documents: [ThemeDocument] = ["contrast", "day", "mono", "night", "solarized"].map { name in
    let text = (try? String(contentsOf: folder.appending(path: "\(name).toml"), encoding: .utf8)) ?? ""
    var document = ThemeDocument(name: "", roles: [:])
    for line in text.split(separator: "\n") {
      if let match = line.wholeMatch(of: /name = "(.*)"/) { document.name = String(match.1) }
      guard let match = line.wholeMatch(of: /(\w+) = \{ (.*) \}/) else { continue }
      document.roles[String(match.1)] = ThemeDocument.Look(
        color: match.2.firstMatch(of: /color = "([^"]*)"/).map { String($0.1) },
        background: match.2.firstMatch(of: /background = "([^"]*)"/).map { String($0.1) },
        attributes: match.2.firstMatch(of: /attributes = \[(.*)\]/).map {
          $0.1.split(separator: ", ").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "\"")) }
        })
    }
    return document
  }

  private static func theme(_ name: String) throws -> Theme {
    try #require(documents.first { $0.name == name }).theme()
  }

  @Test("give every role a look of its own", arguments: documents)
  func complete(document: ThemeDocument) throws {
    let theme = try document.theme()
    let marked = Role.allCases.filter { $0 != .text && $0 != .good && $0 != .border }
    for role in marked { #expect(theme[role] != theme[.text], "\(role) in \(document.name)") }
    #expect(document.name == "mono" || Set(document.roles.keys) == Set(Role.allCases.map(\.rawValue)))
  }

  /// Colours that text is read in reach WCAG 2.1's AA, 4.5 to 1, also where a palette of 256 stands in.
  @Test("can be read", arguments: ["contrast", "day", "night", "solarized"], [16_777_216, 256])
  func contrast(name: String, colours: Int) throws {
    let theme = try Self.theme(name)
    for role in Role.allCases {
      let style = theme[role]
      let ratio = Self.contrast(style.foreground.reduced(to: colours), style.background.reduced(to: colours))
      let least = role == .border ? 3 : name == "solarized" && colours == 256 ? 3 : 4.5
      #expect(ratio >= least, "\(role) in \(name)")
    }
  }

  @Test("tell a selection and a match without colour", arguments: documents)
  func attributes(document: ThemeDocument) throws {
    let theme = try document.theme()
    for role in [Role.selection, .match] {
      let style = theme[role]
      #expect(style.background != theme[.text].background || style.reverse || style.underline, "\(role)")
    }
  }

  private static func contrast(_ left: Colour, _ right: Colour) -> Double {
    let pair = [luminance(left), luminance(right)].sorted()
    return (pair[1] + 0.05) / (pair[0] + 0.05)
  }

  /// WCAG 2.1, "relative luminance".
  private static func luminance(_ colour: Colour) -> Double {
    let parts: (Int, Int, Int) =
      switch colour {
      case .standard: (0, 0, 0)
      case .ansi(let number): Colour.components(number)
      case .rgb(let red, let green, let blue): (Int(red), Int(green), Int(blue))
      }
    func linear(_ value: Int) -> Double {
      let share = Double(value) / 255
      return share <= 0.03928 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(parts.0) + 0.7152 * linear(parts.1) + 0.0722 * linear(parts.2)
  }

  @Test("have the background of their text everywhere") func inheriting() throws {
    let document = ThemeDocument(
      name: "x", roles: ["text": .init(color: "#010203", background: "ansi-white"), "good": .init(color: "ansi-2")])
    let theme = try document.theme()
    #expect(theme[.good] == Style(foreground: .ansi(2), background: .ansi(7)))
    #expect(theme[.border] == Style(foreground: .rgb(1, 2, 3), background: .ansi(7)))
  }

  @Test(
    "that are broken say for which role, and its line",
    arguments: [
      ("goood", ThemeDocument.Look(color: "#ffffff"), "no role called goood"),
      ("good", .init(color: "green"), "no colour"),
      ("good", .init(background: "#ffff"), "no colour"), ("good", .init(attributes: ["blink"]), "no attribute"),
    ])
  func broken(role: String, look: ThemeDocument.Look, says: String) throws {
    let fault = try #require(throws: ThemeFault.self) { try ThemeDocument(name: "x", roles: [role: look]).theme() }
    #expect(fault.role == role && fault.description.contains(says))
    #expect(fault.line(in: "name = \"x\"\n[roles]\n  \(role) = { }\n") == 3)
    #expect(fault.line(in: "name = \"x\"\n\n[roles.\(role)]\ncolor = \"green\"\n") == 3)
  }

  @Test(
    "name colours as people do",
    arguments: [
      ("#0a0B0c", .rgb(10, 11, 12)), ("ansi-red", .ansi(1)), ("ansi-bright-red", .ansi(9)), ("ansi-208", .ansi(208)),
      ("default", .standard), ("ansi-256", nil), ("red", nil), ("#12345", nil), ("#12345g", nil), ("", nil),
    ] as [(String, Colour?)])
  func parsing(text: String, colour: Colour?) { #expect(Colour.parse(text) == colour) }

  @Test(
    "fall back to the nearest colour that a terminal has",
    arguments: [
      (.rgb(255, 0, 0), 16_777_216, .rgb(255, 0, 0)), (.rgb(255, 0, 0), 256, .ansi(196)),
      (.rgb(250, 5, 5), 16, .ansi(9)),
      (.rgb(200, 0, 0), 8, .ansi(1)), (.rgb(255, 0, 0), 0, .standard), (.ansi(9), 8, .ansi(1)),
      (.ansi(9), 16, .ansi(9)),
      (.ansi(208), 256, .ansi(208)), (.ansi(196), 16, .ansi(9)), (.standard, 8, .standard),
      (.rgb(128, 128, 128), 256, .ansi(244)),
      (.ansi(9), 16_777_216, .rgb(255, 0, 0)), (.ansi(1), 16_777_216, .ansi(1)),
    ] as [(Colour, Int, Colour)])
  func reducing(colour: Colour, colours: Int, shown: Colour) { #expect(colour.reduced(to: colours) == shown) }
}
