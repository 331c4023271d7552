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

extension String {
  /// With what reads like a key of the platform or a signed token masked: a message may repeat what was typed in the
  /// wrong place, or what the other end sent back. A net below ``Secret``, not in its place.
  package var withSecretsMasked: String {
    guard contains("sk-ant-") || contains("ey") else { return self }
    return replacing(/sk-ant-[A-Za-z0-9_\-]+/, with: "sk-ant-••••••")
      .replacing(/ey[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]*\.[A-Za-z0-9_\-]{8,}/, with: "••••••")
  }
}
