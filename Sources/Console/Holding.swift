import AccountsView
import FederationView
import Interface
import KeysView
import MigrationView
import Platform
import WorkspacesView

extension App {
  /// Changes on a profile that has its name typed before each: they wait here, and nothing of them is sent.
  package struct Held: Equatable, Sendable {
    var effects: [Effect]
    var question: Confirmation

    init(_ effects: [Effect], profile: String) {
      self.effects = effects
      question = Confirmation(
        title: "A change on \(profile)",
        lines: ["This profile asks for its name before every change. Nothing was sent yet.", ""], word: profile)
    }
  }

  /// What of `effects` may go on; a change to the platform is held where the profile asks for that.
  static func passed(_ effects: [Effect], _ state: inout State) -> [Effect] {
    guard let profile = state.connection.confirmedProfile else { return effects }
    let changes = effects.filter(\.isChange)
    if !changes.isEmpty {
      if case .held(let held) = state.overlay {
        state.overlay = .held(Held(held.effects + changes, profile: profile))
      } else {
        state.overlay = .held(Held(changes, profile: profile))
      }
    }
    return effects.filter { !$0.isChange }
  }

  /// A key for the question. Sent when the name was typed; called off, the view has its form back and says so.
  static func answer(_ held: Held, _ key: Key, _ state: inout State) -> [Effect] {
    var held = held
    switch held.question.press(key) {
    case .confirmed:
      state.overlay = nil
      return held.effects
    case .cancelled:
      state.overlay = nil
      let problem = Problem(
        "Nothing was sent", because: "the profile's name was not typed", try: "Do it again when you are sure.",
        kind: .interrupted, code: "not_confirmed")
      return held.effects.compactMap { $0.failed(problem) }.flatMap { react(&state, $0) }.filter { !$0.isChange }
    case .none:
      state.overlay = .held(held)
      return []
    }
  }
}

extension App.Effect {
  /// Whether it asks the platform to change anything.
  var isChange: Bool { failed(App.Effect.noProblem) != nil }

  private static let noProblem = Problem("", because: "", try: "")

  /// What tells the view that a change was not made; nil for what is none.
  func failed(_ problem: Problem) -> App.Message? {
    switch self {
    case .readOrganization, .watchThemes, .audit, .overview, .judge, .screen, .readJournal, .write, .keep: return nil
    case .undo: return .journalFailed(problem)
    case .workspaces(let effect):
      switch effect {
      case .add: return .workspaces(.addFailed(problem))
      case .remove: return .workspaces(.removeFailed(problem))
      case .load, .count, .loadContents, .go, .copy, .say: return nil
      }
    case .accounts(let effect):
      switch effect {
      case .create: return .accounts(.creationFailed(problem))
      case .update: return .accounts(.updateFailed(problem))
      case .archive, .shutOff: return .accounts(.closingFailed(problem))
      case .restore: return .accounts(.restoreFailed(problem))
      case .load, .judge, .loadUsage, .loadDetail, .readDependants, .copy, .save, .go, .say, .tellStory: return nil
      }
    case .rules(let effect):
      switch effect {
      case .archive: return .rules(.archiveFailed(problem))
      case .update: return .rules(.updateFailed(problem))
      case .issuerEdit(.create), .issuerEdit(.update): return .rules(.issuerEdit(.failed(problem)))
      case .connect(.connect(let plan)): return .rules(.connect(.interrupted(problem, remaining: plan)))
      case .connect(.takeBack): return .rules(.connect(.takingBackFailed(problem)))
      // An accepted finding is written down here and nowhere else.
      case .load, .survey, .lint, .trial, .connect, .issuerEdit, .copy, .save, .say: return nil
      }
    case .keys(let effect):
      if case .change = effect { return .keys(.changeFailed(problem)) }
      return nil
    case .migration(let effect):
      switch effect {
      // Looks for proof, and changes nothing.
      case .take(.verify, _): return nil
      case .take: return .migration(.stepFailed(problem))
      case .load, .report, .copy, .say: return nil
      }
    }
  }
}
