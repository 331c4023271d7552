/// A kind of thing the platform names with a tagged identifier.
package protocol Identified {
  /// Without the underscore that ends it: `svac`, `fdis`.
  static var idPrefix: String { get }
}

/// The identifier of one `Subject`, written `svac_01J9…`: its prefix, an underscore, then the rest.
package struct ID<Subject: Identified>: Hashable, Sendable, CustomStringConvertible {
  package let description: String

  /// - Throws: ``InvalidID`` when `text` names another kind of thing, or nothing. The tail is 1 to 64 ASCII
  ///   letters and digits and is otherwise opaque; identifiers are compared byte for byte.
  package init(_ text: String) throws(InvalidID) {
    let prefix = Subject.idPrefix + "_"
    let tail = text.utf8.dropFirst(prefix.utf8.count)
    guard text.hasPrefix(prefix), (1...64).contains(tail.count), tail.allSatisfy(\.isASCIIAlphanumeric) else {
      throw InvalidID(text: text, expected: prefix)
    }
    description = text
  }
}

/// A text that is not the identifier it was taken for.
package struct InvalidID: Error, Equatable, Sendable {
  package let text: String
  /// The prefix an identifier of the wanted kind begins with, underscore included.
  package let expected: String

  package init(text: String, expected: String) {
    (self.text, self.expected) = (text, expected)
  }
}

extension UInt8 {
  package var isASCIIDigit: Bool { (0x30...0x39).contains(self) }
  package var isASCIIAlphanumeric: Bool {
    isASCIIDigit || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
  }
}
