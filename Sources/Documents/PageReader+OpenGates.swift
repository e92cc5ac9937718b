import Expressions
import Notation

/// Gates that a page names in words, `the update gate $z_t$`, and never computes: a gate is no input, so
/// each is an unknown function of the states of the step before and of what the page differentiates by.
extension PageReader {
  mutating func settleOpenGates(in workspace: inout Workspace) {
    if page.statements.contains(where: { $0.holdsAllGates || !$0.held.isEmpty }) { return }
    for (b, block) in manuscript.blocks.enumerated() {
      for (s, sentence) in block.sentences.enumerated() {
        for part in FactReader(sentence).namedGates {
          guard let written = formula(b, s, part), isName(written),
            let (key, _) = name(of: written, in: &workspace)
          else { continue }
          openGate(key)
        }
      }
    }
  }

  private mutating func openGate(_ key: NameKey) {
    guard key.isFamily, !computed.contains(key), !page.unread.contains(key),
      !page.dependences.contains(where: { $0.key == key }),
      !page.given.contains(where: { $0.key == key }),
      let reader = page.definitions.first(where: {
        $0.names.contains(key) && $0.names.contains($0.key) && $0.time?.isLiteral == false
      }), let time = reader.time
    else { return }
    let before = AffineLetters(terms: time.terms, constant: time.constant - 1)
    var arguments: [(key: NameKey, time: AffineLetters?)] = []
    for definition in page.definitions
    where definition.key.isFamily && definition.section == reader.section
      && definition.time?.terms.first?.letter == time.terms.first?.letter
      && !page.scalars.contains(definition.key) && !isLossName(definition.key)
      && !arguments.contains(where: { $0.key == definition.key })
    {
      arguments.append((definition.key, before))
    }
    for derivative in page.derivatives
    where derivative.denominator != key && !computed.contains(derivative.denominator)
      && !arguments.contains(where: { $0.key == derivative.denominator })
    {
      arguments.append((derivative.denominator, derivative.denominator.isFamily ? time : nil))
    }
    page.dependences.append(
      Dependence(
        key: key, time: time, arguments: arguments, onAllTimes: false, isScalar: false,
        statement: reader.statement))
  }
}

extension FactReader {
  /// The formulas that words call gates: `the gates $i_t$ and $f_t$`, `$z_t$ is the update gate`.
  fileprivate var namedGates: [Int] {
    var found: [Int] = []
    for i in items.indices where term(i) == .gate {
      if let next = formula(i + 1), isPlain(next) {
        found += list(from: i + 1).parts.filter { isPlain($0) }
        continue
      }
      var j = i - 1
      while j > 0, items[j] == .word || term(j) == .article || term(j) == .filler { j -= 1 }
      if j > 0, isCopula(j) { found += listBefore(j).filter { isPlain($0) } }
    }
    return found
  }
}
