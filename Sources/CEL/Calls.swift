/// The standard functions, each from the values of its arguments, a receiver first.
extension Machine {
  mutating func call(_ call: Node.Call, _ node: Node) throws(Failure) -> Value {
    guard let function = call.function, call.hasReceiver ? function.isMethod : function.isGlobal,
      function.arity.contains(call.arguments.count)
    else {
      throw Failure(.noSuchOverload, "there is no function \(call.name)() of this form", at: node)
    }
    let first = try value(of: call.arguments[0])
    guard call.arguments.count == 2 else { return try self.call(function, first, node) }
    let second = try value(of: call.arguments[1])
    if let result = try self.call(function, first, second, call.pattern, node) { return result }
    throw noOverload(function, [first, second], node)
  }

  private func noOverload(_ function: Function, _ values: [Value], _ node: Node) -> Failure {
    let kinds = values.map(\.kind.rawValue).joined(separator: ", ")
    return Failure(.noSuchOverload, "\(function.rawValue)() takes no (\(kinds))", at: node)
  }

  // MARK: Two arguments

  private mutating func call(
    _ function: Function, _ first: Value, _ second: Value, _ pattern: Result<Pattern, Pattern.Malformed>?, _ node: Node
  ) throws(Failure) -> Value? {
    switch (first, second) {
    case (.string(let text), .string(let part)):
      switch function {
      case .startsWith, .endsWith:
        try charge(node, bytes: part.utf8.count)
        return .bool(function == .startsWith ? text.startsWith(part) : text.endsWith(part))
      case .contains:
        try charge(node, bytes: text.utf8.count + part.utf8.count)
        return .bool(text.contains(bytesOf: part))
      case .matches: return .bool(try matches(text, part, pattern, node))
      default: return nil
      }
    case (.timestamp(let moment), .string(let zone)):
      // Finding a zone may read a file.
      try charge(node, steps: 1000)
      guard let offset = TimeZone.offset(of: zone, at: moment.seconds) else {
        throw Failure(.badConversion, "there is no time zone \(second.clippedText)", at: node)
      }
      return field(function, of: moment, offset: offset)
    default: return nil
    }
  }

  private mutating func matches(
    _ text: String, _ source: String, _ constant: Result<Pattern, Pattern.Malformed>?, _ node: Node
  ) throws(Failure) -> Bool {
    let pattern: Pattern
    do throws(Pattern.Malformed) {
      pattern = if let constant { try constant.get() } else { try Pattern(source) }
    } catch {
      // What was read before the mistake is not known, so the most is taken.
      if constant == nil { try charge(node, steps: Limits.instructions) }
      throw Failure(.badPattern, "the pattern is not valid: \(error.message)", at: node)
    }
    if constant == nil { try charge(node, steps: pattern.instructionCount) }
    try charge(node, bytes: pattern.instructionCount * text.utf8.count)
    return pattern.matches(text)
  }

  // MARK: One argument

  private mutating func call(_ function: Function, _ value: Value, _ node: Node) throws(Failure) -> Value {
    switch function {
    case .size:
      switch value {
      case .string(let text):
        try charge(node, bytes: text.utf8.count)
        return .int(Int64(text.unicodeScalars.count))
      case .bytes(let bytes): return .int(Int64(bytes.count))
      case .list(let values): return .int(Int64(values.count))
      case .map(let map): return .int(Int64(map.count))
      default: break
      }
    case .type: return .type(value.kind)
    case .dyn: return value
    case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration:
      try charge(node, bytes: value.byteCount)
      do throws(Conversion.Refused) {
        return try Conversion.convert(value, to: function)
      } catch {
        switch error {
        case .noOverload: break
        case .range: throw Failure(.range, "\(value.clippedText) is out of the range of \(function.rawValue)", at: node)
        case .form:
          throw Failure(.badConversion, "\(value.clippedText) is not the text of a \(function.rawValue)", at: node)
        }
      }
    default:
      if case .timestamp(let moment) = value, let field = field(function, of: moment, offset: 0) { return field }
      if case .duration(let span) = value, let part = part(function, of: span) { return part }
    }
    throw noOverload(function, [value], node)
  }

