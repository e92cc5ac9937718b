import Documents
import Expressions
import Notation

/// What nothing declares or computes, where custom gives it a shape that its equation does not take.
extension ShapeSolver {
  /// A loss is a number, and so is what makes it none, `y` in `-y \log a`; what is subtracted from a
  /// computed row is a row.
  func settled(
    _ candidates: [Candidate], _ found: ShapeInference, in workspace: borrowing Workspace
  ) -> ShapeInference? {
    var changed = candidates
    var isChanged = false
    for (i, candidate) in candidates.enumerated() where isOpen(candidate, asFamily: true) {
      let shape = found.shape(of: candidate.symbol, in: workspace)
      if !candidate.key.isFamily, isBesideRow(candidate.symbol, shape, found, in: workspace),
        let row = candidate.shapes.first(where: { $0.isRow })
      {
        changed[i].shapes = [row]
        isChanged = true
      } else if !shape.isScalar, swellsLoss(candidate.symbol, candidates, found, in: workspace),
        candidate.shapes.contains(where: { $0.isScalar })
      {
        changed[i].shapes = [.scalar]
        isChanged = true
      }
    }
    return isChanged ? search(changed, model, in: workspace) : nil
  }

  /// Whether nothing says anything of a name but the equations that use it.
  private func isOpen(_ candidate: Candidate, asFamily: Bool = false) -> Bool {
    !candidate.isDeclared && (asFamily || !candidate.key.isFamily)
      && !model.computes(candidate.symbol)
      && candidate.shapes.count > 1
  }

  /// Whether a matrix whose rows nothing counts stands beside a computed row, to which it is
  /// added or by which it is multiplied entry by entry.
  private func isBesideRow(
    _ symbol: Symbol, _ shape: Shape, _ found: ShapeInference, in workspace: borrowing Workspace
  ) -> Bool {
    guard shape.isMatrix, !shape.isRow, let rows = shape.dimensions[0].symbol, !rigid.contains(rows)
    else { return false }
    var isBeside = false
    for definition in model.definitions {
      workspace.visit(definition.body) { _, node in
        var parts: [Expression]
        switch node {
        case .sum(let terms): parts = terms
        case .hadamard(let factors): parts = factors
        default: return
        }
        parts = parts.map { workspace.unsigned($0) }
        guard parts.contains(where: { workspace.isVariable($0, symbol) }) else { return }
        var inference = found
        let others = parts.filter { !workspace.isVariable($0, symbol) }
        let areRows = others.allSatisfy { part in
          (try? inference.shape(of: part, in: workspace))?.isRow == true
        }
        // `X + b` with a row b that is added to every row of X.
        let isBias = others.allSatisfy { part in
          guard case .variable(let variable) = workspace[part] else { return false }
          return !model.computes(variable.symbol)
        }
        isBeside = isBeside || areRows && !isBias
      }
    }
    return isBeside
  }

  /// Whether the size of a name is that of a loss, and of nothing that is declared or an input.
  private func swellsLoss(
    _ symbol: Symbol, _ candidates: [Candidate], _ found: ShapeInference,
    in workspace: borrowing Workspace
  ) -> Bool {
    let own = found.shape(of: symbol, in: workspace)
    let sizes = own.dimensions.flatMap { $0.symbols }
    guard !sizes.isEmpty, sizes.allSatisfy({ !rigid.contains($0) }) else { return false }
    func shares(_ other: Symbol) -> Bool {
      found.shape(of: other, in: workspace).dimensions.contains { size in
        size.symbols.contains { sizes.contains($0) }
      }
    }
    let isFamily = candidates.contains { $0.symbol == symbol && $0.key.isFamily }
    guard isFamily || candidates.contains(where: { $0.isDeclared && !$0.shapes[0].isScalar })
    else { return false }
    let losses = candidates.filter {
      ($0.key.isLossLike || scalars.contains($0.key)) && model.computes($0.symbol)
    }
    let others = candidates.filter { candidate in
      candidate.symbol != symbol && !losses.contains { $0.symbol == candidate.symbol }
        && !isOpen(candidate)
    }
    return losses.contains { shares($0.symbol) } && !others.contains { shares($0.symbol) }
  }
}

