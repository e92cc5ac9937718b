import Expressions
import Notation
import Testing

@testable import Checking

@Suite("The same page in other clothes")
struct MetamorphicTests {
  private static let pages = Derivation.claiming + Derivation.systems

  private func verdicts(_ derivation: Derivation) -> [ClaimVerdict] {
    var workspace = Workspace()
    return derivation.verdicts(in: &workspace)
  }

  @Test("the right side written on the left changes no verdict", arguments: pages)
  func swapped(derivation: Derivation) {
    var workspace = Workspace()
    var document = DocumentJudge(Theory(derivation.page(in: &workspace)), in: &workspace)
    let layout = document.layout
    for statement in document.judge.theory.page.statements
    where statement.role == .claim && statement.sign == .equal && !statement.isHidden {
      var other = statement
      (other.left, other.right) = (statement.right, statement.left)
      guard var straight = document.judged[layout]?[statement.index],
        let swapped = try? document.judge.judge(other, layout: layout, in: &workspace)
      else { continue }
      if swapped.hearing.verdict != straight.hearing.verdict,
        let alone = try? document.judge.judge(statement, layout: layout, in: &workspace)
      {
        // What was judged with others beside it is judged alone, as the other side is.
        straight = alone
      }
      let place = "statement \(statement.index) of \(derivation.path)"
      #expect(swapped.hearing.verdict == straight.hearing.verdict, "\(place)")
      #expect(swapped.readings.inOrder == straight.readings.inOrder, "\(place)")
    }
  }

  /// A recurrence of names that no page uses, with a claim of its own.
  private static let foreign = #"""
    # Elsewhere

    Let $\check r_t = \sin(\check P \check r_{t-1} + \check Q \check v_t)$ with $\check P \in \mathbb{R}^{9\times 9}$ and $\check Q \in \mathbb{R}^{9\times 8}$. Then

    $$\frac{\partial \check r_t}{\partial \check r_{t-1}} = \mathrm{diag}(\cos(\check P \check r_{t-1} + \check Q \check v_t)) \check P$$

