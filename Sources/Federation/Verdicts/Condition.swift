internal import Platform

/// A rule's `condition`: true lets a token in; false, an error and any other value do not.
struct Condition: Sendable {
  let text: String

  func holds(_ claims: Claims) -> Bool { false }

  func check(_ claims: Claims) -> Check {
    Check("condition", false, expected: text, actual: nil, note: "not evaluated yet", reason: .condition)
  }
}
