import Documents
import Expressions
import Notation
import Numerics

/// What an explanation asks of the judge.
extension DocumentJudge {
  var marksImmediate: Bool { judge.theory.page.marksImmediate }

  /// Whether a relation writes products over steps, each from the first step on.
  func writesOnlyAscending(_ claim: Claim, in workspace: borrowing Workspace) -> Bool {
    var orders: [ProductOrder] = []
    for side in [claim.left.expression, claim.right.expression] {
      workspace.visit(side) { _, node in
        if case .timeProduct(_, _, _, _, let order) = node { orders.append(order) }
      }
    }
    return !orders.isEmpty && orders.allSatisfy { $0 == .ascending }
  }

  mutating func repair(
    _ search: RepairSearch, in workspace: inout Workspace
  ) -> RepairSearch.Found? {
    search.search(&judge, in: &workspace)
  }

  mutating func replacingStranger(
    _ search: RepairSearch, in workspace: inout Workspace
  ) -> RepairSearch.Found? {
    search.replacingStranger(&judge, in: &workspace)
  }

  /// Whether people can read it: not much longer than what they write, and without tables of entries
  /// or products along paths.
  ///
  /// - Parameter isEntry: whether it is said of entries: then Kronecker's δ may stand in it.
  func isPresentable(
    _ expression: Expression, beside written: Expression, isEntry: Bool = false,
    in workspace: borrowing Workspace
  ) -> Bool {
    func writes(_ kind: NodeKinds) -> Bool {
      !workspace.holds(kind, in: expression) || workspace.holds(kind, in: written)
    }
    return workspace.treeSize(expression) <= min(120, 40 + 3 * workspace.treeSize(written))
      && writes(.tabulate) && (isEntry || writes(.delta)) && writes(.unitVector)
      && !workspace.contains(expression) { node in
        switch node {
        case .pathProduct, .opaquePartial, .iverson: true
        default: false
        }
      }
  }

  /// Whether the claim holds with another right side. That nothing is left of the left side is more
  /// likely said of a misread line than of a wrong one where the shapes do not fit.
  mutating func accepts(
    _ right: Expression, for judged: Judged, _ statement: Statement, in workspace: inout Workspace
  ) -> Bool {
    if judged.mismatch != nil, workspace.isZero(right) { return false }
    return accepts(judged.claim.left.expression, right, for: judged, statement, in: &workspace)
  }

  mutating func accepts(
    _ left: Expression, _ right: Expression, for judged: Judged, _ statement: Statement,
    in workspace: inout Workspace
  ) -> Bool {
    var variant = judge.base(judged.claim)
    variant.left = left
    variant.right = right
    return judge.accepting(variant, statement, in: &workspace) != nil
  }

  /// What came of the statement of that number.
  func member(_ index: Int) -> Judged? {
    result(of: judge.theory.page.statements[index])
  }

  /// Whether all relations of a chain before this one hold.
  func holdsUp(to index: Int) -> Bool {
    var next = judge.theory.page.statements[index].previous
    while let member = next {
      guard self.member(member)?.hearing.verdict.isAccepted == true else { return false }
      next = judge.theory.page.statements[member].previous
    }
    return true
  }

  /// The first derivative on the right that is always 0.
  func vanishing(_ judged: Judged, in workspace: borrowing Workspace) -> Expression? {
    var variant = judge.base(judged.claim)
    variant.left = judged.left
    variant.right = judged.right
    return Idleness(variant, judge.theory[judged.setting].model, in: workspace)
      .vanishing(in: judged.right, workspace)
  }

  /// A side without derivatives, in the shortest notation.
  mutating func simplified(
    _ expression: Expression, _ judged: Judged, in workspace: inout Workspace
  ) -> Expression? {
    judge.simplified(expression, judged, in: &workspace)
  }

