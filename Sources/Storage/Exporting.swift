package import FoundationEssentials
internal import GRDB
package import Platform

package enum ExportFormat: String, CaseIterable, Sendable {
  /// Each activity as it was received.
  case jsonLines = "jsonl"
  /// The columns that most have, made harmless for spreadsheets and terminals.
  case csv
}

/// What was exported: the beginning of the evidence file that lies beside an export.
package struct ExportSummary: Hashable, Sendable {
  package var count = 0
  package var first, last: Date?
  /// Whether the whole of the feed had been read into the store.
  package var isComplete = false
  package var cursors = FeedCursors()

  /// - Parameters:
  ///   - query: as it was asked.
  ///   - digest: SHA-256 of the bytes written, in hexadecimal.
  package func evidence(query: String, since: Date?, until: Date?, digest: String, exportedAt: Date) -> JSON {
    [
      "query": .string(query), "since": JSON(since), "until": JSON(until), "count": JSON(count),
      "first": JSON(first), "last": JSON(last), "sha256": .string(digest), "complete": .bool(isComplete),
      "newest_cursor": JSON(cursors.newest), "oldest_cursor": JSON(cursors.oldest),
      "last_poll_at": JSON(cursors.polledAt), "exported_at": JSON(exportedAt),
      "source": "GET /v1/compliance/activities", "gatehouse": .string(gatehouseVersion),
    ]
  }
}

extension Storage {
  /// Writes all that pass, oldest first, as they stand at one moment.
  /// - Parameter write: is given the bytes in portions, to write and to digest them; what it throws ends the export.
  package func export(
    _ query: ActivityQuery, as format: ExportFormat, to write: ([UInt8]) throws -> Void
  ) throws(Problem) -> ExportSummary {
    var summary = ExportSummary()
    summary.cursors = try cursors()
    summary.isComplete = summary.cursors.isComplete && summary.cursors.newest != nil
    try read("The activities were not exported") { database in
      var portion = format == .csv ? CSV.heading : []
      try QueryPlan(query, database)?.forEach(database, .oldestFirst) { stored in
        switch format {
        case .jsonLines: portion += stored.activity.json.compact.utf8 + [0x0A]
        case .csv: CSV.append(stored.activity, to: &portion)
        }
        summary.count += 1
        summary.first = summary.first ?? stored.activity.createdAt
        summary.last = stored.activity.createdAt
        if portion.count > 1 << 16 {
          try Task.checkCancellation()
          try write(portion)
          portion.removeAll(keepingCapacity: true)
        }
        return true
      }
      try write(portion)
    }
    return summary
  }
}

/// RFC 4180, every cell in quotes.
private enum CSV {
  private static let fields: [ActivityField] = [.account, .rule, .issuer, .key, .workspace, .repo]
  private static let names =
    ["created_at", "id", "type", "actor", "ip", "outcome", "reason", "detail", "subject", "request"]
    + fields.map(\.rawValue)

  static var heading: [UInt8] { Array((names.joined(separator: ",") + "\r\n").utf8) }

  static func append(_ activity: Activity, to bytes: inout [UInt8]) {
    let text = ActivityText(activity)
    let json = activity.json
    let cells: [String?] =
      [
        activity.createdAt.timestamp, activity.id.description, activity.type, activity.actor,
        json.at("actor.ip_address")?.string, activity.outcome, activity.reason, json.at("status.detail")?.string,
        json.at("event_data.oidc_token.claims.sub")?.string ?? json.at("actor.subject")?.string, activity.requestID,
      ] + fields.map { text.values(of: $0).sorted().joined(separator: " ") }
    for (number, cell) in cells.enumerated() {
      if number > 0 { bytes.append(UInt8(ascii: ",")) }
      append(cell ?? "", to: &bytes)
    }
    bytes += "\r\n".utf8
  }

  private static func append(_ cell: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    // A spreadsheet would run these as a formula.
    if let first = cell.utf8.first, "=+-@".utf8.contains(first) { bytes.append(UInt8(ascii: "'")) }
    for scalar in cell.unicodeScalars {
      switch (scalar, scalar.properties.generalCategory) {
      case ("\"", _): bytes += "\"\"".utf8
      case (_, .control), (_, .format), (_, .lineSeparator), (_, .paragraphSeparator): bytes += "\u{FFFD}".utf8
      default: bytes += UTF8.encode(scalar)!  // every scalar has a UTF-8 form
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
