import Expressions

/// What a comparison came to. `different` refutes nothing: it says what is left of the difference.
package enum Outcome: Sendable {
  case equal(Proof)
  /// The left side minus the right side, shortest matrix notation; nil where it has none.
  case different(remainder: Expression?)
  case unknown(Obstacle)

  package var isEqual: Bool {
    if case .equal = self { return true } else { return false }
  }
}

/// Decides whether two derivative-free expressions are equal for all sizes and all times of a domain.
///
/// Heads and forms are numbered once and kept from one comparison to the next; a prover belongs to
/// one workspace.
package struct Prover {
  package let model: Model
  /// How every axis of a dimension is put together from blocks, where no stack says it.
  let partitions: [Dimension: [Dimension]]
  var table = HeadTable()

  /// The zone in which the expression that is being read counts.
  var context = Zone.everything
  /// The context of the whole comparison, if no time is fixed in it.
  var plainContext = Zone.everything
  var timeEnvironment: [TimeSymbol: Moment] = [:]
  var labelEnvironment: [IndexSymbol: Label] = [:]

  var isPrepared = false
  var treatments: [Symbol: Treatment] = [:]
  var activations: [Activation] = []
  /// Nodes that are the softmax of a form, by which readers know them.
  var distributions: [Activation] = []
  /// The other nodes; nil before a form has been written.
  var namedNodes: [Activation]?
  var symbolHeads: [SymbolUse: Head] = [:]
  /// The dimension of square matrix forms.
  var squareDimensions: [FormKey: Int32] = [:]

  /// The dimensions of other stored forms' axes, for writing them again.
  var formDimensions: [FormKey: [Int32]] = [:]
  /// The shapes of what was read in this comparison.
  var shapes: [Expression: Shape] = [:]
  /// Names of bound times while a form is being written.
  var timeNames: [TimeVariable: TimeSymbol] = [:]

  /// Whether slopes are written by their nodes, and where the term that is being written counts.
  package var namesSlopes = false
  var writtenZone = Zone.everything

  /// Terms that may be made in one comparison, and those already made.
  var budget: Int
  var spent = 0
  /// How much of it may go into the search after the index forms were found to differ.
  let searchBudget = 6_000

  /// - Parameters:
  ///   - budget: how many terms a comparison may make before it gives up.
  ///   - partitions: how every axis of a dimension is put together from blocks.
  package init(
    model: Model, budget: Int = 50_000, partitions: [Dimension: [Dimension]] = [:]
  ) {
    self.model = model
    self.partitions = partitions
    self.budget = budget
  }

  /// Compares two expressions where all times of the domain are ≥ 0.
  package mutating func compare(
    _ lhs: Expression, _ rhs: Expression, for domain: [Time], in workspace: inout Workspace
  ) -> Outcome {
    do throws(Failure) {
      try begin(domain, workspace)
      let blocks = try differences(lhs, rhs, workspace)
      var proofs: [Proof] = []
      var remainder: [(Block, Form)] = []
      for block in blocks {
        spent = 0
        let residual = try reduced(block.form)
        if let proof = try found(residual, workspace) {
          proofs.append(proof)
        } else {
          remainder.append((block, residual))
        }
      }
      if remainder.isEmpty, let proof = Proof.blockwise(proofs) { return .equal(proof) }
      guard blocks.count == 1, let (block, residual) = remainder.first else {
        return .different(remainder: nil)
      }
      let readable = try collectedForReaders(residual)
      return .different(
        remainder: notation(of: readable, axes: block.labels, shape: block.shape, &workspace))
    } catch {
      return .unknown(obstacle(error, lhs, &workspace))
    }
  }

  /// Whether the expression is zero for all sizes and times of the domain; nil if that is unknown.
  package mutating func isIdenticallyZero(
    _ expression: Expression, for domain: [Time], in workspace: inout Workspace
  ) -> Bool? {
    do throws(Failure) {
      try begin(domain, workspace)
      for block in try differences(expression, nil, workspace) {
        if try found(try reduced(block.form), workspace) == nil { return false }
      }
      return true
    } catch {
      return nil
    }
  }

  /// The expression in shortest matrix notation, or in index notation where no other exists;
  /// unchanged where the algebra does not know its parts.
  package mutating func simplified(
    _ expression: Expression, for domain: [Time], in workspace: inout Workspace
  ) -> Expression {
    guard let written = written(expression, for: domain, in: &workspace) else {
      return expression
    }
    // Multiplying out may make what was in matrix notation already longer.
    let isPlain = !workspace.contains(expression) { node in
      switch node {
      case .entry, .indexSum, .tabulate, .delta, .iverson, .unitVector: return true
      default: return false
      }
    }
    return isPlain && workspace.treeSize(expression) <= workspace.treeSize(written)
      ? expression : written
  }

  /// The index form of the expression as matrices or entries; nil where the algebra does not know its
  /// parts.
  mutating func written(
    _ expression: Expression, for domain: [Time], in workspace: inout Workspace
  ) -> Expression? {
    do throws(Failure) {
      try begin(domain, workspace)
      var parts: [Expression] = []
      let blocks = try differences(expression, nil, workspace)
      for block in blocks {
        let form = try collectedForReaders(block.form)
        guard let shape = blocks.count == 1 ? block.shape : shape(ofPart: block),
          let part = notation(of: form, axes: block.labels, shape: shape, &workspace)
        else { return nil }
        parts.append(part)
      }
      guard let last = blocks.last, blocks.count > 1 else { return parts.first }
      if parts.allSatisfy({ workspace.isZero($0) }) {
        return workspace.expression(.zero(last.shape))
      }
      let columns = (last.place.last ?? 0) + 1
      return last.shape.isVector
        ? workspace.expression(.stack(rows: columns, columns: 1, parts))
        : workspace.expression(.stack(rows: parts.count / columns, columns: columns, parts))
    } catch {
      return nil
    }
  }

  /// A proof, if one is found within the budget.
  private mutating func found(
    _ residual: Form, _ workspace: borrowing Workspace
  ) throws(Failure) -> Proof? {
    let saved = (context, plainContext)
    let whole = budget
    budget = min(whole, spent + searchBudget)
    defer { budget = whole }
    do throws(Failure) {
      return try identity(residual, workspace)
    } catch {
      (context, plainContext) = saved
      // What the search stumbled over says nothing of the sides, except for a zero denominator.
      switch error {
      case .budget, .unsupported, .at, .shapes, .emptyDomain: return nil
      case .vanishing, .vanishingAt: throw error
      }
    }
  }

  private mutating func begin(
    _ domain: [Time], _ workspace: borrowing Workspace
  ) throws(Failure) {
    spent = 0
    shapes = [:]
    timeEnvironment = [:]
    timeNames = [:]
    labelEnvironment = [:]
    registerHeads(workspace)
    context = .everything
    plainContext = .everything
    try prepare(workspace)
    labelEnvironment = [:]
    for time in model.domain + domain { try require(time, &context) }
    if context.isEmpty { throw .emptyDomain }
    plainContext = Prover.hasEqualities(context) ? .everything : context
  }

  private static func hasEqualities(_ zone: Zone) -> Bool {
    for (n, a) in zone.variables.enumerated() {
      for b in zone.variables[..<n] where zone.difference(Moment(a), Moment(b)) != nil {
        return true
      }
    }
    return false
  }

  /// The difference of two expressions at one choice of blocks of their axes.
  struct Block {
    var form: Form
    var labels: [Label]
    /// That of the whole.
    var shape: Shape
    /// Its number on each axis.
    var place: [Int]
  }

  private mutating func differences(
    _ lhs: Expression, _ rhs: Expression?, _ workspace: borrowing Workspace
  ) throws(Failure) -> [Block] {
    var shape = try self.shape(lhs, workspace)
    if let rhs {
      let other = try self.shape(rhs, workspace)
      if shape.isScalar, workspace.isNumeric(lhs) { shape = other }
      if other != shape, !(other.isScalar && workspace.isNumeric(rhs)) { throw .shapes }
    }
    let axes = shape.squeezed.dimensions
    var choices: [(labels: [Label], place: [Int])] = [(labels: [], place: [])]
    for (a, dimension) in axes.enumerated() {
      var blocks: [Dimension]?
      for side in [lhs, rhs].compactMap({ $0 }) where blocks == nil {
        if try self.shape(side, workspace).isScalar { continue }
        blocks = try partition(side, axis: a, of: axes.count, workspace)
      }
      var longer: [(labels: [Label], place: [Int])] = []
      for choice in choices {
        for (number, label) in contractionLabels(over: dimension, blocks).enumerated() {
          longer.append((labels: choice.labels + [label], place: choice.place + [number]))
        }
      }
      choices = longer
    }
    var result: [Block] = []
    for (labels, place) in choices {
      var form = try component(lhs, try sized(lhs, labels, workspace), workspace)
      if let rhs {
        form += negated(try component(rhs, try sized(rhs, labels, workspace), workspace))
      }
      result.append(
        Block(form: form, labels: labels.map { table.plain($0) }, shape: shape, place: place))
    }
    return result
  }

  /// The shape of a block of a vector or matrix; nil where it has fewer axes than the whole.
  private func shape(ofPart block: Block) -> Shape? {
    let sizes = block.labels.map { table.dimensions[Int(table.labels[Int($0)].dimension)] }
    guard !sizes.contains(.one) else { return nil }
    switch block.shape.order {
    case 1: return Shape(sizes)
    case 2: return Shape(block.shape.isRow ? [.one] + sizes : sizes)
    default: return nil
    }
  }

  private mutating func sized(
    _ side: Expression, _ labels: [Label], _ workspace: borrowing Workspace
  ) throws(Failure) -> [Label] {
    try shape(side, workspace).isScalar ? [] : labels
  }

  private mutating func obstacle(
    _ failure: Failure, _ whole: Expression, _ workspace: inout Workspace
  ) -> Obstacle {
    switch failure {
    case .budget: return .budget
    case .unsupported: return .unsupported(whole)
    case .at(let expression): return .unsupported(expression)
    case .shapes: return .shapes
    case .emptyDomain: return .emptyDomain
    case .vanishingAt(let expression): return .vanishingDenominator(expression)
    case .vanishing(let form):
      let zero = notation(of: form, axes: [], shape: .scalar, &workspace)
      return .vanishingDenominator(zero ?? whole)
    }
  }
}