  /// Whether what an assumption is solved with shows, which the page does not name.
  func showsDrawn(
    _ expression: Expression, _ judged: Judged, in workspace: borrowing Workspace
  ) -> Bool {
    let table = judge.theory[judged.setting].table
    let own = workspace.variables(in: expression)
    return judged.claim.assumptions.contains { premise in
      guard case .value(_, let value) = premise.content else { return false }
      return workspace.variables(in: value).contains { variable in
        own.contains(variable) && table.key(of: variable.symbol) == nil
      }
    }
  }

  /// The sums that a line and the equations of its model write.
  func writtenSums(_ judged: Judged, in workspace: borrowing Workspace) -> [Expression] {
    var sums: [Expression] = []
    let roots =
      [judged.claim.right.expression, judged.claim.left.expression]
      + judge.theory[judged.setting].model.definitions.map { $0.body }
    for root in roots {
      workspace.visit(root) { expression, node in
        if case .sum = node { sums.append(expression) }
      }
    }
    return sums
  }

  /// The entries of a side of numbers, row by row; nil where it holds anything else.
  func exactValue(
    of side: Expression, _ judged: Judged, in workspace: borrowing Workspace
  ) -> [Rational]? {
    workspace.exactValue(of: side, model: judge.theory[judged.setting].model)?.entries
  }

  /// The entries that the page prints for a matrix, or for the power of one that is diagonal.
  func writtenValue(
    of side: Expression, _ judged: Judged, in workspace: inout Workspace
  ) -> Expression? {
    let model = judge.theory[judged.setting].model
    switch workspace[side] {
    case .variable(let variable):
      guard let body = model.definition(of: variable.symbol)?.body,
        case .stack(_, _, let entries) = workspace[body],
        entries.allSatisfy({ (try? workspace.shape(of: $0))?.isScalar == true })
      else { return nil }
      return body
    case .power(let base, let exponent):
      guard let value = writtenValue(of: base, judged, in: &workspace),
        case .stack(let rows, let columns, var entries) = workspace[value], rows == columns
      else { return nil }
      for i in entries.indices {
        if i % (columns + 1) == 0 {
          entries[i] = workspace.expression(.power(entries[i], exponent))
        } else if !workspace.isZero(entries[i]) {
          return nil
        }
      }
      return workspace.expression(.stack(rows: rows, columns: columns, entries))
    default: return nil
    }
  }

  // MARK: Counterexample

  /// The smallest point at which the sides differ: sizes and times as small as can be, round
  /// numbers.
  func counterexample(
    _ judged: Judged, in workspace: inout Workspace
  ) -> Counterexample? {
    let model = judge.theory[judged.setting].model
    let roots = [judged.left, judged.right]
    var witness = NumericWitness(
      model: model, domains: judged.domains, premises: judged.claim.assumptions)
    witness.wanted = 12
    witness.prepare(roots, in: workspace)
    let dimensions = Sample.dimensions(of: model, and: roots, in: workspace)
    for size in [1, 2] {
      for laboratory in witness.laboratories {
        var sample = laboratory.sample
        sample.drawing = .round
        sample.setSizes(of: dimensions, to: size)
        for seed in 1...4 {
          sample.seed = UInt64(seed)
          if let found = difference(judged, sample, model, in: workspace) { return found }
        }
      }
    }
    return nil
  }

  private func difference(
    _ judged: Judged, _ sample: Sample, _ model: Model, in workspace: borrowing Workspace
  ) -> Counterexample? {
    var fixings: [Laboratory.Fixing] = []
    for premise in judged.claim.assumptions {
      switch premise.content {
      case .value(let variable, let value):
        fixings.append(Laboratory.Fixing(variable, to: value))
      case .condition: return nil
      default: break
      }
    }
    var laboratory = Laboratory(model: model, sample: sample, fixing: fixings, in: workspace)
    guard let a = try? laboratory.measure(judged.left, in: workspace),
      let b = try? laboratory.measure(judged.right, in: workspace),
      case .disagree = Measurement.agreement(of: a, and: b, broadcasting: true)
    else { return nil }
    var values: [Counterexample.Value] = []
    for drawn in laboratory.drawn {
      guard let value = try? laboratory.measure(drawn.symbol, at: drawn.time, in: workspace) else {
        continue
      }
      values.append(
        Counterexample.Value(
          symbol: drawn.symbol, time: drawn.time, dimensions: value.dimensions,
          entries: value.values))
    }
    return Counterexample(
      sizes: sample.sizes.map { (workspace.name(of: $0.symbol), $0.value) },
      times: sample.times.map { (workspace.name(of: $0.symbol), $0.value) }, values: values,
      left: (a.dimensions, a.values), right: (b.dimensions, b.values))
  }

