import Documents
import Expressions

/// Factors that may have been left out.
extension EditEnumeration {
  /// A forgotten factor: a parameter, a node of a time that is named, an activation's slope.
  mutating func insertions(
    _ root: Expression, beside other: Expression, in workspace: inout Workspace
  ) {
    let times: [Time?] = [nil] + self.times.map { Optional($0) }
    let writesPrimes = writesSlopes || [root, other].contains { workspace.writesPrimes($0) }
    var factors: [Expression] = []
    for symbol in symbols {
      let record = workspace[symbol]
      if record.shape.isScalar, record.isFamily { continue }
      let isComputed = setting.model.computes(symbol)
      for time in times where isComputed && record.isFamily == (time != nil) {
        let node = workspace.variable(symbol, at: time)
        if record.isFamily { factors.append(node) }
        let one = workspace.number(1)
        let complement = workspace.expression(.sum([one, workspace.expression(.negative(node))]))
        let square = workspace.expression(.hadamard([node, node]))
        factors.append(complement)
        factors.append(
          workspace.expression(.sum([one, workspace.expression(.negative(square))])))
        factors.append(workspace.hadamard([node, complement]))
      }
      if !record.isFamily {
        let node = workspace.variable(symbol)
        factors.append(node)
        if record.shape.isMatrix {
          factors.append(workspace.expression(.transpose(node)))
          if record.shape.dimensions[0] == record.shape.dimensions[1] {
            factors.append(workspace.expression(.tensorFunction(.determinant, node)))
          }
        }
      }
    }
    for definition in setting.model.definitions {
      for (function, argument) in applications(in: definition.body, workspace) {
        for time in times {
          var inner = argument
          if let formal = definition.time {
            guard let time else { continue }
            inner = workspace.substituting(formal, by: time, in: argument)
          } else if time != nil {
            continue
          }
          factors += slopes(function, inner, in: &workspace)
        }
      }
    }
    for (function, argument) in applications(in: other, workspace) {
      factors.append(workspace.expression(.apply(function, derivative: 1, argument)))
    }
    for time in workspace.freeTimes(in: root) + workspace.freeTimes(in: other) {
      factors.append(workspace.expression(.timeValue(Time(time))))
    }
    if ignoresSizes { factors += gradients(in: &workspace) }
    for size in sizes(in: workspace) {
      let number = workspace.expression(.dimensionValue(size))
      factors += [workspace.expression(.quotient(workspace.number(1), number)), number]
    }
    for number in [2, -1] { factors.append(workspace.number(number)) }
    factors.append(workspace.number(Rational(1, over: 2)))
    var insertions: [Insertion] = []
    for factor in factors {
      guard let shape = shape(of: factor, in: workspace) else { continue }
      let likelihood = likelihood(of: factor, in: root, other, writesPrimes, workspace)
      insertions.append(Insertion(factor: factor, shape: shape, likelihood: likelihood))
    }
    insert(insertions, into: root, Path(), in: &workspace)
  }

  /// The sizes that equations calculate with: of a mean over a batch.
  private func sizes(in workspace: borrowing Workspace) -> [Dimension] {
    var sizes: [Dimension] = []
    for definition in setting.model.definitions {
      workspace.visit(definition.body) { _, node in
        if case .dimensionValue(let size) = node, !sizes.contains(size) { sizes.append(size) }
      }
    }
    return sizes
  }

  /// The derivatives of the loss that the line is about, by each node at its times.
  private func gradients(in workspace: inout Workspace) -> [Expression] {
    guard let question, (try? workspace.shape(of: question.of))?.isScalar == true else { return [] }
    var gradients: [Expression] = []
    for symbol in symbols
    where setting.model.computes(symbol) && workspace[symbol].isFamily
      && !workspace[symbol].shape.isScalar
    {
      for time in times {
        let node = workspace.variable(symbol, at: time)
        if node == question.by { continue }
        gradients.append(
          workspace.expression(
            .derivative(of: question.of, by: node, Intervention(layout: question.layout))))
      }
    }
    return gradients
  }