extension Theory {
  /// Makes numbers of the fewest names of a line with which it types: of a line that names nothing
  /// else, `\sigma'(z) = \sigma(z)(1 - \sigma(z))`, or of what an assumption or a function of the page
  /// brings in, as λ in `M^2 v = \lambda^2 v`; nothing where more than one choice would do.
  mutating func giveNumbers(
    _ introduced: [NameKey], _ sides: (left: Written, right: Written), _ setting: Int,
    _ statement: Statement, in workspace: inout Workspace
  ) {
    if page.isScalar || statement.sign == .approximately { return }
    let table = settings[setting].table
    let (left, right) = (sides.left.expression, sides.right.expression)
    let all = (workspace.variables(in: left) + workspace.variables(in: right)).map { $0.symbol }
    var open = introduced.compactMap { key -> Symbol? in
      guard let symbol = table[key], workspace[symbol].shape.isVector,
        page.shapeDeclaration(of: key, at: statement.index)?.shape == nil
      else { return nil }
      return symbol
    }
    // What a line transposes, measures or multiplies entry by entry is no number.
    let showsTensors = [left, right].contains { side in
      workspace.contains(side) { node in
        switch node {
        case .transpose, .hadamard, .kronecker, .tensorFunction, .derivative: true
        default: false
        }
      }
    }
    if differentiatesNumbers(all, open, (left, right), setting, statement, in: workspace) {
      for symbol in open { workspace[symbol].shape = .scalar }
      return
    }
    if all.allSatisfy({ open.contains($0) }) {
      if showsTensors { return }
    } else {
      open.removeAll { symbol in
        guard let key = table.key(of: symbol), !isStranger(key, statement) else { return true }
        return isArgument(symbol, in: left, workspace) || isArgument(symbol, in: right, workspace)
      }
    }
    if open.isEmpty || open.count > 4 || types(left, right, setting, [], in: workspace) { return }
    for count in 1...open.count {
      var fitting: [[Symbol]] = []
      for choice in 1..<(1 << open.count) where choice.nonzeroBitCount == count {
        let numbers = open.indices.filter { choice >> $0 & 1 == 1 }.map { open[$0] }
        if types(left, right, setting, numbers, in: workspace) { fitting.append(numbers) }
      }
      if fitting.isEmpty { continue }
      if fitting.count == 1 { for symbol in fitting[0] { workspace[symbol].shape = .scalar } }
      return
    }
  }

  /// `\frac{d}{dx} \sin(wx) = w \cos(wx)`: functions of numbers and their slopes, of letters that
  /// nothing on the page makes more of. With ∂ they may be meant entry by entry where the page knows
  /// vectors.
  private func differentiatesNumbers(
    _ all: [Symbol], _ open: [Symbol], _ sides: (left: Expression, right: Expression),
    _ setting: Int, _ statement: Statement, in workspace: borrowing Workspace
  ) -> Bool {
    var isDerivative = false
    for side in [sides.left, sides.right] {
      let showsTensors = workspace.contains(side) { node in
        switch node {
        case .derivative(_, let variable, _):
          isDerivative = true
          if case .variable = workspace[variable] { return false }
          return true
        // `\tanh^2(x)` is an elementwise power; a written ⊙ is one of tensors, as below.
        case .number, .decimal, .variable, .timeValue, .sum, .negative, .product, .quotient, .power,
          .apply, .hadamard:
          return false
        default: return true
        }
      }
      if showsTensors { return false }
    }
    guard isDerivative, !open.isEmpty, !page.speaksOfTensors,
      all.allSatisfy({ open.contains($0) || workspace[$0].shape.isScalar })
    else { return false }
    if statement.left.writesPartials || statement.right.writesPartials {
      guard !page.showsTensors,
        !page.declarations.contains(where: { $0.shape.map { !$0.isScalar } ?? false })
      else { return false }
    }
    let tensors = Lexicon.withoutTensors(page.surveyed).tensors
    let names = all.compactMap { settings[setting].table.key(of: $0) }
    return names.count == all.count
      && names.allSatisfy {
        !$0.isFamily && !$0.name.utf8.contains(UInt8(ascii: "{")) && !tensors.contains($0.name)
          && isBesideSmall($0.name)
      }
  }

  /// Whether no relation of the page names a capital beside the name.
  private func isBesideSmall(_ name: String) -> Bool {
    page.surveyed.flatMap { Lexicon.relationsIn($0) }.allSatisfy { relation in
      var (isNamed, hasCapital) = (false, false)
      relation.visit { part in
        guard let letter = part.identifier, letter.font == .italic || letter.font == .bold else {
          return
        }
        isNamed = isNamed || letter.latex == name
        hasCapital = hasCapital || letter.isUppercase
      }
      return !isNamed || !hasCapital
    }
  }

  /// Whether a function is applied to a name entry by entry.
  private func isArgument(
    _ symbol: Symbol, in root: Expression, _ workspace: borrowing Workspace
  ) -> Bool {
    workspace.contains(root) { node in
      guard case .apply(_, _, let argument) = node else { return false }
      return workspace.variables(in: argument).contains { $0.symbol == symbol }
    }
  }

  /// Whether a line types, as far as no layout has a say in it, where these names are numbers.
  private func types(
    _ left: Expression, _ right: Expression, _ setting: Int, _ numbers: [Symbol],
    in workspace: borrowing Workspace
  ) -> Bool {
    var inference = ShapeInference(rigid: rigidSizes(setting))
    for symbol in numbers { inference.assume(.scalar, for: symbol) }
    var differentiated: [Expression] = []
    for side in [left, right] {
      workspace.visit(side) { _, node in
        if case .derivative(let numerator, _, _) = node { differentiated.append(numerator) }
      }
    }
    if differentiated.isEmpty {
      return (try? inference.equate(left, right, in: workspace)) != nil
    }
    return differentiated.allSatisfy { (try? inference.shape(of: $0, in: workspace)) != nil }
  }
}

extension Workspace {
  fileprivate func unsigned(_ expression: Expression) -> Expression {
    if case .negative(let operand) = self[expression] { return operand }
    return expression
  }

  fileprivate func isVariable(_ expression: Expression, _ symbol: Symbol) -> Bool {
    guard case .variable(let variable) = self[expression] else { return false }
    return variable.symbol == symbol
  }
}
