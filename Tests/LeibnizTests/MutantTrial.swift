import Documents
import Expressions
import Notation

@testable import Checking

/// What became of true lines and of wrong ones.
struct MutantTally: CustomStringConvertible {
  /// Accepted lines of documents, those of them without a value for brute force, and those that it finds false.
  var accepted = 0
  var silent = 0
  var contradicted: [String] = []
  var tried = 0
  /// True after all.
  var stillTrue = 0
  /// Without a value at any point: shapes that cannot fit, nodes that do not exist.
  var undefined = 0
  var confirmedFalse = 0
  /// Lines that the page does not read as a claim.
  var unread = 0
  /// Accepted, but as something true that the page licenses.
  var rescued = 0
  var verdicts: [String: Int] = [:]
  var falseAccepts: [String] = []

  static func += (total: inout MutantTally, other: MutantTally) {
    total.accepted += other.accepted
    total.silent += other.silent
    total.contradicted += other.contradicted
    total.tried += other.tried
    total.stillTrue += other.stillTrue
    total.undefined += other.undefined
    total.confirmedFalse += other.confirmedFalse
    total.unread += other.unread
    total.rescued += other.rescued
    for (verdict, count) in other.verdicts { total.verdicts[verdict, default: 0] += count }
    total.falseAccepts += other.falseAccepts
  }

  var description: String {
    let counts = verdicts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return "\(tried) tried: \(stillTrue) true, \(undefined) undefined, \(confirmedFalse) false; "
      + "\(unread) unread, \(rescued) rescued, \(falseAccepts.count) falsely accepted; "
      + counts.joined(separator: ", ")
  }
}

/// Single edits of the true lines of a document and pairs of edits, confirmed false by brute force and judged in a
/// copy of the document.
struct MutantTrial: Sendable {
  var derivation: Derivation
  var seed: UInt64
  /// At most so many wrong lines of one true line.
  var limit: Int
  /// At most so many where the line is changed as the page writes it, with the readings it leaves
  /// open, rather than as it was read.
  var limitAsWritten: Int

  private struct Mutant {
    var line: Line
    var left: Expression
    var right: Expression
    var text: String
  }

  func run() -> MutantTally {
    var tally = MutantTally()
    var workspace = Workspace()
    var choices = Choices(seed: seed)
    var mutants: [Mutant] = []
    var landscapes: [Landscape] = []
    var seen: Set<String> = []
    for line in derivation.acceptedLines(in: &workspace) {
      let landscape: Landscape
      if let known = landscapes.first(where: { $0.model.definitions == line.model.definitions }) {
        landscape = known
      } else {
        landscape = Landscape(model: line.model, seed: seed, in: workspace)
        landscapes.append(landscape)
      }
      tally.accepted += 1
      switch landscape.judge(line.left, line.right, for: line.domains, in: workspace) {
      case .holds: break
      case .undefined: tally.silent += 1
      case .isFalse:
        tally.contradicted.append("statement \(line.statement.index) of \(derivation.path)")
      }
      for asWritten in [false, true] where !asWritten || line.written != nil {
        let own = (asWritten ? line.written : nil) ?? (line.left, line.right)
        var candidates = edits(of: own, line.model, asWritten, in: &workspace)
        choices.shuffle(&candidates)
        let singles = candidates.count
        var defined: [(Expression, Expression)] = []
        var count = 0
        var next = 0
        while count < (asWritten ? limitAsWritten : limit) {
          // Where single edits run out, each that has a value gets a second one.
          if next == candidates.count, next < 3 * singles {
            for single in defined {
              let pairs = edits(of: single, line.model, asWritten, in: &workspace)
              if !pairs.isEmpty { candidates.append(pairs[choices.next(below: pairs.count)]) }
            }
          }
          guard next < candidates.count else { break }
          let (left, right) = candidates[next]
          next += 1
          let text = write(left, right, in: workspace)
          guard seen.insert(text).inserted else { continue }
          tally.tried += 1
          switch judge(left, right, line, asWritten, landscape, in: &workspace) {
          case .holds:
            tally.stillTrue += 1
            if next <= singles { defined.append((left, right)) }
          case .undefined: tally.undefined += 1
          case .isFalse:
            if next <= singles { defined.append((left, right)) }
            tally.confirmedFalse += 1
            count += 1
            mutants.append(Mutant(line: line, left: left, right: right, text: text))
          }
        }
      }
    }
    for start in stride(from: 0, to: mutants.count, by: 100) {
      judge(Array(mutants[start..<min(start + 100, mutants.count)]), &tally, in: &workspace)
    }
    return tally
  }

