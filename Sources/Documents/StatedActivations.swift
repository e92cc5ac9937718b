import Notation

/// The activation that the words behind an equation name: in "`h_t = \sigma(z_t)`, the activation
/// function is `\tanh`" the σ is tanh, and in all of the section if its words name no other.
struct StatedActivations {
  private struct Stated {
    var section: Int
    /// The formula whose activation is named.
    var formula: Int
    var letter: Formula.Identifier
    var function: Formula.Identifier
  }

  private static let words = [
    "activation", "nonlinearity", "non-linearity", "激活函数", "激活", "aktivierungsfunktion",
    "aktivierung",
  ]
  /// What supposes, or leaves open which it is.
  private static let doubts = [
    "if", "or", "not", "when", "unlike", "instead", "rather", "than", "若", "如果", "或", "不", "而",
    "falls", "oder", "statt",
  ]

  private static let letters = ["sigma", "phi", "varphi", "psi", "rho", "f", "g"]

  static func restoring(_ parsed: [ParsedPart], in manuscript: Manuscript) -> [ParsedPart] {
    let sections = sections(of: manuscript)
    var stated: [Stated] = []
    for (i, part) in parsed.enumerated() {
      for case .relations(let left, let members) in Lexicon.relationsIn(part.formula).map({
        $0.kind
      }) {
        // `with $\phi = \tanh$`
        guard let letter = left.identifier, letters.contains(letter.name), members.count == 1,
          members[0].sign == .equal, let function = members[0].formula.identifier.flatMap(known)
        else { continue }
        stated.append(
          Stated(
            section: sections[part.block], formula: i, letter: letter, function: function))
      }
      guard let letter = activation(in: part.formula),
        let function = function(behind: i, parsed, in: manuscript)
      else { continue }
      stated.append(
        Stated(section: sections[part.block], formula: i, letter: letter, function: function))
    }
    var restored = parsed
    for (i, part) in parsed.enumerated() {
      let own = stated.filter { $0.section == sections[part.block] }
      for (n, one) in own.enumerated() where !own[..<n].contains(where: { $0.letter == one.letter })
      {
        let others = own.filter { $0.letter == one.letter }
        let isCommon = others.allSatisfy { $0.function == one.function }
        guard let meant = isCommon ? one : others.first(where: { $0.formula == i }) else {
          continue
        }
        restored[i].formula = replacing(meant.letter, by: meant.function, in: restored[i].formula)
      }
    }
    return restored
  }

  /// The section of every block, by its first block.
  private static func sections(of manuscript: Manuscript) -> [Int] {
    var section = 0
    return manuscript.blocks.enumerated().map { i, block in
      if case .heading = block.kind { section = i }
      return section
    }
  }

  /// The one letter that an equation applies as a function.
  private static func activation(in formula: Formula) -> Formula.Identifier? {
    guard Lexicon.relationsIn(formula).contains(where: { StepEquation($0) != nil }) else {
      return nil
    }
    var found: [Formula.Identifier] = []
    formula.visit { part in
      guard case .juxtaposition(let items) = part.kind else { return }
      for (item, next) in zip(items, items.dropFirst()) {
        guard let letter = item.identifier, next.isParenthesised, !found.contains(letter),
          letters.contains(letter.name)
        else { continue }
        found.append(letter)
      }
    }
    return found.count == 1 ? found[0] : nil
  }

  /// The function that stands right behind a formula and a word for it.
  private static func function(
    behind i: Int, _ parsed: [ParsedPart], in manuscript: Manuscript
  ) -> Formula.Identifier? {
    let part = parsed[i]
    let parts = manuscript.blocks[part.block].sentences[part.sentence].parts
    guard part.part + 1 < parts.count, case .text(let text, _) = parts[part.part + 1],
      case let said = Wording.tokens(of: Array(text.utf8)).map({ $0.text }),
      !doubts.contains(where: { contains($0, in: text.lowercased()) }),
      words.contains(where: { contains($0, in: text.lowercased()) })
    else { return nil }
    guard let word = said.lastIndex(where: { words.contains($0) || $0 == "活" }),
      said.count - word < 8
    else { return nil }
    if let last = said.last(where: { $0 != "." && $0 != "," }),
      let function = known(Formula.Identifier(last, font: .upright))
    {
      return function
    }
    guard i + 1 < parsed.count, case let next = parsed[i + 1], next.block == part.block,
      next.sentence == part.sentence, next.part == part.part + 2
    else { return nil }
    return next.formula.identifier.flatMap { known($0) }
  }

  private static func known(_ name: Formula.Identifier) -> Formula.Identifier? {
    switch StandardFunction(name) {
    case .elementwise?, .tensor(.softmax)?: return name
    default: return nil
    }
  }

  private static func replacing(
    _ letter: Formula.Identifier, by function: Formula.Identifier, in formula: Formula
  ) -> Formula {
    if formula.identifier == letter {
      return Formula(.identifier(function), formula.span)
    }
    return formula.mappingChildren { replacing(letter, by: function, in: $0) }
  }
}

extension Formula {
  /// `\phi = \tanh`, where φ is read as the function.
  var namesActivation: Bool {
    guard case .relations(let left, let members) = kind, members.count == 1,
      let function = left.identifier, StandardFunction(function) != nil
    else { return false }
    return members[0].formula.identifier == function
  }
}
