internal import CNcurses
internal import Interface

/// A role's look in ncurses' terms.
struct Look: Equatable {
  struct Attributes: OptionSet {
    let rawValue: Int
    static let bold = Attributes(rawValue: GH_BOLD)
    static let dim = Attributes(rawValue: GH_DIM)
    static let underline = Attributes(rawValue: GH_UNDERLINE)
    static let reverse = Attributes(rawValue: GH_REVERSE)
    static let italic = Attributes(rawValue: GH_ITALIC)
  }

  /// 0 for the terminal's own colours, else from 1 up.
  let pair: Int
  /// -1 for the terminal's own, a palette number, or 0xRRGGBB where the terminal has direct colour.
  let foreground, background: Int
  let attributes: Attributes

  /// A look for each role, in the order of `Role.allCases`, on a terminal of so many colours (0: none).
  static func all(of theme: Theme, colours: Int) -> [Look] {
    var pairs: [[Int]: Int] = [[-1, -1]: 0]
    return Role.allCases.map { role in
      let style = theme[role]
      let foreground = number(style.foreground.reduced(to: colours))
      let background = number(style.background.reduced(to: colours))
      let pair = pairs[[foreground, background], default: pairs.count]
      pairs[[foreground, background]] = pair
      var attributes: Attributes = []
      if style.bold { attributes.insert(.bold) }
      if style.dim { attributes.insert(.dim) }
      if style.underline { attributes.insert(.underline) }
      if style.reverse { attributes.insert(.reverse) }
      if style.italic { attributes.insert(.italic) }
      // A selection set off by colour alone would vanish where there is none.
      if colours < 8, style.background != .standard { attributes.insert(.reverse) }
      return Look(pair: pair, foreground: foreground, background: background, attributes: attributes)
    }
  }

  private static func number(_ colour: Colour) -> Int {
    switch colour {
    case .standard: -1
    case .ansi(let number): number
    case .rgb(let red, let green, let blue): Int(red) << 16 | Int(green) << 8 | Int(blue)
    }
  }
}
