import Documents
import Expressions

/// Changes of a factor's form: the slope of another activation, a difference turned round, a function
/// left out, indices exchanged, the rule of a square for a symmetric matrix.
extension EditEnumeration {
  mutating func formEdits(
    _ root: Expression, _ node: Node, _ path: Path, in workspace: inout Workspace
  ) {
    switch node {
    case .sum(let terms):
      differenceEdits(root, terms, path, in: &workspace)
      slopeFormEdits(root, terms, path, in: &workspace)
    case .hadamard(let factors), .product(let factors):
      sigmoidSlopeEdits(root, factors, node, path, in: &workspace)
      symmetricEdits(root, factors, path, in: &workspace)
      orderEdits(root, factors, node, path, in: &workspace)
    case .tensorFunction(.diag, let inner):
      guard (try? workspace.shape(of: inner))?.isVector == true else { break }
      let outer = workspace.product([inner, workspace.expression(.transpose(inner))])
      let jacobian = workspace.expression(
        .sum([root, workspace.expression(.negative(outer))]))
      add(path, root, jacobian, .droppedTerm, 3)
    case .entry(let tensor, let indices):
      entryEdits(root, tensor, indices, path, in: &workspace)
      for i in indices.indices {
        for j in indices.indices where i < j && indices[i] != indices[j] {
          var exchanged = indices
          exchanged.swapAt(i, j)
          add(path, root, workspace.expression(.entry(tensor, exchanged)), .missingTranspose, 1)
        }
      }
    case .variable(let variable):
      functionEdits(root, variable, path, in: &workspace)
      partnerEdits(root, variable, path, in: &workspace)
      powerEdits(root, path, in: &workspace)
    case .stack: powerEdits(root, path, in: &workspace)
    case .power(let base, let exponent):
      if case .number = workspace[exponent] { add(path, root, base, .wrongExponent, 3, fine: 2) }
    default: break
    }
  }

  /// A square matrix without the power that stands elsewhere in the line.
  private mutating func powerEdits(
    _ root: Expression, _ path: Path, in workspace: inout Workspace
  ) {
    guard let shape = shape(of: root, in: workspace), shape.isMatrix,
      shape.dimensions[0] == shape.dimensions[1]
    else { return }
    let inverse = workspace.expression(.power(root, workspace.number(-1)))
    if setting.model.definitions.contains(where: { workspace.occurs(inverse, in: $0.body) }) {
      add(path, root, inverse, .wrongExponent, 3, fine: 2)
    }
    for exponent in exponents {
      add(
        path, root, workspace.expression(.power(root, workspace.number(exponent))), .wrongExponent,
        3, fine: 2)
    }
  }

  /// 1/√d for 1/d, where the page takes roots.
  mutating func rootEdits(
    _ below: Expression, _ path: Path, in workspace: inout Workspace
  ) {
    guard shape(of: below, in: workspace)?.isScalar == true,
      setting.model.definitions.contains(where: { definition in
        applications(in: definition.body, workspace).contains { $0.0 == .sqrt }
      })
    else { return }
    switch workspace[below] {
    case .apply(.sqrt, 0, let inner): add(path, below, inner, .wrongExponent, 3, fine: 3)
    default:
      add(
        path, below, workspace.expression(.apply(.sqrt, derivative: 0, below)), .wrongExponent, 3,
        fine: 3)
    }
  }

  /// Another numbered step of the line.
  mutating func distantEdits(
    _ root: Expression, _ variable: Variable, _ time: Time, _ path: Path,
    in workspace: inout Workspace
  ) {
    guard let step = time.literal else { return }
    for other in times.compactMap({ $0.literal }) where abs(other - step) > 1 {
      var moved = variable
      moved.time = Time(other)
      add(path, root, workspace.expression(.variable(moved)), .wrongSymbol, 3)
    }
  }

