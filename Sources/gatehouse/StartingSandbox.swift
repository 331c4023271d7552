import Platform
import PlatformClient
import Sandbox

/// A sandbox that is made beside the screen, which is drawn before it is there. What is asked of it meanwhile waits.
/// It goes on until the process ends.
struct StartingSandbox: Transport {
  private let making: Task<Sandbox, any Error>
  private let serving: Task<String, any Error>

  /// Begins to make it, and then to serve it on loopback too.
  init(_ scenario: Scenario, seed: UInt64) {
    let making = Task.detached { try Sandbox(scenario: scenario, seed: seed, fetch: KeyFetch.fetch) }
    self.making = making
    serving = Task.detached { try await SandboxServer(making.value).start().baseURL }
  }

  /// Where it listens, `127.0.0.1:40123`, once it does; nil when it cannot.
  @Sendable func address() async -> String? { try? await serving.value.replacing("http://", with: "") }

  func send(_ request: Request) async throws(TransportFailure) -> Response {
    let sandbox: Sandbox
    do { sandbox = try await making.value } catch { throw .unreachable("the sandbox was not made: \(error)") }
    return try await sandbox.send(request)
  }

  /// What signs in to it.
  var credentials: Credentials {
    Credentials(
      token: Key(making: making) { .bearer($0.oauthToken) }, adminKey: Key(making: making) { .apiKey($0.adminKey) },
      complianceKey: Key(making: making) { .apiKey($0.complianceKey) })
  }

  /// One of what it hands over, once it is there.
  private struct Key: CredentialSource {
    let making: Task<Sandbox, any Error>
    let given: @Sendable (Sandbox.Credentials) -> Credential

    func credential(insteadOf rejected: Credential?) async throws(Problem) -> Credential {
      do { return given(try await making.value.credentials) } catch let problem as Problem { throw problem } catch {
        throw Problem("The sandbox was not made", because: "\(error)", try: "Start it again.", kind: .local)
      }
    }
  }
}
