import Testing

@testable import Reporting

@Suite("Figures for people")
struct FiguresTests {
  @Test(
    "are rounded to six digits",
    arguments: [
      (0.0, "0"), (2, "2"), (-0.5, "-0.5"), (1.0 / 3, "0.333333"), (2.0 / 3, "0.666667"),
      (999_999.7, "1e+6"), (123_456.4, "123456"), (0.00012, "0.00012"), (0.000012, "1.2e-5"),
      (3.14159265, "3.14159"), (1e22, "1e+22"), (9.9999999, "10"), (-1234.5678, "-1234.57"),
      (.infinity, "∞"), (.nan, "not a number"), (1e-300, "1e-300"),
    ])
  func rounded(value: Double, text: String) {
    #expect(Figures.rounded(value) == text)
  }

  @Test(
    "of tensors stand row by row",
    arguments: [
      ([Int](), [2.0], "2"), ([2], [1, -2], "(1, -2)"), ([2, 2], [1, 2, 3, 4], "[1 2; 3 4]"),
      ([1, 2], [1, 2], "[1 2]"), ([2, 1, 2], [1, 2, 3, 4], "{[1 2], [3 4]}"),
      ([5, 5], [Double](repeating: 0, count: 25), "25 numbers"), ([3], [1], "1 numbers"),
    ])
  func tensor(dimensions: [Int], entries: [Double], text: String) {
    #expect(Figures.tensor(dimensions: dimensions, entries: entries) == text)
  }
}
