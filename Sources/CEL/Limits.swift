/// What one expression may cost. A limit that is hit is an error that nothing absorbs.
package enum Limits {
  /// Bytes of source.
  package static let source = 16 * 1024
  /// Brackets, unary runs, right arms of `?:` and macros within one another.
  package static let nesting = 250
  /// Operations that hang on one another without brackets: `a + b + c …`, `a.b.c …`.
  package static let depth = 500
  /// One for each node visited, more for what works through text.
  package static let steps = 1_000_000
  /// Bytes of text made by one `+`.
  package static let text = 1 << 20
  /// Elements of a list made by one `+`.
  package static let elements = 100_000
  /// Code points of a pattern.
  package static let pattern = 1000
  /// Instructions of a pattern.
  package static let instructions = 10_000
  /// Issues that one checking or examination reports; nobody reads more.
  package static let issues = 100
}
