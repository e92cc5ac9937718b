import Algebra
import Calculus
import Expressions

/// What the index form says of a relation.
enum SymbolicTestimony: Sendable {
  case equal(Proof)
  case notShown(remainder: Expression?)
  case unable(Obstacle)
  case noDerivative(DerivativeProblem)
}

/// Decides equality of two sides for all sizes and all times of their domains.
struct SymbolicWitness {
  let model: Model
  let premises: [Premise]
  private var differentiation: Differentiation
  private var prover: Prover
  /// Goes block by block through all axes of the sizes that the equations stack.
  private var stacked: Prover?
  /// For lines that the numbers speak against: it finds what is left of a difference, and gives up early.
  private var brief: Prover

  /// Whether the slope of σ or tanh at a node's argument is written by the node, for people.
  var namesSlopes: Bool {
    get { prover.namesSlopes }
    set {
      prover.namesSlopes = newValue
      brief.namesSlopes = newValue
    }
  }

  init(model: Model, premises: [Premise], in workspace: inout Workspace) {
    self.model = model
    self.premises = premises
    differentiation = Differentiation(model: model)
    // An assumption about a parameter holds after differentiation, in the equations as well.
    var special = model
    for i in special.definitions.indices {
      special.definitions[i].body = SymbolicWitness.assuming(
        premises, special.definitions[i].body, in: &workspace)
    }
    prover = Prover(model: special)
    let partitions = special.stackPartitions(in: workspace)
    if !partitions.isEmpty { stacked = Prover(model: special, partitions: partitions) }
    brief = Prover(model: special, budget: 4_000)
  }

  private static func assuming(
    _ premises: [Premise], _ expression: Expression, in workspace: inout Workspace
  ) -> Expression {
    var result = expression
    for premise in premises {
      switch premise.content {
      case .value(let variable, let value):
        result = workspace.replacing(
          workspace.expression(.variable(variable)), by: value, in: result)
      case .condition(let number, let sign, let bound):
        guard let isPositive = workspace.sign(of: number, sign, bound) else { continue }
        result = workspace.beyondKinks(at: number, isPositive, in: result)
      default: continue
      }
    }
    return result
  }

  /// What was done to take the derivatives so far.
  var steps: [Step] { differentiation.steps }

  /// The expression without derivatives, under the assumptions about parameters.
  mutating func derived(
    _ expression: Expression, for domain: [Time], in workspace: inout Workspace
  ) throws(DerivativeProblem) -> Expression {
    let plain = try differentiation.eliminatingDerivatives(
      expression, for: domain, in: &workspace)
    return SymbolicWitness.assuming(premises, plain, in: &workspace)
  }

  /// - Parameter isBrief: whether little effort is to be spent.
  mutating func compare(
    _ left: Expression, _ right: Expression, for domains: [[Time]], isBrief: Bool = false,
    in workspace: inout Workspace
  ) -> SymbolicTestimony {
    var last: SymbolicTestimony?
    for domain in domains {
      let testimony = compare(left, right, in: domain, isBrief, &workspace)
      // A case without times asks nothing.
      if case .unable(.emptyDomain) = testimony { continue }
      guard case .equal = testimony else { return testimony }
      last = testimony
    }
    return last ?? .notShown(remainder: nil)
  }

  private mutating func compare(
    _ left: Expression, _ right: Expression, in domain: [Time], _ isBrief: Bool,
    _ workspace: inout Workspace
  ) -> SymbolicTestimony {
    do throws(DerivativeProblem) {
      let a = try derived(workspace.joiningSums(left), for: domain, in: &workspace)
      let b = try derived(workspace.joiningSums(right), for: domain, in: &workspace)
      let facts = domain + start(a, b, in: workspace)
      var outcome =
        isBrief
        ? brief.compare(a, b, for: facts, in: &workspace)
        : prover.compare(a, b, for: facts, in: &workspace)
      if !isBrief, !outcome.isEqual,
        let other = stacked?.compare(a, b, for: facts, in: &workspace), other.isEqual
      {
        outcome = other
      }
      switch outcome {
      case .equal(let proof): return .equal(proof)
      case .different(let remainder): return .notShown(remainder: remainder)
      case .unknown(let obstacle): return .unable(obstacle)
      }
    } catch {
      return .noDerivative(error)
    }
  }

  /// An unknown first step lies before everything that is named.
  private func start(
    _ a: Expression, _ b: Expression, in workspace: borrowing Workspace
  ) -> [Time] {
    guard let first = differentiation.unknownStart else { return [] }
    var limits: [Time] = []
    for root in [a, b] {
      workspace.visit(root) { _, node in
        for time in node.ownTimes where !time.contains(first) {
          let limit = time - Time(first) - 2
          var isSimple = time.terms.count <= 1
          if let term = time.terms.first, term.coefficient != 1 { isSimple = false }
          if isSimple, !limits.contains(limit) { limits.append(limit) }
        }
      }
    }
    let free = workspace.freeTimes(in: a) + workspace.freeTimes(in: b)
    return limits.filter { limit in limit.terms.allSatisfy { free.contains($0.symbol) } }
  }

  /// The expression in shortest notation, for people.
  mutating func simplified(
    _ expression: Expression, for domain: [Time], in workspace: inout Workspace
  ) -> Expression {
    let short = prover.simplified(expression, for: domain, in: &workspace)
    guard short == expression, stacked != nil else { return short }
    // Where the axes of a stack cannot be taken apart and put together again, stacks stay whole.
    var stacks = NamedStacks(prover.model, in: &workspace)
    var whole = Prover(model: stacks.model)
    whole.namesSlopes = namesSlopes
    let named = stacks.naming(expression, in: &workspace)
    let written = whole.simplified(named, for: domain, in: &workspace)
    let spelled = stacks.spelling(written, in: &workspace)
    guard case .equal = compare(expression, spelled, for: [domain], in: &workspace) else {
      return short
    }
    return spelled
  }

  /// Whether the expression is zero at all points of the domain; nil if that is unknown.
  mutating func vanishes(
    _ expression: Expression, for domain: [Time], in workspace: inout Workspace
  ) -> Bool? {
    guard let plain = try? derived(expression, for: domain, in: &workspace) else { return nil }
    return prover.isIdenticallyZero(plain, for: domain, in: &workspace)
  }
}
