package import FoundationEssentials
package import Platform

/// E4: what the key carried before the change against what the account carries after it, so that volume which was
/// lost, because a part of the automation was forgotten or broke, is told from volume that moved. Rates, for the two
/// spans are not equally long; only whole buckets of the report count, so the one in which the change fell does not.
package struct Volume: Hashable, Sendable {
  /// Tokens a day of one model.
  package struct Model: Hashable, Sendable {
    package let name: String
    package let keyBefore, accountAfter: Int
  }

  /// When the workload was changed.
  package let changedAt: Date
  /// Days that were compared, with fractions where hours were read.
  package let daysBefore, daysAfter: Double
  /// Tokens a day.
  package let keyBefore, accountAfter: Int
  /// Tokens with the key since the change, the bucket it fell in left out: whatever used it was not changed.
  package let keyAfter: Int
  /// Days on which that was, as `2026-11-21`.
  package let keyDays: [String]
  /// By what they carried before; those that neither used are left out.
  package let models: [Model]

  /// How long before the change is read: two turns of a weekly job.
  package static let lead: TimeInterval = 14 * 86400

  /// - Parameter buckets: by key, account and model, from ``lead`` before the change to the end.
  package init(_ buckets: [UsageBucket], key: ID<APIKey>, account: ID<ServiceAccount>, changedAt: Date, end: Date) {
    self.changedAt = changedAt
    var (before, after): (TimeInterval, TimeInterval) = (0, 0)
    var totals: [String: (key: Int, account: Int)] = [:]
    var (keyAfter, keyDays): (Int, Set<String>) = (0, [])
    for bucket in buckets {
      let span = bucket.endingAt.timeIntervalSince(bucket.startingAt)
      let isBefore = bucket.endingAt <= changedAt
      guard isBefore || bucket.startingAt >= changedAt else { continue }
      // The last bucket is still going on, so its tokens count for the key's silence and not for the rate.
      let isWhole = bucket.endingAt <= end
      if isBefore { before += span } else if isWhole { after += span }
      for result in bucket.results where result.tokens.total > 0 {
        let model = result.model ?? "unknown"
        if result.keyID == key {
          if isBefore {
            totals[model, default: (0, 0)].key += result.tokens.total
          } else {
            keyAfter += result.tokens.total
            keyDays.insert(String(bucket.startingAt.columnText.prefix(10)))
          }
        } else if result.accountID == account, result.keyID == nil, !isBefore, isWhole {
          totals[model, default: (0, 0)].account += result.tokens.total
        }
      }
    }
    (daysBefore, daysAfter) = ((before / 86.4).rounded() / 1000, (after / 86.4).rounded() / 1000)
    let models = totals.map { name, total in
      Model(
        name: name, keyBefore: Volume.rate(total.key, before / 86400),
        accountAfter: Volume.rate(total.account, after / 86400))
    }
    self.models = models.sorted { ($0.keyBefore, $1.name) > ($1.keyBefore, $0.name) }
    keyBefore = Volume.rate(totals.values.reduce(0) { $0 + $1.key }, before / 86400)
    accountAfter = Volume.rate(totals.values.reduce(0) { $0 + $1.account }, after / 86400)
    (self.keyAfter, self.keyDays) = (keyAfter, keyDays.sorted())
  }

  private static func rate(_ tokens: Int, _ days: Double) -> Int {
    days > 0 ? Int((Double(tokens) / days).rounded()) : 0
  }

  /// What part of the key's volume the account has; nil while there is nothing to compare.
  package var moved: Double? {
    daysAfter > 0 && keyBefore > 0 ? Double(accountAfter) / Double(keyBefore) : nil
  }

  /// Models that the key used before and the account does not.
  package var missing: [String] {
    daysAfter > 0 ? models.filter { $0.keyBefore > 0 && $0.accountAfter == 0 }.map(\.name) : []
  }

  package var lines: [String] {
    var lines: [String] = []
    if let moved {
      lines.append(
        "Before the change the key carried \(keyBefore) tokens a day; since then the account carries \(accountAfter) "
          + "(\(Int((moved * 100).rounded())) %).")
    } else if daysAfter <= 0 {
      lines.append("How much moved is not known yet: no whole span of the report has passed since the change.")
    } else {
      lines.append("How much moved cannot be told: the key carried nothing in the two weeks before the change.")
    }
    if !missing.isEmpty {
      lines.append("Used with the key and not by the account: \(missing.joined(separator: ", ")). Was a part left out?")
    }
    if keyAfter > 0 {
      lines.append(
        "Something still uses the key: \(keyAfter) tokens since the change, on \(keyDays.suffix(5).joined(separator: ", "))."
      )
    }
    return lines
  }

  /// From ``json``.
  init?(json: JSON) {
    guard let changedAt = json.optionalTime("changed_at") else { return nil }
    self.changedAt = changedAt
    (daysBefore, daysAfter) = (json["days_before"]?.double ?? 0, json["days_after"]?.double ?? 0)
    keyBefore = json["key_tokens_a_day_before"]?.int ?? 0
    accountAfter = json["account_tokens_a_day_after"]?.int ?? 0
    keyAfter = json["key_tokens_after"]?.int ?? 0
    keyDays = json["key_used_on"]?.array?.compactMap(\.string) ?? []
    models = (json["models"]?.array ?? []).map {
      Model(
        name: $0["model"]?.string ?? "", keyBefore: $0["key_tokens_a_day_before"]?.int ?? 0,
        accountAfter: $0["account_tokens_a_day_after"]?.int ?? 0)
    }
  }

  package var json: JSON {
    [
      "changed_at": JSON(changedAt), "days_before": JSON(fraction: daysBefore), "days_after": JSON(fraction: daysAfter),
      "key_tokens_a_day_before": JSON(keyBefore), "account_tokens_a_day_after": JSON(accountAfter),
      "moved": moved.map { JSON(fraction: $0) } ?? .null, "key_tokens_after": JSON(keyAfter),
      "key_used_on": .array(keyDays.map(JSON.string)),
      "models": .array(
        models.map {
          [
            "model": .string($0.name), "key_tokens_a_day_before": JSON($0.keyBefore),
            "account_tokens_a_day_after": JSON($0.accountAfter),
          ]
        }),
    ]
  }
}

