package import Platform

/// Something that goes wrong on purpose: `status=429,retry-after=1,rate=0.2,path=/v1/organizations/*`.
package struct Fault: Hashable, Sendable {
  enum Effect: Hashable, Sendable {
    case status(Int, retryAfter: Int?)
    case dropBefore, dropAfter, truncate, garbage
    /// Only a delay, or only a lag.
    case none
  }

  var effect = Effect.none
  var delay: Duration?
  /// Seconds until a new account or activity is seen.
  var visibilityLag: Double?
  /// The share of requests it happens to, 0 to 1.
  var rate = 1.0
  /// Which paths it happens to; a `*` at the end stands for anything.
  var path = "*"
  /// How often it still happens; nil for ever.
  var count: Int?
  let text: String

  /// - Throws: a ``Platform/Problem`` that says which part is not understood.
  package init(_ text: String) throws(Problem) {
    self.text = text
    var retryAfter: Int?
    for part in text.split(separator: ",") {
      let pair = part.split(separator: "=", maxSplits: 1)
      let (name, value) = (String(pair[0]), pair.count > 1 ? String(pair[1]) : "")
      switch name {
      case "status":
        guard let status = Int(value), (400...599).contains(status) else { throw Self.problem(part, "400 to 599") }
        effect = .status(status, retryAfter: nil)
      case "retry-after":
        guard let seconds = Int(value), seconds >= 0 else { throw Self.problem(part, "seconds") }
        retryAfter = seconds
      case "drop" where value == "before": effect = .dropBefore
      case "drop" where value == "after": effect = .dropAfter
      case "truncate" where value.isEmpty: effect = .truncate
      case "garbage" where value.isEmpty: effect = .garbage
      case "delay":
        guard let seconds = Self.seconds(value) else { throw Self.problem(part, "a span like 2s or 150ms") }
        delay = .seconds(seconds)
      case "visibility-lag":
        guard let seconds = Self.seconds(value) else { throw Self.problem(part, "a span like 10s") }
        visibilityLag = seconds
      case "rate":
        guard let share = Double(value), (0...1).contains(share) else { throw Self.problem(part, "0 to 1") }
        rate = share
      case "count":
        guard let number = Int(value), number > 0 else { throw Self.problem(part, "a whole number above 0") }
        count = number
      case "path" where value.hasPrefix("/"): path = value
      default:
        throw Self.problem(
          part, "status, retry-after, drop=before|after, delay, truncate, garbage, visibility-lag, rate, count or path")
      }
    }
    if case .status(let status, _) = effect { effect = .status(status, retryAfter: retryAfter) }
    guard effect != .none || delay != nil || visibilityLag != nil else {
      throw Self.problem(text[...], "something that happens")
    }
  }

  private static func problem(_ part: Substring, _ expected: String) -> Problem {
    Problem(
      "The fault was not set", because: "\"\(part)\" is not understood", try: "Expected: \(expected).", kind: .usage)
  }

  /// `2s`, `150ms`, `1.5` (seconds).
  private static func seconds(_ text: String) -> Double? {
    let seconds: Double? =
      if text.hasSuffix("ms") { Double(text.dropLast(2)).map { $0 / 1000 } } else if text.hasSuffix("s") {
        Double(text.dropLast())
      } else {
        Double(text)
      }
    return seconds.flatMap { (0...86400).contains($0) ? $0 : nil }
  }

  private func concerns(_ request: Request) -> Bool {
    path.hasSuffix("*") ? request.path.hasPrefix(path.dropLast()) : request.path == path
  }

  /// What happens to `request`: all delays, and the first other thing. One that is counted is used up. Control paths
  /// are spared, for they are how faults are taken away.
  static func happening(
    to request: Request, _ faults: inout [Fault], _ random: inout Randomness
  ) -> (delay: Duration, effect: Effect) {
    var (delay, effect) = (Duration.zero, Effect.none)
    guard !request.path.hasPrefix("/_sandbox/") else { return (delay, effect) }
    for index in faults.indices {
      let fault = faults[index]
      guard fault.delay != nil || fault.effect != .none && effect == .none, fault.concerns(request) else { continue }
      guard fault.rate >= 1 || Double.random(in: 0..<1, using: &random) < fault.rate else { continue }
      delay += fault.delay ?? .zero
      if effect == .none { effect = fault.effect }
      if let count = fault.count { faults[index].count = count - 1 }
    }
    faults.removeAll { $0.count == 0 }
    return (delay, effect)
  }
}
