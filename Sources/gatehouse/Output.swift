import Glibc
import Interface
import Platform

/// Standard output and error. Results go to the first, everything else to the second.
///
/// Text from outside is made harmless on the way: a name can hold escape sequences, and this may be a terminal.
enum Output {
  /// One line, or several; each made harmless.
  static func line(_ text: String) { write(harmless(text), to: STDOUT_FILENO) }
  static func error(_ text: String) { write(harmless(text), to: STDERR_FILENO) }

  /// Rings the bell of the terminal that standard error is.
  static func ring() { write([0x07], to: STDERR_FILENO) }

  /// One JSON object on one line. JSON escapes what could steer a terminal, so it goes out as it is.
  static func json(_ json: JSON) { write(json.compact, to: STDOUT_FILENO) }

  /// Text for a file or a pipe, byte for byte, with no line end added: a patch, a document, a token.
  static func verbatim(_ text: String) { verbatim(Array(text.utf8)) }
  static func verbatim(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

  /// Text that is to be kept exactly, a patch or a report: byte for byte into a file or a pipe, and harmless on a
  /// terminal, where nobody applies it.
  static func document(_ text: String) {
    guard isatty(STDOUT_FILENO) == 1 else { return verbatim(text) }
    write(Array(harmless(text).utf8), to: STDOUT_FILENO)
  }

  private static func harmless(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { Text.harmless(String($0)) }
      .joined(separator: "\n")
  }

  private static func write(_ line: String, to file: Int32) { write(Array((line + "\n").utf8), to: file) }

  private static func write(_ bytes: [UInt8], to file: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count > 0 {
        rest.removeFirst(count)
      } else if count < 0, errno != EINTR {
        // Whoever read us has gone (`| head`): there is nobody to tell, and nothing more to do.
        if errno == EPIPE { end(0) }
        let cause = String(cString: strerror(errno))
        if file == STDOUT_FILENO {
          error("gatehouse: The output was not written: \(cause).\nMake room, or send it elsewhere.")
        }
        end(Problem.Kind.local.exitStatus)
      }
    }
  }
}

/// Rows of text with a heading, in columns as wide as their widest entry.
struct TextTable {
  private let headings: [String]
  private var rows: [[String]] = []

  init(_ headings: String...) { self.headings = headings }

  /// - Parameter row: one entry for each heading.
  mutating func add(_ row: String...) { rows.append(row.map { Text.harmless($0) }) }

  var text: String {
    let all = [headings] + rows
    let widths = headings.indices.map { column in all.map { Text.columns($0[column]) }.max() ?? 0 }
    return all.map { row in
      var line = ""
      for (column, entry) in row.enumerated() {
        line += entry
        if column < row.count - 1 {
          line += String(repeating: " ", count: widths[column] - Text.columns(entry) + 2)
        }
      }
      return line
    }.joined(separator: "\n")
  }
}

extension GlobalOptions {
  /// A list: JSON Lines, or a table made by `table`, or `nothing` in words where there is none.
  func show<Item>(_ items: [Item], json: (Item) -> JSON, nothing: String, table: ([Item]) -> TextTable) {
    if self.json {
      for item in items { Output.json(json(item)) }
    } else if items.isEmpty {
      Output.line(nothing)
    } else {
      Output.line(table(items).text)
    }
  }

  /// One thing: JSON, or labelled lines; an empty value leaves its line out.
  func show(_ json: JSON, lines: [(label: String, value: String)]) {
    if self.json { return Output.json(json) }
    let width = (lines.map { Text.columns($0.label) }.max() ?? 0) + 2
    for line in lines where !line.value.isEmpty {
      // A line end in a value would let it pass for lines of ours.
      let value = Text.harmless(line.value)
      Output.line(line.label + String(repeating: " ", count: width - Text.columns(line.label)) + value)
    }
  }
}
