import Calculus
import Documents
import Expressions
import Numerics

extension Inquiry {
  /// A derivative written out, and what the witnesses say of it.
  package struct Expanded: Sendable {
    package var expansion: Expansion
    /// For all T, where that is asked.
    package var general: GeneralExpansion?
    /// Whether it follows from equations that the symbolic witness proves.
    package var isProved = true
    /// As it is written, against finite differences.
    package var numeric: NumericEvidence?
    /// The last time at which it was compared as it is written, and as the recursion that it sums up.
    package var comparedSteps: Int?
    package var nestedSteps: Int?
    package var isContradicted = false
  }

  /// The sum for all T, with what it speaks of.
  package struct GeneralExpansion: Sendable {
    package var derivative: Expression
    package var sum: Expression
    /// ∂a_t/∂b_k = Σ [J_t ⋯ J_{k+1}] (…), where the state has several parts.
    package var transitions: [Transition] = []
    package var block: BlockTransition?
    /// The names of times that the definitions speak of.
    package var later: TimeSymbol?
    package var earlier: TimeSymbol?
    package var last: TimeSymbol
    package var leastLast: Int
  }
  package struct Transition: Sendable {
    package var quotient: Expression
    package var terms: [(row: Int, column: Int, factor: Expression?)]
  }

  /// What is to be written out: two names, at times that may be T.
  private struct Question {
    var setting: Int
    var result: Variable
    var denominator: Variable
    /// T.
    var last: TimeSymbol
    var claim: Claim
  }

  /// A derivative written out for a last time T.
  ///
  /// - Parameter steps: T; nil where the result says it itself.
  package mutating func expanded(
    steps: Int?, as form: Expansion.Form, in workspace: inout Workspace
  ) throws(InquiryProblem) -> Expanded {
    let question = try question(in: &workspace)
    if form == .general { return try general(question, steps: steps, in: &workspace) }
    guard var steps = steps ?? question.result.time?.literal else { throw .stepsMissing }
    var unrolled = try unrolled(question, at: steps, for: form, in: &workspace)
    // What comes after the result does not change it.
    if let time = question.result.time?.literal, time < steps, time >= 0,
      unrolled.expansion.graph.unrolling.isCausal
    {
      steps = time
      unrolled = try self.unrolled(question, at: steps, for: form, in: &workspace)
    }
    var expansion = unrolled.expansion
    do throws(ExpansionProblem) { try expansion.checkSize() } catch { throw .expansion(error) }

    let isProved = try prove(&expansion, question, unrolled.model, steps, in: &workspace)
    var result = Expanded(expansion: expansion, isProved: isProved)
    try validate(&result, question, steps, in: &workspace)
    return result
  }

  // MARK: Understanding

  private mutating func question(
    in workspace: inout Workspace
  ) throws(InquiryProblem) -> Question {
    let claim = try understood(.numerator, in: &workspace)
    guard case .variable(var result) = workspace[claim.left.expression] else {
      throw .notName(claim.left.expression)
    }
    guard case .variable(let denominator) = workspace[claim.right.expression],
      denominator.copy == nil
    else { throw .notName(claim.right.expression) }
    let model = theory[claim.setting].model
    var ends: [TimeSymbol] = []
    func add(_ time: Time?) {
      for term in time?.terms ?? [] where !ends.contains(term.symbol) { ends.append(term.symbol) }
    }
    for definition in model.definitions {
      for time in [definition.from, definition.through] { add(time) }
      for symbol in workspace.freeTimes(in: definition.body) where symbol != definition.time {
        add(Time(symbol))
      }
    }
    // A running time in the result means the last one.
    if ends.isEmpty { ends = [result.time?.symbol ?? workspace.time(named: "T")] }
    let last = ends.first { workspace.name(of: $0) == "T" } ?? ends[0]
    if workspace[result.symbol].isFamily {
      if let time = result.time?.symbol, time != last {
        result.time = result.time.map { $0.substituting(time, by: Time(last)) }
      }
      if result.time == nil { result.time = Time(last) }
    }
    return Question(
      setting: claim.setting, result: result, denominator: denominator, last: last, claim: claim)
  }

