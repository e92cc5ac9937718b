import Calculus
import Documents
import Expressions
import Notation
import Numerics

extension DocumentReport {
  /// Judges a document: segmented, read, modelled, judged, explained.
  /// - Parameters:
  ///   - given: what the documents that it names with `given` state, in one page.
  ///   - models: the systems of which a page may take one for granted.
  package init(
    checking source: Source, given: Page? = nil, models: [GrantedModel] = [],
    in workspace: inout Workspace
  ) {
    let manuscript = Manuscript(source)
    var page = Page(reading: source, manuscript, given: given, in: &workspace)
    var judge = DocumentJudge.judging(page, in: &workspace)
    page.mendMisprint(source, manuscript, given: given, &judge, in: &workspace)
    self.init(&judge, source, manuscript, in: &workspace)
    let isOpen = findings.contains { $0.isRejectedOrOpen || !$0.opaque.isEmpty }
    if given == nil, isOpen || findings.contains(where: { page.takesInputs($0.statement) }) {
      for uses in GrantedModel.fitting(page, source, among: models, in: &workspace) {
        takeForGranted(uses, page, manuscript, in: &workspace)
      }
    }
    inherit()
  }

  private init(
    _ judge: inout DocumentJudge, _ source: Source, _ manuscript: Manuscript,
    in workspace: inout Workspace
  ) {
    let page = judge.judge.theory.page
    var conventions = Conventions(layout: judge.layout)
    conventions.time = page.timeNotation
    page.style(&conventions)
    self.init(
      source: source, conventions: conventions, readings: [], findings: [],
      problems: manuscript.problems.map { DocumentProblem($0, source) })
    readings = [("layout", judge.layout.name), ("time", conventions.time.rawValue)]
    if page.isScalar { readings.append(("scalar", "yes")) }
    for statement in page.statements where !statement.isHidden {
      findings.append(Finding(statement, &judge, in: &workspace))
    }
  }

  /// What is not accepted of the nodes as unknown functions, or rests on nodes of the model as such, is
  /// judged of the model's; of several models only where all agree.
  private mutating func takeForGranted(
    _ uses: [GrantedModel.Use], _ page: Page, _ manuscript: Manuscript,
    in workspace: inout Workspace
  ) {
    let blocks = uses[0].blocks
    let isTentative = uses.contains { $0.isTentative }
    var own = manuscript
    for i in own.blocks.indices where !blocks.contains(i) { own.blocks[i].sentences = [] }
    let places = findings.indices.filter { blocks.contains(findings[$0].statement.block) }
    var reports: [[Finding]] = []
    for use in uses {
      var part = Page(reading: source, own, given: use.page, in: &workspace)
      part.takesModel = true
      var judge = DocumentJudge.judging(part, in: &workspace)
      let report = DocumentReport(&judge, source, own, in: &workspace)
      guard report.findings.count == places.count else { return }
      reports.append(report.findings)
    }
    for (k, i) in places.enumerated() {
      let isAccepted = reports[0][k].verdict?.isAccepted == true
      guard findings[i].statement.role == .claim, reports[0][k].statement.role == .claim,
        isTentative
          ? isAccepted && findings[i].isRejectedOrOpen
          : findings[i].isRejectedOrOpen || isUnknown(findings[i], uses[0], workspace)
            || uses[0].computes(inputsOf: findings[i].statement, on: page),
        reports.allSatisfy({
          $0[k].verdict?.isAccepted == isAccepted
            && $0[k].verdict?.isRejected == reports[0][k].verdict?.isRejected
        })
      else { continue }
      let statement = findings[i].statement
      findings[i] = reports[0][k]
      findings[i].statement.index = statement.index
      findings[i].statement.head = statement.head
      findings[i].statement.previous = statement.previous
    }
    readings += uses.map { ("model", $0.name) }
  }

  /// Whether a finding rests on nodes as unknown functions that the model computes.
  private func isUnknown(
    _ finding: Finding, _ use: GrantedModel.Use, _ workspace: borrowing Workspace
  ) -> Bool {
    finding.opaque.contains { node in
      guard case .variable(let variable) = workspace[node] else { return false }
      let name = workspace[variable.symbol].name
      return use.page.definitions.contains { $0.key.name == name }
    }
  }

  /// A right step after a wrong one takes its error from there.
  private mutating func inherit() {
    for i in findings.indices {
      guard let head = findings[i].head, head.isRejected, findings[i].verdict?.isAccepted == true,
        let chain = findings[i].statement.head
      else { continue }
      var earlier: Int?
      for finding in findings[..<i]
      where finding.statement.index >= chain && finding.verdict?.isRejected == true {
        earlier = finding.statement.index
      }
      findings[i].followsFrom = earlier
    }
  }
}

extension Finding {
  fileprivate var isRejectedOrOpen: Bool { verdict.map { !$0.isAccepted } ?? false }
}

extension Layout {
  var name: String {
    switch self {
    case .numerator, .transposed: return "numerator"
    case .denominator: return "denominator"
    case .gradient: return "gradient"
    }
  }
}

