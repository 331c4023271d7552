/// Where surfaces are shown. An actor, so that whatever decides what to show can run beside it, without a hop.
package protocol Screen: Actor {
  func show(_ surface: Surface)
  /// Puts text on the person's clipboard, where the terminal allows it.
  func copy(_ text: String)
  /// Gives the terminal back to the shell until the person returns.
  func suspend()
  /// Paints everything again, for a screen that something else wrote on.
  func redraw()
  /// Rings the terminal's bell.
  func ring()
  /// Gives the roles another look, and paints everything again.
  func setTheme(_ theme: Theme)
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