  private struct Unrolled {
    var expansion: Expansion
    var model: Model
  }

  private mutating func model(
    of question: Question, at steps: Int, in workspace: inout Workspace
  ) -> Model {
    let premise = Premise(content: .time(question.last, Time(steps)), statement: -1)
    let claim = theory.assuming([premise], question.claim, in: &workspace)
    return theory[claim.setting].model
  }

  private mutating func unrolled(
    _ question: Question, at steps: Int, for form: Expansion.Form, in workspace: inout Workspace
  ) throws(InquiryProblem) -> Unrolled {
    let model = model(of: question, at: steps, in: &workspace)
    func fixed(_ time: Time?) throws(InquiryProblem) -> Int? {
      guard let time else { return nil }
      guard let value = time.value({ $0 == question.last ? steps : nil }) else {
        throw .expansion(.unknownTime(time))
      }
      return value
    }
    var node = UnrolledNode(question.result.symbol, at: try fixed(question.result.time))
    if workspace[node.symbol].isFamily, node.time == nil { node.time = steps }
    var denominator = question.denominator
    let time = try fixed(denominator.time)
    denominator.time = time.map { Time($0) }
    let family = workspace[denominator.symbol].isFamily
    if family, time == nil { throw .expansion(.needsTime(denominator.symbol)) }
    let isParameter = !family && !model.computes(denominator.symbol)
    if form == .copies, !isParameter { throw .expansion(.noCopies(denominator.symbol)) }
    do throws(ExpansionProblem) {
      if let time = node.time, time > steps { throw .beyond(node.symbol, at: time, last: steps) }
      if let time, time > steps { throw .beyond(denominator.symbol, at: time, last: steps) }
      let source: UnrolledSource =
        isParameter
        ? .parameter(denominator.symbol)
        : .node(UnrolledNode(denominator.symbol, at: time))
      var graph = try ChainGraph(
        of: node, by: source, form == .paths ? .nodes : .states, in: model, &workspace)
      // Without any step there are still the equations.
      if graph.vertices.count == 1, node.time == nil, form != .general {
        graph = try ChainGraph(of: node, by: source, .nodes, in: model, &workspace)
      }
      // Between two states the chain is a single quotient: its steps are the expansion.
      let isBare =
        form == .chain && graph.vertices.last?.isState == true
        && graph.vertices.first?.node == graph.unrolling.nodes.first && !isParameter
        && graph.states.contains(denominator.symbol)
      let expansion = Expansion(
        isBare ? .steps : form, of: graph, by: denominator, &workspace)
      if form == .copies, expansion.uses.contains(nil) {
        throw ExpansionProblem.noCopies(denominator.symbol)
      }
      return Unrolled(expansion: expansion, model: model)
    } catch {
      throw .expansion(error)
    }
  }

  // MARK: Witnesses

  /// Whether an expansion follows from equations that are proved, if they can be for all T.
  private mutating func prove(
    _ expansion: inout Expansion, _ question: Question, _ fixed: Model, _ steps: Int,
    in workspace: inout Workspace
  ) throws(InquiryProblem) -> Bool {
    let graph = expansion.graph
    // No equation up to this time leads from the one to the other.
    if graph.vertices.isEmpty { return true }
    let model = theory[question.setting].model
    var witness = SymbolicWitness(model: model, premises: [], in: &workspace)
    var isProved = true
    if expansion.form == .full || expansion.form == .power {
      let end = Time(question.last) - steps
      isProved = try writeSteps(
        of: &expansion, fixed, for: [end, end.scaled(by: -1)], &witness, in: &workspace)
    }
    if expansion.form == .chain || expansion.form == .copies {
      for lemma in try sums(of: expansion, question, steps, in: &workspace) where isProved {
        isProved = witness.proves(lemma, in: &workspace)
      }
      return isProved
    }
    let horizon = Horizon(steps, as: Time(question.last))
    let lemmas = graph.lemmas(by: expansion.denominator, horizon: horizon, in: &workspace)
    for alternatives in lemmas ?? [] where isProved {
      isProved = false
      for lemma in alternatives where !isProved {
        isProved = witness.proves(lemma, in: &workspace)
      }
    }
    return isProved && lemmas != nil
  }

