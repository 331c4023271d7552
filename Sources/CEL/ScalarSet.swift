/// A character class.
package struct ScalarSet: Sendable {
  enum Item: Sendable {
    case range(ClosedRange<UInt32>)
    case property(ScalarProperty, isNegated: Bool)
  }

  private(set) var items: [Item] = []
  var isNegated = false
  private let foldsCase: Bool
  /// Membership of the 128 ASCII characters.
  private(set) var ascii: (low: UInt64, high: UInt64) = (0, 0)

  init(foldsCase: Bool = false) { self.foldsCase = foldsCase }

  mutating func insert(_ range: ClosedRange<UInt32>) { items.append(.range(range)) }
  mutating func insert(_ more: [Item]) { items += more }

  /// Works out the table of ASCII characters. To be called when the set is complete.
  mutating func seal() {
    for value in UInt32(0)..<128 {
      guard let scalar = Unicode.Scalar(value), decide(scalar) else { continue }
      if value < 64 { ascii.low |= 1 << UInt64(value) } else { ascii.high |= 1 << UInt64(value - 64) }
    }
  }

  package func contains(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<64: ascii.low >> UInt64(scalar.value) & 1 == 1
    case 64..<128: ascii.high >> UInt64(scalar.value - 64) & 1 == 1
    default: decide(scalar)
    }
  }

  private func decide(_ scalar: Unicode.Scalar) -> Bool {
    let variants = foldsCase ? scalar.caseVariants : [scalar]
    let isMember = items.contains { item in
      switch item {
      case .range(let range): variants.contains { range.contains($0.value) }
      // What is left out is left out in both cases: `(?i)\W` has no ſ, for it folds to s.
      case .property(let property, let isNegated): variants.contains(where: property.holds) != isNegated
      }
    }
    return isMember != isNegated
  }
}

/// What a class has a name for: a general category, a script or one of ASCII, or anything.
enum ScalarProperty: Sendable {
  case any
  case categories(Set<Unicode.GeneralCategory>)
  case ranges([ClosedRange<UInt32>])

  /// The classes `\d`, `\s`, `\w` and those in `[:…:]`.
  init?(asciiClass name: String) {
    guard let ranges = Self.asciiClasses[name] else { return nil }
    self = .ranges(ranges)
  }

  init?(name: String) {
    if name == "Any" {
      self = .any
    } else if let categories = Self.categories[name] {
      self = .categories(categories)
    } else if let ranges = Self.scripts[name] {
      self = .ranges(ranges)
    } else {
      return nil
    }
  }

  func holds(_ scalar: Unicode.Scalar) -> Bool {
    switch self {
    case .any: true
    case .categories(let categories): categories.contains(scalar.properties.generalCategory)
    case .ranges(let ranges): ranges.contains { $0.contains(scalar.value) }
    }
  }

  private static let asciiClasses: [String: [ClosedRange<UInt32>]] = [
    "d": [0x30...0x39], "s": [0x09...0x0A, 0x0C...0x0D, 0x20...0x20],
    "w": [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A],
    "alnum": [0x30...0x39, 0x41...0x5A, 0x61...0x7A], "alpha": [0x41...0x5A, 0x61...0x7A], "ascii": [0...0x7F],
    "blank": [0x09...0x09, 0x20...0x20], "cntrl": [0...0x1F, 0x7F...0x7F], "digit": [0x30...0x39],
    "graph": [0x21...0x7E], "lower": [0x61...0x7A], "print": [0x20...0x7E],
    "punct": [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E], "space": [0x09...0x0D, 0x20...0x20],
    "upper": [0x41...0x5A], "word": [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A],
    "xdigit": [0x30...0x39, 0x41...0x46, 0x61...0x66],
  ]

  private static let single: [String: Unicode.GeneralCategory] = [
    "Lu": .uppercaseLetter, "Ll": .lowercaseLetter, "Lt": .titlecaseLetter, "Lm": .modifierLetter,
    "Lo": .otherLetter, "Mn": .nonspacingMark, "Mc": .spacingMark, "Me": .enclosingMark, "Nd": .decimalNumber,
    "Nl": .letterNumber, "No": .otherNumber, "Pc": .connectorPunctuation, "Pd": .dashPunctuation,
    "Ps": .openPunctuation, "Pe": .closePunctuation, "Pi": .initialPunctuation, "Pf": .finalPunctuation,
    "Po": .otherPunctuation, "Sm": .mathSymbol, "Sc": .currencySymbol, "Sk": .modifierSymbol, "So": .otherSymbol,
    "Zs": .spaceSeparator, "Zl": .lineSeparator, "Zp": .paragraphSeparator, "Cc": .control, "Cf": .format,
    "Cs": .surrogate, "Co": .privateUse,
  ]

  private static let categories: [String: Set<Unicode.GeneralCategory>] = {
    var table: [String: Set<Unicode.GeneralCategory>] = [:]
    for (name, category) in single {
      table[name] = [category]
      table[String(name.prefix(1)), default: []].insert(category)
    }
    return table
  }()

