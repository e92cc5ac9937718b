import Expressions
import Notation

/// What a page says of its derivatives in a stretch of it.
struct DerivativeRule {
  enum Content {
    /// All of them are total, or all that are written with a sign.
    case total(sign: String?)
    /// No node is held.
    case released
    /// A name stands for the gradient over all steps.
    case whole
  }
  var content: Content
  var from: (block: Int, sentence: Int)
  /// The first block behind it.
  var end: Int

  func reaches(_ statement: Statement) -> Bool {
    (from.block, from.sentence) <= (statement.block, statement.sentence) && statement.block < end
  }
}

extension PageReader {
  mutating func noteDerivativeRule(_ fact: Fact, _ block: Int, _ sentence: Int) {
    let section = section(around: block)
    switch fact {
    case .allTotal(let mark, let isEverywhere):
      let sign = mark.map { self.sign(of: formula(block, sentence, $0)) }
      derivativeRules.append(
        DerivativeRule(
          content: .total(sign: sign), from: (isEverywhere ? 0 : section.lowerBound, 0),
          end: isEverywhere ? manuscript.blocks.count : section.upperBound))
    case .released:
      derivativeRules.append(
        DerivativeRule(content: .released, from: (block, sentence), end: section.upperBound))
    case .whole(isOfNotation: true):
      derivativeRules.append(
        DerivativeRule(content: .whole, from: (section.lowerBound, 0), end: section.upperBound))
    default: break
    }
  }

  /// From the heading above a block to the next one of its level or above; all of the document for
  /// what stands above its headings.
  private func section(around block: Int) -> Range<Int> {
    func level(_ place: Int) -> Int? {
      if case .heading(let level) = manuscript.blocks[place].kind { return level }
      return nil
    }
    let blocks = manuscript.blocks.indices
    guard let start = blocks.prefix(through: block).last(where: { level($0) != nil }),
      let own = level(start)
    else { return blocks }
    let end = blocks.dropFirst(start + 1).first { level($0).map { $0 <= own } ?? false }
    return start..<(end ?? blocks.upperBound)
  }

  func applyDerivativeRules(to statement: inout Statement) {
    for rule in derivativeRules where rule.reaches(statement) {
      switch rule.content {
      case .released: statement.saysTotal = true
      case .whole: statement.speaksOfWhole = true
      case .total(let sign):
        let (isPartial, isStraight) = signs(in: statement)
        guard sign == nil || (sign == "partial" ? isPartial : isStraight) else { continue }
        statement.saysTotal = true
        if sign == nil || sign == "partial" || !isPartial { statement.hasTotalDerivatives = true }
      }
    }
  }

  /// `∂` or `d`: alone, or the sign of a quotient.
  private func sign(of mark: Formula?) -> String {
    if let name = mark?.identifier?.name { return name }
    var isPartial = false
    mark?.visit { part in isPartial = isPartial || part.identifier?.name == "partial" }
    return isPartial || mark == nil ? "partial" : "d"
  }

  /// Whether a statement writes derivatives with ∂, and with d.
  private func signs(in statement: Statement) -> (isPartial: Bool, isStraight: Bool) {
    var (isPartial, isStraight) = (false, false)
    for side in [statement.left, statement.right] {
      side.visit { part in
        if let identifier = part.identifier {
          isPartial = isPartial || identifier.name == "partial"
          isStraight = isStraight || identifier.name == "d"
        }
      }
    }
    return (isPartial, isStraight)
  }

  /// `∂h_0/∂W ≠ 0` says that the start depends on W.
  mutating func noteStartThatVaries(_ statement: Statement, in workspace: inout Workspace) {
    guard statement.sign == .notEqual, case .number("0") = statement.right.kind,
      case .fraction(let above, let below) = statement.left.kind,
      let top = Elaborator.partialHead(above)?.rest, top.count == 1,
      let bottom = Elaborator.partialHead(below)?.rest, bottom.count == 1,
      let state = name(of: top[0], in: &workspace), let other = name(of: bottom[0], in: &workspace)
    else { return }
    noteStart(state, of: [other.key])
  }

  /// Which names the page differentiates, and by which.
  mutating func noteDerivatives(
    _ root: Expression, _ statement: inout Statement, in workspace: borrowing Workspace
  ) {
    let index = statement.index
    var found: [(Expression, Expression)] = []
    workspace.visit(root) { _, node in
      if case .derivative(let a, let b, let intervention) = node {
        found.append((a, b))
        if intervention.mode == .immediate { noteDirectStep(from: b, to: a, in: workspace) }
      }
      if case .timeSum = node {
        page.sumsOverTime = true
        if let first = workspace.firstStep(ofSum: node) {
          page.sumStarts.append((first, index))
        }
      }
      if case .sum(let terms) = node { noteParallelWays(terms, in: workspace) }
    }
    statement.differentiates = statement.differentiates || !found.isEmpty
    for (a, b) in found {
      if let above = workspace.namedVariable(of: a) {
        guard let numerator = scratch.key(of: above.symbol) else { continue }
        for below in workspace.variables(in: b) {
          guard let denominator = scratch.key(of: below.symbol) else { continue }
          var steps: Int?
          if let later = above.time, let earlier = below.time { steps = (later - earlier).literal }
          page.derivatives.append(
            WrittenDerivative(
              numerator: numerator, denominator: denominator, steps: steps,
              isEntrywise: workspace.label(of: a).map { $0 == workspace.label(of: b) } ?? false,
              statement: index))
        }
      }
    }
  }

  /// `∂⁺h_t/∂h_{t-1}` says that a family reads its own step before.
  private mutating func noteDirectStep(
    from below: Expression, to above: Expression, in workspace: borrowing Workspace
  ) {
    guard case .variable(let node) = workspace[above],
      case .variable(let before) = workspace[below],
      node.symbol == before.symbol, let key = scratch.key(of: node.symbol)
    else { return }
    page.parallelWays.append(key)
  }

  private mutating func noteParallelWays(
    _ terms: [Expression], in workspace: borrowing Workspace
  ) {
    let links = terms.map { term in
      var found: [(above: Variable, below: Variable)] = []
      workspace.visit(term) { _, node in
        guard case .derivative(let a, let b, _) = node,
          let above = workspace.namedVariable(of: a), let below = workspace.namedVariable(of: b)
        else { return }
        found.append((above, below))
      }
      return found
    }
    for (own, before) in links.joined() where own.symbol == before.symbol && own != before {
      guard let key = scratch.key(of: own.symbol), !page.parallelWays.contains(key) else {
        continue
      }
      let isDirect = links.map { $0.contains { $0.above == own && $0.below == before } }
      let isAround = links.map { term in
        term.contains { $0.above == own && $0.below.symbol != own.symbol }
          && term.contains { $0.above.symbol != own.symbol && $0.below == before }
      }
      if zip(isDirect, isAround).contains(where: { !$0 && $1 }) { page.parallelWays.append(key) }
    }
  }
}
