import Numerics
import Testing

@Suite struct ElementaryFunctionsTests {
  @Test("the portable functions agree with the C library to a few units in the last place")
  func portable() {
    func close(_ a: Double, _ b: Double, _ scale: Double = 0) -> Bool {
      a == b || (a - b).magnitude <= 6e-16 * max(b.magnitude, scale)
    }
    var generator = RandomGenerator(seed: 3)
    for _ in 0..<20_000 {
      let x = generator.uniform(-30, 30)
      let y = generator.uniform(-1, 1)
      #expect(close(PortableFunctions.exp(x), ElementaryFunctions.exp(x)))
      #expect(close(PortableFunctions.tanh(y), ElementaryFunctions.tanh(y)))
      #expect(close(PortableFunctions.tanh(x), ElementaryFunctions.tanh(x)))
      #expect(close(PortableFunctions.sin(x), ElementaryFunctions.sin(x), 1e-3))
      #expect(close(PortableFunctions.cos(x), ElementaryFunctions.cos(x), 1e-3))
      let z = x.magnitude + 1e-9
      #expect(close(PortableFunctions.log(z), ElementaryFunctions.log(z), 1e-3))
      let power = ElementaryFunctions.pow(z, y)
      #expect((PortableFunctions.pow(z, y) - power).magnitude <= 1e-14 * power)
    }
    for x in [0.0, -0.0, 1, -1, 700, -700, 1000, -1000, 1e-300, 1e300, .infinity, -.infinity] {
      #expect(close(PortableFunctions.exp(x), ElementaryFunctions.exp(x)))
      #expect(close(PortableFunctions.tanh(x), ElementaryFunctions.tanh(x)))
      if x >= 0 { #expect(close(PortableFunctions.log(x), ElementaryFunctions.log(x))) }
    }
    #expect(PortableFunctions.exp(.nan).isNaN && PortableFunctions.log(-1).isNaN)
  }
}
