/// A change of one file as `diff -u` and `git apply` write it.
enum UnifiedDiff {
  private static let context = 3

  /// - Parameters:
  ///   - before: nil for a file that is made.
  ///   - mask: what is shown of a line; a line that holds a key is not shown as it is.
  static func text(path: String, before: [UInt8]?, after: [UInt8], mask: (String) -> String) -> String {
    let (old, new) = (lines(before ?? []), lines(after))
    var text = before == nil ? "--- /dev/null\n" : "--- \(quoted("a/" + path))\n"
    text += "+++ \(quoted("b/" + path))\n"
    for hunk in hunks(steps(old, new)) {
      let oldCount = hunk.steps.count { $0.sign != "+" }
      let newCount = hunk.steps.count { $0.sign != "-" }
      text += "@@ -\(range(hunk.old, oldCount)) +\(range(hunk.new, newCount)) @@\n"
      for step in hunk.steps {
        text += step.sign + mask(String(decoding: step.line, as: UTF8.self))
        if step.line.last != 0x0A { text += "\n\\ No newline at end of file\n" }
      }
    }
    return text
  }

  private static func range(_ start: Int, _ count: Int) -> String {
    let first = count == 0 ? start : start + 1
    return count == 1 ? "\(first)" : "\(first),\(count)"
  }

  /// A name that could be misread in a heading, as git writes it.
  static func quoted(_ name: String) -> String {
    guard name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") })
    else { return name }
    let escaped = name.utf8.map { byte -> String in
      switch byte {
      case UInt8(ascii: "\""): "\\\""
      case UInt8(ascii: "\\"): "\\\\"
      case 0x20..<0x7F: String(UnicodeScalar(byte))
      default: "\\" + [byte >> 6, byte >> 3 & 7, byte & 7].map { String($0) }.joined()
      }
    }
    return "\"\(escaped.joined())\""
  }

  struct Step {
    let sign: String
    let line: ArraySlice<UInt8>
  }

  /// Lines with their ends.
  static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = 0
    for (index, byte) in bytes.enumerated() where byte == 0x0A {
      lines.append(bytes[start...index])
      start = index + 1
    }
    if start < bytes.count { lines.append(bytes[start...]) }
    return lines
  }

  static func steps(_ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]) -> [Step] {
    let difference = new.difference(from: old)
    var (removed, inserted): (Set<Int>, Set<Int>) = ([], [])
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var steps: [Step] = []
    var (left, right) = (0, 0)
    while left < old.count || right < new.count {
      if removed.contains(left) {
        steps.append(Step(sign: "-", line: old[left]))
        left += 1
      } else if inserted.contains(right) {
        steps.append(Step(sign: "+", line: new[right]))
        right += 1
      } else {
        steps.append(Step(sign: " ", line: old[left]))
        (left, right) = (left + 1, right + 1)
      }
    }
    return steps
  }

  private struct Hunk {
    let old, new: Int
    let steps: [Step]
  }

  private static func hunks(_ steps: [Step]) -> [Hunk] {
    let changed = steps.indices.filter { steps[$0].sign != " " }
    var hunks: [Hunk] = []
    var index = 0
    while index < changed.count {
      var last = index
      while last + 1 < changed.count, changed[last + 1] - changed[last] <= 2 * context + 1 { last += 1 }
      let start = max(0, changed[index] - context)
      let end = min(steps.count, changed[last] + context + 1)
      let before = steps[..<start]
      hunks.append(
        Hunk(
          old: before.count { $0.sign != "+" }, new: before.count { $0.sign != "-" }, steps: Array(steps[start..<end])))
      index = last + 1
    }
    return hunks
  }
}
