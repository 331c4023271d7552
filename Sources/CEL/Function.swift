/// The functions of the standard environment.
package enum Function: String, CaseIterable, Sendable {
  case size, contains, startsWith, endsWith, matches, type, dyn
  case bool, int, uint, double, string, bytes, timestamp, duration
  case getFullYear, getMonth, getDate, getDayOfMonth, getDayOfWeek, getDayOfYear
  case getHours, getMinutes, getSeconds, getMilliseconds

  /// How a call may be written: `f(x)`, `x.f()`, with so many arguments in all.
  package var isGlobal: Bool {
    switch self {
    case .size, .matches, .type, .dyn, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration: true
    default: false
    }
  }

  package var isMethod: Bool { !isGlobal || self == .size || self == .matches }

  /// The receiver counted.
  package var arity: ClosedRange<Int> {
    switch self {
    case .contains, .startsWith, .endsWith, .matches: 2...2
    case .getFullYear, .getMonth, .getDate, .getDayOfMonth, .getDayOfWeek, .getDayOfYear, .getHours, .getMinutes,
      .getSeconds, .getMilliseconds:
      1...2
    default: 1...1
    }
  }

  /// How a person would write a call of it.
  package var usage: String {
    switch self {
    case .contains, .startsWith, .endsWith: "text.\(rawValue)(\"…\")"
    case .matches: "text.matches(\"pattern\")"
    case .size: "size(x) or x.size()"
    case _ where isGlobal: "\(rawValue)(x)"
    default: "t.\(rawValue)() or t.\(rawValue)(\"zone\")"
    }
  }

  /// Functions and macros that implementations add, and that the platform may or may not have.
  package static let extensions: Set = [
    "charAt", "indexOf", "lastIndexOf", "join", "split", "substring", "trim", "replace", "lowerAscii", "upperAscii",
    "reverse", "format", "quote", "extract", "transformList", "transformMap", "existsOne", "sort", "sortBy",
    "distinct", "flatten", "slice", "first", "last", "greatest", "least",
  ]
}
