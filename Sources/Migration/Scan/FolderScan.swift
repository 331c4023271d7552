internal import Dispatch
package import Platform
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A scan of a file or of all files under a folder.
///
/// Dot files are read, and ignore files are not honoured: what a repository ignores (`.env`) is where keys are. Left
/// out, and counted, are version control's own data, folders of installed packages, symbolic links, archives and files
/// with zero bytes in them.
package struct FolderScan: Sendable {
  package struct Result: Sendable {
    /// By file, in the order of the names, and by place.
    package var finds: [Find] = []
    package var files = 0
    package var bytes = 0
    /// How much was left out, by reason.
    package var skipped: [String: Int] = [:]
    /// Files that could not be read, with the reason.
    package var unreadable: [(file: String, cause: String)] = []

    package init() {}
  }

  private static let passedOver: Set<String> = [".git", ".hg", ".svn", ".jj"]
  private static let packages: Set<String> = [
    "node_modules", "bower_components", "site-packages", "__pycache__", ".venv", ".tox", ".yarn", ".pnpm-store",
    ".gradle",
    ".m2", ".cargo", ".bundle", ".terraform",
  ]
  private static let archives: Set<String> = [
    "zip", "gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "tar", "jar", "war", "whl", "egg", "deb", "rpm",
  ]

  private let root: String

  package init(_ root: String) { self.root = root }

  /// - Throws: ``Problem`` when there is no such file or folder.
  package func run() throws(Problem) -> Result {
    var result = Result()
    var status = stat()
    guard stat(root, &status) == 0 else {
      throw Problem(
        "\(root) was not scanned", because: String(cString: strerror(errno)), try: "Check the path.", kind: .local,
        code: "path_unreadable")
    }
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    var files: [String] = []
    if isFolder {
      list("", into: &files, &result)
    } else {
      files = [String(root.split(separator: "/").last ?? "")]
    }
    files.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    read(files, isFolder: isFolder, &result)
    result.finds = FolderScan.withoutHarmlessEnvironmentFiles(result.finds)
    return result
  }

  // MARK: Files

  private func list(_ folder: String, into files: inout [String], _ result: inout Result) {
    guard let directory = opendir(folder.isEmpty ? root : root + "/" + folder) else {
      result.unreadable.append((folder.isEmpty ? root : folder, String(cString: strerror(errno))))
      return
    }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      let path = folder.isEmpty ? name : folder + "/" + name
      switch type(of: entry, at: path) {
      case DT_DIR:
        if FolderScan.passedOver.contains(name) {
          result.skipped["version control", default: 0] += 1
        } else if FolderScan.packages.contains(name) {
          result.skipped["folders of installed packages", default: 0] += 1
        } else {
          list(path, into: &files, &result)
        }
      case DT_REG where FolderScan.isArchive(name): result.skipped["archives", default: 0] += 1
      case DT_REG: files.append(path)
      case DT_LNK: result.skipped["symbolic links", default: 0] += 1
      default: result.skipped["devices and sockets", default: 0] += 1
      }
    }
  }

  /// Some file systems do not say with the name what it is.
  private func type(of entry: UnsafeMutablePointer<dirent>, at path: String) -> Int {
    guard Int(entry.pointee.d_type) == DT_UNKNOWN else { return Int(entry.pointee.d_type) }
    var status = stat()
    guard lstat(root + "/" + path, &status) == 0 else { return DT_UNKNOWN }
    return Int((status.st_mode & S_IFMT) >> 12)
  }

  private static func isArchive(_ name: String) -> Bool {
    name.utf8.lastIndex(of: UInt8(ascii: ".")).map { archives.contains(name[$0...].dropFirst().lowercased()) } ?? false
  }

  /// On as many threads as there are cores, in pieces that are taken as they come.
  private func read(_ files: [String], isFolder: Bool, _ result: inout Result) {
    let piece = 64
    let count = (files.count + piece - 1) / piece
    let pieces = Mutex<[Int: Result]>([:])
    DispatchQueue.concurrentPerform(iterations: count) { index in
      var part = Result()
      let reader = FileReader()
      for file in files[(index * piece)..<min(files.count, (index + 1) * piece)] {
        read(file, at: isFolder ? root + "/" + file : root, reader, &part)
      }
      pieces.withLock { $0[index] = part }
    }
    let parts = pieces.withLock { $0 }
    for index in 0..<count {
      guard let part = parts[index] else { continue }
      result.finds += part.finds
      result.files += part.files
      result.bytes += part.bytes
      result.unreadable += part.unreadable
      result.skipped.merge(part.skipped, uniquingKeysWith: +)
    }
  }

  private func read(_ file: String, at path: String, _ reader: FileReader, _ result: inout Result) {
    switch reader.read(path, isAlwaysWhole: FolderScan.isAlwaysRead(file)) {
    case .unreadable(let cause): result.unreadable.append((file, cause))
    case .binary: result.skipped["files that are no text", default: 0] += 1
    case .tooLarge: result.skipped["files over 1 GiB with something in them", default: 0] += 1
    case .nothing(let count):
      result.files += 1
      result.bytes += count
    case .text(var bytes):
      result.files += 1
      result.bytes += bytes.count
      result.finds += Scan.finds(in: bytes, path: file)
      wipe(&bytes)
    }
  }

  /// Files whose finds need no anchor in them: they point at others.
  private static func isAlwaysRead(_ path: String) -> Bool {
    let name = path.split(separator: "/").last ?? ""
    return name == "active_config" || (name.contains("compose") && (name.hasSuffix(".yml") || name.hasSuffix(".yaml")))
  }

  /// A file of variables that Compose reads matters when the file, or the service, has to do with Claude.
  private static func withoutHarmlessEnvironmentFiles(_ finds: [Find]) -> [Find] {
    let others = finds.filter { $0.kind != .composeEnvironmentFile }
    return finds.filter { find in
      guard find.kind == .composeEnvironmentFile, let name = find.name else { return true }
      let folder = find.file.split(separator: "/").dropLast().joined(separator: "/")
      let relative = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
      let path = folder.isEmpty ? relative : folder + "/" + relative
      return others.contains { $0.file == path || $0.file == find.file }
    }
  }
}