/// Whether what federates goes on as before once the key is off: no report has the calls that fail, but one whose
/// account falls silent at that moment used the key after all.
package struct Aftermath: Hashable, Sendable {
  package let disabledAt: Date
  /// Tokens a day of the account in the week before and since; only whole buckets count.
  package let before, after: Int
  package let daysAfter: Double
  /// Exchanges that were refused since.
  package let denials: Int

  package init(_ buckets: [UsageBucket], account: ID<ServiceAccount>, disabledAt: Date, end: Date, denials: Int) {
    var (spans, tokens) = ((before: 0.0, after: 0.0), (before: 0, after: 0))
    for bucket in buckets where bucket.endingAt <= end {
      let total = bucket.results.reduce(0) {
        $0 + ($1.accountID == account && $1.keyID == nil ? $1.tokens.total : 0)
      }
      let days = bucket.endingAt.timeIntervalSince(bucket.startingAt) / 86400
      if bucket.endingAt <= disabledAt, bucket.startingAt >= disabledAt.addingTimeInterval(-7 * 86400) {
        spans.before += days
        tokens.before += total
      } else if bucket.startingAt >= disabledAt {
        spans.after += days
        tokens.after += total
      }
    }
    (self.disabledAt, self.denials) = (disabledAt, denials)
    daysAfter = (spans.after * 1000).rounded() / 1000
    before = spans.before > 0 ? Int((Double(tokens.before) / spans.before).rounded()) : 0
    after = spans.after > 0 ? Int((Double(tokens.after) / spans.after).rounded()) : 0
  }

  package var line: String {
    let since = "Since the key was turned off (\(disabledAt.columnText.prefix(16)) UTC)"
    guard daysAfter > 0 else { return "\(since) no whole span of the report has passed." }
    return "\(since) the account carries \(after) tokens a day, against \(before) in the week before."
      + (denials > 0 ? " \(denials) exchanges were refused since." : "")
  }

  init?(json: JSON) {
    guard let disabledAt = json.optionalTime("disabled_at") else { return nil }
    self.disabledAt = disabledAt
    before = json["account_tokens_a_day_before"]?.int ?? 0
    after = json["account_tokens_a_day_after"]?.int ?? 0
    daysAfter = json["days_after"]?.double ?? 0
    denials = json["denials"]?.int ?? 0
  }

  package var json: JSON {
    [
      "disabled_at": JSON(disabledAt), "account_tokens_a_day_before": JSON(before),
      "account_tokens_a_day_after": JSON(after), "days_after": JSON(fraction: daysAfter), "denials": JSON(denials),
    ]
  }
}

extension JSON {
  /// With three digits behind the point.
  fileprivate init(fraction: Double) { self = .number(String((fraction * 1000).rounded() / 1000)) }
}
