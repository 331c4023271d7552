import FoundationEssentials
import Platform

/// What requests to the models used in one minute by one set of attributes. All reports are sums of these, so their
/// numbers agree.
struct Use: Hashable, Sendable {
  /// Minutes since 1970.
  var minute: Int
  var workspace: String
  /// The account that acted, by federation or through a key of its own.
  var account: String?
  /// Nil for requests with a token.
  var key: String?
  var user: String?
  var model: String
  var tokens: Tokens
  var searches = 0
  var requests = 1

  var isFederated: Bool { account != nil && key == nil }

  var json: JSON {
    [
      "minute": JSON(minute), "workspace": .string(workspace), "account": JSON(account), "key": JSON(key),
      "user": JSON(user), "model": .string(model), "input": JSON(tokens.uncachedInput), "read": JSON(tokens.cacheRead),
      "written": JSON(tokens.cacheWritten), "output": JSON(tokens.output), "searches": JSON(searches),
      "requests": JSON(requests),
    ]
  }
}

extension Use {
  init?(json: JSON) {
    func number(_ name: String) -> Int { json[name]?.int ?? 0 }
    guard let minute = json["minute"]?.int, let workspace = json["workspace"]?.string, let model = json["model"]?.string
    else { return nil }
    self.init(
      minute: minute, workspace: workspace, account: json["account"]?.string, key: json["key"]?.string,
      user: json["user"]?.string, model: model,
      tokens: Tokens(
        uncachedInput: number("input"), cacheRead: number("read"), cacheWritten: number("written"),
        output: number("output")),
      searches: number("searches"), requests: number("requests"))
  }
}

/// All uses in the order of their minutes.
struct Ledger: Sendable {
  private(set) var uses: [Use] = []
  private var new: [Use] = []

  mutating func add(_ use: Use) {
    new.append(use)
    if let last = uses.last, last.minute > use.minute {
      uses.insert(use, at: firstIndex(notBefore: use.minute))
    } else {
      uses.append(use)
    }
  }

  /// Many at once, in any order.
  mutating func add(_ more: [Use]) {
    new += more
    uses += more
    uses.sort { $0.minute < $1.minute }
  }

  mutating func takeNew() -> [Use] {
    defer { new.removeAll() }
    return new
  }

  /// Uses from the first minute up to, but not in, the second.
  func uses(from start: Int, to end: Int) -> ArraySlice<Use> {
    let low = firstIndex(notBefore: start)
    return uses[low..<max(low, firstIndex(notBefore: end))]
  }

  private func firstIndex(notBefore minute: Int) -> Int {
    var (low, high) = (0, uses.count)
    while low < high {
      let middle = (low + high) / 2
      if uses[middle].minute < minute { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
