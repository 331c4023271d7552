import Foundation
import Platform
import PlatformClient
import Testing

/// A TLS server of the `openssl` program, with a certificate made for one test.
final class TLSServer {
  let port: Int
  let authority: String
  private let directory: String
  private let process = Process()

  static let isAvailable = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

  /// - Parameters:
  ///   - name: what the certificate is for, `IP:127.0.0.1`.
  ///   - isSigned: by the test's own authority, and not by itself.
  ///   - ended: whether it was valid only in the past.
  init(name: String, isSigned: Bool = true, ended: Bool = false, options: [String] = []) throws {
    directory = NSTemporaryDirectory() + "gatehouse-tls-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    authority = "\(directory)/ca.pem"
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    try Self.openssl(
      ["req", "-x509", "-subj", "/CN=Test authority", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2"] + key,
      in: directory)
    try "subjectAltName=\(name)\n".write(toFile: "\(directory)/names", atomically: true, encoding: .utf8)
    try Self.openssl(
      ["req", "-new", "-subj", "/CN=test", "-keyout", "own.key", "-out", "own.csr"] + key, in: directory)
    let signer = isSigned ? ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"] : ["-signkey", "own.key"]
    try Self.openssl(
      ["x509", "-req", "-in", "own.csr", "-out", "own.pem", "-extfile", "names", "-days", ended ? "-1" : "2"] + signer,
      in: directory)
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    process.arguments = ["s_server", "-accept", "127.0.0.1:0", "-cert", "own.pem", "-key", "own.key", "-www"] + options
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, FileHandle.nullDevice)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    var text = ""
    while !text.contains("\n") || !text.contains("ACCEPT") {
      let bytes = output.fileHandleForReading.availableData
      if bytes.isEmpty { break }
      text += String(decoding: bytes, as: UTF8.self)
    }
    port = try #require(text.firstMatch(of: /ACCEPT \S+:(\d+)/).flatMap { Int($0.1) }, "\(text)")
  }

  private static func openssl(_ arguments: [String], in directory: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    process.arguments = arguments
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "openssl \(arguments)")
  }

  /// Why a request to it gets no answer; nil when it gets one.
  func failure(trusting authority: String?) async throws -> TransportFailure? {
    let base = try BaseURL("https://127.0.0.1:\(port)")
    let transport = CurlTransport(base: base, certificates: authority)
    do throws(TransportFailure) {
      _ = try await transport.send(Request(.get, "/", credential: .bearer(Secret("t"))))
      return nil
    } catch {
      return error
    }
  }

  deinit {
    process.terminate()
    try? FileManager.default.removeItem(atPath: directory)
  }
}

@Suite("Whether the other end is the platform", .enabled(if: TLSServer.isAvailable))
struct TLSTests {
  @Test("is believed with a certificate of a known authority for its name")
  func good() async throws {
    let server = try TLSServer(name: "IP:127.0.0.1")
    #expect(try await server.failure(trusting: server.authority) == nil)
  }

  @Test("is not, and is sent nothing, with one of an unknown authority")
  func unknown() async throws {
    let server = try TLSServer(name: "IP:127.0.0.1")
    #expect(
      try await server.failure(trusting: nil)
        == .untrusted("its certificate is from an authority that this machine does not know"))
  }

  @Test("is not with one that it signed itself")
  func selfSigned() async throws {
    let server = try TLSServer(name: "IP:127.0.0.1", isSigned: false)
    #expect(try await server.failure(trusting: nil) == .untrusted("its certificate is signed by itself"))
  }

  @Test("is not with one for another host")
  func otherHost() async throws {
    let server = try TLSServer(name: "DNS:api.anthropic.com")
    #expect(
      try await server.failure(trusting: server.authority) == .untrusted("its certificate is for another host"))
  }

  @Test("is not with one that has expired")
  func expired() async throws {
    let server = try TLSServer(name: "IP:127.0.0.1", ended: true)
    #expect(try await server.failure(trusting: server.authority) == .untrusted("its certificate has expired"))
  }

  @Test("is not with an older TLS than 1.2")
  func downgrade() async throws {
    let server = try TLSServer(name: "IP:127.0.0.1", options: ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
    guard case .untrusted(let text)? = try await server.failure(trusting: server.authority) else {
      return #expect(Bool(false), "it was let in")
    }
    #expect(text.hasPrefix("no TLS 1.2 or later could be agreed on"))
  }

  @Test("is asked of one that is only written to, too")
  func stream() async throws {
    func deliver(to server: TLSServer, trusting authority: String?) async -> TransportFailure? {
      let stream = CurlStream(host: "127.0.0.1", port: server.port, isTLS: true, certificates: authority)
      do throws(TransportFailure) { try await stream.deliver(Array("11 <110>1 - - -".utf8)) } catch { return error }
      return nil
    }
    let server = try TLSServer(name: "IP:127.0.0.1")
    #expect(await deliver(to: server, trusting: server.authority) == nil)
    guard case .untrusted? = await deliver(to: server, trusting: nil) else {
      return #expect(Bool(false), "it was written to")
    }
    let other = try TLSServer(name: "DNS:logs.example")
    guard case .untrusted? = await deliver(to: other, trusting: other.authority) else {
      return #expect(Bool(false), "another was written to")
    }
  }
}