  /// A + λ I for A + λ.
  mutating func scalarEdits(
    _ root: Expression, _ terms: [Expression], _ path: Path, in workspace: inout Workspace
  ) {
    guard ignoresSizes,
      let square = terms.compactMap({ try? workspace.shape(of: $0) }).first(where: {
        $0.isMatrix && $0.dimensions[0] == $0.dimensions[1]
      })
    else { return }
    let identity = workspace.expression(.identity(square.dimensions[0]))
    for (i, term) in terms.enumerated()
    where shape(of: term, in: workspace)?.isScalar == true {
      var new = terms
      if case .negative(let operand) = workspace[term] {
        let product = workspace.product(workspace.factors(of: operand) + [identity])
        new[i] = workspace.expression(.negative(product))
      } else {
        new[i] = workspace.product(workspace.factors(of: term) + [identity])
      }
      add(path, root, workspace.expression(.sum(new)), .missingFactor, 2)
    }
  }

  /// b − a for a − b.
  private mutating func differenceEdits(
    _ root: Expression, _ terms: [Expression], _ path: Path, in workspace: inout Workspace
  ) {
    guard terms.count == 2 else { return }
    var turned: [Expression] = []
    for term in terms.reversed() {
      if case .negative(let operand) = workspace[term] {
        turned.append(operand)
      } else {
        turned.append(workspace.expression(.negative(term)))
      }
    }
    if case .negative = workspace[turned[0]] { return }
    add(path, root, workspace.sum(turned), .sign, 2)
  }

  /// x if the terms are 1 − x, and whether x is a square entry by entry.
  private func complement(
    _ terms: [Expression], in workspace: borrowing Workspace
  ) -> (node: Expression, isSquare: Bool)? {
    guard terms.count == 2, workspace[terms[0]] == .number(Rational(1)),
      case .negative(let operand) = workspace[terms[1]]
    else { return nil }
    switch workspace[operand] {
    case .hadamard(let factors) where factors.count == 2 && factors[0] == factors[1]:
      return (factors[0], true)
    case .power(let base, let exponent) where workspace[exponent] == .number(Rational(2)):
      return (base, true)
    default: return (operand, false)
    }
  }

  /// x ⊙ (1 − x) for 1 − x ⊙ x.
  private mutating func slopeFormEdits(
    _ root: Expression, _ terms: [Expression], _ path: Path, in workspace: inout Workspace
  ) {
    guard let (node, isSquare) = complement(terms, in: workspace) else { return }
    if !isSquare {
      // A gate in the place of its complement.
      add(path, root, node, nil, 4)
      let square =
        shape(of: node, in: workspace)?.isScalar == true
        ? workspace.squared(node) : workspace.hadamard([node, node])
      let rest = workspace.expression(.sum([terms[0], workspace.expression(.negative(square))]))
      add(path, root, rest, .wrongExponent, 4)
      // 1 − 2 x, of a second derivative.
      let twice = workspace.product([workspace.number(2)] + workspace.factors(of: node))
      let double = workspace.expression(.sum([terms[0], workspace.expression(.negative(twice))]))
      add(path, root, double, .missingFactor, 4, fine: 3)
      return
    }
    let rest = workspace.expression(.sum([terms[0], workspace.expression(.negative(node))]))
    let slope =
      (try? workspace.shape(of: node))?.isScalar == true
      ? workspace.product([node, rest]) : workspace.hadamard([node, rest])
    add(path, root, slope, nil, 3)
  }

  /// 1 − x ⊙ x for x ⊙ (1 − x), and the other way round; x ⊙ (1 − x) for x ⊙ x.
  private mutating func sigmoidSlopeEdits(
    _ root: Expression, _ factors: [Expression], _ node: Node, _ path: Path,
    in workspace: inout Workspace
  ) {
    func build(_ new: [Expression]) -> Expression {
      if new.count == 1 { return new[0] }
      return workspace.expression(node.replacingChildren(new))
    }
    for (i, factor) in factors.enumerated() {
      guard case .sum(let terms) = workspace[factor],
        let (inner, isSquare) = complement(terms, in: workspace), !isSquare,
        let j = factors.firstIndex(of: inner)
      else { continue }
      let square =
        (try? workspace.shape(of: inner))?.isScalar == true
        ? workspace.product([inner, inner]) : workspace.hadamard([inner, inner])
      var new = factors
      new[i] = workspace.expression(.sum([terms[0], workspace.expression(.negative(square))]))
      new.remove(at: j)
      add(path, root, build(new), nil, 3)
    }
    if case .hadamard = node {
      for (i, factor) in factors.enumerated() {
        guard case .sum(let terms) = workspace[factor],
          let (inner, isSquare) = complement(terms, in: workspace), isSquare
        else { continue }
        let rest = workspace.expression(.sum([terms[0], workspace.expression(.negative(inner))]))
        let new = factors[..<i] + [inner, rest] + factors[(i + 1)...]
        add(path, root, workspace.hadamard(Array(new)), nil, 3)
      }
    }
    for (i, factor) in factors.enumerated() {
      guard let j = factors[..<i].firstIndex(of: factor),
        case .variable = workspace[factors[j]]
      else { continue }
      var new = factors
      new[i] = workspace.expression(
        .sum([workspace.number(1), workspace.expression(.negative(factor))]))
      add(path, root, build(new), nil, 3)
    }
  }

