import Notation

extension PageReader {
  /// Makes one name of what a page means by one, scripts, marks and arguments included: each pass
  /// surveys all formulas before it changes any.
  /// - Parameter given: the formulas of the document that the page takes.
  static func joinNames(
    in parsed: inout [ParsedPart], _ formulas: inout [Formula], given: [Formula]
  ) -> (
    positions: Positions, picked: PickedEntries, letters: [(letter: String, written: String)]
  ) {
    let fonts = FontVariants(
      surveying: parsed.map { $0.formula } + formulas + given)
    for i in parsed.indices {
      let (formula, isRepaired) = fonts.restoring(parsed[i].formula)
      parsed[i].formula = formula
      parsed[i].isRepaired = parsed[i].isRepaired || isRepaired
    }
    func survey() -> [Formula] { parsed.map { $0.formula } + formulas + given }
    func restore(_ restoring: (Formula) -> Formula) {
      for i in parsed.indices { parsed[i].formula = restoring(parsed[i].formula) }
      formulas = formulas.map(restoring)
    }
    restore(WrittenLimits.restoring)
    restore(JoinedDifferentials(surveying: survey()).restoring)
    restore(WordedNames(surveying: survey()).restoring)
    restore(RunNames(surveying: survey()).restoring)
    restore(SeveralArguments(surveying: survey()).restoring)
    restore(DummyArguments(surveying: survey()).restoring)
    restore(NamedBounds(surveying: parsed.map { $0.formula } + formulas).restoring)
    let primedLetters = IndexLetters(primedIn: survey())
    restore(primedLetters.restoring)
    let counting = IndexLetters(countingIn: survey())
    restore(counting.restoring)
    let surveyed = survey()
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
    let (picked, columns) = (
      PickedEntries(surveying: surveyed), ColumnBlocks(surveying: surveyed)
    )
    let layered = LayerGradients(surveying: surveyed)
    let diagonals = DiagonalFunctions(surveying: surveyed)
    func restored(_ formula: Formula) -> Formula {
      let formula = diagonals.restoring(
        layered.restoring(columns.restoring(picked.restoring(formula))))
      let named = activations.restoring(
        labelled.restoring(starred.restoring(pairs.restoring(classes.restoring(formula)))))
      let whole = squares.restoring(
        losses.restoring(layers.restoring(lists.restoring(arguments.restoring(named)))))
      return gradients.restoring(lone.restoring(primed.restoring(whole)))
    }
    restore { step.restoring(restored($0)) }
    let positions = Positions(
      surveying: survey())
    restore(positions.restoring)
    return (positions, picked, primedLetters.written + counting.written)
  }
}
