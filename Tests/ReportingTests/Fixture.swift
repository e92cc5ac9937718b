import Expressions
import Notation
import Reporting

@testable import Checking
@testable import Documents

/// A document with findings made by hand.
struct Fixture: ~Copyable {
  var workspace = Workspace()
  let source: Source
  var findings: [Finding] = []
  var problems: [DocumentProblem] = []
  var readings: [(name: String, value: String)] = []

  init(_ text: String, path: String = "homework.md") {
    source = Source(path: path, text: Array(text.utf8))
  }

  var report: DocumentReport {
    DocumentReport(
      source: source, conventions: Conventions(), readings: readings, findings: findings,
      problems: problems)
  }

  mutating func variable(_ name: String, at time: Time? = nil) -> Expression {
    let symbol = workspace.symbol(
      SymbolRecord(name: name, shape: .scalar, isFamily: time != nil))
    return workspace.expression(.variable(Variable(symbol, at: time)))
  }

  /// A span of the text, by its content.
  func span(_ part: String, after start: Int = 0) -> Span {
    let (text, wanted) = (source.text, Array(part.utf8))
    for i in start...(text.count - wanted.count)
    where Array(text[i..<(i + wanted.count)]) == wanted {
      return Span(i, i + wanted.count)
    }
    preconditionFailure("\(part) is not in the text")
  }

  /// Appends a finding about the relation that is written so.
  mutating func add(
    _ relation: String, role: Role = .claim, label: String? = nil, verdict: Verdict? = nil,
    expect expectation: Expectation? = nil, _ change: (inout Finding) -> Void = { _ in }
  ) {
    let place = span(relation, after: findings.last?.span.end ?? 0)
    let formula = FormulaText(
      text: Array(relation.utf8), span: place, contentSpan: place,
      map: OffsetMap(shift: place.start))
    let bytes = Array(relation.utf8)
    let sign = bytes.firstIndex(of: UInt8(ascii: "=")) ?? 0
    var statement = Statement(
      index: findings.count, role: role, sign: .equal,
      left: Formula(.empty, Span(0, sign)), right: Formula(.empty, Span(sign + 1, bytes.count)),
      source: formula, span: Span(0, bytes.count), label: label, block: 0, sentence: 0)
    statement.expectation = expectation
    var finding = Finding(statement: statement)
    finding.verdict = verdict
    change(&finding)
    findings.append(finding)
  }
}

