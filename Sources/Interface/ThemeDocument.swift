/// A theme as it stands in a file: names and colours as text, nothing checked yet.
///
///     name = "night"
///     [roles]
///     text = { color = "#d5dae3", background = "#12161d" }
///     heading = { color = "#f0f3f8", attributes = ["bold"] }
///
/// A role that gives no colour or background has that of `text`, so that a theme with a background has one everywhere.
package struct ThemeDocument: Decodable, Equatable, Sendable {
  package struct Look: Decodable, Equatable, Sendable {
    /// `#rrggbb`, `ansi-red`, `ansi-bright-red`, `ansi-123` or `default`.
    package var color, background: String?
    /// Any of `bold`, `dim`, `underline`, `reverse`, `italic`.
    package var attributes: [String]?

    package init(color: String? = nil, background: String? = nil, attributes: [String]? = nil) {
      (self.color, self.background, self.attributes) = (color, background, attributes)
    }
  }

  package var name: String
  package var roles: [String: Look]

  package init(name: String, roles: [String: Look]) { (self.name, self.roles) = (name, roles) }

  /// - Throws: ``ThemeFault``, the first in the order of the roles' names.
  package func theme() throws(ThemeFault) -> Theme {
    var styles: [Role: Style] = [:]
    for name in roles.keys.sorted() {
      guard let role = Role(rawValue: name) else {
        let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
        throw ThemeFault(role: name, message: "there is no role called \(name); there is \(known)")
      }
      if let look = roles[name] { styles[role] = try style(of: look, role: name) }
    }
    let text = styles[.text] ?? Style()
    for role in Role.allCases {
      var style = styles[role] ?? Style()
      if roles[role.rawValue]?.color == nil { style.foreground = text.foreground }
      if roles[role.rawValue]?.background == nil { style.background = text.background }
      styles[role] = style
    }
    return Theme(name: name, styles: styles)
  }

  private func style(of look: Look, role: String) throws(ThemeFault) -> Style {
    var style = Style()
    if let text = look.color { style.foreground = try colour(text, role: role) }
    if let text = look.background { style.background = try colour(text, role: role) }
    for attribute in look.attributes ?? [] {
      switch attribute {
      case "bold": style.bold = true
      case "dim": style.dim = true
      case "underline": style.underline = true
      case "reverse": style.reverse = true
      case "italic": style.italic = true
      default:
        throw ThemeFault(
          role: role,
          message: "\(attribute) is no attribute; there is bold, dim, underline, reverse and italic")
      }
    }
    return style
  }

  private func colour(_ text: String, role: String) throws(ThemeFault) -> Colour {
    guard let colour = Colour.parse(text) else {
      throw ThemeFault(role: role, message: "\(text) is no colour; write #rrggbb, ansi-red, ansi-123 or default")
    }
    return colour
  }
}

/// What is wrong with a theme, and for which role.
package struct ThemeFault: Error, Equatable, Sendable, CustomStringConvertible {
  package let role, message: String
  package var description: String { "role \(role): \(message)" }

  /// The line of the theme's file, from 1, where the role is written.
  package func line(in file: String) -> Int? {
    let lines = file.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    return lines.firstIndex { line in
      let words = line.split { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
      return words.first.map { $0 == role } == true || (words.count > 1 && words[0] == "roles" && words[1] == role)
    }.map { $0 + 1 }
  }
}
