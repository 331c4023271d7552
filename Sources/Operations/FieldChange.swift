package import Platform

/// One member of a thing that is not what it was.
package struct FieldChange: Hashable, Sendable {
  /// Dotted where it lies deeper: `match.subject_prefix`.
  package let field: String
  /// Nil where there was, or is, none.
  package let before, after: JSON?

  package init(field: String, before: JSON?, after: JSON?) {
    (self.field, self.before, self.after) = (field, before, after)
  }

  /// What differs, in the order of the members of `before`, then of `after`. Absent and null are the same; a list
  /// is one value.
  package static func list(from before: JSON, to after: JSON) -> [FieldChange] {
    list(from: before, to: after, under: "")
  }

  private static func list(from before: JSON?, to after: JSON?, under path: String) -> [FieldChange] {
    guard before?.object != nil || after?.object != nil else {
      let (before, after) = (before?.isNull == true ? nil : before, after?.isNull == true ? nil : after)
      return before == after ? [] : [FieldChange(field: path, before: before, after: after)]
    }
    let keys = before?.object?.keys ?? []
    let added = (after?.object?.keys ?? []).filter { !keys.contains($0) }
    return (keys + added).flatMap {
      list(from: before?[$0], to: after?[$0], under: path.isEmpty ? $0 : "\(path).\($0)")
    }
  }

  /// `token_lifetime_seconds: 3600 -> 600`.
  package var line: String { "\(field): \(before?.compact ?? "none") -> \(after?.compact ?? "none")" }

  package var json: JSON { ["field": .string(field), "before": before ?? .null, "after": after ?? .null] }
}