  private func edits(
    of sides: (Expression, Expression), _ model: Model, _ asWritten: Bool,
    in workspace: inout Workspace
  ) -> [(Expression, Expression)] {
    let (first, second) = sides
    var symbols: [Symbol] = []
    for root in [first, second] + model.definitions.map({ $0.body }) {
      for variable in workspace.variables(in: root) where !symbols.contains(variable.symbol) {
        symbols.append(variable.symbol)
      }
    }
    let edits = SingleEdits(symbols: symbols)
    let left = edits.variants(of: first, in: &workspace).map { ($0, second) }
    let right = edits.variants(of: second, in: &workspace).map { (first, $0) }
    if !asWritten { return left + right }
    // A page that marks immediate derivatives licenses no such reading.
    return (left + right).filter { pair in
      !isMarked(pair.0, in: workspace) && !isMarked(pair.1, in: workspace)
    }
  }

  /// Whether a whole side is a node's derivative by another one: that may be meant as immediate.
  private func isByNode(_ side: Expression, in workspace: borrowing Workspace) -> Bool {
    guard case .derivative(_, let below, let intervention) = workspace[side],
      case .variable(let node) = workspace[below]
    else { return false }
    return node.time != nil && intervention.mode == .total
  }

  /// Whether a quotient that is a whole side stands in the other one again: there it can only be
  /// meant as immediate.
  private func isRepeated(
    _ side: Expression, in other: Expression, _ workspace: borrowing Workspace
  ) -> Bool {
    guard case .derivative = workspace[side] else { return false }
    return workspace.occurs(side, in: other)
  }

  private func isMarked(_ side: Expression, in workspace: borrowing Workspace) -> Bool {
    workspace.contains(side) { node in
      if case .derivative(_, _, let intervention) = node { return intervention.mode == .immediate }
      return false
    }
  }

  // MARK: Brute force

  /// False if it is false under every meaning that the page leaves open.
  private func judge(
    _ left: Expression, _ right: Expression, _ line: Line, _ asWritten: Bool,
    _ landscape: Landscape, in workspace: inout Workspace
  ) -> Landscape.Verdict {
    let verdict = landscape.judge(left, right, for: line.domains, in: workspace)
    guard asWritten, verdict == .isFalse else { return verdict }
    let groups = parameterDerivatives(left, right, line.model, in: workspace)
    for subset in 1..<(1 << groups.count) {
      let chosen = groups.indices.filter { subset >> $0 & 1 == 1 }.map { groups[$0] }
      let a = immediate(left, chosen, in: &workspace)
      let b = immediate(right, chosen, in: &workspace)
      let other = landscape.judge(a, b, for: line.domains, in: workspace)
      if other != .isFalse { return other }
    }
    return verdict
  }

  /// Each numerator family with each parameter by which it is differentiated.
  private func parameterDerivatives(
    _ left: Expression, _ right: Expression, _ model: Model, in workspace: borrowing Workspace
  ) -> [[Symbol]] {
    var groups: [[Symbol]] = []
    for side in [left, right] {
      workspace.visit(side) { expression, node in
        if let group = parameterDerivative(expression, model, in: workspace),
          expression != side, !groups.contains(group)
        {
          groups.append(group)
        }
      }
    }
    return groups
  }

  private func parameterDerivative(
    _ expression: Expression, _ model: Model, in workspace: borrowing Workspace
  ) -> [Symbol]? {
    guard case .derivative(let a, let b, _) = workspace[expression],
      case .variable(let above) = workspace[a], case .variable(let below) = workspace[b],
      below.time == nil, below.copy == nil, !model.computes(below.symbol)
    else { return nil }
    return [above.symbol, below.symbol]
  }

