import Glibc
import Platform

/// Does `work` for about half a second and prints how often a second it can be done, in processor time.
/// - Parameter batch: how often it is done between two looks at the clock.
/// - Parameter count: how many things one `work` does.
/// - Throws: ``WrongAnswer`` when it does not give true: a fast wrong answer is no figure.
func measure(_ name: String, batch: Int = 1000, of count: Int = 1, _ work: () throws -> Bool) throws {
  guard try work() else { throw WrongAnswer(to: name) }
  var (done, spent, best) = (0, 0.0, Double.infinity)
  while spent < 0.5 {
    let begun = processorTime()
    for _ in 0..<batch where try !work() { throw WrongAnswer(to: name) }
    let seconds = processorTime() - begun
    (done, spent, best) = (done + batch, spent + seconds, min(best, seconds))
  }
  let figure: JSON = [
    "what": .string(name), "per_second": .number(String(Double(done * count) / spent)),
    "best_per_second": .number(String(Double(batch * count) / best)),
  ]
  print(figure.compact)
}

private func processorTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

struct WrongAnswer: Error {
  let what: String
  init(to what: String) { self.what = what }
}
