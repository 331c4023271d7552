/// Where surfaces are shown.
package protocol Screen: Sendable {
  func show(_ surface: Surface) async
  /// Puts text on the person's clipboard, where the terminal allows it.
  func copy(_ text: String) async
  /// Gives the terminal back to the shell until the person returns.
  func suspend() async
  /// Paints everything again, for a screen that something else wrote on.
  func redraw() async
}

package enum TerminalEvent: Sendable, Equatable {
  case pressed(Key)
  case mouse(Mouse)
  /// The terminal's window got the focus, or lost it.
  case focused(Bool)
  case resized(Size)
  /// The terminal has gone or the system asks to end: the reason, in words.
  case ended(reason: String)
}

/// What a person does with a mouse that a terminal tells of.
package struct Mouse: Hashable, Sendable {
  package enum Action: Hashable, Sendable { case click, wheelUp, wheelDown }
  package var action: Action
  package var position: Position
  package init(_ action: Action, at position: Position) { (self.action, self.position) = (action, position) }
}
