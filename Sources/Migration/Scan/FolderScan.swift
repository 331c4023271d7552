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

  /// What is mapped at once; more is nobody's text.
  private static let largest = 1 << 30
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
    var files: [File] = []
    if isFolder {
      list("", into: &files, &result)
    } else {
      files = [File(path: String(root.split(separator: "/").last ?? ""), size: Int(status.st_size))]
    }
    files.sort { $0.path < $1.path }
    read(files, isFolder: isFolder, &result)
    result.finds = FolderScan.withoutHarmlessEnvironmentFiles(result.finds)
    return result
  }

  private struct File: Sendable {
    let path: String
    let size: Int
  }

  // MARK: Files

  private func list(_ folder: String, into files: inout [File], _ result: inout Result) {
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
      var status = stat()
      guard lstat(root + "/" + path, &status) == 0 else {
        result.unreadable.append((path, String(cString: strerror(errno))))
        continue
      }
      switch status.st_mode & S_IFMT {
      case S_IFDIR:
        if FolderScan.passedOver.contains(name) {
          result.skipped["version control", default: 0] += 1
        } else if FolderScan.packages.contains(name) {
          result.skipped["folders of installed packages", default: 0] += 1
        } else {
          list(path, into: &files, &result)
        }
      case S_IFREG: files.append(File(path: path, size: Int(status.st_size)))
      case S_IFLNK: result.skipped["symbolic links", default: 0] += 1
      default: result.skipped["devices and sockets", default: 0] += 1
      }
    }
  }

  /// On as many threads as there are cores, in pieces that are taken as they come.
  private func read(_ files: [File], isFolder: Bool, _ result: inout Result) {
    let piece = 64
    let count = (files.count + piece - 1) / piece
    let pieces = Mutex<[Int: Result]>([:])
    DispatchQueue.concurrentPerform(iterations: count) { index in
      var part = Result()
      for file in files[(index * piece)..<min(files.count, (index + 1) * piece)] {
        read(file, at: isFolder ? root + "/" + file.path : root, &part)
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

  private func read(_ file: File, at path: String, _ result: inout Result) {
    guard file.size > 0 else {
      result.files += 1
      return
    }
    let ending = file.path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    if FolderScan.archives.contains(ending) { return result.skipped["archives", default: 0] += 1 }
    guard file.size <= FolderScan.largest else { return result.skipped["files over 1 GiB", default: 0] += 1 }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return result.unreadable.append((file.path, String(cString: strerror(errno)))) }
    defer { close(descriptor) }
    guard let map = FileBytes(descriptor, count: file.size) else {
      return result.unreadable.append((file.path, String(cString: strerror(errno))))
    }
    guard !map.isBinary else { return result.skipped["files that are no text", default: 0] += 1 }
    result.files += 1
    result.bytes += file.size
    guard map.isWide || FolderScan.isAlwaysRead(file.path) || Anchors.standard.occur(in: map.bytes) else { return }
    var bytes = map.text
    result.finds += Scan.finds(in: bytes, path: file.path)
    wipe(&bytes)
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

/// The bytes of an open file: read when small, mapped when not.
private final class FileBytes {
  let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool
  /// Up to here a copy is cheaper than a map.
  private static let small = 64 << 10

  init?(_ descriptor: Int32, count: Int) {
    isMapped = count > FileBytes.small
    if isMapped {
      let map = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
      guard let map, map != MAP_FAILED else { return nil }
      bytes = UnsafeRawBufferPointer(start: map, count: count)
    } else {
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
      var filled = 0
      while filled < count {
        let more = Glibc.read(descriptor, buffer.baseAddress! + filled, count - filled)  // it has `count` bytes
        if more < 0, errno == EINTR { continue }
        guard more > 0 else { break }
        filled += more
      }
      bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<filled])
    }
  }

  deinit {
    if isMapped {
      munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    } else {
      // What was read may have been a key.
      UnsafeMutableRawBufferPointer(mutating: bytes).initializeMemory(as: UInt8.self, repeating: 0)
      bytes.baseAddress?.deallocate()
    }
  }

  /// UTF-16 with its mark is text, other zero bytes are none.
  var isBinary: Bool {
    guard !isWide else { return false }
    let head = UnsafeRawBufferPointer(rebasing: bytes.prefix(8192))
    return head.count > 0 && memchr(head.baseAddress!, 0, head.count) != nil  // not empty, so it has an address
  }

  /// UTF-16, by its mark.
  var isWide: Bool {
    bytes.count >= 2 && ((bytes[0] == 0xFF && bytes[1] == 0xFE) || (bytes[0] == 0xFE && bytes[1] == 0xFF))
  }

  /// In UTF-8.
  var text: [UInt8] {
    guard isWide else { return Array(bytes) }
    let isLittle = bytes[0] == 0xFF
    let units = stride(from: 2, to: bytes.count - 1, by: 2).map { index -> UInt16 in
      let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
      return isLittle ? second << 8 | first : first << 8 | second
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }
}
