/// A pattern as instructions, run on all its states at once (Thompson, Pike): one pass over the text, no way back.
struct PatternProgram: Sendable {
  private struct Instruction: Sendable {
    enum Operation: UInt8, Sendable { case scalar, set, any, anyButNewline, fork, jump, assert, match }
    let operation: Operation
    /// The scalar, the index of the set, or the first place to go on at.
    var first: UInt32 = 0
    /// The second place that a fork goes on at.
    var second: UInt32 = 0
  }

  private var instructions: [Instruction] = []
  private var sets: [ScalarSet] = []
  private var assertions: [Pattern.Assertion] = []
  /// Nodes compiled, also those that give no instruction, so that repeating nothing a billion times ends.
  private var work = 0
  /// Nothing can match but at the start of the text.
  private let isAnchored: Bool

  var count: Int { instructions.count }

  init(_ tree: Pattern.Tree) throws(Pattern.Malformed) {
    isAnchored = tree.startsAtTextStart
    try compile(tree)
    try emit(Instruction(operation: .match))
  }

  // MARK: Compilation

  private mutating func emit(_ instruction: Instruction) throws(Pattern.Malformed) {
    guard instructions.count < Limits.instructions else { throw tooLarge }
    instructions.append(instruction)
  }

  private var tooLarge: Pattern.Malformed {
    Pattern.Malformed(message: "it takes more than \(Limits.instructions) instructions", offset: 0)
  }

  private var next: UInt32 { UInt32(instructions.count) }

  private mutating func compile(_ tree: Pattern.Tree) throws(Pattern.Malformed) {
    work += 1
    guard work <= 10 * Limits.instructions else { throw tooLarge }
    switch tree {
    case .scalar(let scalar): try emit(Instruction(operation: .scalar, first: scalar.value))
    case .any(let matchesNewline): try emit(Instruction(operation: matchesNewline ? .any : .anyButNewline))
    case .set(let set):
      sets.append(set)
      try emit(Instruction(operation: .set, first: UInt32(sets.count - 1)))
    case .assertion(let assertion):
      assertions.append(assertion)
      try emit(Instruction(operation: .assert, first: UInt32(assertions.count - 1)))
    case .sequence(let parts): for part in parts { try compile(part) }
    case .alternatives(let branches): try compile(alternatives: branches)
    case .repetition(let body, let least, let most): try compile(repeating: body, least, most)
    }
  }

  private mutating func compile(alternatives branches: [Pattern.Tree]) throws(Pattern.Malformed) {
    var exits: [Int] = []
    for branch in branches.dropLast() {
      let fork = instructions.count
      try emit(Instruction(operation: .fork, first: next + 1))
      try compile(branch)
      exits.append(instructions.count)
      try emit(Instruction(operation: .jump))
      instructions[fork].second = next
    }
    if let last = branches.last { try compile(last) }
    for exit in exits { instructions[exit].first = next }
  }

  private mutating func compile(repeating body: Pattern.Tree, _ least: Int, _ most: Int?) throws(Pattern.Malformed) {
    for _ in 0..<least { try compile(body) }
    guard let most else {
      let fork = instructions.count
      try emit(Instruction(operation: .fork, first: next + 1))
      try compile(body)
      try emit(Instruction(operation: .jump, first: UInt32(fork)))
      instructions[fork].second = next
      return
    }
    var exits: [Int] = []
    for _ in least..<max(least, most) {
      exits.append(instructions.count)
      try emit(Instruction(operation: .fork, first: next + 1))
      try compile(body)
    }
    for exit in exits { instructions[exit].second = next }
  }

  // MARK: Running

