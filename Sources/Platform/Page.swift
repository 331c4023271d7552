/// A page of a list with an opaque `page` cursor: service accounts, issuers, rules and their memberships.
package struct Page<Item: Sendable>: Sendable {
  package let items: [Item]
  /// What to send as `page` for the next one; nil when this is the last.
  package let next: String?
  package init(items: [Item], next: String?) { (self.items, self.next) = (items, next) }
}

/// A page of a list walked by identifiers (`after_id`, `before_id`): workspaces, API keys, activities.
package struct CursorPage<Item: Sendable>: Sendable {
  package let items: [Item]
  /// Whether there is more in the direction that was asked for.
  package let hasMore: Bool
  package let first, last: String?
  /// Rows that could not be read as what they are said to be, and are not among the items.
  package let rejected: Int
  package init(items: [Item], hasMore: Bool, first: String?, last: String?, rejected: Int = 0) {
    (self.items, self.hasMore, self.first, self.last) = (items, hasMore, first, last)
    self.rejected = rejected
  }
}