  // MARK: Rescue

  /// The assumption or unlicensed reading that would make the line true as written.
  mutating func rescue(
    _ judged: Judged, _ statement: Statement, in workspace: inout Workspace
  ) -> Message? {
    if let stated = judge.theory.page.layout {
      for (layout, name) in [
        (Layout.numerator, "numerator"), (.denominator, "denominator"),
        (.gradient, "gradient-shaped"),
      ] where layout != stated {
        judge.asksOnlyWhether = true
        defer { judge.asksOnlyWhether = false }
        if let other = try? judge.judge(statement, layout: layout, in: &workspace),
          other.hearing.verdict.isAccepted
        {
          return Message([.words("the layout is \(name)")])
        }
      }
    }
    if judged.mismatch != nil { return nil }
    let options = ReadingOptions(
      theory: judge.theory, statement: statement, page: judge.theory.page)
    let licensed = options.licensed(judged.claim, in: workspace)
    for (unlicensed, message) in options.unlicensed(judged.claim, in: workspace) {
      for extra in [nil] + licensed.map({ Optional($0) }) {
        var variant = judge.base(judged.claim)
        if let extra { judge.apply(extra, to: &variant, in: &workspace) }
        judge.apply(unlicensed, to: &variant, in: &workspace)
        if judge.accepting(variant, statement, in: &workspace) != nil { return message }
      }
    }
    return judge.propertyRescue(judged, statement, in: &workspace)
  }
}

extension Judge {
  /// The property of a matrix that would make a relation true as written.
  fileprivate mutating func propertyRescue(
    _ judged: Judged, _ statement: Statement, in workspace: inout Workspace
  ) -> Message? {
    let base = base(judged.claim)
    var matrices: [Symbol] = []
    for variable in workspace.variables(in: base.left) + workspace.variables(in: base.right) {
      let dimensions = workspace[variable.symbol].shape.dimensions
      if dimensions.count == 2, dimensions[0] == dimensions[1],
        !theory[base.setting].model.computes(variable.symbol), !matrices.contains(variable.symbol)
      {
        matrices.append(variable.symbol)
      }
    }
    for matrix in matrices.prefix(3) {
      let record = workspace[matrix]
      defer { workspace[matrix].properties = record.properties }
      for (property, word) in [(Properties.symmetric, "symmetric"), (.orthogonal, "orthogonal")]
      where record.properties.isDisjoint(with: [.symmetric, .orthogonal, .diagonal]) {
        workspace[matrix].properties = record.properties.union(property)
        var variant = base
        variant.setting = theory.adding(theory[base.setting])
        if accepting(variant, statement, in: &workspace) != nil {
          return Message([.maths(workspace.variable(matrix)), .words(" is \(word)")])
        }
      }
    }
    return identityRescue(base, matrices, statement, in: &workspace)
  }

