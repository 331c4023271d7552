import Platform
extension Sandbox {
  func grant(_ call: Call) async throws(Refusal) -> Answer { throw .authenticationFailed }
}
