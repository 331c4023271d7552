/// Where a value stands among the claims: one name, or the names on the way into an object. The names are literal,
/// dots, slashes and colons included.
struct ClaimPath: Hashable, Sendable, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, CustomStringConvertible {
  let names: [String]
  init(_ names: [String]) { self.names = names }
  init(stringLiteral name: String) { names = [name] }
  init(arrayLiteral names: String...) { self.names = names }
  var description: String { names.joined(separator: ".") }
  static let subject: ClaimPath = "sub"
}

/// What a claim's value is in JSON.
enum Kind: String, Hashable, Sendable { case text, list, object, boolean, number }
