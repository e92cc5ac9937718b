import Expressions

/// Central differences of the unrolled model: what a derivative node means, without any rule.
struct Differences {
  let world: World
  let times: [TimeSymbol: Int]
  private let width = 1e-5

  init(_ world: World, times: [TimeSymbol: Int]) {
    self.world = world
    self.times = times
  }

  /// - Precondition: `by` is a variable, an entry of one, or a one-column stack of vectors.
  func derivative(
    of numerator: Expression, by denominator: Expression, _ intervention: Intervention,
    _ w: borrowing Workspace
  ) -> Tensor {
    var evaluation = Evaluation(world: world)
    evaluation.times = times
    let value = evaluation.value(numerator, w)
    var members: [Expression] = [denominator]
    if case .stack(_, _, let parts) = w[denominator] { members = parts }
    var chosen: [Index]?
    if case .entry(let operand, let indices) = w[denominator] {
      members = [operand]
      chosen = indices
    }
    var columns: [[Double]] = []
    var sizes: [Int] = []
    for member in members {
      guard case .variable(let variable) = w[member] else { preconditionFailure("no node") }
      let base = evaluation.value(member, w)
      sizes = members.count > 1 ? [(sizes.first ?? 0) + base.values.count] : base.sizes
      for place in base.values.indices {
        let (up, down) = (
          sample(numerator, variable, base, place, width, members, intervention, w),
          sample(numerator, variable, base, place, -width, members, intervention, w)
        )
        columns.append(zip(up.values, down.values).map { ($0 - $1) / (2 * width) })
      }
    }
    if let chosen {
      let base = evaluation.value(members[0], w)
      var offset = 0
      let kept = chosen.count == base.sizes.count ? base.sizes : base.squeezed
      for (index, size) in zip(chosen, kept) { offset = offset * size + evaluation.place(index) }
      columns = [columns[offset]]
      sizes = []
    }
    return arrange(columns, value, sizes, intervention.layout)
  }

  private func arrange(
    _ columns: [[Double]], _ value: Tensor, _ sizes: [Int], _ layout: Layout
  ) -> Tensor {
    let (own, other) = (value.squeezed, sizes.filter { $0 != 1 })
    let numeratorFirst = value.values.indices.flatMap { i in columns.map { $0[i] } }
    let denominatorFirst = columns.flatMap { $0 }
    if own.isEmpty {
      let isRow = sizes.count == 1 && (layout == .numerator || layout == .transposed)
      let tensor = Tensor(isRow ? [1] + sizes : sizes, denominatorFirst)
      return layout == .transposed && sizes.count == 2 ? tensor.transposed.canonical : tensor
    }
    if other.isEmpty {
      return Tensor(
        layout == .denominator && value.sizes.count == 1 ? [1] + value.sizes : value.sizes,
        denominatorFirst)
    }
    return layout == .denominator
      ? Tensor(other + own, denominatorFirst) : Tensor(own + other, numeratorFirst)
  }

  /// The numerator after one component of a node was moved.
  private func sample(
    _ numerator: Expression, _ variable: Variable, _ base: Tensor, _ place: Int, _ step: Double,
    _ members: [Expression], _ intervention: Intervention, _ w: borrowing Workspace
  ) -> Tensor {
    var evaluation = Evaluation(world: world)
    evaluation.times = times
    let other = world.intervened()
    var moved = base
    moved.values[place] += step
    let time = variable.time.map { evaluation.time($0) }
    let copy = variable.copy.map { evaluation.time($0) }
    if members.count > 1 {
      for member in members {
        guard case .variable(let cut) = w[member] else { continue }
        let key = NodeKey(symbol: cut.symbol, time: cut.time.map { evaluation.time($0) })
        other.pinned[key] = evaluation.value(member, w)
      }
    }
    if time == nil, !world.model.computes(variable.symbol) {
      other.parameter = (variable.symbol, moved, copy)
    } else {
      other.pinned[NodeKey(symbol: variable.symbol, time: time)] = moved
    }
    other.held = intervention.held
    var result = Evaluation(world: other)
    result.times = times
    var body = numerator
    if intervention.mode == .immediate, case .variable(let node) = w[numerator] {
      let step = node.time.map { evaluation.time($0) }
      if time == nil {
        other.onlyStep = step
      } else {
        other.isFrozen = true
        if node != variable, let (equation, own) = world.equation(node.symbol, step) {
          body = equation
          if let own, let step { result.times[own] = step }
          result.owner = step
        }
      }
    }
    return result.value(body, w)
  }
}
