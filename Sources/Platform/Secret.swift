/// Text that must not reach a screen, a log, a file or an error. Not `Encodable`, on purpose.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private let text: String
  package init(_ text: String) { self.text = text }
  package var description: String { "••••••" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
  package var isEmpty: Bool { text.isEmpty }
  /// The only way to the plain text. Its callers are few and easy to list.
  package func expose<Value>(_ body: (String) throws -> Value) rethrows -> Value { try body(text) }
}
