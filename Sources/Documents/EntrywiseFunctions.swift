import Notation

/// `\phi(z) = z \sigma(z)`: the formula of a number, where the page applies it to a vector entry by entry.
struct EntrywiseFunctions {
  private var names: [Formula.Identifier] = []

  init() {}

  init(surveying formulas: [Formula], lexicon: Lexicon) {
    func isVector(_ argument: Formula) -> Bool {
      var found = false
      argument.visit { part in
        guard let name = part.identifier else { return }
        found =
          found || name.isUppercase || lexicon.isFamily(name.latex)
          || (lexicon.declaredOrder(of: name.latex) ?? 0) > 0
      }
      return found
    }
    for formula in formulas {
      formula.visit { part in
        guard case .juxtaposition(let items) = part.kind else { return }
        for (head, place) in zip(items, items.dropFirst()) {
          guard place.isParenthesised, let name = head.unfencedScripts.identifier,
            !names.contains(name), isVector(place.unfenced)
          else { continue }
          names.append(name)
        }
      }
    }
  }

  /// The formula that a function is read by where it is applied so, and its formula is that of a number.
  func body(
    of name: Formula.Identifier, _ argument: Formula.Identifier, _ body: Formula
  ) -> Formula? {
    names.contains(name) && body.isOfNumber(argument) ? body.entrywise(argument) : nil
  }
}

extension Formula {
  /// Whether nothing but a letter, Greek parameters and functions of numbers stands in it.
  fileprivate func isOfNumber(_ letter: Identifier) -> Bool {
    switch kind {
    case .identifier(let name):
      if name == letter || name.isPlain("e") { return true }
      if case .elementwise? = StandardFunction(name) { return true }
      return name.latex.first == "\\" && !name.isUppercase && StandardFunction(name) == nil
    case .number: return true
    case .scripts(let base, nil, let above?, 0):
      return !above.mayTranspose && base.isOfNumber(letter) && above.isOfNumber(letter)
    case .juxtaposition, .sum, .fraction, .root, .fenced(.parentheses, _), .fenced(.brackets, _):
      return children.allSatisfy { $0.isOfNumber(letter) }
    default: return false
    }
  }

  /// With products and quotients of what hangs on the letter taken entry by entry.
  fileprivate func entrywise(_ letter: Identifier) -> Formula {
    switch kind {
    case .juxtaposition(let items):
      var (numbers, factors): ([Formula], [Formula]) = ([], [])
      var rest = items[...]
      while let item = rest.popFirst() {
        var group = item.entrywise(letter)
        if let name = item.unfencedScripts.identifier, StandardFunction(name) != nil,
          let argument = rest.popFirst()
        {
          group = Formula(
            .juxtaposition([item, argument.entrywise(letter)]), item.span.union(argument.span))
        }
        if group.mentions(letter.name) { factors.append(group) } else { numbers.append(group) }
      }
      guard let product = Self.entrywiseProduct(factors) else { return self }
      return numbers.isEmpty
        ? Formula(product.kind, span)
        : Formula(.juxtaposition(numbers + [Formula(.fenced(.parentheses, product), span)]), span)
    case .fraction(let above, let below) where below.mentions(letter.name):
      let inverse = Formula(
        .fraction(Formula(.number("1"), above.span), below.entrywise(letter)), span)
      if case .number("1") = above.kind { return inverse }
      return above.mentions(letter.name)
        ? Formula(.binary(.hadamard, above.entrywise(letter), inverse), span)
        : Formula(.juxtaposition([above, inverse]), span)
    default: return mappingChildren { $0.entrywise(letter) }
    }
  }

  private static func entrywiseProduct(_ factors: [Formula]) -> Formula? {
    guard var product = factors.first else { return nil }
    for factor in factors.dropFirst() {
      product = Formula(.binary(.hadamard, product, factor), product.span.union(factor.span))
    }
    return product
  }
}
