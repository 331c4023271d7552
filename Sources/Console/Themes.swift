package import Interface
package import Platform
import TOMLKit

/// The themes that can be chosen, from files.
package struct Themes: Equatable, Sendable {
  /// By name, in the order they were found: a person's own first.
  package let all: [Theme]
  /// What is wrong with files that gave none.
  package let problems: [Problem]

  /// Reads `*.toml` of each directory; a name found before wins, so that a person's own takes the place of ours.
  ///
  /// - Parameter directories: what is not there is passed over.
  package init(in directories: [String]) {
    var (all, problems): ([Theme], [Problem]) = ([], [])
    for directory in directories {
      for file in Files.names(in: directory).filter({ $0.hasSuffix(".toml") }) {
        do throws(Problem) {
          let theme = try Themes.theme(at: "\(directory)/\(file)")
          if all.allSatisfy({ $0.name != theme.name }) { all.append(theme) }
        } catch {
          problems.append(error)
        }
      }
    }
    (self.all, self.problems) = (all, problems)
  }

  /// The theme of that name, `night` when none is named, and those without colour where there is no such file.
  package func named(_ name: String?) -> (theme: Theme, problem: Problem?) {
    let wanted = name ?? "night"
    if let theme = all.first(where: { $0.name == wanted }) { return (theme, nil) }
    let known = all.map(\.name).joined(separator: ", ")
    guard name != nil else { return (all.first ?? .plain, nil) }
    return (
      all.first { $0.name == "night" } ?? .plain,
      Problem(
        "The theme was not changed", because: "there is none called \(wanted.debugDescription)",
        try: known.isEmpty ? "No theme was found at all." : "There is \(known).", kind: .usage)
    )
  }

  /// The theme of that name, `night` when none is named, when the first file that is called like it holds it: enough
  /// for the first screen, before all of them are read.
  package static func early(_ name: String?, in directories: [String]) -> Theme? {
    let name = name ?? "night"
    for directory in directories where Files.exists("\(directory)/\(name).toml") {
      let theme = try? theme(at: "\(directory)/\(name).toml")
      return theme?.name == name ? theme : nil
    }
    return nil
  }

  private static func theme(at path: String) throws(Problem) -> Theme {
    let text = try Files.text(at: path, what: "theme")
    do {
      return try TOMLDecoder().decode(ThemeDocument.self, from: text).theme()
    } catch let error as ThemeFault {
      throw unusable(path, line: error.line(in: text), error.description)
    } catch let error as TOMLParseError {
      throw unusable(path, line: Int(error.source.begin.line), error.description)
    } catch let DecodingError.keyNotFound(key, _) {
      throw unusable(path, line: nil, "it has no \(key.stringValue)")
    } catch let DecodingError.typeMismatch(_, context) {
      throw unusable(
        path, line: nil, "\(context.codingPath.map(\.stringValue).joined(separator: ".")) is of another type")
    } catch {
      throw unusable(path, line: nil, "it is no theme")
    }
  }

  private static func unusable(_ path: String, line: Int?, _ cause: String) -> Problem {
    Problem(
      "A theme was not read", because: path + (line.map { ":\($0)" } ?? "") + ": \(cause)",
      try: "Mend the file or take it away; the default theme is used.", kind: .local)
  }
}
