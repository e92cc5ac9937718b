import Expressions
import Notation

/// What a sentence holds fixed, and whether words make the page one of numbers.
extension PageReader {
  /// A sentence that holds nodes reaches to the end of its block.
  mutating func noteHeld(
    _ facts: [Fact], _ block: Int, _ sentence: Int, in workspace: inout Workspace
  ) {
    if let last = heldBlock, last != block || saysTotalHere || facts.contains(.released) {
      held.removeAll { heldBySentence.contains($0) }
      heldBySentence = []
      heldBefore = []
      holdsAll = false
      heldBlock = nil
    }
    for fact in facts {
      guard case .held(let parts) = fact else { continue }
      heldBlock = block
      if parts.isEmpty { holdsAll = true }
      for part in parts {
        guard
          let formula = parsed.first(where: {
            $0.block == block && $0.sentence == sentence && $0.part == part
          })?.formula
        else { continue }
        var items = [formula]
        if case .list(let list) = formula.kind { items = list }
        for item in items {
          if let (key, time) = name(of: item, in: &workspace) {
            held.append(key)
            heldBySentence.append(key)
            if let time, !time.isLiteral, time.constant < 0 { heldBefore.append(key) }
          }
        }
      }
    }
  }

  /// Words, or the numbers of an example, make all names scalars only where the page knows no vector,
  /// and writes nothing that only vectors and matrices need.
  mutating func settleScalars() {
    let hasVector = page.declarations.contains { declaration in
      declaration.block >= 0 && declaration.shape.map { !$0.isScalar } ?? false
    }
    if saysScalars || isWorkedInNumbers, !scalarsEnd, !hasVector, !page.showsTensors,
      !page.speaksOfTensors
    {
      page.isScalar = true
    }
  }
}
