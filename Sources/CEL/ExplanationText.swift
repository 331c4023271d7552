extension Explanation {
  /// The explanation as a person reads it, one part a line:
  ///
  ///     refused: 1 of 3 parts is false
  ///       ✓ claims.repository == "acme/app"
  ///       ✗ claims.ref == "refs/heads/main"       claims.ref is "refs/heads/dev"
  ///       ! claims.environment == "production"    the token has no claim "environment" (did not matter)
  package var rendering: String {
    let rows = Self.rows(leaves, indent: 1)
    let width = rows.map(\.head.unicodeScalars.count).filter { $0 <= 60 }.max() ?? 0
    let lines = rows.map { row in
      if row.tail.isEmpty { return row.head }
      let padding = String(repeating: " ", count: max(0, width - row.head.unicodeScalars.count))
      return row.head + padding + "    " + row.tail
    }
    return ([heading] + lines).joined(separator: "\n")
  }

  private var heading: String {
    let count = leaves.count
    func parts(_ number: Int, _ what: String) -> String {
      "\(number) of \(count) part\(count == 1 ? "" : "s") \(number == 1 ? "is" : "are") \(what)"
    }
    let decisive = leaves.filter { $0.role == .decisive }.count
    switch outcome {
    case .success(true):
      return "accepted: " + (decisive == count ? "every part is as it should be" : parts(decisive, "enough"))
    case .success(false):
      return "refused: " + parts(decisive, leaves.contains { $0.result.isSuccess(false) } ? "false" : "decisive")
    case .failure: return "refused: " + parts(decisive, "in error")
    }
  }

  private static func rows(_ leaves: [Leaf], indent: Int) -> [(head: String, tail: String)] {
    leaves.flatMap { leaf in
      let head = String(repeating: "  ", count: indent) + leaf.mark + " " + leaf.text.harmless
      let isIdle = leaf.role != .decisive && !leaf.result.isSuccess(true)
      let remarks = [leaf.remarks.joined(separator: "; "), isIdle ? "(did not matter)" : ""]
      return [(head, remarks.filter { !$0.isEmpty }.joined(separator: " "))] + rows(leaf.inner, indent: indent + 1)
    }
  }
}

extension Explanation.Leaf {
  /// `✓` for true, `✗` for false, `!` for an error.
  package var mark: String {
    switch result {
    case .success(true): "✓"
    case .success(false): "✗"
    case .failure: "!"
    }
  }
}