  /// The side with all derivatives of these groups meant through their own step alone; a whole
  /// side is always along all paths.
  private func immediate(
    _ side: Expression, _ groups: [[Symbol]], in workspace: inout Workspace
  ) -> Expression {
    workspace.rewriting(side) { workspace, expression in
      guard expression != side,
        case .derivative(let a, let b, var intervention) =
          workspace[expression], case .variable(let above) = workspace[a],
        case .variable(let below) = workspace[b], groups.contains([above.symbol, below.symbol])
      else { return nil }
      intervention.mode = .immediate
      return workspace.expression(.derivative(of: a, by: b, intervention))
    }
  }

  // MARK: The checker

  private func write(
    _ left: Expression, _ right: Expression, in workspace: borrowing Workspace
  ) -> String {
    latex(bare(left, in: workspace), in: workspace) + " = "
      + latex(bare(right, in: workspace), in: workspace)
  }

  /// An equation of entries is written without the table that the judge lays around it.
  private func bare(_ side: Expression, in workspace: borrowing Workspace) -> Expression {
    if case .tabulate(_, let body) = workspace[side] { return body }
    return side
  }

  /// Judges wrong lines in a copy of the document, behind its own lines.
  private func judge(
    _ mutants: [Mutant], _ tally: inout MutantTally, in workspace: inout Workspace
  ) {
    var text = derivation.text + "\n\n## Variants\n"
    let assumption = derivation.text.contains("$T = 3$") ? "Take $T = 3$. " : ""
    var starts: [Int] = []
    for mutant in mutants {
      text += "\n" + assumption + "Then <!-- leibniz: claim -->\n\n"
      starts.append(text.utf8.count)
      text += "$$" + mutant.text + "$$\n"
    }
    let page = derivation.with(text).page(in: &workspace)
    var judge = Judge(Theory(page))
    // A page that supposes something may lend it to a later line, and what shapes force is licensed
    // everywhere.
    var licensed = derivation.licensed + [.identity, .diagonal]
    if page.statements.contains(where: { $0.role == .assumption }) { licensed.append(.assumed) }
    var isHeard = [Bool](repeating: false, count: mutants.count)
    for statement in page.statements
    where statement.role == .claim && statement.place.start >= starts[0] {
      guard let i = starts.lastIndex(where: { $0 <= statement.place.start }) else { continue }
      isHeard[i] = true
      let judged: Judged
      do throws(Unreadable) {
        judged = try judge.judge(statement, layout: mutants[i].line.layout, in: &workspace)
      } catch {
        tally.verdicts["not-understood", default: 0] += 1
        continue
      }
      tally.verdicts[judged.hearing.verdict.rawValue, default: 0] += 1
      let line = "\(derivation.path), seed \(seed): \(mutants[i].text)"
      if judged.hearing.code == .contradiction {
        tally.falseAccepts.append("the witnesses contradict each other: \(line)")
      }
      guard judged.hearing.verdict.isAccepted else { continue }
      let model = judge.theory[judged.setting].model
      let (left, right) = (judged.claim.left.expression, judged.claim.right.expression)
      if isByNode(left, in: workspace) || isRepeated(left, in: right, workspace) {
        licensed.append(.immediate)
      }
      defer { licensed.removeAll { $0 == .immediate && !derivation.licensed.contains($0) } }
      let isLicensed =
        judged.readings.contains { licensed.contains($0) }
        && judged.readings.allSatisfy { !$0.isSemantic || licensed.contains($0) }
      let landscape = Landscape(model: model, seed: seed, in: workspace)
      let truth = landscape.judge(judged.left, judged.right, for: judged.domains, in: workspace)
      let restricts = judged.claim.assumptions.contains { $0.restrictsPoints }
      if isLicensed, restricts || truth.holds {
        tally.rescued += 1
      } else {
        let names = judged.readings.map { $0.rawValue }
        tally.falseAccepts.append(
          "\(judged.hearing.verdict.rawValue) with \(names), read as what is \(truth): \(line)")
      }
    }
    tally.unread += isHeard.count { !$0 }
  }
}
