import Documents
import Expressions
import Notation

/// All single edits of an expression: a bound ±1, an index ±1, transpose, swap, a factor or term
/// dropped, added or doubled, sign, symbol of the same shape, diag, the argument of a slope.
struct EditEnumeration {
  let setting: Setting
  let side: Edit.Side
  /// Whether the page marks immediate derivatives.
  let marksImmediate: Bool
  /// Symbols that may stand for another of the same shape.
  let symbols: [Symbol]
  /// Whether a symbol of another size may stand in a symbol's place: where shapes do not fit.
  var ignoresSizes = false
  /// Whether slopes stand on diagonals rather than between vectors.
  var writesDiagonals = true
  /// Whether slopes are written with a prime.
  var writesSlopes = false
  /// The names of derivatives.
  var names = DerivativeNames()
  /// The derivative that the line is about, where it is a whole side.
  var question: Question?

  struct Question {
    let of: Expression
    let by: Expression
    let layout: Layout
    /// Whether it is written with the sign d, for along all paths, beside the sign ∂.
    let isWhole: Bool
  }

  /// The times that the line names.
  private(set) var times: [Time] = []
  /// The whole numbers that the line writes as exponents.
  private(set) var exponents: [Int] = []
  /// How many steps lie between times that the line names or sums over.
  private(set) var distances: [Time] = []
  /// The letters that sums and products of the line run over, and those of them that stand around
  /// the place at hand.
  private(set) var binders: [TimeSymbol] = []
  private(set) var isBound: [TimeSymbol] = []
  /// The letters of entries that the line names.
  private(set) var labels: [IndexSymbol] = []
  private(set) var edits: [Edit] = []
  /// The shapes that were asked for so far.
  private var shapes: [Expression: Shape] = [:]

  init(setting: Setting, side: Edit.Side, marksImmediate: Bool, symbols: [Symbol]) {
    self.setting = setting
    self.side = side
    self.marksImmediate = marksImmediate
    self.symbols = symbols
  }

  /// - Parameter other: the relation's other side, whose times a side without any borrows, and whose functions may
  ///   have left a slope.
  mutating func enumerate(
    _ root: Expression, beside other: Expression, in workspace: inout Workspace
  ) {
    for side in [root, other] {
      for variable in workspace.variables(in: side) {
        if let time = variable.time, !times.contains(time) { times.append(time) }
      }
      workspace.visit(side) { _, node in
        if case .power(_, let exponent) = node, case .number(let value) = workspace[exponent],
          let whole = value.exactInt, whole > 1, !exponents.contains(whole)
        {
          exponents.append(whole)
        }
      }
    }
    for side in [root, other] {
      workspace.visit(side) { _, node in
        switch node {
        case .timeSum(let step, _, _, _), .timeProduct(let step, _, _, _, _): binders.append(step)
        default: break
        }
        for case .label(let label) in node.ownIndices where !labels.contains(label) {
          labels.append(label)
        }
      }
    }
    for later in times where later.literal == nil {
      for earlier in times where earlier.literal == nil && earlier != later {
        distances.append(later - earlier)
      }
    }
    walk(root, Path(), inExponent: false, in: &workspace)
    everywhere(root, in: &workspace)
    labelEdits(root, in: &workspace)
    entriesEdits(root, in: &workspace)
    insertions(root, beside: other, in: &workspace)
    if !workspace.isZero(root) {
      add(Path(), root, workspace.expression(.negative(root)), .sign, 3)
    }
    missingSum(root, beside: other, in: &workspace)
  }

  mutating func shape(of root: Expression, in workspace: borrowing Workspace) -> Shape? {
    try? workspace.shape(of: root, &shapes)
  }

  /// - Parameters:
  ///   - weight: how unlikely such a slip is.
  ///   - fine: which of equally likely ones comes first.
  mutating func add(
    _ path: Path, _ old: Expression, _ new: Expression, _ slip: Slip?, _ weight: Int,
    fine: Int = 0, added: Expression? = nil
  ) {
    guard new != old else { return }
    edits.append(
      Edit(
        side: side, path: path, old: old, new: new, slip: slip, weight: weight * 10 + min(fine, 9),
        added: added)
    )
  }