extension Fixture {
  /// A page on which everything happens once.
  static func homework() -> Fixture {
    var page = Fixture(
      """
      # Homework

      Let $W \\in \\mathbb{R}^{n \\times d}$ and $h_t = W h_{t-1}$.

      $$\\frac{\\partial h_t}{\\partial h_{t-1}} = W \\tag{16}$$

      $$\\frac{\\partial L}{\\partial W} = \\sum_{t=0}^T \\sum_{k=1}^t a_t b_k \\quad (17)$$

      设 $y = W x$，则 $y = x W$ 成立。

      $$\\begin{aligned}
      a &= b c \\\\
      \t&= c b \\\\
      \t&= 2 c
      \\end{aligned}$$

      And $L_t = q$, and $a = \\frac{b}{$.

      """)
    page.readings = [(name: "layout", value: "numerator"), (name: "time", value: "subscript")]
    let (t, k) = (page.workspace.time(named: "t"), page.workspace.time(named: "k"))
    let last = page.workspace.time(named: "T")
    let (a, b) = (page.variable("a", at: Time(t)), page.variable("b", at: Time(k)))
    let (w, x, loss) = (page.variable("W"), page.variable("x"), page.variable("L"))
    let product = page.workspace.expression(.product([a, b]))
    let (wx, xw) = (
      page.workspace.expression(.product([w, x])), page.workspace.expression(.product([x, w]))
    )
    let weights = page.workspace.symbol(
      SymbolRecord(name: "W", shape: .scalar, isFamily: false))
    let state = page.workspace.symbol(SymbolRecord(name: "h", shape: .scalar, isFamily: true))
    let dimension = page.workspace.dimension(named: "n")

    page.add("W \\in \\mathbb{R}^{n \\times d}", role: .declaration)
    page.add("h_t = W h_{t-1}", role: .definition) { $0.model = 1 }
    page.add(
      "\\frac{\\partial h_t}{\\partial h_{t-1}} = W", label: "16", verdict: .proved,
      expect: Expectation(Array("proved".utf8))
    ) {
      $0.readings = [.immediate, .elidedArgument]
      $0.asExpected = true
      $0.numeric = NumericEvidence(points: 8, maximumRelativeError: 3.1e-11)
      $0.model = 1
    }
    let bound = page.span("k=1")
    page.add(
      "\\frac{\\partial L}{\\partial W} = \\sum_{t=0}^T \\sum_{k=1}^t a_t b_k", label: "17",
      verdict: .refuted, expect: Expectation(Array("refuted as off-by-one bound".utf8))
    ) {
      $0.blame = bound
      ($0.left, $0.right) = (loss, product)
      $0.readAs = (left: loss, right: product)
      $0.domain = [Time(k), Time(t) - Time(k), Time(last) - Time(t), Time(t)]
      $0.model = 1
      $0.opaque = [loss]
      $0.difference = product
      $0.counterexample = Counterexample(
        sizes: [(name: "n", value: 1), (name: "n", value: 1), (name: "n", value: 2)],
        times: [(name: "T", value: 2)],
        values: [
          .init(symbol: weights, time: nil, dimensions: [1, 2], entries: [2, -0.5]),
          .init(symbol: state, time: 2, dimensions: [2], entries: [1, 1.0 / 3]),
        ], left: (dimensions: [], entries: [3]), right: (dimensions: [], entries: [2.5]))
      $0.mend = Mend(
        left: loss, right: product, sign: .equal, old: nil, new: nil,
        edit: Message([.words("lower bound k = 1 becomes k = 0")]), slip: .offByOneBound)
      $0.code = .offByOneBound
      $0.holdsIf = Message([.maths(x), .words("does not depend on"), .maths(w)])
      $0.message = Message([
        .words("the terms with"), .time(Time(k)), .words("= 0 are missing from the sum."),
      ])
      $0.asExpected = true
    }
    page.add("y = W x", role: .definition) { $0.model = 2 }
    let wrong = page.span("x W")
    page.add("y = x W", verdict: .illTyped) {
      $0.blame = wrong
      ($0.left, $0.right) = (wx, xw)
      $0.code = .factorsCannotMeet
      $0.message = Message([
        .maths(x), .words("is a vector of size"), .shape(.vector(Dimension(dimension))),
        .words(", and"), .maths(w), .words("has 1 row; they cannot be multiplied"),
      ])
      $0.model = 2
    }
    page.add("a &= b c \\\\\n\t&= c b", verdict: .refuted) {
      $0.followsFrom = 3
      $0.head = .proved
      $0.message = Message([.words("the factors do not commute")])
    }
    page.add("= 2 c", verdict: .validated) {
      $0.numeric = NumericEvidence(points: 8, maximumRelativeError: 3.1e-11)
      $0.head = .refuted
      $0.followsFrom = 6
    }
    page.add("L_t = q", verdict: .undecided, expect: Expectation(Array("proved".utf8))) {
      $0.code = .unknownSymbol
      $0.message = Message([.words("nothing says what"), .token("q"), .words("is")])
      $0.asExpected = false
    }
    page.add("a = \\frac{b}{", verdict: .notUnderstood) {
      $0.message = Message([.words("the brace is not closed")])
    }
    page.problems = [
      DocumentProblem(
        span: page.span("$W \\in"), code: .unknownDirective,
        message: Message([.words("there is no directive"), .token("foo")]))
    ]
    return page
  }
}
