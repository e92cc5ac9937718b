import Notation

extension Lexicon {
  /// `p = \mathrm{softmax}(z)` with a vector z: p is one as well, and `p_1` an entry of it, unless the page
  /// computes what bears a number from matrices.
  mutating func noteImpliedVectors(_ formulas: [Formula], _ occurrences: [Occurrence]) {
    let numbered = Set(
      occurrences.filter { $0.below.map { AffineLetters($0)?.isLiteral == true } ?? false }
        .map { $0.base })
    if numbered.isEmpty { return }
    let equations = StepEquation.all(in: formulas)
    var implied: Set<String> = []
    var before = -1
    while before != implied.count {
      before = implied.count
      for equation in equations {
        guard equation.left.count == 1, let name = equation.left[0].identifier, !name.isUppercase,
          declaredOrder(of: name.latex) == nil, families[name.latex] == nil,
          isVector(equation.right, implied)
        else { continue }
        implied.insert(name.latex)
      }
    }
    for name in numbered {
      let isLayer = equations.contains { equation in
        equation.right.readsMatrix
          && equation.left.contains { $0.identifier == nil && $0.scriptedBase?.latex == name }
      }
      if isLayer {
        countedEntries.remove(name)
      } else if implied.contains(name) {
        countedEntries.insert(name)
      }
    }
  }

  private func isVector(_ formula: Formula, _ implied: Set<String>) -> Bool {
    switch formula.unfenced.kind {
    case .identifier(let name):
      return implied.contains(name.latex) || declaredOrder(of: name.latex) == 1
    case .sum(let terms): return terms.contains { isVector($0.term, implied) }
    case .binary(.hadamard, let a, let b): return isVector(a, implied) || isVector(b, implied)
    case .juxtaposition(let items):
      guard items.count == 2, let head = items[0].identifier, isVector(items[1], implied) else {
        return false
      }
      switch StandardFunction(head) {
      case .elementwise, .tensor(.softmax): return true
      case nil: return head.isUppercase
      default: return false
      }
    default: return false
    }
  }
}

extension Formula {
  /// Whether a capital stands in it that bears at most one digit: `W`, `W_1`, not the entry `W_{12}`.
  fileprivate var readsMatrix: Bool {
    if case .scripts(let base, let below?, _, _) = kind, base.identifier?.isUppercase == true {
      guard case .number(let digits) = below.kind else { return false }
      return digits.utf8.count == 1
    }
    if let name = identifier { return name.isUppercase }
    return children.contains { $0.readsMatrix }
  }
}