    """#

  @Test(
    "other letters change no verdict, nor do a foreign model and suppositions around the page",
    arguments: pages)
  func inOtherClothes(derivation: Derivation) {
    let own = verdicts(derivation)
    let supposed = ["h_t = 0", "W = I", "x = 0", "A = I", "f_t = 1", "X = I", "L = 0", "C_t = 0"]
      .map { "Suppose $\($0)$." }.joined(separator: "\n\n")
    let isHeaded = derivation.text.hasPrefix("<!--")
    let beside = derivation.with(
      (isHeaded ? "" : Self.foreign + "\n") + derivation.text + "\n" + Self.foreign
        + "\n# Supposed\n\n" + supposed + "\n")
    let around = verdicts(renamed(beside))
    let foreign = [ClaimVerdict(verdict: .proved)]
    let expected = (isHeaded ? [] : foreign) + own + foreign
    // Suppositions of names that nothing computes may count as claims; they may also be the reason
    // why a line stays open.
    let isSame = around.prefix(expected.count).map { "\($0)" } == expected.map { "\($0)" }
    #expect(isSame || verdicts(renamed(derivation)) == own, "other letters")
    #expect(isSame, "in other letters, a foreign model around: \(around), not \(expected)")
  }

  /// The page with other letters for symbols and times.
  private func renamed(_ derivation: Derivation) -> Derivation {
    let letters: [Character: String] = [
      "h": "s", "s": "h", "W": "A", "A": "W", "w": "a", "a": "w", "U": "B", "B": "U", "x": "v",
      "v": "x",
      "k": "l", "l": "k", "i": "j", "j": "i", "o": "z", "z": "o", "n": "d", "d": "n",
    ]
    var other = derivation.with(LetterExchange(letters).applied(to: derivation.text))
    for i in other.givens.indices {
      let text = String(decoding: other.givens[i].document.text, as: UTF8.self)
      other.givens[i].document.text = Array(LetterExchange(letters).applied(to: text).utf8)
    }
    return other
  }

  /// Two pages that share no name but those of times and sizes.
  static let unrelated: [[Derivation]] = {
    let (tanh, linear, scalar) = (
      Derivation.systems[0], Derivation.systems[1], Derivation.systems[2]
    )
    let (layers, forms) = (Derivation.systems[3], Derivation.systems[5])
    func with(_ letters: [Character: String], _ page: Derivation) -> Derivation {
      page.with(LetterExchange(letters).applied(to: page.text))
    }
    return [
      [layers, with(["x": "c"], scalar)],
      [forms, with(["x": "c"], scalar)],
      [forms, with(["x": "c", "v": "r"], linear)],
      [with(["x": "c", "i": "l"], tanh), forms],
      [tanh, with(["x": "c"], scalar)],
    ]
  }()

  @Test("unrelated sections in another order change no verdict", arguments: unrelated)
  func permuted(pages: [Derivation]) {
    func joined(_ pages: [Derivation]) -> Derivation {
      Derivation(
        path: "both.md",
        text: pages.map { "# Section \($0.path)\n\n\($0.text)\n" }.joined(separator: "\n"))
    }
    let alone = pages.map { verdicts($0) }
    #expect(verdicts(joined(pages)) == alone[0] + alone[1])
    #expect(verdicts(joined(pages.reversed())) == alone[1] + alone[0])
  }
}

/// Puts other letters in place of single letters of formulas; words and commands stay.
struct LetterExchange {
  private let letters: [Character: String]
  init(_ letters: [Character: String]) { self.letters = letters }

  func applied(to text: String) -> String {
    // Displays in other delimiters are displays all the same.
    var text = text
    for (sign, plain) in [
      ("\n\\[", "\n$$"), ("\n\\]", "\n$$"), ("\n\\begin{align*}", "\n$$\\begin{aligned}"),
      ("\n\\end{align*}", "\n\\end{aligned}$$"), ("\n\\begin{align}", "\n$$\\begin{aligned}"),
      ("\n\\end{align}", "\n\\end{aligned}$$"),
    ] {
      text = text.replacing(sign, with: plain)
    }
    let lines = inFormulas(of: text).split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map { line in
      guard line.hasPrefix(hold) else { return String(line) }
      return hold + exchanged(line.dropFirst(hold.count).dropLast(3)) + "-->"
    }.joined(separator: "\n")
  }

  private var hold: String { "<!-- leibniz: hold " }

  private func inFormulas(of text: String) -> String {
    var result = ""
    for (i, part) in text.split(separator: "$", omittingEmptySubsequences: false).enumerated() {
      if i > 0 { result.append("$") }
      result += isFormula(i, in: text) ? exchanged(part) : String(part)
    }
    return result
  }

  /// Between `$` and `$`, and between `$$` and `$$`, where an empty part stands on both sides.
  private func isFormula(_ number: Int, in text: String) -> Bool {
    var isInside = false
    let parts = text.split(separator: "$", omittingEmptySubsequences: false)
    var i = 0
    while i < number {
      // A double sign is an empty part.
      let isDouble = i + 1 < parts.count - 1 && parts[i + 1].isEmpty
      if isDouble, i + 1 == number { return false }
      isInside.toggle()
      i += isDouble ? 2 : 1
    }
    return isInside
  }

  private func exchanged(_ formula: Substring) -> String {
    var result = ""
    var rest = formula
    while let character = rest.first {
      rest.removeFirst()
      // The word of `W_{in}`.
      if character == "{", rest.hasPrefix("in}") {
        result += "{in"
        rest = rest.dropFirst(2)
        continue
      }
      guard character == "\\" else {
        // A d before a name is the differential's.
        let stays = character == "d" && (rest.first?.isLetter == true || rest.first == "(")
        result += stays ? "d" : letters[character] ?? String(character)
        continue
      }
      let word = rest.prefix { $0.isLetter }
      result += "\\" + word
      rest = rest.dropFirst(word.count)
      // What these have in braces are words.
      if ["text", "mathrm", "operatorname", "begin", "end", "mathbb"].contains(String(word)),
        rest.first == "{", let close = rest.firstIndex(of: "}")
      {
        result += rest[...close]
        rest = rest[rest.index(after: close)...]
      } else if word == "mathrm" {
        result += rest.prefix(2)
        rest = rest.dropFirst(2)
      }
    }
    return result
  }
}
