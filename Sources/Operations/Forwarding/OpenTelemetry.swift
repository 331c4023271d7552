internal import Platform

/// OTLP over HTTP, logs as JSON (OpenTelemetry protocol, "OTLP/HTTP").
struct OpenTelemetry: Receiver {
  let post: Post

  func deliver(_ activities: [Activity]) async throws(DeliveryFailure) -> Delivery {
    let scope: JSON = ["name": "gatehouse", "version": .string(gatehouseVersion)]
    let body: JSON = [
      "resourceLogs": [
        [
          "resource": ["attributes": [OpenTelemetry.member("service.name", "gatehouse")]],
          "scopeLogs": [["scope": scope, "logRecords": .array(activities.map(record))]],
        ]
      ]
    ]
    let response = try await post("/v1/logs", type: "application/json", Array(body.compact.utf8))
    var delivery = Delivery()
    // It says how many and not which, and that they must not be sent again.
    if let partial = (try? JSON(parsing: response.body))?["partialSuccess"] {
      let count = partial["rejectedLogRecords"]
      let rejected = count?.int ?? count?.string.flatMap { Int($0) } ?? 0
      let message = partial["errorMessage"]?.string ?? ""
      if rejected > 0 { throw .refused("it rejected \(rejected) records: \(message)") }
      if !message.isEmpty { delivery.remark = message }
    }
    return delivery
  }

  private func record(_ activity: Activity) -> JSON {
    [
      "timeUnixNano": .string(activity.nanoseconds), "observedTimeUnixNano": .string(activity.nanoseconds),
      "severityNumber": activity.isWarning ? 13 : 9, "severityText": activity.isWarning ? "WARN" : "INFO",
      "eventName": .string(activity.type), "body": OpenTelemetry.value(activity.json),
      "attributes": [
        OpenTelemetry.member("log.record.uid", .string(activity.id.description)),
        OpenTelemetry.member("event.outcome", JSON(activity.outcome)),
      ],
    ]
  }

  private static func member(_ key: String, _ json: JSON) -> JSON { ["key": .string(key), "value": value(json)] }

  /// As the protocol's AnyValue; null is one that has nothing set.
  private static func value(_ json: JSON) -> JSON {
    switch json {
    case .null: [:]
    case .bool: ["boolValue": json]
    case .string: ["stringValue": json]
    case .number(let digits):
      // 64-bit integers are texts in the JSON of protocol buffers.
      if let whole = Int64(digits) { ["intValue": .string(String(whole))] } else { ["doubleValue": json] }
    case .array(let values): ["arrayValue": ["values": .array(values.map(value))]]
    case .object(let object): ["kvlistValue": ["values": .array(object.map { member($0.key, $0.value) })]]
    }
  }
}
