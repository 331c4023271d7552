internal import Synchronization

/// Takes down under which identifier the platform keeps the last change that was made within it, for the journal.
package final class Receipt: Sendable {
  @TaskLocal package static var current: Receipt?

  private let kept = Mutex<String?>(nil)
  package init() {}
  package var requestID: String? { kept.withLock { $0 } }
  func note(_ requestID: String?) { kept.withLock { $0 = requestID ?? $0 } }
}