  private func field(_ function: Function, of moment: Timestamp, offset: Int64) -> Value? {
    let civil = Civil(seconds: moment.seconds + offset)
    let field: Int
    switch function {
    case .getFullYear: field = civil.year
    case .getMonth: field = civil.month - 1
    case .getDate: field = civil.day
    case .getDayOfMonth: field = civil.day - 1
    case .getDayOfWeek: field = civil.weekday
    case .getDayOfYear: field = civil.dayOfYear
    case .getHours: field = civil.hour
    case .getMinutes: field = civil.minute
    case .getSeconds: field = civil.second
    case .getMilliseconds: field = Int(moment.nanoseconds) / 1_000_000
    default: return nil
    }
    return .int(Int64(field))
  }

  private func part(_ function: Function, of span: Int64) -> Value? {
    switch function {
    case .getHours: .int(span / 3_600_000_000_000)
    case .getMinutes: .int(span / 60_000_000_000)
    case .getSeconds: .int(span / 1_000_000_000)
    case .getMilliseconds: .int(span / 1_000_000 % 1000)
    default: nil
    }
  }
}

/// The functions that turn one kind of value into another.
enum Conversion {
  enum Refused: Error { case noOverload, range, form }

  static func convert(_ value: Value, to function: Function) throws(Refused) -> Value {
    if function.rawValue == value.kind.rawValue { return value }
    switch (function, value) {
    case (.bool, .string(let text)): return .bool(try bool(text))
    case (.int, .uint(let number)): return .int(try inRange(Int64(exactly: number)))
    case (.int, .double(let number)):
      // Both ends themselves are refused, for a double near them may have been rounded there.
      guard number > -0x1p63, number < 0x1p63 else { throw .range }
      return .int(Int64(number))
    case (.int, .string(let text)): return .int(try whole(text))
    case (.int, .timestamp(let moment)): return .int(moment.seconds)
    case (.uint, .int(let number)): return .uint(try inRange(UInt64(exactly: number)))
    case (.uint, .double(let number)):
      guard number > -1, number < 0x1p64 else { throw .range }
      return .uint(UInt64(max(0, number)))
    case (.uint, .string(let text)): return .uint(try whole(text))
    case (.double, .int(let number)): return .double(Double(number))
    case (.double, .uint(let number)): return .double(Double(number))
    case (.double, .string(let text)):
      guard let number = Double(text) else { throw .form }
      if number.isInfinite, !text.lowercased().contains("inf") { throw .range }
      return .double(number)
    case (.string, _): return .string(try string(value))
    case (.bytes, .string(let text)): return .bytes(Array(text.utf8))
    case (.timestamp, .int(let seconds)): return .timestamp(try inRange(Timestamp(seconds: seconds)))
    case (.timestamp, .string(let text)):
      if let moment = Timestamp(text) { return .timestamp(moment) }
      throw Timestamp.hasForm(text) ? .range : .form
    case (.duration, .string(let text)):
      do throws(DurationText.Malformed) {
        return .duration(nanoseconds: try DurationText.parse(text))
      } catch {
        throw error == .range ? .range : .form
      }
    default: throw .noOverload
    }
  }

  private static func inRange<Number>(_ number: Number?) throws(Refused) -> Number {
    if let number { return number }
    throw .range
  }

  private static func bool(_ text: String) throws(Refused) -> Bool {
    switch text {
    case "1", "t", "true", "TRUE", "True": return true
    case "0", "f", "false", "FALSE", "False": return false
    default: throw .form
    }
  }

  private static func whole<Number: FixedWidthInteger>(_ text: String) throws(Refused) -> Number {
    if let number = Number(text) { return number }
    let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
    throw !digits.isEmpty && digits.utf8.allSatisfy(\.isDigit) ? .range : .form
  }

  private static func string(_ value: Value) throws(Refused) -> String {
    switch value {
    case .bool, .int: return value.text
    case .uint(let number): return String(number)
    case .double(let number): return number.shortest
    case .bytes(let bytes):
      guard let text = String(validating: bytes, as: UTF8.self) else { throw .form }
      return text
    case .timestamp(let moment): return moment.text
    case .duration(let span): return DurationText.text(nanoseconds: span)
    default: throw .noOverload
    }
  }
}
