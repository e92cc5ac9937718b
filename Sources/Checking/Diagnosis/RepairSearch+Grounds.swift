import Documents
import Expressions
import Notation

/// The readings under which a line may have been meant.
extension RepairSearch {
  /// A reading under which mends are looked for.
  struct Ground {
    var variant: Variant
    /// A mend that needs a reading as well is less likely.
    var surcharge: Int
    var idleness: Idleness
    /// The times that a mend may speak of; a letter has a meaning only below its own sign.
    var times: Set<TimeSymbol> = []
    /// A derivative on the right that is always 0: what leaves it there hardly mends the line.
    var vanishing: Expression?
    /// Nodes that are nothing: a state that starts from 0.
    var zeros: [Expression] = []
    /// How many parts both sides have.
    let size: Int
    /// How often derivatives stand side by side on the right that have no node in common.
    let gaps: Int
    /// Where the sums of a mended line have to begin, if the line as it is begins elsewhere.
    var start: Int?

    init(_ variant: Variant, surcharge: Int, _ model: Model, in workspace: borrowing Workspace) {
      self.variant = variant
      self.surcharge = surcharge
      idleness = Idleness(variant, model, in: workspace)
      size = workspace.treeSize(variant.left) + workspace.treeSize(variant.right)
      gaps = workspace.gaps(in: variant.right)
      vanishing = idleness.vanishing(in: variant.right, workspace)
      for side in [variant.left, variant.right] { times.formUnion(workspace.freeTimes(in: side)) }
      for bound in variant.domains.joined() + model.domain {
        times.formUnion(bound.terms.map { $0.symbol })
      }
      for definition in model.definitions {
        times.formUnion(workspace.freeTimes(in: definition.body).filter { $0 != definition.time })
        for bound in [definition.from, definition.through, definition.instance] {
          if let bound { times.formUnion(bound.terms.map { $0.symbol }) }
        }
      }
    }

    /// The nodes that equations or assumptions set to 0.
    mutating func noteZeros(_ model: Model, in workspace: inout Workspace) {
      for definition in model.definitions {
        guard let instance = definition.instance, workspace.isZero(definition.body) else {
          continue
        }
        zeros.append(workspace.variable(definition.symbol, at: instance))
      }
      for premise in variant.claim.assumptions {
        if case .value(let variable, let value) = premise.content, workspace.isZero(value) {
          zeros.append(workspace.expression(.variable(variable)))
        }
      }
    }

    func knowsTimes(of side: Expression, in workspace: borrowing Workspace) -> Bool {
      workspace.freeTimes(in: side).allSatisfy { times.contains($0) }
    }
  }

  /// The line as it was read, then under each reading that it could take.
  func grounds(_ judge: inout Judge, in workspace: inout Workspace) -> [Ground] {
    var read = judge.base(judged.claim)
    read.left = judged.left
    read.right = judged.right
    read.setting = judged.setting
    read.domains = judged.domains
    let options = ReadingOptions(
      theory: judge.theory, statement: statement, page: judge.theory.page
    ).licensed(judged.claim, in: workspace)
    // Whatever else is read in, the later factor of a product over steps stands on the left.
    let ordered = options.filter { $0.reading == .orderedProduct }
    var choices = options.prefix(3).map { option in
      option.reading == .orderedProduct ? [option] : ordered + [option]
    }
    // What a backpropagated sum needs together: partials through one step, from a given state on.
    let together = options.filter {
      if case .immediateByNodes = $0.apply { return false }
      return $0.reading == .immediate || $0.reading == .initialState
    }
    if Set(together.map { $0.reading }).count == 2 { choices.append(ordered + together) }
    var plain = [read]
    if judged.mismatch != nil {
      // What the line lacks beside its diagonals.
      var closed = read
      judge.closeElided(&closed, statement, in: &workspace)
      var claim = judged.claim
      (claim.left.expression, claim.right.expression) = (closed.left, closed.right)
      plain += judge.placements(claim, in: &workspace).map { $0.0 }
    }
    var variants = plain
    for choice in choices {
      for var variant in plain {
        for option in choice { judge.apply(option, to: &variant, in: &workspace) }
        let isKnown = variants.contains {
          $0.left == variant.left && $0.right == variant.right && $0.setting == variant.setting
        }
        if !isKnown { variants.append(variant) }
      }
    }
    // Partials through one step are what a backpropagated sum is made of.
    var weighed = variants.map { variant in
      let readings = variant.readings.filter { $0 != .orderedProduct }
      return (variant, readings.isEmpty ? 0 : readings == [.immediate] ? 5 : 15)
    }
    if judged.claim.isElided {
      // Slopes stay as they are written; what stands at their place is found anew for every change.
      var literal = read
      literal.left = judged.claim.left.expression
      literal.right = judged.claim.right.expression
      weighed = [(literal, 0)] + weighed.map { ($0.0, $0.1 + 11) }
    }
    var grounds = weighed.map {
      Ground($0.0, surcharge: $0.1, judge.theory[$0.0.setting].model, in: workspace)
    }
    grounds += startGround(read, &judge, in: &workspace)
    for i in grounds.indices {
      grounds[i].noteZeros(judge.theory[grounds[i].variant.setting].model, in: &workspace)
    }
    return grounds
  }

  /// The line with the state before the first step given, where its sums begin one step off.
  private func startGround(
    _ read: Variant, _ judge: inout Judge, in workspace: inout Workspace
  ) -> [Ground] {
    let options = ReadingOptions(
      theory: judge.theory, statement: statement, page: judge.theory.page)
    guard let start = options.givenStart(judge.theory[read.setting]),
      let lowest = workspace.lowestStart(in: [read.left, read.right]), abs(lowest - start) == 1,
      !options.deniesStart(start, read.claim, judge.theory[read.setting], workspace)
    else { return [] }
    let option = ReadingOptions.Option(
      reading: .initialState, apply: .initialState(start))
    let partials = options.licensed(judged.claim, in: workspace).filter {
      if case .immediate = $0.apply { true } else { false }
    }
    return (partials.isEmpty ? [[option]] : [[option], [option] + partials]).map { readings in
      var variant = read
      for reading in readings { judge.apply(reading, to: &variant, in: &workspace) }
      var ground = Ground(
        variant, surcharge: 15, judge.theory[variant.setting].model, in: workspace)
      ground.start = start
      return ground
    }
  }
}
