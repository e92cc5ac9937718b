import Checking
import Documents
import Expressions
import Testing

@testable import Reporting

@Suite("What is said where no edit mends a line")
struct RescueTests {
  @Test("is not offered where all would have to be added")
  func withheld() throws {
    var workspace = Workspace()
    let report = MendTests.claims(
      #"Let $h_t = \tanh(W h_{t-1} + U x_t)$, $c_t = \tanh(V c_{t-1} + W x_t)$ and $L = \sum_{t=1}^T h_t^\top h_t$."#
        + "\n\n"
        + #"$$\frac{\partial L}{\partial W} = \sum_{t=1}^T c_{t-1} \frac{\partial L}{\partial c_t}$$"#,
      in: &workspace)
    let finding = try #require(report.findings.last)
    #expect(finding.verdict == .refuted)
    #expect(finding.mend == nil)
    #expect(finding.message.parts.contains(.words(" is 0: no equation of this page leads from ")))
  }

  @Test("a relation of powers holds if the matrix is the identity")
  func identity() throws {
    var workspace = Workspace()
    let report = MendTests.claims(
      #"Let $M \in \mathbb{R}^{n \times n}$. Then $M^3 = I$."#, in: &workspace)
    let matrix = try #require(report.findings.last?.left)
    guard case .power(let base, _) = workspace[matrix] else {
      Issue.record("no power is read")
      return
    }
    #expect(report.findings.last?.holdsIf == Message([.maths(base), .words(" = I")]))
  }

  @Test("what one step contributes is all if the states before are held constant")
  func contribution() throws {
    var workspace = Workspace()
    let report = MendTests.claims(
      #"Let $h_t = \tanh(W h_{t-1} + U x_t)$."# + "\n\n"
        + #"$$\frac{\partial h_t}{\partial W_{ij}} = (1 - h_t^2)_i\, (h_{t-1})_j$$"# + "\n\n"
        + #"$$\frac{\partial L_t}{\partial W} = \left(\frac{\partial L_t}{\partial h_t}\, \mathrm{diag}(1 - h_t^2)\right)^\top h_{t-1}^\top$$"#,
      in: &workspace)
    let finding = try #require(report.findings.last)
    #expect(finding.verdict == .refuted)
    #expect(
      finding.holdsIf == Message([.words("the states of earlier steps are held constant")]))
  }

  @Test("a given start saves no sum whose terms read the parameter themselves")
  func bias() throws {
    var workspace = Workspace()
    let report = MendTests.claims(
      #"""
      Let $h_t = \tanh(W h_{t-1} + b)$, $y_t = V h_t + c$ and $L = \sum_{t=1}^T \frac12 \|y_t - d_t\|^2$. Gradients
      have the shape of the variable.

      $$\frac{\partial L}{\partial c} = \sum_{t=2}^T (y_t - d_t)$$
      """#, in: &workspace)
    let finding = try #require(report.findings.last)
    #expect(finding.verdict == .refuted)
    #expect(finding.holdsIf == nil)
  }
}
