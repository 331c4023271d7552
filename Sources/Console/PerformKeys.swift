import FoundationEssentials
import KeysView
import Operations
import Platform

extension Performer {
  func perform(_ effect: Keys.Effect) async -> Keys.Message? {
    switch effect {
    case .load:
      do throws(Problem) { return .loaded(try await operations.keys()) } catch { return .loadFailed(error) }
    case .loadUsage:
      do throws(Problem) {
        var usage: [ID<APIKey>: Keys.Usage] = [:]
        for line in try await operations.usage(by: .key, from: weekAgo, to: now()) {
          guard let id = line.subject.flatMap({ try? ID<APIKey>($0) }) else { continue }
          usage[id] = Keys.Usage(requests: line.requests, tokens: line.tokens.total)
        }
        return .usageArrived(usage)
      } catch {
        return .usageFailed(error)
      }
    case .change(let keys, let change):
      let (changed, left, problem) = await inTurn(keys) { key throws(Problem) in
        switch change {
        case .disable: try await operations.disableKey(key)
        case .enable: try await operations.enableKey(key)
        case .archive: try await operations.archiveKey(key)
        }
      }
      if changed.isEmpty, let problem { return .changeFailed(problem) }
      return .changed(changed, change, left: left.map { "\($0.name): \($1.line)" })
    case .copy, .say: return nil
    }
  }

  /// Does one thing after the other, and goes on when one fails.
  ///
  /// - Returns: what came of those that were done, the others with the reason, and the first reason.
  func inTurn<Item>(
    _ items: [Item], _ act: (Item) async throws(Problem) -> Item
  ) async -> (done: [Item], left: [(Item, Problem)], first: Problem?) {
    var (done, left) = ([Item](), [(Item, Problem)]())
    for item in items {
      do throws(Problem) { done.append(try await act(item)) } catch { left.append((item, error)) }
    }
    return (done, left, left.first?.1)
  }

  var weekAgo: Date { now().addingTimeInterval(-7 * 86_400) }
}