  private mutating func walk(
    _ root: Expression, _ path: Path, inExponent: Bool, isTransposed: Bool = false,
    in workspace: inout Workspace
  ) {
    let node = workspace[root]
    switch node {
    case .variable(let variable): variableEdits(root, variable, path, in: &workspace)
    case .number(let value): numberEdits(root, value, path, inExponent, in: &workspace)
    case .timeValue(let time):
      if inExponent { exponentEdits(root, path, in: &workspace) }
      for delta in [-1, 1] {
        add(path, root, workspace.expression(.timeValue(time + delta)), .offByOneIndex, 2)
      }
      timeSignEdits(root, time, path, in: &workspace)
    case .sum(let terms): sumEdits(root, terms, path, in: &workspace)
    case .negative(let operand): add(path, root, operand, .sign, 2)
    case .product(let factors): productEdits(root, factors, path, isMatrix: true, in: &workspace)
    case .hadamard(let factors): productEdits(root, factors, path, isMatrix: false, in: &workspace)
    case .transpose(let operand): add(path, root, operand, .extraTranspose, 2)
    case .timeSum(let step, let from, let through, let body):
      distances.append(through - Time(step))
      distances.append(Time(step) - from)
      // A sum that shrinks to one term was hardly meant as a sum.
      for (low, high) in neighbours(from, through) where low != high || from == through {
        let new = workspace.expression(.timeSum(step, from: low, through: high, body))
        add(path, root, new, .offByOneBound, 1)
      }
      farBoundEdits(root, path, step, from, through, body, in: &workspace)
      accumulatedEdits(root, path, step, from, through, body, in: &workspace)
    case .timeProduct(let step, let from, let through, let body, let order):
      identityEdits(body, path.appending(0), in: &workspace)
      for (low, high) in neighbours(from, through) {
        let new = workspace.expression(
          .timeProduct(step, from: low, through: high, body, order))
        add(path, root, new, .offByOneBound, 1)
      }
      if order != .ascending {
        let reversed = workspace.expression(
          .timeProduct(
            step, from: from, through: through, body,
            order == .descending ? .ascendingAsShown : .descending))
        add(path, root, reversed, .swappedFactors, 2)
      }
    case .stack(let rows, let columns, let blocks):
      stackEdits(root, rows, columns, blocks, path, in: &workspace)
    case .power(let base, _): add(path, root, base, .wrongExponent, 3)
    case .quotient(_, let below):
      rootEdits(below, path.appending(1), in: &workspace)
      if !workspace.isNumeric(below), shape(of: below, in: workspace)?.isScalar == true {
        add(path.appending(1), below, workspace.squared(below), .missingFactor, 3)
      }
    case .kronecker(let a, let b):
      add(path, root, workspace.expression(.kronecker(b, a)), .swappedFactors, 2)
    case .apply(let function, let derivative, let argument):
      slopeEdits(root, function, derivative, argument, path, in: &workspace)
    case .derivative(let a, let b, var intervention):
      if marksImmediate || question?.isWhole == true {
        switch intervention.mode {
        case .whole: intervention.mode = .total
        case .immediate: intervention.mode = marksImmediate ? .total : .whole
        case .total: intervention.mode = marksImmediate ? .immediate : .whole
        }
        add(
          path, root, workspace.expression(.derivative(of: a, by: b, intervention)),
          .totalForImmediate, isOfNode(b, in: workspace) ? 6 : 2)
      }
      add(path, root, workspace.expression(.transpose(root)), .missingTranspose, 3)
      endEdits(root, [root], path, in: &workspace)
      exchangedEdits(root, a, b, intervention, path, in: &workspace)
    default: break
    }
    formEdits(root, node, path, in: &workspace)
    regionEdits(root, path, in: &workspace)
    if let shape = shape(of: root, in: workspace) {
      shapeEdits(root, node, shape, path, isTransposed, in: &workspace)
    }
    // tanh² is written once: what is changed in it is changed in both factors.
    if case .hadamard(let factors) = node, factors.count == 2, factors[0] == factors[1],
      case .apply = workspace[factors[0]]
    {
      let first = edits.count
      walk(factors[0], Path(), inExponent: inExponent, in: &workspace)
      for i in first..<edits.count {
        let changed = workspace.replacing(at: edits[i].path, in: factors[0], by: edits[i].new)
        edits[i].path = path
        edits[i].old = root
        edits[i].new = workspace.expression(.hadamard([changed, changed]))
      }
      return
    }
    switch node {
    case .timeSum(let step, _, _, _), .timeProduct(let step, _, _, _, _): isBound.append(step)
    default: break
    }
    let children = node.children
    for (i, child) in children.enumerated() {
      var exponent = false
      if case .power = node, i == 1 { exponent = true }
      var turns = false
      if case .transpose = node { turns = true }
      if case .power(_, let exponent) = node, i == 0 {
        // The transpose of an inverse stands at the inverse.
        turns = isTransposed || workspace[exponent] == .number(Rational(-1))
      }
      let first = edits.count
      if case .derivative = node, case .variable(let variable) = workspace[child] {
        // A quotient is of nodes: another node, but nothing made of one.
        variableEdits(child, variable, path.appending(i), in: &workspace)
      } else {
        walk(
          child, path.appending(i), inExponent: exponent || inExponent, isTransposed: turns,
          in: &workspace)
      }
      if case .derivative(let above, let below, let intervention) = node,
        names.use(for: root, in: workspace) != nil
      {
        // A gradient that is written as a name is changed to one that has a name as well.
        for place in first..<edits.count {
          let new = edits[place].new
          let other = workspace.expression(
            .derivative(of: i == 0 ? new : above, by: i == 0 ? below : new, intervention))
          if names.use(for: other, in: workspace) == nil { edits[place].weight += 20 }
        }
      }
      // Of what is written twice the second is rather the slip.
      if children[(i + 1)...].contains(child) {
        for place in first..<edits.count { edits[place].weight += 1 }
      }
    }
    switch node {
    case .timeSum, .timeProduct: isBound.removeLast()
    default: break
    }
  }

