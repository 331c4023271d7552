/// How a role looks.
package struct Style: Hashable, Sendable {
  package var foreground, background: Colour
  package var bold, dim, underline, reverse, italic: Bool

  package init(
    foreground: Colour = .standard, background: Colour = .standard, bold: Bool = false, dim: Bool = false,
    underline: Bool = false, reverse: Bool = false, italic: Bool = false
  ) {
    (self.foreground, self.background) = (foreground, background)
    (self.bold, self.dim, self.underline, self.reverse, self.italic) = (bold, dim, underline, reverse, italic)
  }
}

/// The look of every role.
package struct Theme: Equatable, Sendable {
  package var name: String
  package var styles: [Role: Style]

  package init(name: String, styles: [Role: Style]) { (self.name, self.styles) = (name, styles) }

  /// A role without a style looks like plain text.
  package subscript(role: Role) -> Style { styles[role] ?? Style() }

  /// Without colour, for `NO_COLOR` and terminals that have none.
  package static let plain = Theme(
    name: "plain",
    styles: [
      .dim: Style(dim: true), .heading: Style(bold: true), .selection: Style(reverse: true), .accent: Style(bold: true),
      .warning: Style(bold: true), .danger: Style(bold: true, underline: true), .match: Style(underline: true),
      .border: Style(dim: true),
    ])
}

package enum Colour: Hashable, Sendable {
  /// Whatever the terminal uses when told nothing.
  case standard
  /// A number of the terminal's palette: 0 to 7, bright to 15, then 216 of a cube and 24 greys.
  case ansi(Int)
  case rgb(UInt8, UInt8, UInt8)

  private static let names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]

  /// Reads `#rrggbb`, `ansi-red`, `ansi-bright-red`, `ansi-123` or `default`.
  package static func parse(_ text: String) -> Colour? {
    if text == "default" { return .standard }
    if text.hasPrefix("#"), text.utf8.count == 7, text.dropFirst().allSatisfy(\.isHexDigit),
      let value = UInt32(text.dropFirst(), radix: 16)
    {
      return .rgb(UInt8(value >> 16), UInt8(value >> 8 & 255), UInt8(value & 255))
    }
    guard text.hasPrefix("ansi-") else { return nil }
    let name = String(text.dropFirst(5))
    if let index = names.firstIndex(of: name) { return .ansi(index) }
    if name.hasPrefix("bright-"), let index = names.firstIndex(of: String(name.dropFirst(7))) {
      return .ansi(index + 8)
    }
    if let number = Int(name), (0...255).contains(number) { return .ansi(number) }
    return nil
  }

  /// The nearest colour in a palette of so many colours: more than 256 (all), 256, 16, 8, or fewer (none).
  package func reduced(to colours: Int) -> Colour {
    guard colours >= 8 else { return .standard }
    switch self {
    case .standard: return .standard
    case .rgb where colours > 256: return self
    case .rgb(let red, let green, let blue):
      return .ansi(Self.nearest(Int(red), Int(green), Int(blue), colours: colours))
    case .ansi(let number) where number < 8: return self
    case .ansi(let number) where number < 16 && colours <= 256: return .ansi(number < colours ? number : number - 8)
    case .ansi(let number) where colours > 256:
      // A direct-colour terminal keeps only eight numbers for its palette.
      let (red, green, blue) = Self.components(number)
      return .rgb(UInt8(red), UInt8(green), UInt8(blue))
    case .ansi(let number) where colours == 256: return .ansi(number)
    case .ansi(let number):
      let (red, green, blue) = Self.components(number)
      return .ansi(Self.nearest(red, green, blue, colours: colours))
    }
  }

  /// The first 16 of a palette are whatever the person set, so with 256 only the fixed rest is considered.
  private static func nearest(_ red: Int, _ green: Int, _ blue: Int, colours: Int) -> Int {
    let candidates = colours >= 256 ? 16..<256 : colours >= 16 ? 0..<16 : 0..<8
    func distance(_ number: Int) -> Int {
      let (r, g, b) = components(number)
      return 3 * (r - red) * (r - red) + 4 * (g - green) * (g - green) + 2 * (b - blue) * (b - blue)
    }
    return candidates.min { distance($0) < distance($1) } ?? 7
  }

  /// Red, green and blue of a palette number, 0 to 255 each; the first 16 as xterm has them.
  static func components(_ number: Int) -> (Int, Int, Int) {
    switch number {
    case 7: return (229, 229, 229)
    case 8: return (127, 127, 127)
    case 12: return (92, 92, 255)
    case 4: return (0, 0, 238)
    case 0..<16:
      let level = number < 8 ? 205 : 255
      return (number & 1 != 0 ? level : 0, number & 2 != 0 ? level : 0, number & 4 != 0 ? level : 0)
    case 16..<232:
      let levels = [0, 95, 135, 175, 215, 255]
      let place = number - 16
      return (levels[place / 36], levels[place / 6 % 6], levels[place % 6])
    default:
      let grey = 8 + (number - 232) * 10
      return (grey, grey, grey)
    }
  }
}
