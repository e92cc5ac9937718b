import Notation

extension PageReader {
  /// Makes one name of what a page means by one, scripts, marks and arguments included: each pass
  /// surveys all formulas before it changes any.
  /// - Parameter given: the formulas of the document that the page takes.
  static func joinNames(
    in parsed: inout [ParsedPart], _ formulas: inout [Formula], given: [Formula]
  ) -> Positions {
    let fonts = FontVariants(
      surveying: parsed.map { $0.formula } + formulas + given)
    for i in parsed.indices {
      let (formula, isRepaired) = fonts.restoring(parsed[i].formula)
      parsed[i].formula = formula
      parsed[i].isRepaired = parsed[i].isRepaired || isRepaired
    }
    let joined = JoinedDifferentials(surveying: parsed.map { $0.formula } + formulas + given)
    for i in parsed.indices { parsed[i].formula = joined.restoring(parsed[i].formula) }
    formulas = formulas.map { joined.restoring($0) }
    let bounds = NamedBounds(surveying: parsed.map { $0.formula } + formulas)
    for i in parsed.indices { parsed[i].formula = bounds.restoring(parsed[i].formula) }
    formulas = formulas.map { bounds.restoring($0) }
    let surveyed = parsed.map { $0.formula } + formulas + given
    let arguments = SteppedArguments(surveying: surveyed)
    let (lists, layers) = (ListedArguments(surveying: surveyed), Layers(surveying: surveyed))
    let (losses, squares) = (SteppedLosses(surveying: surveyed), SquaredNames(surveying: surveyed))
    let (primed, lone) = (PrimedNames(surveying: surveyed), LoneFunctions(surveying: surveyed))
    let step = FixedStep(surveying: surveyed)
    let gradients = BareGradients(surveying: surveyed)
    let (pairs, starred) = (TwoStepNames(surveying: surveyed), StarredNames(surveying: surveyed))
    let labelled = LabelledFunctions(surveying: surveyed)
    let activations = LabelledActivations(surveying: surveyed)
    let classes = ClassIndices(surveying: surveyed)
    func restored(_ formula: Formula) -> Formula {
      let formula = activations.restoring(
        labelled.restoring(starred.restoring(pairs.restoring(classes.restoring(formula)))))
      let named = squares.restoring(
        losses.restoring(layers.restoring(lists.restoring(arguments.restoring(formula)))))
      return gradients.restoring(lone.restoring(primed.restoring(named)))
    }
    for i in parsed.indices { parsed[i].formula = step.restoring(restored(parsed[i].formula)) }
    formulas = formulas.map { step.restoring(restored($0)) }
    let positions = Positions(
      surveying: parsed.map { $0.formula } + formulas + given)
    for i in parsed.indices { parsed[i].formula = positions.restoring(parsed[i].formula) }
    formulas = formulas.map { positions.restoring($0) }
    return positions
  }
}