  private struct Insertion {
    var factor: Expression
    var shape: Shape
    var likelihood: Int
  }

  /// Smaller for what the line writes anyhow, and for short factors.
  private func likelihood(
    of factor: Expression, in root: Expression, _ other: Expression, _ writesPrimes: Bool,
    _ workspace: borrowing Workspace
  ) -> Int {
    if workspace.occurs(factor, in: root) || workspace.occurs(factor, in: other) { return 0 }
    switch workspace[factor] {
    case .apply(_, 1, _): return writesPrimes ? 1 : 5
    case .hadamard: if writesSlopes { return 4 }
    case .sum(let terms):
      if writesSlopes, case .negative(let square) = workspace[terms[1]],
        case .hadamard = workspace[square]
      {
        return 4
      }
    default: break
    }
    return 1 + min(3, workspace.treeSize(factor) / 4)
  }

  /// σ′ of an argument; for tanh also as 1 − tanh².
  private func slopes(
    _ function: ElementwiseFunction, _ argument: Expression, in workspace: inout Workspace
  ) -> [Expression] {
    let slope = workspace.expression(.apply(function, derivative: 1, argument))
    guard function == .tanh else { return [slope] }
    let value = workspace.expression(.apply(.tanh, derivative: 0, argument))
    let square = workspace.expression(.negative(workspace.expression(.hadamard([value, value]))))
    return [workspace.expression(.sum([workspace.number(1), square])), slope]
  }

  func applications(
    in root: Expression, _ workspace: borrowing Workspace
  ) -> [(ElementwiseFunction, Expression)] {
    var found: [(ElementwiseFunction, Expression)] = []
    workspace.visit(root) { _, node in
      if case .apply(let function, 0, let argument) = node { found.append((function, argument)) }
    }
    return found
  }

  private mutating func insert(
    _ factors: [Insertion], into root: Expression, _ path: Path,
    isTerm: Bool = true, isDiagonal: Bool = false, in workspace: inout Workspace
  ) {
    if edits.count > 12_000 { return }
    let node = workspace[root]
    if case .product(let parts) = node { insertSlopes(root, parts, path, in: &workspace) }
    let hasTerms: Bool
    switch node {
    case .sum, .negative: hasTerms = isTerm
    case .apply: hasTerms = shape(of: root, in: workspace)?.isScalar == true
    default: hasTerms = false
    }
    var shape = self.shape(of: root, in: workspace) ?? Shape([.one, .one, .one])
    // A factor of a term with a sign stands behind the sign.
    if case .negative = node { shape = Shape([.one, .one, .one]) }
    for insertion in factors {
      let (factor, own) = (insertion.factor, insertion.shape)
      let fine = insertion.likelihood + 1
      // Whatever is put beside the identity matrix stands alone.
      if case .identity = node, !own.isScalar { continue }
      if own.isScalar {
        if isTerm, shape.order < 3 {
          var longer = [factor, root]
          if case .product(let parts) = node {
            // Among numbers a name stands last.
            let isLast = isName(workspace[factor]) && areNumbers(parts, in: workspace)
            longer = isLast ? parts + [factor] : [factor] + parts
          }
          let new: Expression
          switch (node, workspace[factor]) {
          case (.number(let a), .number(let b)): new = workspace.number(a * b)
          case (.number(.one), _): new = factor
          default:
            new = factor == root ? workspace.squared(root) : workspace.expression(.product(longer))
          }
          add(path, root, new, .missingFactor, 5, fine: fine)
        }
        continue
      }
      if shape.isVector || shape.isRow || shape.isMatrix, own == shape, !isNumber(node) {
        add(
          path, root,
          workspace.hadamard(
            workspace.elementwiseFactors(of: root) + workspace.elementwiseFactors(of: factor)),
          .missingFactor, 5,
          fine: isDiagonal || !writesDiagonals ? fine - 1 : fine + 1)
      }
      if case .derivative = workspace[factor] {
        // A gradient is multiplied by what stands before or behind it.
        let parts = workspace.factors(of: root)
        for longer in [parts + [factor], [factor] + parts] {
          add(path, root, workspace.product(longer), .missingFactor, 5, fine: fine)
        }
        continue
      }
      guard own.isMatrix || own.isVector else { continue }
      let matrix =
        own.isVector ? workspace.expression(.tensorFunction(.diag, factor)) : factor
      guard shape.isMatrix || shape.isVector else { continue }
      if case .product(let parts) = node {
        for i in 0...parts.count {
          var longer = parts
          longer.insert(matrix, at: i)
          add(path, root, workspace.product(longer), .missingFactor, 5, fine: fine)
        }
      } else {
        add(
          path, root, workspace.expression(.product([matrix, root])), .missingFactor, 5,
          fine: fine)
        add(
          path, root, workspace.expression(.product([root, matrix])), .missingFactor, 5,
          fine: fine)
      }
    }
    switch node {
    case .variable, .number, .derivative, .apply: return
    default:
      for (i, child) in node.children.enumerated() {
        var isDiagonal = false
        if case .tensorFunction(.diag, _) = node { isDiagonal = true }
        insert(
          factors, into: child, path.appending(i), isTerm: hasTerms, isDiagonal: isDiagonal,
          in: &workspace)
      }
    }
  }

