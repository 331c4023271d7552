internal import Platform

extension PlatformClient {
  /// Makes something whose name is unique in the organization. When an answer is lost, what was made is looked for
  /// before anything is sent again, so that nothing is made twice and a success is never taken for a conflict.
  /// - Parameters:
  ///   - existing: looks for what goes by the name, archived ones included.
  ///   - isWanted: whether what was found is what was asked for, and not another's that goes by the same name.
  func create<Item: WireObject>(
    _ path: String, _ body: JSON, what: String, existing: () async throws(Problem) -> Item?, isWanted: (Item) -> Bool
  ) async throws(Problem) -> Item {
    var call = Call.change(.post, path, body, failure: "The \(what) was not created")
    call.isRepeatable = false
    var (tries, waited, isUncertain) = (0, Duration.zero, false)
    while true {
      tries += 1
      let failure: CallFailure
      do throws(CallFailure) { return try await made(call) } catch { failure = error }
      guard failure.mayBeDone || (isUncertain && failure.problem.status == 409) else { throw failure.problem }
      isUncertain = true
      if failure.problem.kind == .interrupted { throw failure.told(of: call) }
      if let found = try await lookUp(existing, what, after: failure.problem) {
        if isWanted(found) { return found }
        throw failure.problem.status == 409 ? failure.problem : uncertain(what, failure.problem)
      }
      guard
        let wait = policy.wait(
          after: tries, limit: failure.problem.status == 409 ? .max : failure.attempts, asked: failure.retryAfter,
          waited: waited)
      else { throw uncertain(what, failure.problem) }
      waited += wait
      do throws(CallFailure) { try await pause(wait, call) } catch { throw error.problem }
    }
  }

  /// What the answer to a creation says was made. An answer that does not say it is as good as lost.
  private func made<Item: WireObject>(_ call: Call) async throws(CallFailure) -> Item {
    let json = try await answer(to: call)
    do throws(Problem) { return try read(json, call) } catch {
      throw CallFailure(problem: error, mayBeDone: true, attempts: 3)
    }
  }

  private func lookUp<Item>(
    _ existing: () async throws(Problem) -> Item?, _ what: String, after lost: Problem
  ) async throws(Problem) -> Item? {
    do throws(Problem) { return try await existing() } catch { throw uncertain(what, lost) }
  }

  private func uncertain(_ what: String, _ lost: Problem) -> Problem {
    var problem = Problem(
      "It is not known whether the \(what) was created", because: lost.cause,
      try: "List what there is before you try again.", kind: lost.kind,
      code: lost.code, status: lost.status, requestID: lost.requestID)
    problem.isUncertain = true
    return problem
  }
}
