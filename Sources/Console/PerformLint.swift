import Federation
import FederationView
import Operations
import Platform

extension Performer {
  func perform(_ effect: Rules.Lint.Effect) async -> Rules.Lint.Message {
    switch effect {
    case .read(let rule):
      do throws(Problem) { return .seen(rule, try await operations.acceptedClaims(of: rule)) } catch {
        return .readFailed(error)
      }
    case .accept(let code, let rule, let reason, let date):
      do throws(Problem) {
        _ = try operations.accept(code, of: rule, reason: reason, until: date)
        return .accepted(try operations.acceptedFindings())
      } catch {
        return .acceptFailed(error)
      }
    case .withdraw(let code, let rule):
      do throws(Problem) {
        try operations.withdrawAcceptance(of: code, on: rule)
        return .accepted(try operations.acceptedFindings())
      } catch {
        return .acceptFailed(error)
      }
    }
  }

  func judge(
    _ presented: Rules.Trial.Presented, _ rule: FederationRule, _ workspace: WorkspaceRequest
  ) async -> Rules.Trial.Message {
    do throws(Problem) {
      let given: Exchange.Presented
      switch presented {
      case .claims(let claims): given = .claims(claims)
      case .token(let text):
        do throws(UnreadableToken) { given = .token(try Token(pasted: text)) } catch { return .judged(Verdict(error)) }
      case .file(let path):
        let text = Secret(try Files.text(at: path, what: "token"))
        do throws(UnreadableToken) { given = .token(try Token(pasted: text)) } catch { return .judged(Verdict(error)) }
      }
      return .judged(try await operations.exchange(given, rule: rule, workspace: workspace).verdict())
    } catch {
      return .failed(error)
    }
  }
}