  private func isName(_ node: Node) -> Bool {
    if case .variable = node { return true }
    return false
  }

  /// Whether all factors are numbers, none of them an entry.
  private mutating func areNumbers(
    _ parts: [Expression], in workspace: borrowing Workspace
  ) -> Bool {
    if !labels.isEmpty { return false }
    for part in parts where shape(of: part, in: workspace)?.isScalar != true { return false }
    return true
  }

  func isNumber(_ node: Node) -> Bool {
    if case .number = node { return true }
    return false
  }

  /// Slopes without arguments once more: `diag(σ')` between the matrices of a product.
  private mutating func insertSlopes(
    _ root: Expression, _ parts: [Expression], _ path: Path, in workspace: inout Workspace
  ) {
    var slopes: [Expression] = []
    for part in parts where !slopes.contains(part) {
      if case .tensorFunction(.diag, let inner) = workspace[part],
        case .elided = workspace[inner]
      {
        slopes.append(part)
      }
    }
    for slope in slopes {
      for i in 0...parts.count {
        var longer = parts
        longer.insert(slope, at: i)
        add(path, root, workspace.product(longer), .missingFactor, 4)
      }
    }
  }

  /// Σ_t before what depends on a time that the other side does not name.
  mutating func missingSum(
    _ root: Expression, beside other: Expression, in workspace: inout Workspace
  ) {
    let open = workspace.freeTimes(in: root).filter { !workspace.freeTimes(in: other).contains($0) }
    guard open.count == 1, let step = open.first else { return }
    var bounds: [[Time]] = []
    for definition in setting.model.definitions {
      workspace.visit(definition.body) { _, node in
        if case .timeSum(_, let from, let through, _) = node, !bounds.contains([from, through]) {
          bounds.append([from, through])
        }
      }
    }
    for pair in bounds where !pair.contains(where: { $0.contains(step) }) {
      add(
        Path(), root,
        workspace.expression(.timeSum(step, from: pair[0], through: pair[1], root)), nil, 2)
    }
  }
}

extension Workspace {
  /// The square of a number.
  mutating func squared(_ number: Expression) -> Expression {
    let two = self.number(2)
    return expression(.power(number, two))
  }

  fileprivate func elementwiseFactors(of factor: Expression) -> [Expression] {
    if case .hadamard(let factors) = self[factor], factors[0] != factors[1] { return factors }
    return [factor]
  }

  /// Whether a slope is written with a prime.
  func writesPrimes(_ root: Expression) -> Bool {
    contains(root) { node in
      switch node {
      case .apply(_, let derivative, _): derivative > 0
      case .elided: true
      default: false
      }
    }
  }
}
