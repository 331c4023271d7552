/// How long something takes, for a note: `45 s`, `5 min`, `2 h`, `3 days`.
package enum Span {
  package static func text(_ seconds: Double) -> String {
    let steps = [(1.0, 120.0, "s"), (60, 7200, "min"), (3600, 172_800, "h")]
    for (unit, limit, name) in steps where seconds < limit { return "\(Int((seconds / unit).rounded())) \(name)" }
    let days = (seconds / 86400).rounded()
    return days < 1_000_000 ? "\(Int(days)) days" : "ages"
  }
}
