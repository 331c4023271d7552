/// Why an evaluation gave no value.
package struct Failure: Error, Hashable, Sendable {
  /// The classes are those of the language's conformance suite, and `limit` and `bad_pattern` of ours.
  package enum Class: String, Sendable {
    case noSuchKey = "no_such_key"
    case notAMap = "not_a_map"
    case noSuchOverload = "no_such_overload"
    case undeclaredReference = "undeclared_reference"
    case divideByZero = "divide_by_zero"
    case range
    case indexOutOfBounds = "index_out_of_bounds"
    case duplicateKey = "duplicate_key"
    case badConversion = "bad_conversion"
    case badPattern = "bad_pattern"
    case limit
  }

  package let kind: Class
  package let message: String
  /// The innermost part at fault, as offsets into the source's UTF-8.
  package let range: Range<Int>

  init(_ kind: Class, _ message: String, at node: Node) {
    (self.kind, self.message, range) = (kind, message, node.range)
  }
}