  /// The sums of the chain form: for all T where they follow a rule in it and T is large enough,
  /// else for this T.
  private mutating func sums(
    of expansion: Expansion, _ question: Question, _ steps: Int, in workspace: inout Workspace
  ) throws(InquiryProblem) -> [Lemma] {
    var question = question
    let last = Time(question.last)
    // A result at the last time, whatever that is.
    if question.result.time == Time(steps) { question.result.time = last }
    func sides(
      _ graph: ChainGraph, _ workspace: inout Workspace
    ) -> (result: Expression, denominator: Expression) {
      (
        workspace.vectorized(question.result, if: graph.isVectorized),
        workspace.vectorized(question.denominator, if: graph.isVectorized)
      )
    }
    if let (sum, graph) = try generalSum(question, steps: nil, in: &workspace),
      steps >= sum.leastLast
    {
      let (result, denominator) = sides(graph, &workspace)
      if let sums = expansion.sums(
        sum, last: last, of: result, by: denominator, sourceTime: question.denominator.time,
        in: &workspace)
      {
        return sums
      }
    }
    let (result, denominator) = sides(expansion.graph, &workspace)
    let derivative = workspace.expression(
      .derivative(of: result, by: denominator, Intervention()))
    var written = expansion
    return [
      Lemma(
        left: derivative, right: written.whole(in: &workspace),
        domain: [last - steps, Time(steps) - last])
    ]
  }

  /// The sum for all T and a graph to which it belongs.
  private mutating func generalSum(
    _ question: Question, steps: Int?, in workspace: inout Workspace
  ) throws(InquiryProblem) -> (sum: GeneralSum, graph: ChainGraph)? {
    let literals = [question.result.time, question.denominator.time].compactMap { $0?.literal }
    let base = max(steps ?? 0, (literals.max() ?? 0) + 6)
    let earlier = try unrolled(question, at: base, for: .general, in: &workspace)
    let later = try unrolled(question, at: base + 1, for: .general, in: &workspace)
    let graph = later.expansion.graph
    guard let a = GeneralSum(earlier.expansion.graph), let b = GeneralSum(graph),
      let sum = GeneralSum(a, b, last: base)
    else { return nil }
    return (sum, graph)
  }

  /// Writes the Jacobian of every step in matrix notation, else entry by entry.
  ///
  /// - Parameter end: that the last time is the one of the expansion.
  /// - Returns: whether every one is proved.
  private func writeSteps(
    of expansion: inout Expansion, _ model: Model, for end: [Time],
    _ witness: inout SymbolicWitness, in workspace: inout Workspace
  ) throws(InquiryProblem) -> Bool {
    var isProved = true
    for step in expansion.graph.stepFactors(of: model, in: &workspace) {
      let domain = step.domain + end
      var written: Expression?
      if let matrix = step.matrix,
        witness.proves(
          Lemma(left: step.quotient, right: matrix, domain: domain), in: &workspace)
      {
        written = matrix
      } else if let plain = try? witness.derived(
        step.quotient, for: domain, in: &workspace)
      {
        let short = witness.simplified(plain, for: domain, in: &workspace)
        isProved =
          isProved
          && witness.proves(
            Lemma(left: step.quotient, right: short, domain: domain), in: &workspace)
        written = short
      }
      let symbol = step.factor.numerator.symbol
      guard var written else { throw .expansion(.noMatrixNotation(symbol)) }
      if expansion.form == .power {
        guard let elided = Expansion.elidingArguments(of: written, in: &workspace) else {
          throw .expansion(.noPower(symbol))
        }
        written = elided
      }
      expansion.write(step, as: written, in: &workspace)
    }
    return isProved
  }

