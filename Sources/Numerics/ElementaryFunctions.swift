#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The one door through which exp, log, sin, cos, tanh, sqrt and pow enter.
///
/// Natively they come from the C library; where there is none, from `PortableFunctions`.
package enum ElementaryFunctions {
  #if canImport(Glibc)
    package static func exp(_ x: Double) -> Double { Glibc.exp(x) }
    package static func log(_ x: Double) -> Double { Glibc.log(x) }
    package static func sin(_ x: Double) -> Double { Glibc.sin(x) }
    package static func cos(_ x: Double) -> Double { Glibc.cos(x) }
    package static func tanh(_ x: Double) -> Double { Glibc.tanh(x) }
    package static func pow(_ x: Double, _ y: Double) -> Double { Glibc.pow(x, y) }
  #elseif canImport(Musl)
    package static func exp(_ x: Double) -> Double { Musl.exp(x) }
    package static func log(_ x: Double) -> Double { Musl.log(x) }
    package static func sin(_ x: Double) -> Double { Musl.sin(x) }
    package static func cos(_ x: Double) -> Double { Musl.cos(x) }
    package static func tanh(_ x: Double) -> Double { Musl.tanh(x) }
    package static func pow(_ x: Double, _ y: Double) -> Double { Musl.pow(x, y) }
  #elseif canImport(Darwin)
    package static func exp(_ x: Double) -> Double { Darwin.exp(x) }
    package static func log(_ x: Double) -> Double { Darwin.log(x) }
    package static func sin(_ x: Double) -> Double { Darwin.sin(x) }
    package static func cos(_ x: Double) -> Double { Darwin.cos(x) }
    package static func tanh(_ x: Double) -> Double { Darwin.tanh(x) }
    package static func pow(_ x: Double, _ y: Double) -> Double { Darwin.pow(x, y) }
  #else
    package static func exp(_ x: Double) -> Double { PortableFunctions.exp(x) }
    package static func log(_ x: Double) -> Double { PortableFunctions.log(x) }
    package static func sin(_ x: Double) -> Double { PortableFunctions.sin(x) }
    package static func cos(_ x: Double) -> Double { PortableFunctions.cos(x) }
    package static func tanh(_ x: Double) -> Double { PortableFunctions.tanh(x) }
    package static func pow(_ x: Double, _ y: Double) -> Double { PortableFunctions.pow(x, y) }
  #endif

  /// Correctly rounded everywhere.
  package static func sqrt(_ x: Double) -> Double { x.squareRoot() }
}