  /// A + Aᵀ for 2 A.
  private mutating func symmetricEdits(
    _ root: Expression, _ factors: [Expression], _ path: Path, in workspace: inout Workspace
  ) {
    guard let two = factors.firstIndex(where: { workspace[$0] == .number(Rational(2)) }) else {
      return
    }
    for (i, factor) in factors.enumerated() where i != two {
      guard let shape = try? workspace.shape(of: factor), shape.isMatrix,
        shape.dimensions[0] == shape.dimensions[1]
      else { continue }
      var new = factors
      new[i] = workspace.sum([factor, workspace.turned(factor)])
      new.remove(at: two)
      add(path, root, workspace.product(new), nil, 3)
    }
  }

  /// All factors in the opposite order, or the first of them last.
  private mutating func orderEdits(
    _ root: Expression, _ factors: [Expression], _ node: Node, _ path: Path,
    in workspace: inout Workspace
  ) {
    guard case .product = node, factors.count > 2 else { return }
    add(path, root, workspace.product(factors.reversed()), .swappedFactors, 3)
    interleavedEdits(root, factors, path, in: &workspace)
    if factors.count % 2 == 0 {
      var paired: [Expression] = []
      for i in stride(from: 0, to: factors.count, by: 2) {
        paired += [factors[i + 1], factors[i]]
      }
      add(path, root, workspace.product(paired), .swappedFactors, 3)
    }
  }

  /// D E (F)^2 for D F E F: factors that were gathered in a power as if they were numbers.
  private mutating func interleavedEdits(
    _ root: Expression, _ factors: [Expression], _ path: Path, in workspace: inout Workspace
  ) {
    for (place, factor) in [(0, factors[0]), (factors.count - 1, factors[factors.count - 1])] {
      guard case .power(let base, let exponent) = workspace[factor],
        case .number(let value) = workspace[exponent], value.exactInt == factors.count - 1
      else { continue }
      var others = factors
      others.remove(at: place)
      add(
        path, root, workspace.product(others.flatMap { [$0, base] }), .swappedFactors, 3)
      add(
        path, root, workspace.product(others.flatMap { [base, $0] }), .swappedFactors, 3)
    }
  }

  /// tanh(c) for c, where an equation applies the function to the node.
  private mutating func functionEdits(
    _ root: Expression, _ variable: Variable, _ path: Path, in workspace: inout Workspace
  ) {
    for definition in setting.model.definitions {
      for (function, argument) in applications(in: definition.body, workspace) {
        guard case .variable(let inner) = workspace[argument], inner.symbol == variable.symbol
        else { continue }
        add(
          path, root, workspace.expression(.apply(function, derivative: 0, root)), nil, 4, fine: 5)
      }
    }
  }

