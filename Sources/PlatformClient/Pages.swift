internal import Platform

/// The three ways the platform splits a list (Admin API, pagination). All are followed to the end.
enum Paging {
  /// An opaque `page`; `next_page` is null on the last one.
  case page
  /// `after_id` is the last page's `last_id`, while `has_more`.
  case identifier

  var limit: Int {
    switch self {
    case .page: 100
    case .identifier: 1000
    }
  }

  var parameter: String {
    switch self {
    case .page: "page"
    case .identifier: "after_id"
    }
  }

  /// What the next page is asked with; nil after the last one.
  func next(after json: JSON) -> String? {
    let cursor =
      switch self {
      case .page: json["has_more"]?.bool == false ? nil : json["next_page"]?.string
      case .identifier: json["has_more"]?.bool == true ? json["last_id"]?.string : nil
      }
    return cursor.flatMap { $0.isEmpty ? nil : $0 }
  }
}

extension PlatformClient {
  /// Every item of a list, in the order the platform gives them.
  /// - Parameter limit: items asked for at once; nil for the most the style of paging allows.
  func all<Item: WireObject>(
    _ call: Call, _ paging: Paging, limit: Int? = nil, of: Item.Type = Item.self
  ) async throws(Problem) -> [Item] {
    var items: [Item] = []
    var cursor: String?
    var seen: Set<String> = []
    while true {
      var page = call
      page.request.query.append(Request.Item("limit", String(limit ?? paging.limit)))
      if let cursor { page.request.query.append(Request.Item(paging.parameter, cursor)) }
      let json = try await json(page)
      for item in try rows(json, call) { items.append(try read(item, call)) }
      cursor = paging.next(after: json)
      guard let cursor else { return items }
      // A list that comes back to where it was would never end.
      guard seen.insert(cursor).inserted else {
        throw Refusal.nonsense(call.failure, "its pages go round in a circle", requestID: nil)
      }
    }
  }

  func rows(_ json: JSON, _ call: Call) throws(Problem) -> [JSON] {
    guard let rows = json["data"]?.array else {
      throw Refusal.nonsense(call.failure, "data is not an array", requestID: nil)
    }
    return rows
  }
}

extension [Request.Item] {
  static func includingArchived(_ isIncluded: Bool) -> [Request.Item] {
    isIncluded ? [Request.Item("include_archived", "true")] : []
  }
}
