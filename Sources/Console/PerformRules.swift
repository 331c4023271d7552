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

  func perform(_ effect: Rules.Trial.Effect) async -> Rules.Trial.Message {
    do throws(Problem) {
      switch effect {
      case .judge(.token(let text), let rule, let workspace):
        return .judged(try await operations.verdict(on: text, rule: rule, workspace: workspace))
      case .judge(.file(let path), let rule, let workspace):
        let text = Secret(try Files.text(at: path, what: "token"))
        return .judged(try await operations.verdict(on: text, rule: rule, workspace: workspace))
      case .judge(.claims(let claims), let rule, let workspace):
        return .judged(try await operations.exchange(.claims(claims), rule: rule, workspace: workspace).verdict())
      }
    } catch {
      return .failed(error)
    }
  }
}

extension Performer {
  func perform(_ effect: Rules.IssuerEdit.Effect) async -> Rules.IssuerEdit.Message {
    switch effect {
    case .readFiles(let paths):
      var files: [String: String] = [:]
      for path in paths {
        do throws(Problem) { files[path] = try Files.text(at: path, what: "file") } catch {
          return .fileFailed(path, error)
        }
      }
      return .filesRead(files)
    case .create(let draft):
      do throws(Problem) { return .saved(try await operations.createIssuer(draft)) } catch { return .failed(error) }
    case .update(let issuer, let update):
      do throws(Problem) { return .saved(try await operations.updateIssuer(issuer.id, update)) } catch {
        return .failed(error)
      }
    }
  }
}
