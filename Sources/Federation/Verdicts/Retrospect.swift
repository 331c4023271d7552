package import FoundationEssentials
package import Platform

/// An exchange that was refused, explained: by the rule as it is now, and as it was then where that differs.
package struct Retrospect: Hashable, Sendable {
  package struct Paragraph: Hashable, Sendable {
    package let title: String
    package let checks: [Check]
    /// What the checks do not say, each a sentence: that nothing of the match refused, what is doubtful.
    package let remarks: [String]
  }

  package let paragraphs: [Paragraph]

  /// - Parameters:
  ///   - claims: as the platform noted them.
  ///   - date: of the exchange.
  ///   - history: what was recorded about the rule since; nil when that is not known.
  package init(_ rule: FederationRule, _ claims: Claims, at date: Date, history: [Activity]?) {
    let past = history.flatMap { PastRule(rule, at: date, undoing: $0) }
    let now = Matcher(rule.match).checks(of: claims)
    var remarks: [String] = []
    if let past {
      remarks += Retrospect.doubts(past)
      if past.rule.match == rule.match {
        if past.doubtful.isEmpty { remarks.append("As far as is recorded, it asked for the same then.") }
        if now.allSatisfy(\.passed) { remarks.append(Retrospect.elsewhere) }
      }
    }
    if rule.isArchived { remarks.append("It is archived now: nothing gets in any more.") }
    var paragraphs = [
      Paragraph(title: "Against the rule \(rule.name) as it is now", checks: now, remarks: remarks)
    ]
    if let past, past.rule.match != rule.match {
      let then = Matcher(past.rule.match).checks(of: claims)
      paragraphs.append(
        Paragraph(
          title: "Against the rule as it was then", checks: then,
          remarks: then.allSatisfy(\.passed) ? [Retrospect.elsewhere] : []))
    }
    self.paragraphs = paragraphs
  }

  private static let elsewhere =
    "All of its match fits these claims: what refused was something else, such as the workspace, the account or the token."

  private static func doubts(_ past: PastRule) -> [String] {
    past.doubtful.isEmpty
      ? []
      : [
        "The records do not tell what \(past.doubtful.joined(separator: ", ")) \(past.doubtful.count == 1 ? "was" : "were") "
          + "then: taken as it is now."
      ]
  }

  package var json: JSON {
    .array(
      paragraphs.map { paragraph in
        [
          "title": .string(paragraph.title), "checks": .array(paragraph.checks.map(\.json)),
          "remarks": .array(paragraph.remarks.map(JSON.string)),
        ]
      })
  }
}