extension DocumentProblem {
  init(_ problem: Manuscript.Problem, _ source: Source) {
    switch problem {
    case .notText(let offset):
      self.init(
        span: Span(offset, offset), code: .notText,
        message: Message([
          .words(
            "This is no UTF-8 text: byte \(offset + 1) cannot be read. Save the file as UTF-8 text."
          )
        ]))
    case .notNotebook(let offset):
      self.init(
        span: Span(offset, offset), code: .notText,
        message: Message([.words("This notebook is no JSON from here on.")]))
    case .unterminated(let span):
      self.init(
        span: span, code: .unterminatedFormula,
        message: Message([
          .words(
            "A formula begins here and does not end; it was read up to the end of the paragraph.")
        ]))
    case .unclosed(let span):
      self.init(
        span: span, code: .unterminatedFormula,
        message: Message([.words("A comment or a code block begins here and does not end.")]))
    case .unknownDirective(let span):
      self.init(
        span: span, code: .unknownDirective,
        message: Message([
          .words("No such directive: "), .token(source.string(span)),
          .words(
            ". There are given, declare, define, assume, claim, ignore, layout, time, scalar, copy, hold, induction, end and expect."
          ),
        ]))
    }
  }
}

extension Finding {
  init(
    _ statement: Statement, _ judge: inout DocumentJudge, in workspace: inout Workspace
  ) {
    self.init(statement: statement)
    if statement.isRepaired { readings = [.repaired] }
    if statement.role == .claim { judgeClaim(&judge, in: &workspace) }
    if statement.role == .definition, let problem = judge.definitionProblem(of: statement) {
      refuse(problem)
    }
    if let failure = judge.definitionMismatch(of: statement), statement.role == .definition {
      verdict = .illTyped
      code = .definitionIllTyped
      message = Message(mismatch: failure)
    }
    if statement.role == .definition, verdict == nil { judgeStart(&judge, in: &workspace) }
    if let expectation = statement.expectation { asExpected = meets(expectation) }
  }

  private mutating func judgeClaim(
    _ judge: inout DocumentJudge, in workspace: inout Workspace
  ) {
    if let circle = statement.circle {
      (verdict, code) = (.refuted, .circle)
      message = Message(circle)
      return
    }
    if let problem = judge.problem(of: statement) {
      refuse(problem)
      if statement.continuesFormula {
        message = Message([.words("This continues a line that could not be read.")])
        blame = nil
      }
      judgeBreak(&judge, in: &workspace)
      return
    }
    guard let judged = judge.result(of: statement) else {
      verdict = .notUnderstood
      code = .unreadFormula
      return
    }
    take(judged, judge, in: &workspace)
    if let whole = judge.headResult(statement, in: &workspace),
      whole.hearing.verdict != judged.hearing.verdict,
      !whole.hearing.verdict.isRejected || !judge.isRoundedOnTheWay(to: statement)
    {
      head = whole.hearing.verdict
    }
    if judged.hearing.verdict != .proved, judged.hearing.verdict != .validated,
      judged.hearing.verdict != .bounded
    {
      derivativeNames = judge.derivativeNames(for: statement, judged, in: &workspace)
      diagnose(judged, &judge, in: &workspace)
      if let member = judged.member {
        message = Message([.words("For "), .token(member), .words(": ")] + message.parts)
        mend = nil
      }
    }
  }

  private mutating func refuse(_ problem: Unreadable) {
    verdict = .notUnderstood
    code = problem.code
    message = Message(unreadable: problem)
    blame = statement.source.sourceSpan(problem.span)
  }

  mutating func take(
    _ judged: Judged, _ judge: borrowing DocumentJudge, in workspace: inout Workspace
  ) {
    left = judged.claim.left.expression
    // What stands behind ∈ is no expression.
    right =
      judged.claim.sign == .elementOf || judged.claim.diverges
      ? nil : judged.claim.right.expression
    if judged.mismatch == nil, right != nil { readAs = (judged.left, judged.right) }
    // What the cases of a claim have in common.
    domain = (judged.domains.first ?? []).filter { time in
      judged.domains.allSatisfy { $0.contains(time) }
    }
    model = judged.setting
    let setting = judge.judge.theory[judged.setting]
    for definition in setting.model.definitions where setting.opaque.contains(definition.symbol) {
      opaque.append(
        workspace.variable(
          definition.symbol, at: definition.time.map { Time($0) } ?? definition.instance))
    }
    verdict = judged.hearing.verdict
    code = judged.hearing.code
    readings = verdict?.isAccepted == true ? judged.readings.inOrder : []
    numeric = judged.hearing.numeric
    difference = verdict == .refuted ? judged.hearing.remainder : nil
  }

  /// Whether the statement came out as its page expects.
  private func meets(_ expectation: Expectation) -> Bool {
    if let role = Role(rawValue: expectation.word) {
      if statement.role != role { return false }
      if role != .claim, verdict?.isRejected == true || verdict == .notUnderstood { return false }
    } else {
      guard statement.role == .claim || !Finding.accepts(verdict, "accepted"),
        Finding.accepts(verdict, expectation.word)
      else { return false }
    }
    for name in expectation.readings where !readings.contains(where: { $0.rawValue == name }) {
      return false
    }
    if let slip = expectation.slip, mend?.slip?.rawValue != slip { return false }
    if let head = expectation.head, !Finding.accepts(self.head ?? verdict, head) { return false }
    return true
  }

  private static func accepts(_ verdict: Verdict?, _ word: String) -> Bool {
    guard let verdict else { return false }
    switch word {
    case "accepted": return verdict.isAccepted
    case "rejected": return verdict.isRejected
    default: return verdict.rawValue == word
    }
  }
}

extension [Reading] {
  /// Each once, in the order of cost.
  var inOrder: [Reading] { Reading.allCases.filter { contains($0) } }
}

extension Unreadable {
  var code: Code {
    switch reason {
    case .token: return .unreadToken
    case .missingOperand: return .missingOperand
    default: return .unreadFormula
    }
  }
}