  /// The scripts that names of accounts and branches are written in, by the main ranges of Unicode's Scripts.txt.
  private static let scripts: [String: [ClosedRange<UInt32>]] = [
    "Latin": [
      0x41...0x5A, 0x61...0x7A, 0xAA...0xAA, 0xBA...0xBA, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2B8, 0x2E0...0x2E4,
      0x1D00...0x1D25, 0x1E00...0x1EFF, 0x212A...0x212B, 0x2C60...0x2C7F, 0xA722...0xA787, 0xFB00...0xFB06,
      0xFF21...0xFF3A, 0xFF41...0xFF5A,
    ],
    "Greek": [
      0x370...0x373, 0x375...0x377, 0x37A...0x37D, 0x37F...0x37F, 0x384...0x384, 0x386...0x386, 0x388...0x38A,
      0x38C...0x38C, 0x38E...0x3A1, 0x3A3...0x3E1, 0x3F0...0x3FF, 0x1D26...0x1D2A, 0x1F00...0x1FFE, 0x2126...0x2126,
    ],
    "Cyrillic": [0x400...0x484, 0x487...0x52F, 0x1C80...0x1C88, 0x1D2B...0x1D2B, 0x2DE0...0x2DFF, 0xA640...0xA69F],
    "Armenian": [0x531...0x556, 0x559...0x58A, 0x58D...0x58F, 0xFB13...0xFB17],
    "Hebrew": [0x591...0x5C7, 0x5D0...0x5EA, 0x5EF...0x5F4, 0xFB1D...0xFB4F],
    "Arabic": [
      0x600...0x604, 0x606...0x60B, 0x60D...0x61A, 0x61C...0x61E, 0x620...0x63F, 0x641...0x64A, 0x656...0x66F,
      0x671...0x6DC, 0x6DE...0x6FF, 0x750...0x77F, 0x8A0...0x8FF, 0xFB50...0xFDFF, 0xFE70...0xFEFC,
    ],
    "Devanagari": [0x900...0x950, 0x955...0x963, 0x966...0x97F, 0xA8E0...0xA8FF],
    "Thai": [0xE01...0xE3A, 0xE40...0xE5B],
    "Georgian": [0x10A0...0x10C5, 0x10C7...0x10C7, 0x10CD...0x10CD, 0x10D0...0x10FA, 0x10FC...0x10FF, 0x1C90...0x1CBF],
    "Hangul": [0x1100...0x11FF, 0x302E...0x302F, 0x3131...0x318E, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xD7B0...0xD7FB],
    "Hiragana": [0x3041...0x3096, 0x309D...0x309F],
    "Katakana": [0x30A1...0x30FA, 0x30FD...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF6F, 0xFF71...0xFF9D],
    "Han": [
      0x2E80...0x2E99, 0x2E9B...0x2EF3, 0x2F00...0x2FD5, 0x3005...0x3005, 0x3007...0x3007, 0x3021...0x3029,
      0x3038...0x303B, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFA6D, 0xFA70...0xFAD9, 0x20000...0x2FA1D,
      0x30000...0x323AF,
    ],
  ]
}

extension Unicode.Scalar {
  /// The scalars that are the same under Unicode's simple case folding, this one first.
  var caseVariants: [Unicode.Scalar] {
    var variants = [self]
    func add(_ text: String) {
      let scalars = text.unicodeScalars
      if scalars.count == 1, let scalar = scalars.first, !variants.contains(scalar) { variants.append(scalar) }
    }
    // The dotless i upper-cases to I, but is not folded with it.
    if self == "ı" || self == "İ" { return variants }
    add(properties.lowercaseMapping)
    add(properties.uppercaseMapping)
    add(properties.titlecaseMapping)
    for scalar in variants {
      add(scalar.properties.lowercaseMapping)
      add(scalar.properties.uppercaseMapping)
    }
    for orbit in Self.orbits where variants.contains(where: orbit.contains) {
      for scalar in orbit { add(String(scalar)) }
    }
    return variants
  }

  /// Where more than an upper and a lower form fold together (CaseFolding.txt).
  private static let orbits: [[Unicode.Scalar]] = [
    ["k", "K", "\u{212A}"], ["s", "S", "ſ"], ["å", "Å", "\u{212B}"], ["µ", "μ", "Μ"], ["ς", "σ", "Σ"],
    ["θ", "ϑ", "Θ", "ϴ"], ["β", "ϐ", "Β"], ["ε", "ϵ", "Ε"], ["κ", "ϰ", "Κ"], ["π", "ϖ", "Π"], ["ρ", "ϱ", "Ρ"],
    ["φ", "ϕ", "Φ"], ["ω", "Ω", "\u{2126}"], ["ι", "Ι", "\u{345}", "\u{1FBE}"], ["ṡ", "Ṡ", "ẛ"], ["ß", "ẞ"],
    ["Ǆ", "ǅ", "ǆ"], ["Ǉ", "ǈ", "ǉ"], ["Ǌ", "ǋ", "ǌ"], ["Ǳ", "ǲ", "ǳ"],
  ]
}
