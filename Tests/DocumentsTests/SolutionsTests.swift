import Notation
import Testing

@testable import Documents

@Test(
  "what follows from a recurrence is claimed below a heading, another recurrence is a new model",
  arguments: [
    ("The state is $h_t = W^t h_0$", "definition claim"),
    ("$$h_t = W^t h_0 + \\sum_{k=1}^t W^{t-k} x_k$$", "definition claim"),
    ("We obtain $h_t = W (W h_{t-2} + x_{t-1}) + x_t$", "definition claim"),
    ("$h_t = W h_{t-2} + x_t$", "definition definition"),
    ("$h_t = V h_{t-1} + x_t$", "definition definition"),
    ("Let $h_t = W^t h_0$", "definition definition"), ("$h_t = W x_t$", "definition definition"),
    ("$x_t = V r_t$ and $h_t = W^t h_0$", "definition definition definition"),
  ])
func solutionsBelowHeadings(text: String, expected: String) {
  let reading = PageReading("$h_t = W h_{t-1} + x_t$\n\n# Below\n\n" + text)
  #expect(reading.page.statements.map { $0.role.rawValue }.joined(separator: " ") == expected)
}

@Test(
  "an order behind a claim is said of it, one before it of what follows",
  arguments: [
    ("$\\frac{\\partial h_t}{\\partial x_k} = 0$ for $k > t$", [1]),
    ("$\\frac{\\partial h_t}{\\partial x_k} = 0$ for $1 \\le k \\le t$", [2]),
    ("For $k > t$ we have $\\frac{\\partial h_t}{\\partial x_k} = 0$", [0]),
    (
      "For $k > t$ we have $\\frac{\\partial h_t}{\\partial x_k} = 0$, for $k = t$ it is $W$, for $k < t$ it varies",
      [0]
    ),
    (
      "$\\frac{\\partial h_t}{\\partial x_k} = W$ for $k \\le t$ and $\\frac{\\partial h_t}{\\partial x_k} = 0$ for $k > t$",
      [1, 1]
    ),
  ])
func ordersBehindClaims(text: String, expected: [Int]) {
  let reading = PageReading("Let $h_t = W h_{t-1} + x_t$.\n\n" + text)
  let claims = reading.page.statements.filter { $0.role == .claim }
  #expect(claims.map { $0.conditions.count } == expected)
}