  // MARK: Leaves

  private mutating func variableEdits(
    _ root: Expression, _ variable: Variable, _ path: Path, in workspace: inout Workspace
  ) {
    if let time = variable.time {
      for delta in [-1, 1] {
        var moved = variable
        moved.time = time + delta
        add(path, root, workspace.expression(.variable(moved)), .offByOneIndex, 2)
      }
      distantEdits(root, variable, time, path, in: &workspace)
    }
    timeEdits(root, variable, path, in: &workspace)
    lossEdits(root, variable, path, in: &workspace)
    for symbol in alternatives(to: variable.symbol, in: workspace) {
      var other = variable
      other.symbol = symbol
      let slip = symbolSlip(variable.symbol, symbol, in: workspace)
      add(
        path, root, workspace.expression(.variable(other)), slip, 4,
        fine: setting.model.computes(symbol) ? 0 : 1)
      // With the name the time may be wrong as well: v_t = [h_{t-1}; x_t] for h_{t-1}, g_t for c_{t-1}.
      for time in times where variable.time != nil && time != variable.time {
        other.time = time
        add(path, root, workspace.expression(.variable(other)), .wrongSymbol, 5)
      }
    }
  }

  private mutating func numberEdits(
    _ root: Expression, _ value: Rational, _ path: Path, _ inExponent: Bool,
    in workspace: inout Workspace
  ) {
    guard let number = value.exactInt, abs(number) <= 1000 else { return }
    if inExponent {
      exponentEdits(root, path, in: &workspace)
      for other in [number - 1, number + 1, -number, number * 2] + exponents
      where other != number && other != 0 && other != 1 {
        add(path, root, workspace.number(other), .wrongExponent, 3)
      }
    }
  }

  private mutating func timeSignEdits(
    _ root: Expression, _ time: Time, _ path: Path, in workspace: inout Workspace
  ) {
    for term in time.terms.dropFirst() {
      let flipped =
        time
        - Time(
          terms: [Time.Term(symbol: term.symbol, coefficient: 2 * term.coefficient)], constant: 0)
      add(path, root, workspace.expression(.timeValue(flipped)), .sign, 2)
    }
    for term in time.terms where time.terms.count > 1 {
      let alone = Time(terms: [term], constant: time.constant)
      if term.coefficient > 0 {
        add(path, root, workspace.expression(.timeValue(alone)), .wrongExponent, 3)
      }
    }
  }

  // MARK: Sums and products

  private mutating func sumEdits(
    _ root: Expression, _ terms: [Expression], _ path: Path, in workspace: inout Workspace
  ) {
    copyEdits(root, terms, path, in: &workspace)
    scalarEdits(root, terms, path, in: &workspace)
    for i in terms.indices {
      var flipped = terms
      if case .negative(let operand) = workspace[terms[i]] {
        flipped[i] = operand
      } else {
        flipped[i] = workspace.expression(.negative(terms[i]))
      }
      add(path, root, workspace.expression(.sum(flipped)), .sign, i == 0 ? 4 : 2)
      var without = terms
      without.remove(at: i)
      let isRepeated = without.contains(terms[i])
      // The more is taken away, the less likely.
      let share = 10 * workspace.treeSize(terms[i]) / max(1, workspace.treeSize(root))
      add(
        path, root, workspace.sum(without), .doubledTerm,
        isRepeated ? 1 : (share > 2 ? 5 : 4) + share / 4,
        fine: isRepeated ? 0 : share)
    }
  }

