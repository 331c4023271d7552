import FoundationEssentials
import Platform

/// What writes to the activity feed, and the endpoint that reads it (audit log reference).
extension World {
  /// Records what `call` did. While the feed is off nothing is kept but, with `always`, the switch itself.
  mutating func record(_ type: String, by call: Call, _ own: Document, always: Bool = false) {
    record(type, actor: actor(of: call), at: feed.moment(for: call.now), own, always: always)
  }

  mutating func record(_ type: String, actor: JSON, at date: Date, _ own: Document, always: Bool = false) {
    guard isRecording || always else { return }
    let isTied = type != "compliance_api_accessed"
    var event: Document = [
      "id": .string(random.identifier("activity")), "created_at": JSON(date),
      "organization_id": isTied ? organization["_tag"] ?? .null : .null,
      "organization_uuid": isTied ? organization["id"] ?? .null : .null,
      "actor": actor, "type": .string(type),
    ]
    for (key, value) in own { event[key] = value }
    feed.append(event, at: date)
  }

  /// That somebody read a compliance path: always as an API key, whatever it is.
  mutating func recordAccess(_ call: Call, status: Int) {
    let id: String
    switch call.caller {
    case .adminKey(let key, _), .scopedKey(let key, _), .key(let key): id = key
    default: return
    }
    record(
      "compliance_api_accessed",
      actor: [
        "type": "api_actor", "api_key_id": .string(id), "ip_address": .string(call.address),
        "user_agent": .string(call.userAgent),
      ], at: feed.moment(for: call.now),
      [
        "request_id": .string(call.requestID), "request_method": .string(call.request.method.rawValue),
        "status_code": JSON(status), "url": .string(call.request.target), "request_body": .null,
      ])
  }

  /// The caller as the feed names it.
  func actor(of call: Call) -> JSON {
    var actor: Document
    switch call.caller {
    case .person(let user, _):
      actor = [
        "type": "user_actor", "user_id": .string(user), "email_address": self[.users][user]?["email"] ?? .null,
      ]
    case .workload(let account, _, _, _):
      actor = ["type": "service_account_actor", "service_account_id": .string(account)]
    case .adminKey(let id, _): actor = ["type": "admin_api_key_actor", "admin_api_key_id": .string(id)]
    case .scopedKey(let id, _), .key(let id): actor = ["type": "api_actor", "api_key_id": .string(id)]
    case .nobody: actor = ["type": "unauthenticated_user_actor", "unauthenticated_email_address": .null]
    }
    actor["ip_address"] = .string(call.address)
    actor["user_agent"] = .string(call.userAgent)
    return .object(actor)
  }

  private static let ranges = ["created_at.gte", "created_at.gt", "created_at.lte", "created_at.lt"]

  func activities(_ call: Call) throws(Refusal) -> Answer {
    let query = try Query(
      call,
      [
        "activity_types[]", "exclude_activity_types[]", "actor_ids[]", "user_ids[]", "organization_ids[]", "limit",
        "order", "after_id", "before_id",
      ] + Self.ranges)
    guard let limit = Int(query.text("limit") ?? "100"), (1...5000).contains(limit) else {
      throw .invalid("The limit parameter must be between 1 and 5000, inclusive. Got \(query.text("limit") ?? "").")
    }
    let order = query.text("order") ?? "desc"
    guard ["asc", "desc"].contains(order) else { throw .field("order", "Input should be 'asc' or 'desc'") }
    let filter = try Self.filter(query, until: call.visibleUntil)
    let (after, before) = (query.text("after_id"), query.text("before_id"))
    guard after == nil || before == nil else { throw .invalid("Only one of `after_id` and `before_id` may be given.") }
    var cursor: Feed.Position?
    if let after { cursor = try position("after_id", after) }
    if let before { cursor = try position("before_id", before) }
    // Newest first, `before_id` goes to newer ones; oldest first it is the other way about.
    let newer = order == "desc" ? before != nil : before == nil
    var (found, hasMore): ([Feed.Entry], Bool) =
      covers(organizations: query.list("organization_ids"))
      ? feed.events(matching: filter, beside: cursor, newer: newer, limit: limit) : ([], false)
    if order == "desc" { found.reverse() }
    return answer(found, hasMore: hasMore)
  }

  private func answer(_ found: [Feed.Entry], hasMore: Bool) -> Answer {
    var body = Array(#"{"data":["#.utf8)
    for (index, entry) in found.enumerated() {
      if index > 0 { body.append(UInt8(ascii: ",")) }
      body += feed.line(of: entry)
    }
    func text(_ entry: Feed.Entry?) -> String {
      JSON(entry.map(feed.position).map { Cursor.make("\($0.microseconds) \($0.id)", of: "feed") }).compact
    }
    body += #"],"has_more":\#(hasMore),"first_id":\#(text(found.first)),"last_id":\#(text(found.last))}"#.utf8
    return Answer(body: body)
  }

  private static func filter(_ query: Query, until latest: Date) throws(Refusal) -> Feed.Filter {
    var filter = Feed.Filter()
    filter.types = Set(query.list("activity_types"))
    filter.excludedTypes = Set(query.list("exclude_activity_types"))
    guard filter.types.isEmpty || filter.excludedTypes.isEmpty else {
      throw .invalid("`activity_types[]` and `exclude_activity_types[]` cannot be given together.")
    }
    filter.users = Set(query.list("actor_ids") + query.list("user_ids"))
    if let user = filter.users.first(where: { !$0.hasPrefix("user_") }) {
      throw .field("actor_ids", "Only user ids are supported. Got \"\(user)\".")
    }
    var (low, high) = (Int.min, latest == .distantFuture ? Int.max : Feed.Position(latest, "").microseconds)
    for name in ranges {
      guard let text = query.text(name) else { continue }
      guard let date = Date(timestamp: text) else {
        throw .invalid(
          "The `\(name)` parameter contains an invalid timestamp format. Timestamps must be provided in RFC 3339 format "
            + "e.g., \"2024-03-01T00:00:00Z\". Got \"\(text)\".")
      }
      let microseconds = Feed.Position(date, "").microseconds
      switch name {
      case "created_at.gte": low = max(low, microseconds)
      case "created_at.gt": low = max(low, microseconds + 1)
      case "created_at.lte": high = min(high, microseconds)
      default: high = min(high, microseconds - 1)
      }
    }
    // Nothing lies in an empty range; one that ends before it begins cannot be written as a range.
    filter.range = low <= high ? low...high : Int.max - 1...Int.max - 1
    return filter
  }

  private func covers(organizations ids: [String]) -> Bool {
    ids.isEmpty || ids.contains(organization.text("id")) || ids.contains(organization.text("_tag"))
  }

  /// Cursors are opaque; an identifier of an event that exists is taken too, as the platform's own error text says.
  private func position(_ name: String, _ cursor: String) throws(Refusal) -> Feed.Position {
    if let key = Cursor.read(cursor, of: "feed") {
      let parts = key.split(separator: " ")
      if parts.count == 2, let microseconds = Int(parts[0]) {
        let position = Feed.Position(microseconds: microseconds, id: String(parts[1]))
        if feed.contains(position) { return position }
      }
    } else if let position = feed.position(ofID: cursor) {
      return position
    }
    throw .invalid("Invalid `\(name)`. No activity found for `\(name)` \"\(cursor)\"")
  }
}