  /// `M = I`, of a relation between powers.
  private mutating func identityRescue(
    _ base: Variant, _ matrices: [Symbol], _ statement: Statement, in workspace: inout Workspace
  ) -> Message? {
    let sides = [base.left, base.right]
    guard
      sides.contains(where: { workspace.holds(.power, in: $0) }),
      sides.allSatisfy({ workspace.derivatives(in: $0).isEmpty })
    else { return nil }
    for matrix in matrices.prefix(3) {
      let node = workspace.variable(matrix)
      let identity = workspace.expression(.identity(workspace[matrix].shape.dimensions[0]))
      var variant = base
      variant.left = workspace.replacing(node, by: identity, in: base.left)
      variant.right = workspace.replacing(node, by: identity, in: base.right)
      if accepting(variant, statement, in: &workspace) != nil {
        return Message([.maths(node), .words(" = I")])
      }
    }
    return nil
  }

  /// Whether all that is written on the right belongs to the left side: at several times, with all
  /// sums written out, the terms of the right side and those of the difference count up.
  mutating func onlyMissesTerms(
    _ variant: Variant, near sample: Sample, in workspace: inout Workspace
  ) -> Bool {
    let model = theory[variant.setting].model
    let points = SamplePoints(
      symbols: sample.times.map { $0.symbol }, domains: variant.domains, model: model,
      largestOffset: 0, last: 2, limit: 6)
    var isTelling = false
    for assignment in points.assignments {
      let counts = termCounts(variant, at: assignment, in: &workspace)
      if counts.left.plain == counts.right.plain + counts.difference.plain {
        if counts.right.plain > 0, counts.difference.plain > 0 { isTelling = true }
      } else if counts.left.added != counts.right.added + counts.difference.added {
        // At single times terms may coincide: Aᵏ B + A Bᵏ for k = 1.
        return false
      }
    }
    return isTelling
  }

  /// How many terms there are, and how many if `2 A` counts as `A + A`.
  private typealias TermCount = (plain: Int, added: Int)

  /// How many terms the left side, the right side and their difference have at some times.
  private mutating func termCounts(
    _ variant: Variant, at times: [(TimeSymbol, Int)], in workspace: inout Workspace
  ) -> (left: TermCount, right: TermCount, difference: TermCount) {
    var claim = variant.claim
    claim.setting = variant.setting
    claim.left.expression = variant.left
    claim.right.expression = variant.right
    let instants = times.map { Premise(content: .time($0.0, Time($0.1)), statement: -1) }
    let fixed = theory.assuming(instants, claim, in: &workspace)
    var witness = SymbolicWitness(
      model: theory[fixed.setting].model, premises: variant.claim.assumptions, in: &workspace)
    let zero = workspace.number(0)
    func count(_ left: Expression, _ right: Expression) -> TermCount {
      let comparison = witness.compare(left, right, for: [[]], isBrief: true, in: &workspace)
      guard case .notShown(let remainder?) = comparison else { return (0, 0) }
      return (workspace.termCount(remainder), workspace.termCount(remainder, adding: true))
    }
    return (
      count(fixed.left.expression, zero), count(fixed.right.expression, zero),
      count(fixed.left.expression, fixed.right.expression)
    )
  }

  mutating func simplified(
    _ expression: Expression, _ judged: Judged, in workspace: inout Workspace
  ) -> Expression? {
    let domain = judged.domains.first ?? []
    var witness = SymbolicWitness(
      model: theory[judged.setting].model, premises: judged.claim.assumptions, in: &workspace)
    witness.namesSlopes = namesSlopes(
      [judged.claim.left.expression, judged.claim.right.expression], in: workspace)
    guard let plain = try? witness.derived(expression, for: domain, in: &workspace) else {
      return nil
    }
    return witness.simplified(plain, for: domain, in: &workspace)
  }
}

extension Rational {
  /// The nearest number with so many decimal places, halves up; nil for too many.
  func rounded(places: Int) -> Rational? {
    guard let scale = Rational(10).raised(to: places) else { return nil }
    let shifted = self * scale + Rational(1, over: 2)
    var quotient = shifted.numerator.quotientAndRemainder(dividingBy: shifted.denominator)
    if quotient.remainder.signum < 0 { quotient.quotient = quotient.quotient - .one }
    return Rational(quotient.quotient, over: .one).divided(by: scale)
  }
}
