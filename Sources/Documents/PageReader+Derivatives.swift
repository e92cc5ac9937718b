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
}
