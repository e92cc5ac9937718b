import Algebra
import Documents
import Expressions
import Notation
import Numerics

/// What a claim leaves open: sizes, and slopes without an argument.
extension Judge {
  /// Solves what the claim leaves open of its sizes; its model's sizes are not touched.
  mutating func fit(
    _ claim: inout Claim, _ variant: inout Variant, in workspace: inout Workspace
  ) throws(ShapeMismatch) {
    if let space = claim.space {
      try fitSpace(variant.left, space, variant.setting, in: workspace)
      return
    }
    let (shapes, a, b) = try measured(variant, in: workspace)
    let setting = theory[variant.setting]
    let symbols = (workspace.variables(in: variant.left) + workspace.variables(in: variant.right))
      .map { $0.symbol }
    let open = symbols + setting.unsized
    let before = open.map { workspace[$0].shape }
    shapes.commit(
      symbols: open,
      occurringIn: [variant.left, variant.right] + setting.opaqueBodies, to: &workspace)
    if before != open.map({ workspace[$0].shape }) {
      // What was compiled for the old sizes does not serve the new ones.
      for key in numeric.keys where key.setting == variant.setting { numeric[key] = nil }
      for key in symbolic.keys where key.setting == variant.setting { symbolic[key] = nil }
    }
    variant.left = workspace.settlingShapes(shapes.resolving(variant.left, in: &workspace))
    variant.right = workspace.settlingShapes(shapes.resolving(variant.right, in: &workspace))
    let labels = claim.freeLabels
    if !labels.isEmpty {
      let used = labels.filter { label in
        workspace.mentions(label, in: variant.left) || workspace.mentions(label, in: variant.right)
      }
      if !used.isEmpty {
        let shape = shapes.resolved(a).isScalar ? shapes.resolved(b) : shapes.resolved(a)
        (variant.left, variant.right) = Judge.tabulated(
          (variant.left, variant.right), of: shape, by: used, in: &workspace)
      }
    }
  }

  private func measured(
    _ variant: Variant, in workspace: borrowing Workspace
  ) throws(ShapeMismatch) -> (ShapeInference, Shape, Shape) {
    let mismatch: ShapeMismatch
    do throws(ShapeMismatch) {
      return try measured(variant, theory.rigidSizes(variant.setting), in: workspace)
    } catch {
      mismatch = error
    }
    let sizes = theory.rigidSizes(variant.setting)
    if mismatch.place == .terms,
      let spread = try? measured(variant, sizes, .all, in: workspace)
    {
      return spread
    }
    // `(v_1, …, v_n)` names the size of v, of which nothing else is said: sizes that only the claim
    // names may each be one of the model's that bears no name.
    let own = theory[variant.setting].sizes
    let named = theory.page.notation.dimensions.map { $0.symbol }
    guard let loose = try? measured(variant, own, in: workspace) else { throw mismatch }
    var taken: [Dimension] = []
    for size in named where !own.contains(size) {
      let value = loose.0.resolved(Dimension(size))
      if value == Dimension(size) { continue }
      guard let symbol = value.symbol, !named.contains(symbol), !taken.contains(value) else {
        throw mismatch
      }
      taken.append(value)
    }
    return loose
  }

  func measured(
    _ variant: Variant, _ rigid: Set<DimensionSymbol>,
    _ spreading: ShapeInference.Spreading = .none, in workspace: borrowing Workspace
  ) throws(ShapeMismatch) -> (ShapeInference, Shape, Shape) {
    var shapes = ShapeInference(rigid: rigid, spreading: spreading)
    let a = try shapes.shape(of: variant.left, in: workspace)
    let b = try shapes.shape(of: variant.right, in: workspace)
    try Judge.fitSides(
      variant.left, shapes.resolved(a), variant.right, shapes.resolved(b), &shapes, in: workspace)
    return (shapes, a, b)
  }

  /// Two sides of one shape with free labels.
  static func tabulated(
    _ sides: (Expression, Expression), of shape: Shape, by labels: [IndexSymbol],
    in workspace: inout Workspace
  ) -> (Expression, Expression) {
    let taken = labels.map { workspace[$0].name }
    let names = ["a", "b", "c", "d", "e", "f"].filter { !taken.contains($0) }
    let axes = zip(names, shape.squeezed.dimensions).map {
      workspace.index(IndexRecord(name: $0, dimension: $1))
    }
    return (
      tabulated(sides.0, by: labels, axes, in: &workspace),
      tabulated(sides.1, by: labels, axes, in: &workspace)
    )
  }

