/// A regular expression in RE2's language: no back-references and no look-around, so a match takes time linear in
/// the text.
package struct Pattern: Sendable {
  /// Why a text is no pattern, and where.
  package struct Malformed: Error, Hashable, Sendable {
    package let message: String
    /// In code points of the pattern.
    package let offset: Int
  }

  package enum Assertion: Hashable, Sendable {
    case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary
  }

  /// The syntax tree. Groups have gone into the shape, flags into the leaves.
  package indirect enum Tree: Sendable {
    case scalar(Unicode.Scalar)
    case set(ScalarSet)
    /// `.`, an unescaped dot.
    case any(matchesNewline: Bool)
    case assertion(Assertion)
    case sequence([Tree])
    case alternatives([Tree])
    case repetition(Tree, least: Int, most: Int?)
  }

  package let text: String
  package let tree: Tree
  private let program: PatternProgram

  package init(_ text: String) throws(Malformed) {
    self.text = text
    var parser = try PatternParser(text)
    tree = try parser.parse()
    program = try PatternProgram(tree)
  }

  /// Whether it matches anywhere in `text`.
  package func matches(_ text: String) -> Bool {
    var visits = 0
    return text.withBytes { program.matches($0, visits: &visits) }
  }

  /// How many instructions are looked at to find out: at most ``instructionCount`` a code point.
  func visits(in text: String) -> Int {
    var visits = 0
    _ = text.withBytes { program.matches($0, visits: &visits) }
    return visits
  }

  /// The cost of one code point of text is at most this.
  package var instructionCount: Int { program.count }
}
