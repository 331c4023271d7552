import Foundation
import Glibc
import Testing

/// What a person does first, in a real pseudo-terminal at 80 × 24.
@Suite("The demo, as a person walks it", .serialized)
struct DemoStoryTests {
  @Test("an account is made, a workload connected, its events seen, and the terminal is as before")
  func story() throws {
    let session = try Session([SessionTests.program, "demo"])
    func sees(_ text: String, _ comment: Comment? = nil, location: SourceLocation = #_sourceLocation) throws {
      let isThere = session.wait { $0.emulator.text.contains(text) }
      try #require(
        isThere, comment ?? "\(text) is not on the screen:\n\(session.emulator.text)", sourceLocation: location)
    }
    func press(_ keys: String, until text: String, location: SourceLocation = #_sourceLocation) throws {
      session.type(keys)
      try sees(text, location: location)
    }

    try sees("What needs you now")
    try press("2", until: "ci-deploy")
    try press("a", until: "New service account")
    try press("pty-story\r", until: "pty-story")
    try press("\r", until: "This request will be sent")
    try press("\r", until: "The service account pty-story was created.")

    try press("3", until: "gha-docs")
    try press("a", until: "Where does the workload run?")
    try press("\r", until: "Repository")
    try press("acme/*\r", until: "a repository's name has")
    session.resize(columns: 132, rows: 40)
    try press("\u{1B}[Z\u{15}acme/story\r", until: "acme/story")
    session.resize(columns: 80, rows: 24)
    try press("\t", until: "Branch or tag")
    try press("main\r", until: "main")
    session.type(String(repeating: "\r", count: 4))
    try sees("Act as")
    session.type("\r\r")
    try sees("Token lives")
    session.type("\r\r\r")
    try sees("and nothing else")
    try sees("✗ out")
    try press("\r", until: "is live.")
    try sees("ANTHROPIC_FEDERATION_RULE_ID=fdrl_")
    session.type("y")
    let isCopied = session.wait { !$0.emulator.clipboard.isEmpty }
    #expect(isCopied)
    let copied = session.emulator.clipboard.last.flatMap { Data(base64Encoded: $0) } ?? Data()
    #expect(String(decoding: copied, as: UTF8.self).contains("id-token: write"))

    try press("\u{1B}", until: "Issuers")
    try press("4", until: "Federation rule cre")
    session.type("q")
    #expect(session.end() == 0)
    #expect(session.emulator.modes == Emulator.usualModes && session.modes == session.before)
    #expect(session.emulator.unknown.isEmpty)
  }
}
