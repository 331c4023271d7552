internal import CCurl
internal import Platform
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// libcurl's multi interface on a thread of its own, which alone touches handles and transfers. Others leave orders
/// in a queue and wake it.
final class CurlEngine: Sendable {
  private enum Order {
    case start(CurlCall, CurlCall.Answer)
    case cancel(CurlCall)
    case stop
  }

  private struct Queue: ~Copyable {
    /// Nil once the thread has ended.
    var multi: UnsafeMutableRawPointer?
    var orders: [Order] = []
  }

  private let queue: Mutex<Queue>

  init?() {
    guard gh_curl_open(), let multi = gh_multi_new() else { return nil }
    // More to one host than a screen can want at once.
    _ = gh_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, 8)
    queue = Mutex(Queue(multi: multi))
    guard startThread() else {
      queue.withLock { _ = gh_multi_free($0.multi) }
      return nil
    }
  }

  /// A thread outside every pool, for it waits in libcurl nearly all of its life. It keeps the engine until it ends.
  private func startThread() -> Bool {
    #if canImport(Glibc)
      var thread = pthread_t()
    #else
      var thread: pthread_t?
    #endif
    let engine = Unmanaged.passRetained(self)
    let status = pthread_create(&thread, nil, CurlEngine.threadMain, engine.toOpaque())
    if status != 0 { engine.release() }
    return status == 0
  }

  #if canImport(Glibc)
    private static let threadMain: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
      if let engine = $0 { Unmanaged<CurlEngine>.fromOpaque(engine).takeRetainedValue().run() }
      return nil
    }
  #else
    private static let threadMain: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = {
      Unmanaged<CurlEngine>.fromOpaque($0).takeRetainedValue().run()
      return nil
    }
  #endif

  func start(_ call: CurlCall, _ answer: CurlCall.Answer) { give(.start(call, answer)) }

  /// May come before the start, and after the end: the call itself remembers the first, and the second is too late.
  func cancel(_ call: CurlCall) {
    call.isCancelled.store(true, ordering: .sequentiallyConsistent)
    give(.cancel(call))
  }

  func stop() { give(.stop) }

  private func give(_ order: Order) {
    let isTaken = queue.withLock { queue in
      guard let multi = queue.multi else { return false }
      queue.orders.append(order)
      gh_multi_wake(multi)
      return true
    }
    if !isTaken, case .start(_, let answer) = order { answer.resume(returning: .failure(.cancelled)) }
  }

  private func run() {
    guard let multi = queue.withLock({ $0.multi }) else { return }
    var transfers: [ObjectIdentifier: CurlTransfer] = [:]
    loop: while true {
      for order in queue.withLock({ queue in
        defer { queue.orders = [] }
        return queue.orders
      }) {
        switch order {
        case .start(let call, let answer):
          if call.isCancelled.load(ordering: .sequentiallyConsistent) {
            answer.resume(returning: .failure(.cancelled))
          } else if let transfer = CurlTransfer(call, answer, in: multi) {
            transfers[ObjectIdentifier(call)] = transfer
          } else {
            answer.resume(returning: .failure(.unreachable("libcurl did not take the request")))
          }
        case .cancel(let call):
          transfers.removeValue(forKey: ObjectIdentifier(call))?.end(.failure(.cancelled))
        case .stop: break loop
        }
      }
      var running: Int32 = 0
      gh_multi_perform(multi, &running)
      while let message = gh_multi_message(multi) {
        let (handle, code) = (message.pointee.easy_handle, gh_message_result(message))
        guard let finished = transfers.first(where: { $0.value.handle == handle }) else { continue }
        transfers.removeValue(forKey: finished.key)?.end(with: code)
      }
      // An hour at most; every order wakes it.
      gh_multi_wait(multi, 3_600_000)
    }
    let late = queue.withLock { queue in
      queue.multi = nil
      defer { queue.orders = [] }
      return queue.orders
    }
    for transfer in transfers.values { transfer.end(.failure(.cancelled)) }
    for case .start(_, let answer) in late { answer.resume(returning: .failure(.cancelled)) }
    gh_multi_free(multi)
  }
}
