/// Finding by a few letters of the words meant, as a palette does.
package enum Fuzzy {
  package struct Match: Equatable, Sendable {
    /// The larger the better.
    package let score: Int
    /// Which characters of the text were meant, in order.
    package let places: [Int]
  }

  /// Each word of the query must be in the text, its letters in order with others between. Case does not count.
  /// Letters that begin words or stand together score more. An empty query matches anything.
  package static func match(_ query: String, in text: String) -> Match? {
    let letters = Array(text)
    let folded = letters.map { $0.lowercased() }
    var (score, places) = (0, Set<Int>())
    for word in query.split(separator: " ") {
      guard let match = match(word.map { $0.lowercased() }, in: folded, starts: starts(of: letters)) else { return nil }
      score += match.score
      places.formUnion(match.places)
    }
    return Match(score: score, places: places.sorted())
  }

  /// The items that match, best first; those that match equally well stay in their order.
  package static func ranked<Item>(_ items: [Item], by query: String, text: (Item) -> String) -> [(Item, Match)] {
    let found = items.enumerated().compactMap { index, item in
      match(query, in: text(item)).map { (index: index, item: item, match: $0) }
    }
    return found.sorted { ($1.match.score, $0.index) < ($0.match.score, $1.index) }.map { ($0.item, $0.match) }
  }

  private static func starts(of letters: [Character]) -> [Bool] {
    letters.indices.map { place in
      guard place > 0 else { return true }
      let before = letters[place - 1]
      return !(before.isLetter || before.isNumber) || (before.isLowercase && letters[place].isUppercase)
    }
  }

  /// The best way to lay the word over the text: for each letter, the best score that ends at each place.
  private static func match(_ word: [String], in text: [String], starts: [Bool]) -> Match? {
    guard !word.isEmpty, word.count <= text.count else { return nil }
    var best: [[Int?]] = []
    var origins: [[Int]] = []
    for (row, letter) in word.enumerated() {
      var scores = [Int?](repeating: nil, count: text.count)
      var origin = [Int](repeating: -1, count: text.count)
      // The best of what is not next to the place at hand.
      var (apart, apartPlace): (Int?, Int) = (nil, -1)
      for place in text.indices {
        if row > 0, place >= 2, let score = best[row - 1][place - 2], apart.map({ score > $0 }) ?? true {
          (apart, apartPlace) = (score, place - 2)
        }
        guard text[place] == letter else { continue }
        let bonus = starts[place] ? 10 : 1
        if row == 0 {
          scores[place] = bonus + (place == 0 ? 5 : 0)
          continue
        }
        if let score = apart { (scores[place], origin[place]) = (score + bonus - 2, apartPlace) }
        if place > 0, let score = best[row - 1][place - 1], score + bonus + 6 > scores[place] ?? .min {
          (scores[place], origin[place]) = (score + bonus + 6, place - 1)
        }
      }
      best.append(scores)
      origins.append(origin)
    }
    guard let last = best[word.count - 1].enumerated().filter({ $0.element != nil }).max(by: isWorse) else {
      return nil
    }
    var (places, place) = ([Int](), last.offset)
    for row in word.indices.reversed() {
      places.append(place)
      place = origins[row][place]
    }
    return Match(score: (last.element ?? 0) * 4 - text.count / 8, places: places.reversed())
  }

  private static func isWorse(_ left: (offset: Int, element: Int?), _ right: (offset: Int, element: Int?)) -> Bool {
    (left.element ?? .min) < (right.element ?? .min)
  }
}
