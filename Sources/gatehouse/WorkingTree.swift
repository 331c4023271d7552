import Glibc
import Platform

/// A working tree of git, asked through git itself.
struct WorkingTree {
  private let folder: String
  init(_ folder: String) { self.folder = folder }

  /// - Parameter paths: files below the folder that are about to change.
  /// - Throws: ``Problem`` when git could not bring one of them back: it is not tracked, or something is uncommitted.
  func check(_ paths: [String]) throws(Problem) {
    let tracked = run(["ls-files", "--error-unmatch", "--"] + paths)
    guard let tracked, tracked.status == 0 else {
      throw refusal("git does not have every file that would change", "Commit them first, or apply the diff yourself.")
    }
    let status = run(["status", "--porcelain", "--untracked-files=no", "--", "."])
    guard let status, status.status == 0, status.isSilent else {
      throw refusal("the working tree has changes that are not committed", "Commit or stash them first.")
    }
  }

  private func refusal(_ cause: String, _ remedy: String) -> Problem {
    Problem("Nothing was written to \(folder)", because: cause, try: remedy, kind: .local, code: "tree_not_clean")
  }

  /// - Returns: the exit status, and whether nothing was printed; nil when git could not be started.
  private func run(_ words: [String]) -> (status: Int32, isSilent: Bool)? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    defer { close(ends[0]) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    // Names are names and no patterns, and the tree may be a stranger's, whose settings must start no program here.
    let own = ["git", "--literal-pathspecs", "-c", "core.fsmonitor=false", "-C", folder]
    var arguments = (own + words).map { strdup($0) } + [nil]
    let inherited = Environment.current.values.filter { !$0.key.hasPrefix("ANTHROPIC") }
    var variables = inherited.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (arguments + variables).forEach { free($0) } }
    var process = pid_t()
    let started = posix_spawnp(&process, "git", &actions, nil, &arguments, &variables)
    close(ends[1])
    guard started == 0 else { return nil }
    var (isSilent, chunk) = (true, [UInt8](repeating: 0, count: 4096))
    while true {
      let count = read(ends[0], &chunk, chunk.count)
      if count > 0 { isSilent = false } else if count == 0 || errno != EINTR { break }
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return (status & 0x7F == 0 ? status >> 8 & 0xFF : -1, isSilent)
  }
}