  /// The expansion as it is written against finite differences: at the last time itself if that is
  /// not too long, else for fewer steps and, at the last time, as the recursion that it sums up.
  private mutating func validate(
    _ result: inout Expanded, _ question: Question, _ steps: Int, in workspace: inout Workspace
  ) throws(InquiryProblem) {
    // Slopes without arguments have no value: what they stand for is measured.
    let form = result.expansion.form == .power ? .steps : result.expansion.form
    var compared = steps
    let least = max(
      question.result.time?.literal ?? 0, question.denominator.time?.literal ?? 0)
    while compared > max(least, 3) {
      let size = (compared + 1) * (compared + 2) / 2 * result.expansion.graph.states.count
      let paths = form == .paths ? result.expansion.pathCount().approximation : 0
      if Double(size) + paths <= 400 { break }
      compared = max(least, max(3, compared / 2))
      if form == .paths { break }
    }
    if form != .nested {
      var own = try unrolled(question, at: compared, for: form, in: &workspace)
      if form == .full {
        var witness = SymbolicWitness(model: own.model, premises: [], in: &workspace)
        _ = try writeSteps(of: &own.expansion, own.model, for: [], &witness, in: &workspace)
      }
      let whole = own.expansion.whole(in: &workspace)
      record(compare(whole, own, in: workspace), in: &result)
      result.comparedSteps = compared
      if compared == steps { return }
    }
    // Long sums are ill-conditioned at some length: then they are compared over fewer steps.
    var length = steps
    while length >= least {
      var own = try unrolled(question, at: length, for: .nested, in: &workspace)
      if own.expansion.graph.unrolling.nodes.count <= 1_000 {
        let whole = own.expansion.whole(in: &workspace)
        let testimony = compare(whole, own, in: workspace)
        if case .silent = testimony {
        } else {
          record(testimony, in: &result)
          result.nestedSteps = length
          return
        }
      }
      if length == 0 { return }
      length /= 2
    }
  }

  private func compare(
    _ whole: Expression, _ own: Unrolled, in workspace: borrowing Workspace
  ) -> NumericTestimony {
    var numbers = NumericWitness(model: own.model, domains: [[]], premises: [])
    let length = own.expansion.graph.unrolling.nodes.count
    if length > 100 { numbers.wanted = length > 300 ? 1 : 2 }
    return numbers.compare(own.expansion.derivative, whole, in: workspace)
  }

  private func record(_ testimony: NumericTestimony, in result: inout Expanded) {
    switch testimony {
    case .agrees(let points, let error, _):
      let before = result.numeric
      result.numeric = NumericEvidence(
        points: before.map { min($0.points, points) } ?? points,
        maximumRelativeError: max(before?.maximumRelativeError ?? 0, error))
    case .disagrees: result.isContradicted = true
    case .silent: break
    }
  }

  // MARK: All T

