import Checking
import Documents
import Expressions
import Testing

@testable import Reporting

@Suite("A mend in a terminal")
struct MendWordingTests {
  @Test("exchanges the letters of an entry in what is said of one entry")
  func exchangedLetters() throws {
    var workspace = Workspace()
    let report = MendTests.claims(
      #"""
      Layers $l = 1, \dots, L$: $z^{(l)} = W^{(l)} a^{(l-1)} + b^{(l)}$, $a^{(l)} = \sigma(z^{(l)})$ and a cost $C$
      that depends on $a^{(L)}$. Let $\delta^{(l)} = \partial C / \partial z^{(l)}$ (columns).

      $$\delta^{(L)} = \frac{\partial C}{\partial a^{(L)}} \odot \sigma'(z^{(L)})$$

      $$\frac{\partial C}{\partial W^{(l)}_{jk}} = \delta^{(l)}_k a^{(l-1)}_j$$
      """#, in: &workspace)
    let text = terminal([report], in: workspace, color: false)
    #expect(text.contains("∂C/∂W_{jk}^{(l)} = (δ^{(l)})_j a_k^{(l−1)}?"), "\(text)")
  }

  @Test("speaks of gradients by the names that the page gives them")
  func names() throws {
    var workspace = Workspace()
    let report = MendTests.claims(
      MendTests.lstm + #"$$\delta c_t = \delta h_t \odot o_t \odot (1 - \tanh^2(c_t))$$"#,
      in: &workspace)
    let text = terminal([report], in: workspace, color: false)
    #expect(text.contains("  Missing: δc_{t+1} ⊙ f_{t+1}.\n"))
    #expect(
      text.contains("δc_t = δh_t ⊙ o_t ⊙ (1 − tanh^2(c_t)) + δc_{t+1} ⊙ f_{t+1}?"), "\(text)")
  }

  @Test("looks for names only in the text of its own line")
  func continuedDisplay() throws {
    var workspace = Workspace()
    let report = MendTests.claims(
      MendTests.lstm
        + #"$$\frac{\partial L}{\partial o_t} = \frac{\partial L}{\partial h_t} \odot \tanh(c_t) + \frac{\partial L}{\partial h_t} \odot 0$$"#
        + "\n\n" + #"$$= \delta h_t \odot c_t$$"#, in: &workspace)
    let finding = try #require(report.findings.last)
    #expect(finding.statement.continuesFormula)
    let text = terminal([report], in: workspace, color: false)
    #expect(text.contains("= δh_t ⊙ tanh(c_t)?"), "\(text)")
  }

  @Test("leaves a gradient a quotient where the line writes it as one")
  func quotients() throws {
    var workspace = Workspace()
    let report = MendTests.claims(
      #"""
      Let $s_t = W h_{t-1} + U x_t$, $h_t = \tanh(s_t)$ for $t = 1, \dots, T$ with $h_0$ given, and
      $L = \sum_{t=1}^T L_t(h_t)$. Gradients have the shape of the variable. Write
      $\epsilon_t = \partial L/\partial s_t$.

      $$\frac{\partial L}{\partial W} = \sum_{t=1}^T \epsilon_t h_t^\top$$

      $$\frac{\partial L}{\partial s_t} = \frac{\partial L}{\partial h_t} \odot (1 + h_t^2)$$
      """#, in: &workspace)
    let text = terminal([report], in: workspace, color: false)
    #expect(text.contains("∂L/∂W = ∑_{t=1}^T ε_t h_{t−1}ᵀ?"), "\(text)")
    #expect(text.contains("∂L/∂s_t = ∂L/∂h_t ⊙ (1 − h_t^2)?"), "\(text)")
  }

  @Test("names the link that does not fit and the path that is missing")
  func linkAndPath() throws {
    var workspace = Workspace()
    let report = MendTests.claims(
      #"""
      $g_t = \sigma(C q_{t-1})$, $v_t = g_t \odot v_{t-1} + B q_{t-1} + u_t$, $q_t = \tanh(v_t)$ (numerator layout).

      $$\frac{\partial q_2}{\partial v_1} = \frac{\partial q_2}{\partial v_2} \left( \frac{\partial v_2}{\partial v_1} \frac{\partial g_2}{\partial q_1} \frac{\partial q_1}{\partial v_1} + \frac{\partial^+ v_2}{\partial q_1} \frac{\partial q_1}{\partial v_1} \right)$$
      """#, in: &workspace)
    let text = terminal([report], in: workspace, color: false)
    #expect(
      text.contains(
        "A chain does not link: ∂v_2/∂v_1 has to be ∂v_2/∂g_2; and ∂⁺v_2/∂v_1 is missing."),
      "\(text)")
    #expect(text.contains("∂v_2/∂v_1 becomes ∂v_2/∂g_2; add ∂⁺v_2/∂v_1"), "\(text)")
  }
}