  /// - Parameters:
  ///   - text: UTF-8.
  ///   - visits: raised by how often an instruction was looked at.
  func matches(_ text: UnsafeBufferPointer<UInt8>, visits: inout Int) -> Bool {
    instructions.withUnsafeBufferPointer { instructions in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * instructions.count) { memory in
        memory.initialize(repeating: 0)
        return run(instructions, text, memory, &visits)
      }
    }
  }

  /// - Parameter memory: zeros, four for each instruction.
  private func run(
    _ instructions: UnsafeBufferPointer<Instruction>, _ text: UnsafeBufferPointer<UInt8>,
    _ memory: UnsafeMutableBufferPointer<UInt32>, _ visits: inout Int
  ) -> Bool {
    let count = instructions.count
    // At which position, counted from 1, an instruction was last reached: each is followed once a position.
    let reached = UnsafeMutableBufferPointer(rebasing: memory[0..<count])
    let stack = UnsafeMutableBufferPointer(rebasing: memory[count..<2 * count])
    let waiting = UnsafeMutableBufferPointer(rebasing: memory[2 * count..<3 * count])
    let consuming = UnsafeMutableBufferPointer(rebasing: memory[3 * count..<4 * count])
    var waitingCount = 0
    var previous: UInt32?
    var index = 0
    var position: UInt32 = 0
    while true {
      position += 1
      let (scalar, width) = Self.decode(text, index)
      // Follow everything that reads nothing, from the states reached and from the start.
      var consumingCount = 0
      let starts = !isAnchored || position == 1
      var height = 0
      func follow(_ place: UInt32) {
        if reached[Int(place)] == position { return }
        reached[Int(place)] = position
        stack[height] = place
        height += 1
      }
      for entry in 0..<(waitingCount + (starts ? 1 : 0)) {
        follow(entry < waitingCount ? waiting[entry] : 0)
        while height > 0 {
          height -= 1
          visits += 1
          let place = stack[height]
          let instruction = instructions[Int(place)]
          switch instruction.operation {
          case .match: return true
          case .jump: follow(instruction.first)
          case .fork:
            follow(instruction.second)
            follow(instruction.first)
          case .assert:
            if holds(assertions[Int(instruction.first)], previous, scalar) { follow(place + 1) }
          default:
            consuming[consumingCount] = place
            consumingCount += 1
          }
        }
      }
      guard let scalar, consumingCount > 0 || !isAnchored else { return false }
      waitingCount = 0
      for entry in 0..<consumingCount {
        let place = Int(consuming[entry])
        if accepts(instructions[place], scalar) {
          waiting[waitingCount] = UInt32(place + 1)
          waitingCount += 1
        }
      }
      previous = scalar
      index += width
    }
  }

  @inline(__always)
  private func accepts(_ instruction: Instruction, _ scalar: UInt32) -> Bool {
    switch instruction.operation {
    case .scalar: instruction.first == scalar
    case .any: true
    case .anyButNewline: scalar != 0x0A
    default: Unicode.Scalar(scalar).map { sets[Int(instruction.first)].contains($0) } ?? false
    }
  }

  private func holds(_ assertion: Pattern.Assertion, _ previous: UInt32?, _ next: UInt32?) -> Bool {
    switch assertion {
    case .textStart: previous == nil
    case .textEnd: next == nil
    case .lineStart: previous == nil || previous == 0x0A
    case .lineEnd: next == nil || next == 0x0A
    case .wordBoundary: isWord(previous) != isWord(next)
    case .noWordBoundary: isWord(previous) == isWord(next)
    }
  }

  private func isWord(_ scalar: UInt32?) -> Bool {
    guard let scalar, let byte = UInt8(exactly: scalar) else { return false }
    return byte < 0x80 && byte.continuesName
  }

  /// The code point at an index of valid UTF-8; nil at the end.
  @inline(__always)
  private static func decode(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> (scalar: UInt32?, width: Int) {
    guard index < text.count else { return (nil, 0) }
    let first = UInt32(text[index])
    if first < 0x80 { return (first, 1) }
    func tail(_ ahead: Int) -> UInt32 { UInt32(text[index + ahead] & 0x3F) }
    if first < 0xE0 { return ((first & 0x1F) << 6 | tail(1), 2) }
    if first < 0xF0 { return ((first & 0x0F) << 12 | tail(1) << 6 | tail(2), 3) }
    return ((first & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4)
  }
}
