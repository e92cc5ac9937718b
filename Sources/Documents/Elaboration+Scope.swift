import Expressions
import Notation

/// Times, sizes, labels and symbols by name.
extension Elaborator {
  mutating func time(
    _ formula: Formula, in workspace: inout Workspace
  ) throws(Unreadable) -> Time {
    guard let affine = AffineLetters(formula) else { throw Unreadable(.index, formula.span) }
    return time(affine, in: &workspace)
  }

  package mutating func range(
    _ affine: (from: AffineLetters, through: AffineLetters), in workspace: inout Workspace
  ) -> (from: Time, through: Time) {
    (time(affine.from, in: &workspace), time(affine.through, in: &workspace))
  }

  package mutating func time(_ affine: AffineLetters, in workspace: inout Workspace) -> Time {
    var result = Time(affine.constant)
    for term in affine.terms {
      result = result + Time(timeSymbol(term.letter, in: &workspace)).scaled(by: term.coefficient)
    }
    return result
  }

  package mutating func timeSymbol(
    _ letter: String, in workspace: inout Workspace
  ) -> TimeSymbol {
    if let bound = boundTimes.first(where: { $0.letter == letter }) { return bound.symbol }
    return page.timeSymbol(letter, in: &workspace)
  }

  mutating func dimension(of formula: Formula, in workspace: inout Workspace) -> Dimension {
    page.dimension(of: formula, in: &workspace)
  }

  mutating func index(
    _ formula: Formula, in workspace: inout Workspace
  ) throws(Unreadable) -> Index {
    switch formula.unfenced.kind {
    case .number(let digits):
      guard let value = Int(digits), value >= 1 else { throw Unreadable(.index, formula.span) }
      return .literal(value)
    case .identifier(let identifier):
      let letter = identifier.latex
      if let known = labels.first(where: { $0.letter == letter }) { return .label(known.index) }
      if page.lexicon.dimensionLetters.contains(letter) {
        return .last(page.dimension(of: formula, in: &workspace))
      }
      let dimension = workspace.dimension(named: letter)
      let label = workspace.index(
        IndexRecord(name: page.written(letter), dimension: Dimension(dimension)))
      labels.append((letter, label))
      return .label(label)
    default: throw Unreadable(.index, formula.span)
    }
  }

  /// Takes these letters for indices of entries before anything is read that bears them.
  package mutating func count(
    _ letters: [Formula], in workspace: inout Workspace
  ) throws(Unreadable) {
    for letter in letters { _ = try index(letter, in: &workspace) }
  }

  // MARK: Symbols

  mutating func symbol(_ key: NameKey, in workspace: inout Workspace) -> Symbol {
    if let known = table[key] { return known }
    let symbol = workspace.symbol(
      SymbolRecord(name: key.name, shape: .scalar, isFamily: key.isFamily))
    table.insert(key, symbol)
    introduced.append(key)
    return symbol
  }

  mutating func nextElidedSite() -> Int {
    elidedCount += 1
    return elidedCount - 1
  }

  func isBoundTime(_ letter: String) -> Bool { boundTimes.contains { $0.letter == letter } }

  func parameter(_ letter: String) -> Written? {
    functionParameters.first { $0.letter == letter }?.value
  }

  mutating func withParameter<Result>(
    _ letter: String, _ value: Written,
    _ body: (inout Elaborator) throws(Unreadable) -> Result
  ) throws(Unreadable) -> Result {
    functionParameters.insert((letter, value), at: 0)
    defer { functionParameters.removeFirst() }
    return try body(&self)
  }
}
