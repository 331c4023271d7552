internal import Platform

/// The `_bulk` endpoint of Elasticsearch and OpenSearch. Each activity is created under its own identifier, so that one
/// that is sent again is there once.
struct Elasticsearch: Receiver {
  let post: Post
  let index: String

  func deliver(_ activities: [Activity]) async throws(DeliveryFailure) -> Delivery {
    var body: [UInt8] = []
    for activity in activities {
      let action: JSON = ["create": ["_id": JSON(activity.id)]]
      // Data streams have their time under this name.
      var document = activity.json.object ?? [:]
      document["@timestamp"] = JSON(activity.createdAt)
      body += action.compact.utf8
      body.append(0x0A)
      body += JSON.object(document).compact.utf8
      body.append(0x0A)
    }
    let response = try await post("/\(Request.encoded(index))/_bulk", type: "application/x-ndjson", body)
    guard let json = try? JSON(parsing: response.body), let items = json["items"]?.array,
      items.count == activities.count
    else { throw .later(unreadable, after: nil) }
    var delivery = Delivery()
    for (number, item) in items.enumerated() {
      let result = item.object?.members.first?.value
      let status = result?["status"]?.int ?? 500
      // 409: it is there already.
      if (200..<300).contains(status) || status == 409 { continue }
      if Post.isTransient(status) {
        delivery.again.append(number)
      } else {
        let error = result?["error"]
        let words = [error?["type"]?.string, error?["reason"]?.string].compactMap(\.self).joined(separator: ": ")
        delivery.refused[number] = "\(status) \(words)"
      }
    }
    return delivery
  }

  private var unreadable: Problem {
    Problem(
      "Nothing more was forwarded to \(post.to)", because: "its answer is none that _bulk gives",
      try: "Check the address.", code: "invalid_answer")
  }
}
