import Expressions
import Notation
import Numerics

/// Points that satisfy what is assumed.
extension NumericWitness {
  mutating func draw(
    _ assignment: [(TimeSymbol, Int)], _ dimensions: [DimensionSymbol], variant: Int, seed: UInt64,
    in workspace: borrowing Workspace
  ) {
    var sample = Sample(times: assignment, seed: seed)
    sample.drawSizes(of: dimensions, variant: variant)
    for premise in premises {
      if case .size(let symbol, let dimension) = premise.content {
        sample[symbol] = dimension.literal
      }
    }
    let isConditioned =
      premises.contains { if case .condition = $0.content { true } else { false } }
    let bounding = bounding(in: workspace)
    // Where chance does not soon hit what is assumed, it is not tried for long at every point.
    let attempts =
      !isConditioned ? 1 : bounding.isEmpty ? (missed > 800 ? 1 : 40) : missed > 40 ? 1 : 6
    for attempt in 0..<attempts {
      sample.seed = seed + UInt64(attempt) * 1009
      var laboratory = laboratory(at: sample, in: workspace)
      if satisfies(&laboratory, in: workspace) {
        laboratories.append(laboratory)
        return
      }
      missed += 1
    }
    // Where a bound is itself bounded, small matrices satisfy both.
    for shrinking in [1, 0.25, 0.03125] {
      guard var closest = tightened(bounding, at: sample, by: shrinking, in: workspace) else {
        return
      }
      if satisfies(&closest, in: workspace) {
        laboratories.append(closest)
        return
      }
    }
  }

  func laboratory(at sample: Sample, in workspace: borrowing Workspace) -> Laboratory {
    Laboratory(
      model: model, sample: sample, fixing: fixings, bounds: bounds(in: workspace), in: workspace)
  }

  /// `‖W‖ ≤ β`: what scalars bound that do nothing else.
  private func bounding(
    in workspace: borrowing Workspace
  ) -> [(scalar: Variable, premise: Premise, bounded: Expression)] {
    premises.compactMap { premise in
      guard case .condition(let left, .lessOrEqual, let right) = premise.content,
        case .variable(let variable) = workspace[right], !model.computes(variable.symbol),
        workspace[variable.symbol].shape.isScalar, !workspace.variables(in: left).contains(variable)
      else { return nil }
      return (variable, premise, left)
    }
  }

  /// A point at which every scalar is the largest of what it bounds, the matrices of transitions
  /// multiplied by a number.
  private func tightened(
    _ bounding: [(scalar: Variable, premise: Premise, bounded: Expression)], at sample: Sample,
    by shrinking: Double, in workspace: borrowing Workspace
  ) -> Laboratory? {
    if bounding.isEmpty { return nil }
    var loose = laboratory(at: sample, in: workspace)
    if shrinking != 1 {
      loose = Laboratory(
        model: model, sample: sample, fixing: fixings, bounds: bounds(in: workspace),
        scale: .fixed(loose.scale(in: workspace) * shrinking), in: workspace)
    }
    var bounds = self.bounds(in: workspace)
    for (scalar, premise, bounded) in bounding {
      var largest = 0.0
      for step in steps(of: premise, at: sample, in: workspace) {
        guard let measured = measured(bounded, step, &loose, in: workspace) else { continue }
        largest = max(largest, measured.values.max() ?? 0)
      }
      if let known = bounds.lastIndex(where: { $0.symbol == scalar.symbol && $0.lower != nil }) {
        largest = max(largest, bounds[known].lower ?? 0)
        bounds.remove(at: known)
      }
      bounds.insert(Laboratory.Bounds(scalar.symbol, lower: largest, upper: largest), at: 0)
    }
    return Laboratory(
      model: model, sample: sample, fixing: fixings, bounds: bounds,
      scale: .fixed(loose.scale(in: workspace)), in: workspace)
  }

  private var fixings: [Laboratory.Fixing] { premises.compactMap { $0.fixing } }

  /// `x > 0`, `a < 1`: between which numbers a scalar is drawn.
  private func bounds(in workspace: borrowing Workspace) -> [Laboratory.Bounds] {
    var bounds: [Laboratory.Bounds] = []
    for premise in premises {
      guard case .condition(let left, let sign, let right) = premise.content,
        case .variable(let variable) = workspace[left], !model.computes(variable.symbol),
        case .number(let value) = workspace[right]
      else { continue }
      let number = value.approximation
      switch sign {
      case .less, .lessOrEqual:
        bounds.append(Laboratory.Bounds(variable.symbol, lower: nil, upper: number))
      case .greater, .greaterOrEqual:
        bounds.append(Laboratory.Bounds(variable.symbol, lower: number, upper: nil))
      default: break
      }
    }
    return bounds
  }

  /// Whether a point satisfies every condition: at its own step, or at all steps around it.
  func satisfies(_ laboratory: inout Laboratory, in workspace: borrowing Workspace) -> Bool {
    for premise in premises {
      guard case .condition(let left, let sign, let right) = premise.content else { continue }
      for step in steps(of: premise, at: laboratory.sample, in: workspace) {
        guard let a = measured(left, step, &laboratory, in: workspace),
          let b = measured(right, step, &laboratory, in: workspace)
        else { return false }
        let count = max(a.values.count, b.values.count)
        for i in 0..<count {
          let (x, y) = (a.values[i % a.values.count], b.values[i % b.values.count])
          if !holds(x, sign, y) { return false }
        }
      }
    }
    return true
  }

  private func holds(_ x: Double, _ sign: Formula.RelationSign, _ y: Double) -> Bool {
    switch sign {
    case .less: x < y
    case .lessOrEqual: x <= y
    case .greater: x > y
    case .greaterOrEqual: x >= y
    case .notEqual: x != y
    default: abs(x - y) <= 1e-9 * max(1, abs(x))
    }
  }

  /// The step of a condition; nil is the point's own.
  private typealias Step = (letter: TimeSymbol, value: Int)?

  private func steps(
    of premise: Premise, at sample: Sample, in workspace: borrowing Workspace
  ) -> [Step] {
    guard premise.isOfAllSteps, case .condition(let left, _, let right) = premise.content,
      let letter = (workspace.freeTimes(in: left) + workspace.freeTimes(in: right)).first
    else { return [nil] }
    let times = sample.times.map { $0.value }
    return (min(0, times.min() ?? 0) - 1...max(1, times.max() ?? 1) + 1).map { (letter, $0) }
  }

  private func measured(
    _ side: Expression, _ step: Step, _ laboratory: inout Laboratory,
    in workspace: borrowing Workspace
  ) -> Measurement? {
    guard let step else { return try? laboratory.measure(side, in: workspace) }
    return try? laboratory.measure(side, at: step.letter, step.value, in: workspace)
  }
}

extension Premise {
  /// The value that it gives an input or a parameter.
  var fixing: Laboratory.Fixing? {
    if case .value(let variable, let value) = content {
      return Laboratory.Fixing(variable, to: value)
    }
    return nil
  }
}