  private mutating func general(
    _ question: Question, steps: Int?, in workspace: inout Workspace
  ) throws(InquiryProblem) -> Expanded {
    var question = question
    // A result at a time of its own is one at the last time, whatever that is.
    if question.result.time?.literal != nil { question.result.time = Time(question.last) }
    guard let (sum, graph) = try generalSum(question, steps: steps, in: &workspace) else {
      throw .expansion(.irregular)
    }
    let model = theory[question.setting].model
    let numerator = workspace.vectorized(question.result, if: graph.isVectorized)
    let denominator = workspace.vectorized(question.denominator, if: graph.isVectorized)
    let derivative = workspace.expression(
      .derivative(of: numerator, by: denominator, Intervention()))
    var result = Expanded(
      expansion: Expansion(.general, of: graph, by: question.denominator, &workspace))
    let last = Time(question.last)
    let leastLast = max(sum.leastLast, question.denominator.time?.literal ?? 0)
    let domain = [last - leastLast]
    let plain = sum.expression(
      last: last, sourceTime: question.denominator.time, in: &workspace,
      product: { graph.plainProduct(of: $0, $1, by: $2, $3, in: &$4) })
    var general = GeneralExpansion(
      derivative: derivative, sum: plain, last: question.last, leastLast: leastLast)
    var witness = SymbolicWitness(model: model, premises: [], in: &workspace)
    // The products follow from one step of each, by induction.
    let quotients = sum.expression(
      last: last, sourceTime: question.denominator.time, in: &workspace,
      product: { _, _, _, _, _ in nil })
    result.isProved =
      witness.proves(
        Lemma(left: derivative, right: quotients, domain: domain), in: &workspace)
    compare(
      Lemma(left: derivative, right: plain, domain: domain), &result, model, in: workspace)
    if graph.isPlain {
      for step in graph.stepLemmas(of: sum, last: last, in: &workspace) where result.isProved {
        result.isProved = witness.proves(step, in: &workspace)
      }
    }
    if !graph.isPlain {
      try defineTransitions(
        of: sum, graph, &general, &result, model, &witness, in: &workspace)
    }
    result.general = general
    return result
  }

  /// Finite differences of one equation.
  private func compare(
    _ lemma: Lemma, _ result: inout Expanded, _ model: Model, in workspace: borrowing Workspace
  ) {
    var numbers = NumericWitness(model: model, domains: [lemma.domain], premises: [])
    record(numbers.compare(lemma.left, lemma.right, in: workspace), in: &result)
  }

  /// Says what ∂a_t/∂b_k is, by blocks.
  private func defineTransitions(
    of sum: GeneralSum, _ graph: ChainGraph, _ general: inout GeneralExpansion,
    _ result: inout Expanded, _ model: Model, _ witness: inout SymbolicWitness,
    in workspace: inout Workspace
  ) throws(InquiryProblem) {
    if sum.transitions.isEmpty { return }
    guard let block = BlockTransition(graph, in: &workspace) else {
      throw .expansion(.irregular)
    }
    let (t, k) = (workspace.time(named: "t"), workspace.time(named: "k"))
    general.block = block
    general.later = t
    general.earlier = k
    let first = graph.vertices.filter { $0.isState }.compactMap { $0.node.time }.min() ?? 0
    var domain = [Time(t) - Time(k), Time(k) - first]
    domain.append(Time(general.last) - Time(t))
    for pair in sum.transitions {
      let above = workspace.vectorized(
        Variable(pair.last, at: Time(t)), if: graph.isVectorized)
      let below = workspace.vectorized(
        Variable(pair.first, at: Time(k)), if: graph.isVectorized)
      let quotient = workspace.expression(
        .derivative(of: above, by: below, Intervention()))
      let terms = block.terms(
        of: pair.last, at: Time(t), by: pair.first, at: Time(k), in: &workspace)
      var products: [Expression] = []
      for term in terms {
        let path = block.product(
          row: term.row, column: term.column, lower: Time(k), upper: Time(t), in: &workspace)
        products.append(term.factor.map { workspace.product([path, $0]) } ?? path)
      }
      general.transitions.append(Transition(quotient: quotient, terms: terms))
      let whole = workspace.sum(products)
      compare(
        Lemma(left: quotient, right: whole, domain: domain), &result, model, in: workspace)
      for lemma in block.lemmas(
        by: pair.first, from: first, last: Time(general.last), in: &workspace)
      where result.isProved {
        result.isProved = witness.proves(lemma, in: &workspace)
      }
    }
  }
}

extension SymbolicWitness {
  mutating func proves(_ lemma: Lemma, in workspace: inout Workspace) -> Bool {
    if case .equal = compare(lemma.left, lemma.right, for: [lemma.domain], in: &workspace) {
      return true
    }
    return false
  }
}
