import Notation

/// `C_t = f_t * C_{t-1} + i_t * \tilde C_t`: a star or a dot between what the page computes at its steps
/// multiplies entry by entry, as a gate does. That it does is said in words, or shown by a state
/// that is its own earlier value times a computed gate: no product of matrices, and of numbers the
/// same.
struct GateProducts {
  /// What the words say of each sign.
  private let said: Set<Formula.BinaryOperator>
  /// Which signs a recurrence shows to stand at gates.
  private var shown: Set<Formula.BinaryOperator> = []
  /// What is computed at every step and is no matrix.
  private var nodes: Set<String> = []
  /// What is read at a step before its own.
  private var states: Set<String> = []

  /// - Parameter said: the signs of which the page says that they multiply entry by entry.
  init(surveying formulas: [Formula], said: Set<Formula.BinaryOperator>) {
    self.said = said
    let equations = formulas.flatMap { Lexicon.relationsIn($0) }.compactMap { StepEquation($0) }
      .filter { $0.left.count == 1 }
    var (computed, capitals): (Set<String>, Set<String>) = ([], [])
    for equation in equations {
      guard let own = Self.member(equation.left[0]) else { continue }
      if own.isCapital { capitals.insert(own.name) } else { computed.insert(own.name) }
      equation.right.visit { part in
        guard let read = Self.member(part), let letter = own.step.soleLetter,
          read.step.soleLetter == letter, read.step.constant < own.step.constant
        else { return }
        states.insert(read.name)
      }
    }
    nodes = computed
    for equation in equations {
      guard let own = Self.member(equation.left[0]) else { continue }
      equation.right.visit { part in
        guard case .binary(let sign, let a, let b) = part.kind, sign == .asterisk || sign == .dot
        else { return }
        for (gate, state) in [(a, b), (b, a)] {
          guard let before = Self.member(state), before.name == own.name, before.step != own.step,
            isNode(gate)
          else { continue }
          shown.insert(sign)
          nodes.insert(own.name)
        }
      }
    }
    // A column before a capital, `i_t * \tilde C_t`, multiplies no matrix.
    for formula in formulas {
      formula.visit { part in
        guard case .binary(let sign, let a, let b) = part.kind, multiplies(sign), isNode(a),
          let other = Self.member(b), capitals.contains(other.name)
        else { return }
        nodes.insert(other.name)
      }
    }
  }

  func restoring(_ formula: Formula) -> Formula {
    if shown.isEmpty, said.isEmpty { return formula }
    switch formula.kind {
    case .list(let items): return Formula(.list(items.map { restoring($0) }), formula.span)
    default:
      let own = StepEquation(formula)?.left.first.flatMap { Self.member($0) }
      return restoring(formula, dots: own.map { states.contains($0.name) } ?? false)
    }
  }

  /// - Parameter dots: whether dots are those of gates.
  private func restoring(_ formula: Formula, dots: Bool) -> Formula {
    let inner = formula.mappingChildren { restoring($0, dots: dots) }
    guard case .binary(let sign, let a, let b) = inner.kind, multiplies(sign) else { return inner }
    let isOfGate =
      sign == .asterisk
      ? said.contains(sign) || isNode(a) && isShapedAsNode(b) || isShapedAsNode(a) && isNode(b)
      : (said.contains(sign) || dots) && isNode(a) && isNode(b)
    return isOfGate ? Formula(.binary(.hadamard, a, b), inner.span) : inner
  }

  private func multiplies(_ sign: Formula.BinaryOperator) -> Bool {
    said.contains(sign) || shown.contains(sign)
  }

  /// Whether a formula is made of nodes, each entry for itself: `1 - z_t`, `\tanh(C_t)`.
  private func isNode(_ formula: Formula) -> Bool {
    if let own = Self.member(formula) { return nodes.contains(own.name) }
    switch formula.kind {
    case .fenced(.parentheses, let inner), .fenced(.brackets, let inner): return isNode(inner)
    case .sum(let terms):
      return terms.contains { isNode($0.term) }
        && terms.allSatisfy { term in
          if case .number = term.term.kind { return true }
          return isNode(term.term)
        }
    case .binary(let sign, let a, let b):
      return (sign == .hadamard || multiplies(sign)) && isNode(a) && isNode(b)
    case .juxtaposition(let items):
      guard items.count == 2, let name = items[0].unfencedScripts.identifier,
        case .elementwise? = StandardFunction(name)
      else { return false }
      return isNode(items[1])
    default: return false
    }
  }

  /// Whether a formula is a node, the gradient of a loss by one, or a product of such entry by entry.
  private func isShapedAsNode(_ formula: Formula) -> Bool {
    switch formula.kind {
    case .fraction(let above, let below):
      guard let loss = Elaborator.partialHead(above)?.rest, loss.count == 1,
        let name = loss[0].unfencedScripts.identifier,
        PageReader.lossNames.contains(name.latex),
        let variable = Elaborator.partialHead(below)?.rest, variable.count == 1
      else { return false }
      return isNode(variable[0])
    case .binary(.hadamard, let a, let b): return isShapedAsNode(a) && isShapedAsNode(b)
    case .fenced(.parentheses, let inner), .fenced(.brackets, let inner):
      return isShapedAsNode(inner)
    case .sum(let terms): return terms.allSatisfy { isShapedAsNode($0.term) } || isNode(formula)
    default: return isNode(formula)
    }
  }

  /// A name that bears a step.
  private static func member(
    _ formula: Formula
  ) -> (name: String, step: AffineLetters, isCapital: Bool)? {
    guard case .scripts(let base, let below, let above, 0) = formula.kind,
      let name = base.identifier, let script = below ?? above,
      let step = AffineLetters(script.unfenced), step.soleLetter != nil
    else { return nil }
    if below != nil, above != nil { return nil }
    return (name.latex, step, name.isUppercase)
  }
}

extension PageReader {
  /// `Here $*$ denotes elementwise multiplication.`
  static func entrywiseSigns(
    in parsed: [ParsedPart], of manuscript: Manuscript
  ) -> Set<Formula.BinaryOperator> {
    var found: Set<Formula.BinaryOperator> = []
    for part in parsed {
      guard case .binary(let sign, let a, let b) = part.formula.kind, case .empty = a.kind,
        case .empty = b.kind, sign == .asterisk || sign == .dot
      else { continue }
      let reader = FactReader(manuscript.blocks[part.block].sentences[part.sentence])
      guard let place = reader.items.firstIndex(of: .term(.elementwise)),
        reader.stance(at: place) == .asserted,
        reader.items.filter({ if case .formula = $0 { return true } else { return false } }).count
          == 1
      else { continue }
      found.insert(sign)
    }
    return found
  }
}
