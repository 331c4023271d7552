extension Sandbox {
  /// What goes on by itself.
  func live() async {}
}
