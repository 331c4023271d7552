import Console
import Foundation
import Interface
import Platform
import Testing

@Suite("Chosen keys")
struct KeyChoiceTests {
  @Test("give an action another key, which footer and help then show")
  func keys() {
    var state = AppTests.accounts()
    state.keyChoices = ["add": ["A"], "quit": ["ctrl-q"]]
    _ = AppTests.press("a", &state)
    #expect(state.accounts.creation == nil)
    #expect(App.render(state).text.contains("A add"))
    _ = AppTests.press("A", &state)
    #expect(state.accounts.creation != nil)
    _ = AppTests.press("<esc>q", &state)
    #expect(!state.isQuitting)
    _ = AppTests.press("<ctrl-q>", &state)
    #expect(state.isQuitting)
  }

  @Test("that cannot be are named, and the old key stays")
  func clash() {
    var state = AppTests.accounts()
    state.keyChoices = ["add": ["e"]]
    _ = AppTests.press("a", &state)
    #expect(state.accounts.creation != nil)
  }
}
