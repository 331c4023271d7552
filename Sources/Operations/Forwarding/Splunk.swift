internal import Platform

/// The HTTP event collector of Splunk.
struct Splunk: Receiver {
  let post: Post
  /// The name of this machine.
  let host: String

  func deliver(_ activities: [Activity]) async throws(DeliveryFailure) -> Delivery {
    var body: [UInt8] = []
    for activity in activities {
      let time = activity.nanoseconds.dropLast(9) + "." + activity.nanoseconds.suffix(9).prefix(6)
      let event: JSON = [
        "time": .number(String(time)), "host": .string(host), "source": "gatehouse",
        "sourcetype": "claude:compliance:activity", "event": activity.json,
      ]
      body += event.compact.utf8
    }
    _ = try await post("/services/collector/event", type: "application/json", body)
    return Delivery()
  }
}
