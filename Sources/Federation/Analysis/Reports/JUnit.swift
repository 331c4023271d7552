/// Findings as a JUnit report: one suite, a case for each rule, a failure for each finding that counts.
package enum JUnit {
  /// - Parameter least: the least severity that fails a case.
  package static func report(_ reports: [RuleReport], failingFrom least: Severity = .low) -> String {
    var failures = 0
    var lines: [String] = []
    for report in reports {
      let name = report.name ?? report.id
      let counted = report.findings.filter { $0.severity >= least && report.accepted[$0.id] == nil }
      guard !counted.isEmpty else {
        lines.append("    <testcase classname=\"gatehouse.rules\" name=\"\(escaped(name))\"/>")
        continue
      }
      failures += 1
      lines.append("    <testcase classname=\"gatehouse.rules\" name=\"\(escaped(name))\">")
      // A case has one failure in most readers: the worst names it, and all are told in its text.
      let text = counted.map { finding in
        "\(finding.id) (\(finding.severity.rawValue)) \(finding.field): \(finding.message) \(finding.remedy)"
          + (finding.witness.map { "\nwitness: \($0.compact)" } ?? "")
      }
      let title = "\(counted[0].id) \(counted[0].message)"
      lines.append(
        "      <failure type=\"\(escaped(counted[0].severity.rawValue))\" message=\"\(escaped(title))\">"
          + escaped(text.joined(separator: "\n\n")) + "</failure>")
      lines.append("    </testcase>")
    }
    let counts = "tests=\"\(reports.count)\" failures=\"\(failures)\" errors=\"0\" skipped=\"0\""
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="gatehouse rules lint" \(counts)>
        <testsuite name="rules" \(counts)>
      \(lines.map { "  " + $0.dropFirst(2) }.joined(separator: "\n"))
        </testsuite>
      </testsuites>

      """
  }

  /// Text as XML 1.0 may hold it: what the standard has no way to write becomes U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      // What could steer a terminal or mislead an eye goes by its number, as in our JSON.
      case "\n", "\t", "\u{7F}"..."\u{9F}", "\u{200B}"..."\u{200F}", "\u{2028}"..."\u{202E}", "\u{2060}"..."\u{206F}",
        "\u{61C}", "\u{FEFF}":
        result += "&#\(scalar.value);"
      case "\u{20}"..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"..."\u{10FFFF}":
        result.unicodeScalars.append(scalar)
      default: result += "\u{FFFD}"
      }
    }
    return result
  }
}
