internal import GRDB
internal import Platform

extension Storage {
  /// Runs `body` and says in a person's words what went wrong in it.
  /// - Parameter failure: what did not happen.
  static func attempt<Value>(_ failure: String, _ body: () throws -> Value) throws(Problem) -> Value {
    do {
      return try body()
    } catch let problem as Problem {
      throw problem
    } catch let error as DatabaseError {
      throw problem(failure, error)
    } catch is CancellationError {
      throw Problem(failure, because: "it was cancelled", try: "Ask again.", kind: .interrupted)
    } catch {
      throw Problem(
        failure, because: "the local store failed: \(error)", try: "Run gatehouse doctor.", kind: .local,
        code: "store_failed")
    }
  }

  private static func problem(_ failure: String, _ error: DatabaseError) -> Problem {
    let (code, cause, remedy) =
      switch error.resultCode {
      case .SQLITE_FULL:
        ("disk_full", "the disk is full", "Make room, then try again: nothing that was kept is lost.")
      case .SQLITE_READONLY:
        ("store_read_only", "the local store cannot be written", "Make its file and directory writable.")
      case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
        ("store_unavailable", "the local store cannot be opened", "Make its file and directory yours and writable.")
      case .SQLITE_CORRUPT, .SQLITE_NOTADB:
        ("store_damaged", "the local store is damaged", "Run gatehouse doctor; the feed can be read again.")
      case .SQLITE_BUSY, .SQLITE_LOCKED:
        ("store_busy", "another program is using the local store", "Try again in a moment.")
      case .SQLITE_IOERR:
        ("store_failed", "the disk did not read or write the local store", "See to the disk, then try again.")
      default:
        (
          "store_failed", "the local store failed: \(error.message ?? "code \(error.resultCode.rawValue)")",
          "Run gatehouse doctor."
        )
      }
    return Problem(failure, because: cause, try: remedy, kind: .local, code: code)
  }
}
