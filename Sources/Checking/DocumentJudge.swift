import Documents
import Expressions
import Notation

/// Judges all claims of a document and folds the layouts into one.
struct DocumentJudge: ~Copyable {
  var judge: Judge
  private(set) var layout: Layout
  private(set) var judged: [Layout: [Int: Judged]] = [:]
  private var unreadable: [Layout: [Int: Unreadable]] = [:]
  /// The mends of earlier statements, and the formulas that they stand in.
  var mended: [Int: (mend: Mend, source: FormulaText)] = [:]

  init(_ theory: consuming Theory, in workspace: inout Workspace) {
    let stated = theory.page.layout
    judge = Judge(theory)
    layout = stated ?? DocumentJudge.layouts(of: judge.theory.page).first ?? .numerator
    judgeClaims(claims, layout, in: &workspace)
    for statement in judge.theory.page.statements where statement.role == .definition {
      _ = judge.theory.setting(for: statement, in: &workspace)
    }
    if stated == nil, !isSettled { chooseLayout(in: &workspace) }
  }

  /// The layouts that a page may have, the likeliest first.
  private static func layouts(of page: Page) -> [Layout] {
    [.numerator, .gradient, .denominator].filter { !page.deniedLayouts.contains($0) }
  }

  /// Judges a page, all of it as one unit where its loss is one only if all quantities are numbers
  /// and no claim is lost by it.
  static func judging(_ page: Page, in workspace: inout Workspace) -> DocumentJudge {
    let judge = DocumentJudge(Theory(page), in: &workspace)
    guard !page.isScalar, judge.judge.theory.settings.contains(where: { $0.isScalar }),
      page.declarations.allSatisfy({ $0.shape == nil || $0.shape?.isScalar == true && !$0.isLocal }
      ),
      !page.showsTensors
    else { return judge }
    var ofOneUnit = page
    ofOneUnit.isScalar = true
    let other = DocumentJudge(Theory(ofOneUnit), in: &workspace)
    return other.acceptedStatements.isStrictSuperset(of: judge.acceptedStatements) ? other : judge
  }

  /// Why a claim cannot be read in the document's layout.
  func problem(of statement: Statement) -> Unreadable? {
    unreadable[layout]?[statement.index] ?? statement.problem
  }

  private var claims: [Statement] {
    judge.theory.page.statements.filter { $0.role == .claim }
  }

  private mutating func judgeClaims(
    _ claims: [Statement], _ layout: Layout, in workspace: inout Workspace
  ) {
    for var statement in claims {
      if isTotalAbove(statement) {
        statement.saysTotal = true
        judge.theory.page.statements[statement.index] = statement
      }
      do throws(Unreadable) {
        judged[layout, default: [:]][statement.index] = try judgeEach(
          statement, layout, in: &workspace)
      } catch {
        unreadable[layout, default: [:]][statement.index] = error
      }
    }
  }

  /// Whether the section has given the whole of the same derivative before, along all paths: what is
  /// set equal to it then is no partial of one equation.
  private func isTotalAbove(_ statement: Statement) -> Bool {
    guard statement.previous == nil, statement.givesDerivative else { return false }
    return claims.prefix { $0.index < statement.index }.contains { other in
      other.section == statement.section && other.left.spelled == statement.left.spelled
        && other.givesDerivative && other.held == statement.held
        && other.holdsAllGates == statement.holdsAllGates
        && judged[layout]?[other.index].map {
          $0.hearing.verdict.isAccepted
            && !$0.readings.contains { [.immediate, .held].contains($0) }
        } == true
    }
  }

  /// Judges a claim; of a name that stands for any of several, for each of them: the first for which it
  /// does not hold decides, else the weakest.
  private mutating func judgeEach(
    _ statement: Statement, _ layout: Layout, in workspace: inout Workspace
  ) throws(Unreadable) -> Judged {
    guard let collective = judge.theory.page.collective(in: statement) else {
      var result = try judge.judge(statement, layout: layout, in: &workspace)
      let verdict = result.hearing.verdict
      if statement.isOfOpenName && verdict == .refuted
        || statement.isInsufficient && verdict.isAccepted
        || statement.isHeldToWords && result.mismatch?.place == .function
        || verdict.isRejected && !judge.theory.determines(statement, result.claim, in: workspace)
      {
        result.hearing = Hearing(verdict: .undecided, code: .undecided)
      }
      return result
    }
    var weakest: Judged?
    var open: Judged?
    for member in collective.members {
      var one = try judgeEach(
        statement.speaking(of: member, for: collective), layout, in: &workspace)
      one.member = one.member ?? member.key.name
      if one.hearing.verdict.isRejected { return one }
      if !one.hearing.verdict.isAccepted { open = open ?? one }
      if weakest == nil || one.hearing.verdict != .proved { weakest = one }
    }
    guard let result = open ?? weakest else { throw Unreadable(.noMeaning, statement.left.span) }
    return result
  }

  private var isSettled: Bool {
    claims.allSatisfy { judged[layout]?[$0.index] == nil || isAccepted($0, layout) }
  }

