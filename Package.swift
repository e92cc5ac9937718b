// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Leibniz",
  products: [
    .library(name: "Leibniz", targets: ["Leibniz"]),
    .executable(name: "leibniz", targets: ["LeibnizCLI"]),
  ],
  targets: [
    .target(name: "Expressions"),
    .target(name: "Algebra", dependencies: ["Expressions"]),
    .target(name: "Calculus", dependencies: ["Expressions"]),
    .target(name: "Numerics", dependencies: ["Expressions"]),
    .target(name: "Notation", dependencies: ["Expressions"]),
    .target(name: "Documents", dependencies: ["Expressions", "Notation"]),
    .target(
      name: "Checking",
      dependencies: ["Expressions", "Algebra", "Calculus", "Numerics", "Notation", "Documents"]),
    .target(
      name: "Reporting", dependencies: ["Expressions", "Notation", "Documents", "Checking"]),
    .target(
      name: "Leibniz",
      dependencies: [
        "Expressions", "Algebra", "Calculus", "Numerics", "Notation", "Documents", "Checking",
        "Reporting",
      ]),
    .executableTarget(
      name: "LeibnizCLI", dependencies: ["Leibniz"],
      linkerSettings: [
        .unsafeFlags(["-static-stdlib"], .when(platforms: [.linux], configuration: .release))
      ]),
    .testTarget(name: "ExpressionsTests", dependencies: ["Expressions"]),
    .testTarget(name: "AlgebraTests", dependencies: ["Expressions", "Algebra"]),
    .testTarget(
      name: "CalculusTests", dependencies: ["Expressions", "Calculus", "Algebra", "Numerics"]),
    .testTarget(name: "NumericsTests", dependencies: ["Expressions", "Numerics"]),
    .testTarget(name: "NotationTests", dependencies: ["Expressions", "Notation"]),
    .testTarget(name: "DocumentsTests", dependencies: ["Expressions", "Notation", "Documents"]),
    .testTarget(
      name: "CheckingTests",
      dependencies: [
        "Expressions", "Algebra", "Calculus", "Numerics", "Notation", "Documents", "Checking",
      ]),
    .testTarget(
      name: "ReportingTests",
      dependencies: [
        "Leibniz", "Reporting", "Checking", "Documents", "Notation", "Expressions",
      ],
      exclude: ["Golden"]),
    .testTarget(
      name: "LeibnizTests",
      dependencies: [
        "Leibniz", "Expressions", "Calculus", "Numerics", "Notation", "Documents", "Checking",
        "Reporting",
      ],
      exclude: ["Golden"]),
    .testTarget(name: "LeibnizCLITests", dependencies: ["LeibnizCLI", "Leibniz"]),
  ]
)

// The tests judge thousands of pages: what they run is optimised, and those that judge by brute force.
for target in package.targets where target.type != .test || target.name == "LeibnizTests" {
  target.swiftSettings = [.unsafeFlags(["-O"], .when(configuration: .debug))]
}
