package import FoundationEssentials
internal import Federation
package import Platform

/// What auditors get: each key with its steps and evidence, from the journal alone, as Markdown and as JSON.
package struct Report: Sendable {
  package let at: Date
  package let organization: String
  package let courses: [Course]

  package init(at: Date, organization: String, courses: [Course]) {
    (self.at, self.organization, self.courses) = (at, organization, courses)
  }

  package var json: JSON {
    [
      "at": JSON(at), "organization": .string(organization), "totals": totals,
      "keys": .array(courses.map { $0.json(at: at) }), "digest": .string(digest),
    ]
  }

  private var totals: JSON {
    var object = JSON.Object()
    for state in Course.State.allCases {
      let count = courses.count { $0.state(at: at) == state }
      if count > 0 { object[state.rawValue] = JSON(count) }
    }
    return .object(object)
  }

  /// SHA-256 over all steps in order, each behind the digest of those before it: a report with one left out or changed
  /// has another.
  private var digest: String {
    let chain = courses.flatMap(\.steps).reduce([UInt8]()) { Digest.sha256($0 + Array($1.json.compact.utf8)) }
    return chain.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  package var markdown: String {
    var lines = [
      "# Migration off static keys", "", "Organization \(organization), \(at.timestampToSecond).", "",
      "| Key | Hint | State | Created | Expires |", "|---|---|---|---|---|",
    ]
    for course in courses {
      let key = course.key
      lines.append(
        "| \(cell(key.name)) | \(cell(key.hint ?? "")) | \(course.state(at: at).rawValue) | \(key.createdAt.columnText.prefix(10)) | "
          + "\(key.expiresAt.map { String($0.columnText.prefix(10)) } ?? "never") |")
    }
    for course in courses { lines += section(course) }
    lines += ["", "## What could not be known", ""] + Evidence.unseen.map { "- \($0)" }
    return (lines + ["", "Digest of all steps: `\(digest)`"]).joined(separator: "\n") + "\n"
  }

  private func section(_ course: Course) -> [String] {
    ["", "## \(cell(course.key.name)) (`\(course.key.id)`)", ""]
      + (course.steps.isEmpty
        ? ["No step was taken."]
        : course.steps.map { step in
          let id = step.requestID.map { ", request `\(cell($0))`" } ?? ""
          let seen = step.record.map { ": `\(cell($0.compact))`" } ?? ""
          return
            "- \(step.at.timestampToSecond) \(step.step.rawValue), \(step.outcome.rawValue), by \(cell(step.who))\(id)\(seen)"
        })
  }

  /// Text that cannot end a cell, a line or a code span.
  private func cell(_ text: String) -> String {
    String(text.map { $0 == "|" || $0 == "`" || $0.isNewline ? " " : $0 })
  }
}

extension Course {
  package func json(at now: Date) -> JSON {
    [
      "key": key.json, "state": .string(state(at: now).rawValue), "next": .string(next(at: now)),
      "soak_days": JSON(soak.silence), "watch_days": JSON(soak.watch), "steps": .array(steps.map(\.json)),
    ]
  }
}

extension Course.Taken {
  package var json: JSON {
    var object: JSON.Object = [
      "step": .string(step.rawValue), "at": JSON(at), "who": .string(who), "outcome": .string(outcome.rawValue),
    ]
    if let record { object["record"] = record }
    if let requestID { object["request_id"] = .string(requestID) }
    return .object(object)
  }
}