  /// A side with free labels, one more axis for each of them after its own.
  private static func tabulated(
    _ side: Expression, by labels: [IndexSymbol], _ axes: [IndexSymbol],
    in workspace: inout Workspace
  ) -> Expression {
    var entry = side
    if !axes.isEmpty, !workspace.isNumeric(side) {
      entry = workspace.expression(.entry(side, axes.map { .label($0) }))
    }
    return workspace.expression(.tabulate(axes + labels, entry))
  }

  /// A membership may name sizes that nothing else has fixed, each by a name of its own.
  func fitSpace(
    _ side: Expression, _ space: Shape, _ setting: Int, in workspace: borrowing Workspace
  ) throws(ShapeMismatch) {
    let named = Set(theory.page.notation.dimensions.map { $0.symbol })
    var shapes = ShapeInference(rigid: named)
    let shape = try shapes.shape(of: side, in: workspace)
    let plain = shapes.resolved(shape)
    guard shapes.unify(plain, space) else {
      throw ShapeMismatch(.sides, in: side, side, plain, nil, space)
    }
    // Two sizes of the model must not become one by the claim alone.
    var known: [(Dimension, Dimension)] = []
    for dimension in plain.dimensions where !known.contains(where: { $0.0 == dimension }) {
      let value = shapes.resolved(dimension)
      if known.contains(where: { $0.1 == value }) {
        throw ShapeMismatch(.sides, in: side, side, plain, nil, space)
      }
      known.append((dimension, value))
    }
  }

  /// 0 fits every shape, another number a vector or a row entry by entry.
  private static func fitSides(
    _ left: Expression, _ a: Shape, _ right: Expression, _ b: Shape,
    _ shapes: inout ShapeInference, in workspace: borrowing Workspace
  ) throws(ShapeMismatch) {
    if workspace.isZero(left) || workspace.isZero(right) { return }
    if workspace.isNumeric(left), b.isVector || b.isRow { return }
    if workspace.isNumeric(right), a.isVector || a.isRow { return }
    if !shapes.unifySides(a, b) {
      throw ShapeMismatch(.sides, in: left, left, a, right, b)
    }
  }

  static func code(of mismatch: ShapeMismatch) -> Code {
    switch mismatch.place {
    case .sides: return .sidesDiffer
    case .factors: return .factorsCannotMeet
    case .terms: return .termsCannotMeet
    default: return .wrongShapeForOperation
    }
  }

  // MARK: Slopes without argument

  func closeElided(
    _ variant: inout Variant, _ statement: Statement, in workspace: inout Workspace
  ) {
    guard workspace.isElided(variant.left) || workspace.isElided(variant.right) else { return }
    let model = theory[variant.setting].model
    var head: Expression?
    if let first = statement.head {
      head = try? elaborated(theory.page.statements[first].left, variant, in: &workspace)
    }
    let starts = [variant.left, variant.right, head].compactMap { $0 }
    func start(_ side: Expression) -> ElidedSlopes.Cursor {
      for candidate in starts {
        let cursor = workspace.leading(candidate, reversed: variant.claim.layout == .denominator)
        if cursor != .nowhere { return cursor }
      }
      return .nowhere
    }
    var closing = ElidedSlopes(model: model, layout: variant.claim.layout)
    variant.left = closing.close(variant.left, from: start(variant.left), in: &workspace)
    variant.right = closing.close(variant.right, from: start(variant.right), in: &workspace)
    if closing.isStuck, statement.sign.isOrder || variant.claim.interval != nil {
      variant.left = workspace.givenAnyArgument(variant.left)
      variant.right = workspace.givenAnyArgument(variant.right)
    }
    variant.readings.insert(.elidedArgument, at: 0)
    if closing.usedShorthand { variant.readings.insert(.shorthandPower, at: 1) }
  }

  func elaborated(
    _ formula: Formula, _ variant: Variant, in workspace: inout Workspace
  ) throws(Unreadable) -> Expression {
    var elaborator = Elaborator(
      page: theory.page.notation, table: theory[variant.setting].table,
      layout: variant.claim.layout)
    elaborator.knowsShapes = true
    return try elaborator.elaborate(formula, in: &workspace).expression
  }
}

extension Workspace {
  /// `\tanh' \le 1` is said of all arguments: each slope without one gets a number of its own.
  fileprivate mutating func givenAnyArgument(_ root: Expression) -> Expression {
    rewriting(root) { workspace, expression in
      guard case .elided(let function, let derivative, _) = workspace[expression] else {
        return nil
      }
      let name = workspace.symbol(SymbolRecord(name: "z", shape: .scalar, isFamily: false))
      return workspace.expression(
        .apply(function, derivative: derivative, workspace.variable(name)))
    }
  }
}
