import Foundation
import Platform
import Testing

@testable import Federation

/// Bytes that count how often one is read.
private struct CountedBytes: Collection {
  final class Counter { var reads = 0 }

  let bytes: [UInt8]
  let counter = Counter()
  var startIndex: Int { 0 }
  var endIndex: Int { bytes.count }
  func index(after index: Int) -> Int { index + 1 }
  subscript(index: Int) -> UInt8 {
    counter.reads += 1
    return bytes[index]
  }
}

@Suite("Input that grows")
struct GrowthTests {
  /// The greatest number of reads for one byte.
  private func reads(_ text: String, _ read: (CountedBytes) -> Void) -> Double {
    let bytes = CountedBytes(bytes: Array(text.utf8))
    read(bytes)
    return Double(bytes.counter.reads) / Double(bytes.bytes.count)
  }

  @Test("is read a fixed number of times, however long it is", arguments: [100, 1000, 10_000, 100_000])
  func linearReading(count: Int) {
    let text = String(repeating: "A", count: count * 4)
    #expect(reads(text) { _ = Base64URL.decode($0) } <= 1)
    let keys =
      #"{"keys":["# + Array(repeating: #"{"kty":"x","kid":"k"}"#, count: count / 10).joined(separator: ",") + "]}"
    #expect(reads(keys) { _ = try? KeySet(parsing: $0) } <= 2)
  }

  @Test("costs one attempt at the signature for a key of that name, and none for the others")
  func attempts() throws {
    let fixture = try Fixture.json("pyjwt.json")
    let all = try #require(fixture["keys"]?.array)
    let rsa = try #require(all.first)
    let token = try Token(try #require(fixture.at("tokens.0.token")?.string))
    let crowd = Array(repeating: JSON.object(["kty": "RSA", "kid": "other", "n": "AQAB", "e": "AQAB"]), count: 5000)
    let keys = try KeySet(json: .array(crowd + [rsa]))
    #expect(keys.checks(of: token).failing == [])
    // What a check says does not grow with the set.
    let unknown = try KeySet(json: .array(crowd)).checks(of: token)
    #expect((unknown["kid"]?.expected?.utf8.count ?? .max) < 100)
  }

  @Test("gives notes that do not grow with it", arguments: [10, 1000, 10_000])
  func notes(count: Int) {
    let long = String(repeating: "repo:a/", count: count)
    for rule in ["x" + long, long + "x", long.uppercased(), "repo:a/b:" + long, "repo:a@1/b@2:" + long] {
      for (pattern, subject) in [(rule, long), (long, rule), ("repo:a/b:c", "repo:" + rule), (rule, "repo:a@" + long)] {
        let note = SubjectPattern(pattern).miss(subject) ?? ""
        #expect(!note.isEmpty && note.utf8.count < 500)
      }
    }
  }
}
