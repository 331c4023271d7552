import AuditView
import FoundationEssentials
import Operations
import Platform

extension Performer {
  func perform(_ effect: Audit.Effect) async -> Audit.Message? {
    do throws(Problem) {
      switch effect {
      case .read(let ask): return try await read(ask)
      case .poll(let row, let wait):
        // Cancelled means that another poll has taken this one's place.
        guard (try? await clock.sleep(for: wait)) != nil else { return nil }
        return .arrived(try await operations.tail(after: row, limit: row == nil ? 1 : Audit.pollLimit).map(arrival))
      case .catchUp(let row): return .arrived(try operations.kept(after: row, limit: Audit.pollLimit).map(arrival))
      case .measure(let lens): return try await measure(lens)
      case .spread(let lens, let span): return try await spread(lens, span)
      case .seek(let filter, let place, let isForward):
        let found =
          isForward
          ? try await operations.oldestActivities(filter, after: place, limit: 1)
          : try await operations.activities(filter, before: place, limit: 1)
        return .sought(found.first?.activity.id, forward: isForward)
      case .understand(let text):
        do throws(InvalidFilter) {
          return .understood(Audit.Highlight(text, try ActivityFilter(text, now: now())))
        } catch {
          return .refused(text, why: error.words)
        }
      case .readDenials:
        return .denialsArrived(
          try await operations.denials().map {
            Audit.Denial(
              rule: $0.key.rule, reason: $0.key.reason, subject: $0.key.subject, count: $0.count, first: $0.first,
              latest: $0.latest.activity)
          })
      case .readHistory(let rule, let date):
        return .historyArrived(rule, try await operations.history(of: rule, since: date))
      case .readRules: return .rulesArrived(try await operations.rules(includeArchived: true))
      case .countPivots(let choices):
        var counted: [Audit.Pivot.Choice] = []
        for choice in choices {
          let filter = ActivityFilter.field(choice.field, FilterValue(choice.value))
          let count = try await operations.count(filter)
          counted.append(Audit.Pivot.Choice(field: choice.field, value: choice.value, count: count))
        }
        return .pivotCounted(counted)
      case .readTimeline(let identity):
        let whose: Operations.Identity =
          switch identity {
          case .account(let id): .account(id)
          case .repository(let name): .repository(name)
          }
        let end = now()
        let story = try await operations.story(of: whose, from: end.addingTimeInterval(-7 * 86400), to: end)
        return .timelineArrived(identity, story.timeline, gaps: story.gaps)
      case .readNotes: return try notes()
      case .bookmark(let ids, let note):
        try operations.bookmark(ids, note: note)
        return try notes()
      case .removeBookmark(let id):
        try operations.removeBookmark(id)
        return try notes()
      case .saveFilter(let filter):
        try operations.saveFilter(named: filter.name, text: filter.text)
        return try notes()
      case .removeFilter(let name):
        try operations.removeFilter(named: name)
        return try notes()
      case .copyMarked(let ids):
        var lines: [String] = []
        for id in ids { if let activity = try operations.kept(id)?.activity { lines.append(activity.json.compact) } }
        return .gathered(lines)
      case .copy, .openRule, .say: return nil
      }
    } catch {
      switch effect {
      case .poll, .catchUp: return .pollFailed(error)
      // The page says that the rule was not read.
      case .readRules, .readHistory: return nil
      // Another question has taken the place of this one.
      default: return error.kind == .interrupted ? nil : .failed(error)
      }
    }
  }

  private func arrival(_ stored: Operations.Kept) -> Audit.Arrival {
    Audit.Arrival(row: stored.row, place: stored.place, activity: stored.activity)
  }

  private func notes() throws(Problem) -> Audit.Message {
    .notesArrived(
      try operations.bookmarks().map { Audit.Bookmark(activity: $0.activity.activity, note: $0.note) },
      try operations.filters().map { Audit.SavedFilter(name: $0.name, text: $0.text) })
  }

