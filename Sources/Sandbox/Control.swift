import FoundationEssentials
import Platform

/// The control paths, which only the sandbox has.
extension Sandbox {
  func control(_ request: Request) throws(Refusal) -> Answer {
    switch (request.method, request.path) {
    case (.post, "/_sandbox/faults"): return try setFaults(try body(request))
    case (.post, "/_sandbox/clock"): return try setClock(try body(request))
    case (.post, "/_sandbox/activities"): return try appendActivities(try body(request))
    case (.get, "/_sandbox/ledger"): return ledger
    case (.get, "/_sandbox/keys"): return Answer(world.keySecrets)
    case (_, "/_sandbox/faults"), (_, "/_sandbox/clock"), (_, "/_sandbox/activities"), (_, "/_sandbox/ledger"),
      (_, "/_sandbox/keys"):
      throw .methodNotAllowed
    default: throw .notFound
    }
  }

  private func body(_ request: Request) throws(Refusal) -> JSON {
    do {
      return try JSON(parsing: request.body ?? [])
    } catch {
      throw .invalid("The request body is not valid JSON: \(error.reason)")
    }
  }

  /// Replaces all faults.
  package func setFaults(_ faults: [Fault]) { self.faults = faults }

  private func setFaults(_ body: JSON) throws(Refusal) -> Answer {
    guard let texts = body["faults"]?.array else { throw .field("faults", "Input should be a valid list") }
    var new: [Fault] = []
    for text in texts {
      guard let text = text.string else { throw .field("faults", "Input should be a valid string") }
      do {
        new.append(try Fault(text))
      } catch {
        throw .field("faults", error.line)
      }
    }
    faults = new
    return Answer(["ok": true, "faults": .array(faults.map { .string($0.text) })])
  }

  private func setClock(_ body: JSON) throws(Refusal) -> Answer {
    if let seconds = body["advance_seconds"]?.double {
      moveClock(to: now.addingTimeInterval(seconds))
    } else if let text = body["now"]?.string, let date = Date(timestamp: text) {
      moveClock(to: date)
    } else {
      throw .invalid("advance_seconds: a number, or now: an RFC 3339 time, is required")
    }
    return Answer(["ok": true, "now": JSON(now)])
  }

  /// Appends events as they are; a time in the past is a late arrival.
  private func appendActivities(_ body: JSON) throws(Refusal) -> Answer {
    guard let events = body["activities"]?.array else { throw .field("activities", "Input should be a valid list") }
    var ids: [JSON] = []
    for event in events {
      guard var event = event.object, event["type"]?.string != nil else {
        throw .field("activities", "each needs a type")
      }
      // Only a name that was given can be taken: looking for it reads the whole feed.
      let isNamed = event.has("id")
      if !isNamed { event["id"] = .string(world.random.identifier("activity")) }
      if !event.has("created_at") { event["created_at"] = JSON(now) }
      if event["actor"] == nil { event["actor"] = ["type": "system_actor"] }
      guard let date = JSON.object(event).optionalTime("created_at") else {
        throw .field("activities", "created_at is not an RFC 3339 time")
      }
      guard !isNamed || world.feed.position(ofID: event.text("id")) == nil else { continue }
      world.feed.append(event, at: date)
      ids.append(event["id"] ?? .null)
    }
    commit()
    return Answer(["ok": true, "added": JSON(ids.count), "ids": .array(ids)])
  }

  /// Every activity, oldest first, one a line, whether it can be seen yet or not.
  private var ledger: Answer {
    var body: [UInt8] = []
    for entry in world.feed.entries { body += world.feed.line(of: entry) + [0x0A] }
    var answer = Answer(body: body)
    answer.headers = [Request.Item("content-type", "application/x-ndjson")]
    return answer
  }
}