  /// The layout in which most relations hold; a tie goes to numerator, then gradient-shaped. Another one
  /// is looked at whole only as long as it can win.
  private mutating func chooseLayout(in workspace: inout Workspace) {
    let first = layout
    let open = claims.filter { !isAccepted($0, first) }
    let settled = claims.filter { isAccepted($0, first) }
    var best = (layout: layout, lead: 0)
    for other in DocumentJudge.layouts(of: judge.theory.page).dropFirst() {
      judgeClaims(open, other, in: &workspace)
      var lead = open.count { isAccepted($0, other) }
      for statement in settled where lead > best.lead {
        judgeClaims([statement], other, in: &workspace)
        if !isAccepted(statement, other) { lead -= 1 }
      }
      if lead > best.lead { best = (other, lead) }
    }
    layout = best.layout
  }

  private func isAccepted(_ statement: Statement, _ layout: Layout) -> Bool {
    judged[layout]?[statement.index]?.hearing.verdict.isAccepted == true
  }

  /// The statements that hold.
  var acceptedStatements: Set<Int> {
    Set(
      claims.compactMap {
        result(of: $0)?.hearing.verdict.isAccepted == true ? $0.index : nil
      })
  }

  /// What came of a claim: in the document's layout, or in another one where just that holds.
  func result(of statement: Statement) -> Judged? {
    guard var result = readResult(of: statement) else { return nil }
    let setting = judge.theory[result.setting]
    if result.hearing.verdict.isAccepted, restsOnRejected(statement, setting) {
      result.hearing = Hearing(verdict: .undecided, code: .undecided)
      result.restsOnRejected = true
    }
    if result.hearing.verdict.isAccepted,
      judge.theory.page.takesModel && !setting.model.definitions.isEmpty
        || setting.supposedTotals.contains(where: { statement.names.contains($0) })
    {
      result.readings.append(.model)
    }
    return result
  }

  /// Whether a name of its model is what a line above says that does not hold.
  private func restsOnRejected(_ statement: Statement, _ setting: Setting) -> Bool {
    if statement.isHeldToWords { return false }
    let page = judge.theory.page
    return setting.definitions.contains { i in
      let origin = page.definitions[i].statement
      return origin >= 0 && origin < statement.index && page.statements[origin].saysWhatNameIs
        && readResult(of: page.statements[origin])?.hearing.verdict.isRejected == true
    }
  }

  private func readResult(of statement: Statement) -> Judged? {
    guard let own = judged[layout]?[statement.index] else { return nil }
    if own.hearing.verdict.isAccepted || judge.theory.page.layout != nil { return own }
    for other in DocumentJudge.layouts(of: judge.theory.page) where other != layout {
      if var there = judged[other]?[statement.index], there.hearing.verdict.isAccepted,
        !writesOut(namesOf: statement, in: layout, not: other)
      {
        there.readings.insert(.layout, at: 0)
        return there
      }
    }
    return own
  }

  /// Whether another line says in one layout alone what a derivative is that the statement has by name.
  private func writesOut(namesOf statement: Statement, in layout: Layout, not other: Layout) -> Bool
  {
    let page = judge.theory.page
    let named = page.notation.gradients.filter { statement.names.contains($0.key) }
    return claims.contains { claim in
      claim.index != statement.index
        && named.contains { claim.head == $0.statement || claim.names.contains($0.key) }
        && isAccepted(claim, layout) && !isAccepted(claim, other)
    }
  }

  /// Whether every relation of a chain up to this one holds, one of them to the digits shown: what
  /// was rounded on the way is no error against the head.
  func isRoundedOnTheWay(to statement: Statement) -> Bool {
    var isRounded = false
    var next: Statement? = statement
    while let member = next {
      guard let result = result(of: member), result.hearing.verdict.isAccepted else { return false }
      isRounded = isRounded || result.readings.contains(.precision)
      next = member.previous.map { judge.theory.page.statements[$0] }
    }
    return isRounded
  }

  /// Why the definition cannot be typed.
  func definitionMismatch(of statement: Statement) -> ShapeMismatch? {
    for setting in judge.theory.settings {
      if let failure = setting.mismatch, failure.statement == statement.index {
        return failure.mismatch
      }
    }
    return nil
  }

  /// Why the definition cannot be read, where no model has it.
  func definitionProblem(of statement: Statement) -> Unreadable? {
    if judge.theory.settings.contains(where: { setting in
      setting.statements.contains { $0.statement == statement.index }
    }) {
      return nil
    }
    for setting in judge.theory.settings {
      for unread in setting.unread where unread.statement == statement.index {
        return unread.problem
      }
    }
    return nil
  }

  /// Compares a claim's right side with its chain's head.
  mutating func headResult(
    _ statement: Statement, in workspace: inout Workspace
  ) -> Judged? {
    guard let head = statement.head else { return nil }
    var whole = statement
    whole.left = judge.theory.page.statements[head].left
    whole.names += judge.theory.page.statements[head].names.filter { !whole.names.contains($0) }
    whole.previous = nil
    return try? judgeEach(whole, layout, in: &workspace)
  }

  /// Judges what stands of a claim before its formula breaks off.
  mutating func unbrokenResult(
    _ statement: Statement, in workspace: inout Workspace
  ) -> Judged? {
    try? judge.judge(statement, layout: layout, in: &workspace)
  }
}