  /// 1 − z for z, and n − h for the n that an equation reads together with h.
  private mutating func partnerEdits(
    _ root: Expression, _ variable: Variable, _ path: Path, in workspace: inout Workspace
  ) {
    guard let time = variable.time, let shape = shape(of: root, in: workspace) else { return }
    if setting.model.computes(variable.symbol) {
      let one = workspace.number(1)
      let complement = workspace.expression(.sum([one, workspace.expression(.negative(root))]))
      add(path, root, complement, nil, 4, fine: 4)
    }
    var partners: [Expression] = []
    for definition in setting.model.definitions {
      guard let formal = definition.time else { continue }
      let read = workspace.variables(in: definition.body)
      for own in read where own.symbol == variable.symbol {
        guard let offset = own.time.flatMap({ ($0 - Time(formal)).literal }) else { continue }
        for other in read where other.symbol != own.symbol && other.time != nil {
          var partner = other
          partner.time = other.time?.substituting(formal, by: time - offset)
          let node = workspace.expression(.variable(partner))
          if workspace[other.symbol].shape == shape, !partners.contains(node) {
            partners.append(node)
          }
        }
      }
    }
    for partner in partners {
      for term in [workspace.expression(.negative(partner)), partner] {
        add(path, root, workspace.expression(.sum([root, term])), .droppedTerm, 6)
      }
    }
  }

  /// ∂v_{t}/∂u_{t-1} for ∂u_{t}/∂v_{t-1}: the names exchanged, the times kept.
  mutating func exchangedEdits(
    _ root: Expression, _ above: Expression, _ below: Expression, _ intervention: Intervention,
    _ path: Path, in workspace: inout Workspace
  ) {
    guard case .variable(var a) = workspace[above], case .variable(var b) = workspace[below],
      a.time != nil, b.time != nil
    else { return }
    let turned = workspace.expression(.derivative(of: below, by: above, intervention))
    add(path, root, turned, .wrongSymbol, 4)
    if a.symbol == b.symbol { return }
    swap(&a.symbol, &b.symbol)
    let new = workspace.expression(
      .derivative(
        of: workspace.expression(.variable(a)), by: workspace.expression(.variable(b)),
        intervention))
    add(path, root, new, .wrongSymbol, 4)
  }

  /// An exponent that counts the steps between two times of the line.
  mutating func exponentEdits(
    _ root: Expression, _ path: Path, in workspace: inout Workspace
  ) {
    for distance in distances where distance.literal == nil {
      add(path, root, workspace.expression(.timeValue(distance)), .wrongExponent, 3, fine: 1)
    }
  }

  /// The loss of one step for the loss of all, or the other way round.
  mutating func lossEdits(
    _ root: Expression, _ variable: Variable, _ path: Path, in workspace: inout Workspace
  ) {
    guard workspace[variable.symbol].shape.isScalar, variable.copy == nil else { return }
    for symbol in symbols where symbol != variable.symbol {
      let record = workspace[symbol]
      guard record.shape.isScalar, record.isFamily == (variable.time == nil),
        setting.model.computes(symbol)
      else { continue }
      for time in record.isFamily ? times.map({ Optional($0) }) : [nil] {
        add(
          path, root, workspace.variable(symbol, at: time), .wrongSymbol, 3)
      }
    }
  }

  /// The term of the step before or after among terms of single uses of a parameter.
  mutating func copyEdits(
    _ root: Expression, _ terms: [Expression], _ path: Path, in workspace: inout Workspace
  ) {
    for (place, delta) in [(terms.count - 1, 1), (0, -1)] {
      var new = terms[place]
      for variable in workspace.variables(in: new) {
        guard let copy = variable.copy else { continue }
        var other = variable
        other.copy = copy + delta
        new = workspace.replacing(
          workspace.expression(.variable(variable)), by: workspace.expression(.variable(other)),
          in: new)
      }
      if terms.contains(new) { continue }
      var longer = terms
      longer.insert(new, at: delta > 0 ? terms.count : 0)
      add(path, root, workspace.expression(.sum(longer)), .droppedTerm, 2, added: new)
    }
  }

  /// One change of a name within a part in which it stands more than once.
  mutating func regionEdits(
    _ root: Expression, _ path: Path, in workspace: inout Workspace
  ) {
    if !path.steps.isEmpty, workspace[root].children.count > 0 {
      for variable in workspace.variables(in: root)
      where workspace.count(of: variable, in: root) > 1 {
        everywhere(variable, in: root, path, 3, in: &workspace)
      }
    }
  }
}

extension Workspace {
  /// How often a node is written in an expression.
  func count(of variable: Variable, in root: Expression) -> Int {
    if case .variable(variable) = self[root] { return 1 }
    var count = 0
    for child in self[root].children { count += self.count(of: variable, in: child) }
    return count
  }
}
