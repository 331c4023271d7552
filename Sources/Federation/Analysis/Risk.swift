/// One way in which a rule goes wrong: an entry of the catalogue, from which findings and their documentation are made.
package struct Risk: Hashable, Sendable {
  package let id: String
  package let severity: Severity
  package let title: String
  /// What it lets in, or what it causes.
  package let meaning: String
  /// A rule that has it, or a token that gets in, as a person would write it down.
  package let example: String
  package let remedy: String

  package init(
    _ id: String, _ severity: Severity, _ title: String, _ meaning: String, example: String, remedy: String
  ) {
    (self.id, self.severity, self.title, self.meaning) = (id, severity, title, meaning)
    (self.example, self.remedy) = (example, remedy)
  }

  /// - Parameter severity: where it depends on the provider; otherwise the catalogue's.
  func finding(in field: String, severity: Severity? = nil, detail: String? = nil) -> Finding {
    let message = ([title + ": " + meaning + "."] + (detail.map { [$0] } ?? [])).joined(separator: " ")
    return Finding(
      id: id, severity: severity ?? self.severity, field: field, message: message, remedy: remedy)
  }
}

extension Risk {
  fileprivate var markdown: String {
    """
    ### \(id)

    **\(Risk.plain(title))** (\(severity.rawValue)): \(Risk.plain(meaning)).

    - Example: ``\(example)``
    - Mend: \(Risk.plain(remedy))

    """
  }

  /// Text in which nothing means anything to Markdown.
  private static func plain(_ text: String) -> String {
    text.map { "\\`*_[]<>".contains($0) ? "\\\($0)" : String($0) }.joined()
  }
}

/// Every risk the analyser knows, by provider and subject.
package enum Catalogue {
  package static let chapters: [(title: String, risks: [Risk])] = [
    ("Any provider", general), ("Conditions", conditions), ("GitHub Actions", gitHub), ("GitLab CI", gitLab),
    ("AWS", aws), ("Google Cloud", google), ("Kubernetes", kubernetes), ("Microsoft Entra ID", entra),
    ("Okta", okta), ("SPIFFE", spiffe), ("Buildkite", buildkite), ("Terraform", terraform), ("CircleCI", circleCI),
    ("Privileges", privileges), ("Issuers", issuers), ("Operations", operations),
  ]

  package static let risks: [Risk] = chapters.flatMap(\.risks)

  private static let byID = Dictionary(uniqueKeysWithValues: risks.map { ($0.id, $0) })

  /// The whole catalogue as documentation, in Markdown: a section for each finding, which its code links to.
  package static var markdown: String {
    chapters.map { "## \($0.title)\n\n" + $0.risks.map(\.markdown).joined(separator: "\n") }.joined(separator: "\n")
  }

  /// The risk with this code, in any case.
  package static func risk(_ id: String) -> Risk? { byID[id.uppercased()] }
}
