internal import CCurl

/// Keeps credentials from leaving this process by way of its memory.
package enum MemoryGuard {
  /// From now on: no core file, and no reading by another process of the same person. Not undone; called once, at the
  /// start, by a program that will hold credentials.
  package static func forbidDumps() { gh_forbid_dumps() }

  /// Whether the system holds to it.
  package static var isActive: Bool { gh_are_dumps_forbidden() != 0 }
}
