import FoundationEssentials
import Operations
import Platform
import WorkspacesView

extension Performer {
  func perform(_ effect: Workspaces.Effect, send: @escaping Runtime.Send) async -> Workspaces.Message? {
    switch effect {
    case .load:
      do throws(Problem) {
        async let rules = rules()
        let workspaces = try await operations.workspaces(includeArchived: true)
        let accounts = try await operations.accounts(includeArchived: true)
        return .loaded(
          Workspaces.Board(
            workspaces: workspaces, rules: try await rules.get(), accounts: accounts, keys: try await readableKeys()))
      } catch {
        return .loadFailed(error)
      }
    case .count(let workspaces):
      for workspace in workspaces where !Task.isCancelled { send(.workspaces(await contents(of: workspace))) }
      return nil
    case .loadContents(let workspace): return await contents(of: workspace)
    case .add(let account, let workspace, let role):
      do throws(Problem) {
        return .added(try await operations.addWorkspace(workspace.id, to: account, role: role))
      } catch {
        return .addFailed(error)
      }
    case .remove(let membership):
      do throws(Problem) {
        try await operations.removeWorkspace(membership.workspaceID, from: membership.accountID)
        return .removed(membership)
      } catch {
        return .removeFailed(error)
      }
    case .go, .copy, .say: return nil
    }
  }

  private func contents(of workspace: Workspace) async -> Workspaces.Message {
    do throws(Problem) {
      let contents = Workspaces.Contents(
        memberships: try await operations.memberships(in: workspace), limits: try await operations.limits(of: workspace)
      )
      return .contentsArrived(workspace.id, contents)
    } catch {
      return .contentsFailed(error)
    }
  }

  /// Nil when no credential may read them.
  private func readableKeys() async throws(Problem) -> [APIKey]? {
    do throws(Problem) { return try await operations.keys() } catch {
      guard error.kind == .credential else { throw error }
      return nil
    }
  }
}