  // MARK: Lenses

  /// All that has to hold, as one filter.
  private func filter(_ texts: [String]) throws(Unreadable) -> ActivityFilter {
    var whole = ActivityFilter.everything
    for text in texts {
      do throws(InvalidFilter) { whole = whole.and(try ActivityFilter(text, now: now())) } catch {
        throw Unreadable(text: text, why: error.words)
      }
    }
    return whole
  }

  private struct Unreadable: Error {
    let text, why: String
    var message: Audit.Message { .refused(text, why: why) }
  }

  private func read(_ ask: Audit.Ask) async throws(Problem) -> Audit.Message {
    let wanted: ActivityFilter
    do throws(Unreadable) { wanted = try filter(ask.lens.texts) } catch { return error.message }
    let filter = ask.lens.showsReads ? wanted : wanted.and(.not(Audit.Lens.reads))
    let page = Audit.Window.page
    func reading(
      _ found: [Operations.Kept], isOldest: Bool = false, isNewest: Bool = false, centre: Int64? = nil
    ) -> Audit.Message {
      .read(
        ask,
        Audit.Reading(
          found.map(arrival), filter: filter, isOldest: isOldest, isNewest: isNewest, centre: centre))
    }
    func around(_ place: Int64) async throws(Problem) -> Audit.Message {
      let older = try await operations.activities(filter, before: place, limit: page / 2)
      let newer = try await operations.oldestActivities(filter, after: place - 1, limit: page / 2)
      return reading(
        older.reversed() + newer, isOldest: older.count < page / 2, isNewest: newer.count < page / 2, centre: place)
    }
    switch ask.part {
    case .newest:
      let found = try await operations.activities(filter, limit: page)
      return reading(found.reversed(), isOldest: found.count < page, isNewest: true)
    case .oldest:
      let found = try await operations.oldestActivities(filter, limit: page)
      return reading(found, isOldest: true, isNewest: found.count < page)
    case .older(let place):
      let found = try await operations.activities(filter, before: place, limit: page)
      return reading(found.reversed(), isOldest: found.count < page)
    case .newer(let place):
      let found = try await operations.oldestActivities(filter, after: place, limit: page)
      return reading(found, isNewest: found.count < page)
    case .around(let id):
      guard let place = try operations.kept(id)?.place else {
        let found = try await operations.activities(filter, limit: page)
        return reading(found.reversed(), isOldest: found.count < page, isNewest: true, centre: found.first?.place)
      }
      return try await around(place)
    case .from(let date): return try await around(Operations.place(at: date))
    case .at(let text):
      guard let date = Date(moment: text, now: now()) else {
        return .refused(text, why: "no time: write 12:30, -2h, yesterday or 2026-11-20")
      }
      return try await around(Operations.place(at: date))
    }
  }

  private func measure(_ lens: Audit.Lens) async throws(Problem) -> Audit.Message? {
    guard let filter = try? filter(lens.texts) else { return nil }
    let all = try await operations.count(filter)
    let reads = try await operations.count(filter.and(Audit.Lens.reads))
    return .measured(lens, Audit.Measure(passing: lens.showsReads ? all : all - reads, hiddenReads: reads))
  }

  private func spread(_ lens: Audit.Lens, _ span: Audit.Strip.Span) async throws(Problem) -> Audit.Message? {
    guard let filter = try? filter(lens.texts) else { return nil }
    let spread = try await operations.spread(
      filter, excluding: lens.showsReads ? [] : Audit.Lens.readTypes, in: span.range, bars: span.bars)
    guard let spread else { return nil }
    return .spreadArrived(
      lens, span,
      Audit.Strip.Spread(
        start: spread.start, width: spread.width, counts: spread.counts, denials: spread.denials))
  }
}

extension InvalidFilter {
  fileprivate var words: String { "column \(column): \(mistake)" }
}
