import Notation

/// Families that a page shows by equations of single steps.
extension Lexicon {
  /// `S_1 = … S_0 …`, `S_2 = … S_1 …`: two instances of one form make their names families; of the
  /// names that they read those that stand at one distance from the step in all of them.
  mutating func noteInstances(_ formulas: [Formula]) {
    var reads: [(name: String, isUppercase: Bool, family: String, distances: Set<Int>)] = []
    for part in formulas.flatMap({ Lexicon.relationsIn($0) }) {
      guard case .relations(let left, let members) = part.kind, let first = members.first,
        first.sign == .equal || first.sign == .defines,
        case .scripts(let base, let below?, nil, 0) = left.kind, let name = base.identifier?.latex,
        let time = AffineLetters(below), time.isLiteral
      else { continue }
      var own: [(name: String, isUppercase: Bool, family: String, distances: Set<Int>)] = []
      first.formula.visit { inner in
        guard case .scripts(let other, let script?, nil, 0) = inner.kind,
          let input = other.identifier, let at = AffineLetters(script), at.isLiteral
        else { return }
        let distance = time.constant - at.constant
        if let i = own.firstIndex(where: { $0.name == input.latex }) {
          own[i].distances.insert(distance)
        } else {
          own.append((input.latex, input.isUppercase, name, [distance]))
        }
      }
      guard own.contains(where: { $0.name == name && $0.distances.contains(1) }),
        families[name] ?? .below == .below, declaredOrder(of: name) == nil,
        !Lexicon.isLayer(first.formula, of: name, time.constant)
      else { continue }
      families[name] = .below
      reads += own
    }
    for read in reads where !bare.contains(read.name) {
      let distances = reads.filter { $0.name == read.name && $0.family == read.family }
        .reduce(read.distances) { $0.intersection($1.distances) }
      guard distances.contains(0) || distances.contains(1),
        !read.isUppercase || families[read.name] != nil
          || distances.contains(0) && read.name != "W"
      else { continue }
      families[read.name] = families[read.name] ?? .below
    }
    noteNamedSteps(formulas)
  }

  /// `h_2 = \sigma(W_2 h_1 + b_2)`: a matrix of its own that stands before what the number before
  /// computes; the numbers are those of layers.
  private static func isLayer(_ right: Formula, of name: String, _ number: Int) -> Bool {
    var found = false
    right.visit { part in
      guard case .juxtaposition(let items) = part.kind else { return }
      for (matrix, state) in zip(items, items.dropFirst()) {
        guard case .scripts(let factor, let own?, _, 0) = matrix.kind,
          factor.identifier?.isUppercase == true,
          case .scripts(let base, let before?, nil, 0) = state.kind,
          base.identifier?.latex == name
        else { continue }
        found =
          found
          || AffineLetters(own) == AffineLetters(terms: [], constant: number)
            && AffineLetters(before) == AffineLetters(terms: [], constant: number - 1)
      }
    }
    return found
  }

  /// `a_2 = W s_1 + U x_2` names a node of the second step where families are read; a_1 is then
  /// that of the first.
  mutating func noteNamedSteps(_ formulas: [Formula]) {
    var steps: [String: Set<Int>] = [:]
    for formula in formulas {
      formula.visit { part in
        if case .scripts(let base, let below?, nil, 0) = part.kind,
          let name = base.identifier?.latex, let time = AffineLetters(below), time.isLiteral
        {
          steps[name, default: []].insert(time.constant)
        }
      }
    }
    let equations = StepEquation.all(in: formulas)
    for equation in equations {
      guard equation.left.count == 1,
        case .scripts(let base, let below?, nil, 0) = equation.left[0].kind,
        let name = base.identifier?.latex, let time = AffineLetters(below), time.isLiteral,
        families[name] == nil, !bare.contains(name), declaredOrder(of: name) == nil,
        !labelled.contains(name + "_" + Elaborator.script(below)),
        (steps[name]?.count ?? 0) > 1
          || equations.contains(where: { $0.holds(equation.right, at: time.constant) })
      else { continue }
      var readsStep = false
      equation.right.visit { part in
        if case .scripts(let base, let below?, nil, 0) = part.kind,
          let read = base.identifier?.latex, families[read] == .below,
          let at = AffineLetters(below), at == time
        {
          readsStep = true
        }
      }
      if readsStep { families[name] = .below }
    }
  }
}

extension Lexicon {
  /// `m = \sum_{i=1}^N u_i` beside `u_j`: what a sum runs over and other letters pick from is a family, and the
  /// letters count its members.
  mutating func noteSummedMembers(_ formulas: [Formula], _ occurrences: [Occurrence]) {
    // Beside `X_{ij}` they count entries.
    let countsEntries = occurrences.contains { occurrence in
      occurrence.base != "\\delta"
        && occurrence.below.map { below in
          let places = Lexicon.letters(of: below)
          return places.count == 2
            && places.contains { Lexicon.entryCounters.contains($0.identifier?.name ?? "") }
        } ?? false
    }
    if countsEntries { return }
    var (summed, stepped): (Set<String>, Set<String>) = ([], [])
    for formula in formulas {
      formula.visit { part in
        if case .juxtaposition(let items) = part.kind {
          // `d_i(t)`
          for (item, next) in zip(items, items.dropFirst()) where next.isParenthesised {
            guard let name = item.scriptedBase, let step = AffineLetters(next.unfenced),
              !step.terms.isEmpty, isTime(step)
            else { continue }
            stepped.insert(name.latex)
          }
        }
        guard case .big(.sum, let below?, _, let body) = part.kind else { return }
        // Under quotients, `\sum_k \frac{\partial s_3}{\partial s_k}`, they count steps.
        guard let letter = below.counter?.name, countsMembers(letter), !body.writesPartials,
          !body.writesTotals
        else { return }
        body.visit { inner in
          if case .scripts(let base, let place?, _, 0) = inner.kind,
            place.identifier?.isPlain(letter) == true, let name = base.identifier?.latex
          {
            summed.insert(name)
          }
        }
      }
    }
    for name in summed.sorted()
    where families[name] == nil && !stepped.contains(name) && !bare.contains(name)
      && !indexed.contains(name)
      && declaredSpaces[name] == nil && !listed.contains(name) && !distinguished.contains(name)
    {
      let places = occurrences.filter { occurrence in
        occurrence.base == name && occurrence.below.flatMap { AffineLetters($0) }?.isLiteral != true
      }
      let letters = places.map { occurrence in
        occurrence.below?.identifier.flatMap { $0.isPlain($0.name) ? $0.name : nil }
      }
      // `d_i^{(t)}`
      let bearsStep = occurrences.contains { occurrence in
        guard occurrence.base == name, let step = occurrence.above?.unfenced else { return false }
        return AffineLetters(step).map { !$0.terms.isEmpty && isTime($0) } ?? false
      }
      if bearsStep { continue }
      guard letters.allSatisfy({ $0.map(countsMembers) ?? false }) else { continue }
      families[name] = .below
      summedMembers.insert(name)
      for case let letter? in letters { addTime(letter) }
    }
  }

  /// Whether a letter counts the members of a sum by custom: n as well, where it is no size.
  private func countsMembers(_ letter: String) -> Bool {
    Lexicon.entryCounters.contains(letter)
      || ["m", "n"].contains(letter) && !dimensionLetters.contains(letter)
  }
}
