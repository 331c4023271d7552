internal import Platform

/// Loki's push endpoint. Few labels, as Loki wants it; the rest of an activity is its line.
struct Loki: Receiver {
  let post: Post

  func deliver(_ activities: [Activity]) async throws(DeliveryFailure) -> Delivery {
    var streams: [String: [JSON]] = [:]
    for activity in activities {
      let line: JSON = [.string(activity.nanoseconds), .string(activity.json.compact)]
      streams[activity.isWarning ? "warn" : "info", default: []].append(line)
    }
    let body: JSON = [
      "streams": .array(
        streams.sorted { $0.key < $1.key }.map { level, lines in
          [
            "stream": ["job": "gatehouse", "service_name": "gatehouse", "level": .string(level)],
            "values": .array(lines),
          ]
        })
    ]
    _ = try await post("/loki/api/v1/push", type: "application/json", Array(body.compact.utf8))
    return Delivery()
  }
}
