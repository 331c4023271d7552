package import FoundationEssentials
package import Platform
internal import PlatformClient
package import Storage

extension Operations {
  /// Makes a change and writes it down, before it is sent and after it was answered. One whose answer was lost stays
  /// open, for nobody here knows whether it was made.
  /// - Parameters:
  ///   - action: as the command line names it: `rules.update`.
  ///   - target: the identifier of what is changed; nil for what is made.
  ///   - before: what stands there.
  ///   - after: what is asked for.
  ///   - outcome: identifier and description of what the platform answered; nil leaves what was asked for.
  func journaled<Item: Sendable>(
    _ action: String, target: String? = nil, before: JSON? = nil, after: JSON? = nil,
    outcome: (Item) -> (target: String, after: JSON)? = { _ in nil },
    _ change: () async throws(Problem) -> Item
  ) async throws(Problem) -> Item {
    let number = try storage.record(
      Change(at: now(), who: who, action: action, target: target, before: before, after: after))
    let receipt = Receipt()
    let result: Result<Item, Problem> = await Receipt.$current.withValue(receipt) {
      do throws(Problem) { return .success(try await change()) } catch { return .failure(error) }
    }
    switch result {
    case .success(let item):
      let made = outcome(item)
      try storage.settle(number, .done, target: made?.target, after: made?.after, requestID: receipt.requestID)
      return item
    case .failure(let problem):
      // What went wrong with the change matters more than what may go wrong with writing it down.
      if !problem.isUncertain {
        try? storage.settle(number, .failed(problem.line), requestID: problem.requestID ?? receipt.requestID)
      }
      throw problem
    }
  }

  /// One of them, as the journal has it.
  package typealias MadeChange = Change

  /// The changes this program made, the newest first.
  package func journal(before number: Int64? = nil, limit: Int = 100) throws(Problem) -> [JournalEntry] {
    try storage.journal(before: number, limit: limit)
  }

  // MARK: Lists as they were last seen

  /// What is kept as a whole list.
  package typealias Seen = Listed

  /// A list from the store, to be shown at once and with its age.
  package struct LastSeen<Item: Sendable>: Sendable {
    package let items: [Item]
    package let at: Date

    /// `as of 2026-11-24 09:00:00 UTC, 2 h ago`.
    package func age(at now: Date) -> String {
      let seconds = now.timeIntervalSince(at)
      let span = seconds < 0 ? "which is still to come by this machine's clock" : "\(Span.text(seconds)) ago"
      return "as of \(at.columnText) UTC, \(span)"
    }
  }

  /// The list as it was when it was last read whole, archived things too, or only the live ones; nil when it never was.
  package func lastSeen<Item: Listed>(
    _ type: Item.Type, liveOnly: Bool = false
  ) throws(Problem) -> LastSeen<Item>? {
    try storage.list(of: type, part: part(liveOnly: liveOnly)).map { LastSeen(items: $0.items, at: $0.at) }
  }

  /// Keeps a list that was read from end to end. That it could not be kept is no reason not to show it.
  func seen<Item: Listed>(_ items: [Item], liveOnly: Bool = false) -> [Item] {
    try? storage.keep(items, part: part(liveOnly: liveOnly), at: now())
    return items
  }

  private func part(liveOnly: Bool) -> String {
    (liveOnly ? " live" : "") + (address.isEmpty ? "" : " at \(address)")
  }
}
