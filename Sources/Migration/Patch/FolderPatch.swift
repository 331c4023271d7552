package import Platform

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The patch of a folder, or of one file, on disk.
package struct FolderPatch: Sendable {
  package let patch: Patch
  /// The folder that paths are relative to.
  package let root: String

  /// - Throws: ``Problem`` when a file cannot be read.
  package init(_ path: String, identifiers: Patch.Identifiers) throws(Problem) {
    let scan = try FolderScan(path).run()
    var status = stat()
    let isFolder = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    // A file keeps the path it was given by, so that the diff applies where the command ran.
    let slash = path.lastIndex(of: "/")
    let folder = isFolder ? "" : slash.map { String(path[...$0]) } ?? ""
    root = isFolder ? path : path.hasPrefix("/") ? "/" : "."
    var files: [String: [UInt8]] = [:]
    for name in Set(scan.finds.map { String(folder.drop { $0 == "/" }) + $0.file }) {
      files[name] = try FolderPatch.bytes(root + "/" + name)
    }
    if isFolder {
      for name in FolderPatch.companions(of: files.keys, in: root) where files[name] == nil {
        files[name] = try FolderPatch.bytes(root + "/" + name)
      }
    }
    let root = root
    patch = Patch(files: files, identifiers: identifiers) { access(root + "/" + $0, F_OK) == 0 }
  }

  /// Files that a change may concern though nothing was found in them: workflows that call one, templates and values of
  /// a chart.
  private static func companions(of names: some Sequence<String>, in root: String) -> [String] {
    var folders: Set<String> = []
    for name in names {
      if let range = name.firstRange(of: ".github/") { folders.insert(name[..<range.lowerBound] + ".github/workflows") }
      if let chart = ChartPatch.root(ofTemplate: name) {
        folders.formUnion([chart + "templates", String(chart.dropLast())])
      }
    }
    return folders.sorted().flatMap { folder -> [String] in
      files(in: root + "/" + folder).filter { name in
        folder.hasSuffix("workflows") || folder.hasSuffix("templates")
          ? name.hasSuffix(".yml") || name.hasSuffix(".yaml") : name == "values.yaml" || name == "values.yml"
      }.map { folder.isEmpty ? $0 : folder + "/" + $0 }
    }
  }

  /// The names of the files in a folder, without those behind symbolic links.
  private static func files(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      var status = stat()
      if lstat(folder + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG { names.append(name) }
    }
    return names
  }

  private static func bytes(_ path: String) throws(Problem) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw problem(path, "read") }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(file, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw problem(path, "read") }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }

  /// Writes the change of one file: a sibling that is on the disk takes its place, with the same mode.
  /// - Throws: ``Problem`` when the file is no longer what the change was made for, or cannot be written.
  package func write(_ change: Patch.Change) throws(Problem) {
    let path = root + "/" + change.path
    var mode = mode_t(0o644)
    if let before = change.before {
      guard try FolderPatch.bytes(path) == before else {
        throw Problem(
          "\(change.path) was not changed", because: "it is no longer what it was when the patch was made",
          try: "Run the command again.", kind: .local, code: "file_changed")
      }
      var status = stat()
      if stat(path, &status) == 0 { mode = status.st_mode & 0o7777 }
    }
    let sibling = path + ".gatehouse-new"
    let file = open(sibling, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
    guard file >= 0 else { throw FolderPatch.problem(sibling, "written") }
    var isWritten = fchmod(file, mode) == 0
    var rest = change.after[...]
    while isWritten, !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count > 0 { rest.removeFirst(count) } else if errno != EINTR { isWritten = false }
    }
    isWritten = isWritten && fsync(file) == 0
    close(file)
    guard isWritten, rename(sibling, path) == 0 else {
      let problem = FolderPatch.problem(path, "written")
      unlink(sibling)
      throw problem
    }
  }

  private static func problem(_ path: String, _ verb: String) -> Problem {
    Problem(
      "\(path) was not \(verb)", because: String(cString: strerror(errno)), try: "Check the path and its permissions.",
      kind: .local, code: verb == "read" ? "file_unreadable" : "file_not_written")
  }
}
