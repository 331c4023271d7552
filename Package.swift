// swift-tools-version: 6.1
import PackageDescription

// Warnings are errors in our own targets only: a dependency's warning must not stop a newcomer's build.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .unsafeFlags(["-warnings-as-errors"]),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

// Make says it for a release. Not asked of Git here: this file's result is kept, and would name an older commit.
let commit = Context.environment["GATEHOUSE_COMMIT"] ?? ""

let package = Package(
  name: "gatehouse",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "gatehouse", targets: ["gatehouse"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .target(name: "CNcurses", linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    // Its library is opened when it is first needed, not linked.
    .target(name: "CCurl"),
    .target(name: "CCrypto", linkerSettings: [.linkedLibrary("crypto")]),
    .target(name: "CBuild", cSettings: [.define("GATEHOUSE_COMMIT", to: "\"\(commit)\"")]),
    module("Platform"),
    module("CEL"),
    module("Federation", ["Platform", "CEL", "CCrypto"]),
    module("Migration", ["Platform", "Federation"]),
    module("PlatformClient", ["Platform", "CCurl"]),
    module("Storage", ["Platform", .product(name: "GRDB", package: "GRDB.swift")]),
    module("Operations", ["Platform", "PlatformClient", "Storage", "Federation", "Migration"]),
    module("Sandbox", ["Platform", "Federation"]),
    module("Interface"),
    module("Terminal", ["Interface", "CNcurses"]),
    module("AccountsView", ["Interface", "Platform", "Federation"]),
    module("FederationView", ["Interface", "Platform", "Federation"]),
    module("AuditView", ["Interface", "Platform", "Federation"]),
    module("KeysView", ["Interface", "Platform"]),
    module("MigrationView", ["Interface", "Platform", "Migration"]),
    module("WorkspacesView", ["Interface", "Platform"]),
    module("OverviewView", ["Interface", "Platform", "Federation"]),
    module(
      "Console",
      [
        "AccountsView", "FederationView", "AuditView", "KeysView", "MigrationView", "OverviewView",
        "WorkspacesView", "Interface", "Operations", "Federation", "Migration", "Platform",
        .product(name: "TOMLKit", package: "TOMLKit"),
      ]),
    .executableTarget(
      name: "gatehouse",
      dependencies: [
        "Console", "Operations", "Sandbox", "Terminal", "Platform", "Federation", "PlatformClient", "Interface",
        "Storage", "CEL", "Migration", "CBuild", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["Documentation.docc", "Manual", "Packaging"],
      swiftSettings: strict),
    // What `make bench` measures inside: not a product, and not installed.
    .executableTarget(
      name: "bench",
      dependencies: [
        "CEL", "Federation", "Interface", "Platform", .product(name: "FlyingFox", package: "FlyingFox"),
      ],
      path: "Tests/Bench/Program", swiftSettings: strict),
    tests("PlatformTests", ["Platform"]),
    tests("CELTests", ["CEL"], resources: [.copy("Fixtures")]),
    tests("FederationTests", ["Federation", "CEL", "Platform", "Sandbox"], resources: [.copy("Fixtures")]),
    tests(
      "MigrationTests", ["Migration", "Platform", "Federation", .product(name: "Yams", package: "Yams")],
      resources: [.copy("Fixtures")]),
    tests("PlatformClientTests", ["PlatformClient", "Platform", "Sandbox", "Federation"]),
    tests("StorageTests", ["Storage", "Platform"], resources: [.copy("Fixtures")]),
    tests(
      "OperationsTests",
      ["Operations", "Sandbox", "Platform", "PlatformClient", "Storage", "Federation", "Migration"]),
    tests("SandboxTests", ["Sandbox", "Platform", "Federation"]),
    tests("InterfaceTests", ["Interface"], resources: [.copy("Screens")]),
    .testTarget(
      name: "TerminalTests", dependencies: ["Terminal", "Interface", "gatehouse"], swiftSettings: strict),
    tests("AccountsViewTests", ["AccountsView", "Interface", "Platform", "Federation"]),
    tests("FederationViewTests", ["FederationView", "Interface", "Platform", "Federation"]),
    tests("AuditViewTests", ["AuditView", "Federation", "Interface", "Platform"]),
    tests("KeysViewTests", ["KeysView", "Interface", "Platform"]),
    tests("MigrationViewTests", ["MigrationView", "Interface", "Platform", "Migration"]),
    tests("WorkspacesViewTests", ["WorkspacesView", "Interface", "Platform"]),
    tests("OverviewViewTests", ["OverviewView", "Interface", "Platform", "Federation"]),
    tests("ConsoleTests", ["Console", "AccountsView", "Interface", "Operations", "Platform"]),
    .testTarget(
      name: "GatehouseTests", dependencies: ["gatehouse", "Platform", "PlatformClient"], swiftSettings: strict),
    tests(
      "StoriesTests",
      ["Console", "Operations", "Sandbox", "Storage", "PlatformClient", "Platform", "Interface", "Federation"]),
  ]
)