  private mutating func productEdits(
    _ root: Expression, _ factors: [Expression], _ path: Path, isMatrix: Bool,
    in workspace: inout Workspace
  ) {
    linkEdits(root, factors, path, in: &workspace)
    if isMatrix { turnedFactorEdits(root, factors, path, in: &workspace) }
    if isMatrix { endEdits(root, factors, path, in: &workspace) }
    if isMatrix { movedFactorEdits(root, factors, path, in: &workspace) }
    func build(_ new: [Expression]) -> Expression {
      isMatrix ? workspace.product(new) : workspace.hadamard(new)
    }
    if isMatrix, factors.count > 1 {
      for i in factors.indices.dropLast() {
        for j in (i + 1)..<factors.count {
          var swapped = factors
          swapped.swapAt(i, j)
          add(path, root, build(swapped), .swappedFactors, j == i + 1 ? 2 : 3)
        }
      }
      // The outer product b aᵀ for a bᵀ among others; alone it wants a transpose.
      for i in factors.indices.dropLast() where factors.count > 2 {
        guard case .transpose(let inner) = workspace[factors[i + 1]],
          let column = try? workspace.shape(of: factors[i]), column.isVector
        else { continue }
        var swapped = factors
        swapped[i] = inner
        swapped[i + 1] = workspace.expression(.transpose(factors[i]))
        add(path, root, build(swapped), .swappedFactors, 2)
      }
    }
    for i in factors.indices {
      var without = factors
      without.remove(at: i)
      add(path, root, build(without), .extraFactor, 4)
    }
    for i in factors.indices {
      var doubled = factors
      doubled.insert(factors[i], at: i)
      if shape(of: factors[i], in: workspace)?.isScalar == true {
        doubled = factors
        doubled[i] = workspace.squared(factors[i])
      }
      add(path, root, build(doubled), .missingFactor, 5)
    }
  }

  /// I + J for the J of a step whose state is handed on.
  private mutating func identityEdits(
    _ factor: Expression, _ path: Path, in workspace: inout Workspace
  ) {
    guard let shape = shape(of: factor, in: workspace), shape.isMatrix,
      shape.dimensions[0] == shape.dimensions[1]
    else { return }
    let terms = workspace.terms(of: factor)
    let identity = workspace.expression(.identity(shape.dimensions[0]))
    if terms.contains(identity) { return }
    add(
      path, factor, workspace.expression(.sum([identity] + terms)), .droppedTerm, 4, added: identity
    )
  }

  private func isOfNode(_ expression: Expression, in workspace: borrowing Workspace) -> Bool {
    guard case .variable(let variable) = workspace[expression] else { return false }
    return variable.time != nil
  }

  /// The bounds with one end moved by one.
  private func neighbours(_ from: Time, _ through: Time) -> [(Time, Time)] {
    [(from - 1, through), (from + 1, through), (from, through - 1), (from, through + 1)]
  }

  // MARK: Slopes

  private mutating func slopeEdits(
    _ root: Expression, _ function: ElementwiseFunction, _ derivative: Int,
    _ argument: Expression, _ path: Path, in workspace: inout Workspace
  ) {
    if derivative == 0 {
      add(
        path, root, workspace.expression(.apply(function, derivative: 1, argument)),
        .missingFactor, 4)
      if function == .sigmoid {
        let complement = workspace.expression(
          .sum([workspace.number(1), workspace.expression(.negative(root))]))
        add(path, root, complement, nil, 4, fine: 4)
      }
    }
    // σ(−x) for σ(x); the sign of an odd function's argument is its own.
    switch function {
    case .sigmoid, .exp:
      var turned = workspace.expression(.negative(argument))
      if case .negative(let operand) = workspace[argument] { turned = operand }
      add(
        path, root, workspace.expression(.apply(function, derivative: derivative, turned)), .sign,
        2, fine: 5)
    default: break
    }
    // σ′(h) for σ′(z), 1 − tanh²(h) for 1 − tanh²(z) = 1 − h².
    if case .variable(let variable) = workspace[argument],
      let definition = setting.model.definition(of: variable.symbol),
      case .apply(let own, 0, let inner) = workspace[definition.body], own == function
    {
      var put = inner
      if let formal = definition.time, let time = variable.time {
        put = workspace.substituting(formal, by: time, in: inner)
      }
      add(
        path, root, workspace.expression(.apply(function, derivative: derivative, put)),
        .activationAppliedTwice, 1)
      if derivative == 0 { add(path, root, argument, .activationAppliedTwice, 1) }
    }
  }

  // MARK: Edits by shape

  private mutating func shapeEdits(
    _ root: Expression, _ node: Node, _ shape: Shape, _ path: Path, _ isTransposed: Bool,
    in workspace: inout Workspace
  ) {
    if !isTransposed, shape.isMatrix || shape.isVector {
      switch node {
      case .transpose, .derivative, .kronecker, .tabulate,
        .sum where path.steps.isEmpty == false:
        break
      default:
        let transposed = workspace.turned(root)
        let isWhole = path.steps.isEmpty
        add(path, root, transposed, .missingTranspose, isWhole ? 3 : 2)
      }
    }
    summedEdits(root, shape, path, in: &workspace)
    if shape.isVector || shape.isRow {
      add(
        path, root, workspace.expression(.tensorFunction(.diag, root)), .missingDiag, 2)
    }
  }
}
