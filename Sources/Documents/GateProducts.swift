import Notation

/// `C_t = f_t * C_{t-1} + i_t * \tilde C_t`: a star or a dot between what the page computes at its steps
/// multiplies entry by entry, as a gate does. Of dots, and of stars between matrices, that is said in words, or
/// shown by a state that is its own earlier value times a computed gate; on a page of columns a star between two of
/// them can be nothing else: they have no product of matrices.
struct GateProducts {
  /// What the words say of each sign.
  private let said: Set<Formula.BinaryOperator>
  /// Which signs a recurrence shows to stand at gates.
  private var shown: Set<Formula.BinaryOperator> = []
  /// Whether anything on the page is more than numbers.
  private let showsTensors: Bool
  /// What is computed at every step and is no matrix.
  private var nodes: Set<String> = []
  /// What is read at a step before its own.
  private var states: Set<String> = []

  /// - Parameter said: the signs of which the page says that they multiply entry by entry.
  init(surveying formulas: [Formula], said: Set<Formula.BinaryOperator>) {
    self.said = said
    showsTensors = formulas.contains { Lexicon.writesTensors($0) }
    let equations = StepEquation.all(in: formulas)
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
    guard case .binary(let sign, let a, let b) = inner.kind,
      multiplies(sign) || sign == .asterisk && showsTensors
    else { return inner }
    let isOfGate =
      sign == .asterisk
      ? said.contains(sign) || isColumn(a) && isShapedAsNode(b) || isShapedAsNode(a) && isColumn(b)
      : (said.contains(sign) || dots) && isNode(a) && isNode(b)
    return isOfGate ? Formula(.binary(.hadamard, a, b), inner.span) : inner
  }

  private func multiplies(_ sign: Formula.BinaryOperator) -> Bool {
    said.contains(sign) || shown.contains(sign)
  }

  /// Whether a formula is made of nodes, each entry for itself: `1 - z_t`, `\tanh(C_t)`.
  private func isNode(_ formula: Formula) -> Bool {
    isEntrywise(formula) { nodes.contains($0.name) }
  }

  /// The same of nodes and inputs: what a Latin letter names at a step is no matrix.
  private func isColumn(_ formula: Formula) -> Bool {
    isEntrywise(formula) {
      nodes.contains($0.name) || !$0.isCapital && $0.name.utf8.count == 1
    }
  }

  private func isEntrywise(_ formula: Formula, _ isNode: (Member) -> Bool) -> Bool {
    if let own = Self.member(formula) { return isNode(own) }
    switch formula.kind {
    case .scripts:
      let bare = formula.withoutPower
      return bare != formula && isEntrywise(bare, isNode)
    case .fenced(.parentheses, let inner), .fenced(.brackets, let inner):
      return isEntrywise(inner, isNode)
    case .sum(let terms):
      return terms.contains { isEntrywise($0.term, isNode) }
        && terms.allSatisfy { term in
          if case .number = term.term.kind { return true }
          return isEntrywise(term.term, isNode)
        }
    case .binary(let sign, let a, let b):
      return (sign == .hadamard || sign == .asterisk || multiplies(sign))
        && isEntrywise(a, isNode) && isEntrywise(b, isNode)
    case .juxtaposition(let items):
      guard items.count == 2, let name = items[0].unfencedScripts.identifier,
        case .elementwise? = StandardFunction(name)
      else { return false }
      return isEntrywise(items[1], isNode)
    default: return false
    }
  }

  /// Whether a formula is a node, the gradient of a loss by one, what a matrix makes of one, or a product or a sum of
  /// such entry by entry.
  private func isShapedAsNode(_ formula: Formula) -> Bool {
    switch formula.kind {
    case .fraction(let above, let below):
      guard let loss = Elaborator.partialHead(above)?.rest, loss.count == 1,
        let name = loss[0].unfencedScripts.identifier,
        PageReader.lossNames.contains(name.latex),
        let variable = Elaborator.partialHead(below)?.rest, variable.count == 1
      else { return false }
      return isColumn(variable[0])
    case .binary(.hadamard, let a, let b): return isShapedAsNode(a) && isShapedAsNode(b)
    case .fenced(.parentheses, let inner), .fenced(.brackets, let inner):
      return isShapedAsNode(inner)
    case .juxtaposition(let items):
      let isImage = items.dropLast().allSatisfy { $0.scriptedBase?.isUppercase == true }
      return isImage && items.last.map { isShapedAsNode($0) } == true || isColumn(formula)
    case .sum(let terms):
      return terms.contains { isShapedAsNode($0.term) }
        && terms.allSatisfy {
          isShapedAsNode($0.term) || $0.term.scriptedBase?.isUppercase == false
        }
        || isColumn(formula)
    default: return isColumn(formula)
    }
  }

  private struct Member {
    let name: String
    let step: AffineLetters
    let isCapital: Bool
  }

  /// A name that bears a step.
  private static func member(_ formula: Formula) -> Member? {
    guard case .scripts(let base, let below, let above, 0) = formula.kind,
      let name = base.identifier, let script = below ?? above,
      let step = AffineLetters(script.unfenced), step.soleLetter != nil
    else { return nil }
    if below != nil, above != nil { return nil }
    return Member(name: name.latex, step: step, isCapital: name.isUppercase)
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
