package import Platform

/// The findings of one rule, as reports list them.
package struct RuleReport: Hashable, Sendable {
  /// The rule's identifier, or that of a line of the input.
  package let id: String
  package let name: String?
  package let findings: [Finding]
  /// Codes of findings that were accepted, with the reason.
  package let accepted: [String: String]

  package init(id: String, name: String? = nil, findings: [Finding], accepted: [String: String] = [:]) {
    (self.id, self.name, self.findings, self.accepted) = (id, name, findings, accepted)
  }

  package var json: JSON { ["id": .string(id), "findings": .array(findings.map(\.json))] }
}

/// Findings in the Static Analysis Results Interchange Format, for code scanning (OASIS SARIF 2.1.0).
package enum SARIF {
  /// - Parameter file: where the rules came from, relative to the repository; nil for rules read from the platform.
  package static func log(_ reports: [RuleReport], version: String, file: String? = nil) -> JSON {
    let used = Set(reports.flatMap { $0.findings.map(\.id) })
    let rules = Catalogue.risks.filter { used.contains($0.id) }
    let index = Dictionary(uniqueKeysWithValues: rules.enumerated().map { ($1.id, $0) })
    let results = reports.flatMap { report in
      report.findings.map { result($0, report, index: index[$0.id] ?? 0, file: file) }
    }
    return [
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
      "runs": [
        [
          "tool": [
            "driver": [
              "name": "gatehouse", "semanticVersion": .string(version), "rules": .array(rules.map(descriptor)),
            ]
          ],
          "columnKind": "unicodeCodePoints", "results": .array(results),
        ]
      ],
    ]
  }

  private static func descriptor(_ risk: Risk) -> JSON {
    [
      "id": .string(risk.id), "name": .string(risk.title.split(separator: " ").map { $0.capitalizedFirst }.joined()),
      "shortDescription": ["text": .string(risk.title + ".")],
      "fullDescription": ["text": .string(risk.title + ": " + risk.meaning + ".")],
      "help": ["text": .string("\(risk.remedy) Example: \(risk.example)")],
      "defaultConfiguration": ["level": .string(risk.severity.sarifLevel)],
      "properties": [
        "security-severity": .string(risk.severity.score), "tags": ["security", "workload-identity-federation"],
      ],
    ]
  }

  private static func result(_ finding: Finding, _ report: RuleReport, index: Int, file: String?) -> JSON {
    let name = report.name ?? report.id
    var location = JSON.Object()
    if let file { location["physicalLocation"] = ["artifactLocation": ["uri": .string(file)]] }
    location["logicalLocations"] = [
      [
        "name": .string(finding.field), "fullyQualifiedName": .string("\(report.id)/\(finding.field)"),
        "kind": "member",
      ]
    ]
    var result: JSON.Object = [
      "ruleId": .string(finding.id), "ruleIndex": JSON(index), "level": .string(finding.severity.sarifLevel),
      "message": ["text": .string("\(name): \(finding.message) \(finding.remedy)")],
      "locations": [.object(location)],
      "partialFingerprints": ["ruleAndField/v1": .string("\(report.id)/\(finding.id)/\(finding.field)")],
    ]
    if let witness = finding.witness { result["properties"] = ["witness": witness] }
    if let reason = report.accepted[finding.id] {
      result["suppressions"] = [["kind": "external", "status": "accepted", "justification": .string(reason)]]
    }
    return .object(result)
  }
}

extension Severity {
  fileprivate var sarifLevel: String {
    switch self {
    case .info, .low: "note"
    case .medium: "warning"
    case .high, .critical: "error"
    }
  }

  /// On the scale of 0 to 10 that code scanning sorts by: critical is above 9, high from 7, medium from 4.
  fileprivate var score: String {
    switch self {
    case .info: "0.0"
    case .low: "3.0"
    case .medium: "5.5"
    case .high: "8.0"
    case .critical: "9.5"
    }
  }
}

extension Substring {
  fileprivate var capitalizedFirst: String {
    (first.map { $0.uppercased() } ?? "") + dropFirst().filter { $0.isLetter || $0.isNumber }
  }
}
