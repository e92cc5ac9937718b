import Documents
import Expressions
import Notation

/// Finds the shapes of a model's symbols: declarations and definitions bind, names that nothing
/// declares get the most usual order that makes every equation type.
struct ShapeSolver {
  let page: Page
  let position: Int
  let table: SymbolTable
  let model: Model
  /// Which of the page's definitions the model took.
  let chosen: [Int]
  let rigid: Set<DimensionSymbol>
  let isScalar: Bool
  let scalars: [NameKey]
  private var turned: [Symbol] = []
  private var spreading = ShapeInference.Spreading.none

  init(
    page: Page, position: Int, table: SymbolTable, model: Model, chosen: [Int],
    rigid: Set<DimensionSymbol>, isScalar: Bool, scalars: [NameKey]
  ) {
    self.page = page
    self.position = position
    self.table = table
    self.model = model
    self.chosen = chosen
    self.rigid = rigid
    self.isScalar = isScalar
    self.scalars = scalars
  }

  struct Solution {
    var inference: ShapeInference
    var detached: [NameKey] = []
    var mismatch: (mismatch: ShapeMismatch, definition: Int)?
    var isScalar = false
    var repairs:
      [(
        definition: Int, key: NameKey, symbol: Symbol, old: Expression, new: Expression,
        body: Expression
      )] =
        []
  }

  struct Candidate {
    var key: NameKey
    var symbol: Symbol
    /// The most usual first; a declared symbol has one.
    var shapes: [Shape]
    var isDeclared: Bool

    /// With sizes of its own: what is declared a matrix is no number elsewhere.
    func keepingOrder(of declared: Candidate) -> Candidate {
      var kept = self
      kept.shapes.removeAll { $0.order != declared.shapes[0].order }
      return kept
    }
  }

  /// Symbols of which a transpose, a diagonal matrix or a norm is taken: no numbers.
  private func turned(in workspace: borrowing Workspace) -> [Symbol] {
    var found: [Symbol] = []
    for definition in model.definitions {
      workspace.visit(definition.body) { _, node in
        switch node {
        case .transpose(let operand), .tensorFunction(_, let operand):
          if case .variable(let variable) = workspace[operand] { found.append(variable.symbol) }
        default: break
        }
      }
    }
    return found
  }

  mutating func solve(in workspace: inout Workspace) -> Solution {
    turned = turned(in: workspace)
    var candidates: [Candidate] = []
    for key in table.keys {
      guard let symbol = table[key] else { continue }
      candidates.append(candidate(key, symbol, in: &workspace))
    }
    if let found = search(candidates, model, in: workspace) {
      if let numbers = numbers(candidates, insteadOf: found, in: workspace) { return numbers }
      if let squares = squaresOfNumbers(candidates, insteadOf: found, in: workspace) {
        return Solution(inference: squares)
      }
      return Solution(inference: settled(candidates, found, in: workspace) ?? found)
    }
    spreading = .names
    if let found = search(candidates, model, in: workspace) { return Solution(inference: found) }
    spreading = .none
    if let repaired = repair(candidates, in: &workspace) { return repaired }
    // A shape declared for another part of the page does not serve here.
    for i in candidates.indices
    where candidates[i].isDeclared && isOfALaterEquation(candidates[i].key) {
      var others = candidates
      others[i] = guess(candidates[i].key, candidates[i].symbol, in: &workspace)
        .keepingOrder(of: candidates[i])
      if let found = search(others, model, in: workspace) {
        return Solution(inference: found, detached: [candidates[i].key])
      }
    }
    let far = candidates.indices.filter {
      candidates[$0].isDeclared && isOfAnEarlierSection(candidates[$0].key)
    }
    if !far.isEmpty {
      let detached = far.map { candidates[$0].key }
      let declared = candidates
      for i in far {
        candidates[i] = guess(candidates[i].key, candidates[i].symbol, in: &workspace)
      }
      if let found = search(candidates, model, in: workspace),
        var numbers = numbers(candidates, insteadOf: found, in: workspace)
      {
        numbers.detached = detached
        return numbers
      }
      for i in far { candidates[i] = candidates[i].keepingOrder(of: declared[i]) }
      if let found = search(candidates, model, in: workspace) {
        return Solution(inference: found, detached: detached)
      }
    }
    if var numbers = numbers(candidates, in: workspace) {
      numbers.detached = far.map { candidates[$0].key }
      return numbers
    }
    if let found = search(candidates, model, countsComputed: false, in: workspace) {
      return Solution(inference: settled(candidates, found, in: workspace) ?? found)
    }
    var inference = ShapeInference(rigid: rigid)
    var failure: (ShapeMismatch, Int)?
    for candidate in candidates { inference.assume(candidate.shapes[0], for: candidate.symbol) }
    for (i, definition) in model.definitions.enumerated() {
      if let mismatch = mismatch(definition, &inference, in: workspace), failure == nil {
        failure = (mismatch, i)
      }
    }
    return Solution(inference: inference, mismatch: failure)
  }

  /// All quantities as numbers, if nothing is declared to be more or written as more.
  private func numbers(
    _ candidates: [Candidate], in workspace: borrowing Workspace
  ) -> Solution? {
    guard candidates.allSatisfy({ !$0.isDeclared || $0.shapes[0].isScalar }),
      !isWrittenAsMore(candidates)
    else { return nil }
    var numbers = candidates
    for i in numbers.indices { numbers[i].shapes = [.scalar] }
    return search(numbers, model, in: workspace).map { Solution(inference: $0, isScalar: true) }
  }

  /// Whether a line writes a diagonal matrix, a transpose or their like with a node of the model.
  private func isWrittenAsMore(_ candidates: [Candidate]) -> Bool {
    let nodes = candidates.filter { model.computes($0.symbol) && !$0.key.isLossLike }
      .map { $0.key }
    return page.statements.contains { statement in
      (statement.left.showsTensors || statement.right.showsTensors)
        && statement.names.contains { nodes.contains($0) }
    }
  }

  /// All quantities as numbers where an equation types only with a node that nothing declares a
  /// number, as `L = ½(y − o)²` does where L is a loss: then the page speaks of one unit.
  private func numbers(
    _ candidates: [Candidate], insteadOf found: ShapeInference, in workspace: borrowing Workspace
  ) -> Solution? {
    guard !isScalar, turned.isEmpty else { return nil }
    let contracted = contracted(candidates, in: workspace)
    let forced = candidates.contains { candidate in
      (candidate.key.isFamily || candidate.key.numericLabel != nil) && !candidate.isDeclared
        && candidate.shapes.count > 1
        && !candidate.shapes[0].isScalar && model.computes(candidate.symbol)
        && !contracted.contains(candidate.symbol)
        && found.shape(of: candidate.symbol, in: workspace).isScalar
    }
    let isLossOfOneUnit = candidates.contains { candidate in
      candidate.key.isLossLike && !candidate.isDeclared && model.computes(candidate.symbol)
        && !found.shape(of: candidate.symbol, in: workspace).isScalar
        && page.derivatives.contains { $0.numerator == candidate.key }
    }
    return forced || isLossOfOneUnit ? numbers(candidates, in: workspace) : nil
  }

  /// What an equation computes as a number from what is usually more, as `E_t = ½‖h_t − y_t‖²` does.
  private func contracted(
    _ candidates: [Candidate], in workspace: borrowing Workspace
  ) -> [Symbol] {
    var found: [Symbol] = []
    var before = -1
    while before != found.count {
      before = found.count
      for definition in model.definitions where !found.contains(definition.symbol) {
        var inference = ShapeInference(rigid: rigid)
        for candidate in candidates {
          let isNumber = found.contains(candidate.symbol)
          inference.assume(isNumber ? .scalar : candidate.shapes[0], for: candidate.symbol)
        }
        if let shape = try? inference.shape(of: definition.body, in: workspace), shape.isScalar,
          !workspace.isNumeric(definition.body)
        {
          found.append(definition.symbol)
        }
      }
    }
    return found
  }

  /// Whether the name is declared beside an equation of its own, behind one of the model that uses it.
  private func isOfALaterEquation(_ key: NameKey) -> Bool {
    let own = page.declarations.filter { $0.key == key && $0.shape != nil && $0.statement >= 0 }
    guard let first = own.first else { return false }
    var (isUsedBefore, isUsedBeside) = (false, false)
    for (i, definition) in page.definitions.enumerated()
    where definition.statement >= 0 && definition.names.contains(key) {
      let block = page.statements[definition.statement].block
      let isBeside = own.contains { $0.block == block }
      if chosen.contains(i) {
        if isBeside { return false }
        isUsedBefore = isUsedBefore || definition.statement < first.statement
      } else if isBeside {
        isUsedBeside = true
      }
    }
    return isUsedBefore && isUsedBeside
  }

  /// Whether headings, or equations of another model, part the declaration, and equations that it
  /// serves, from every equation of the model that uses the name.
  private func isOfAnEarlierSection(_ key: NameKey) -> Bool {
    guard let declaration = declaration(of: key), declaration.statement >= 0 else { return false }
    let users = chosen.map { page.definitions[$0] }.filter {
      $0.names.contains(key) || $0.key == key
    }
    guard let first = users.map({ $0.statement }).min(), first > declaration.statement else {
      return false
    }
    let section = page.statements[declaration.statement].section
    if users.allSatisfy({ $0.section > declaration.statement }) {
      return page.definitions.contains {
        $0.statement >= 0 && page.statements[$0.statement].section == section
      }
    }
    return page.definitions.enumerated().contains { i, definition in
      !chosen.contains(i) && definition.names.contains(key)
        && (declaration.statement..<first).contains(definition.statement)
    }
  }

  private func declaration(of key: NameKey) -> Declaration? {
    page.shapeDeclaration(of: key, at: position)
  }

  // MARK: Candidates

  private func candidate(
    _ key: NameKey, _ symbol: Symbol, in workspace: inout Workspace
  ) -> Candidate {
    // Where all are numbers, what bears the indices of its entries is many of them.
    if isScalar, !page.notation.lexicon.indexed.contains(key.name) {
      return Candidate(key: key, symbol: symbol, shapes: [.scalar], isDeclared: true)
    }
    if let shape = declaration(of: key)?.shape {
      return Candidate(key: key, symbol: symbol, shapes: [shape], isDeclared: true)
    }
    return guess(key, symbol, in: &workspace)
  }

  private func guess(
    _ key: NameKey, _ symbol: Symbol, in workspace: inout Workspace
  ) -> Candidate {
    func fresh() -> Dimension { Dimension(workspace.freshSize()) }
    let vector = Shape.vector(fresh())
    let matrix = Shape.matrix(fresh(), fresh())
    let row = Shape.row(fresh())
    var shapes: [Shape]
    if scalars.contains(key) {
      shapes = [.scalar]
    } else if key.isFamily || page.isLayer(key) && !key.isMatrixLike {
      shapes =
        !key.isMatrixLike
        ? [vector, row, matrix, .scalar]
        : leads(symbol, in: workspace)
          ? [matrix, vector, row, .scalar] : [vector, matrix, row, .scalar]
    } else if page.notation.lexicon.indexedTwice.contains(key.name) {
      shapes = [matrix, vector]
    } else if key.isMatrixLike, !page.isNumberedNode(key) {
      shapes = [matrix, vector, row, .scalar]
    } else {
      shapes = [vector, .scalar, row, matrix]
    }
    let isSquare =
      page.properties(of: key, at: position).areOfSquares
      || page.notation.lexicon.inverted.contains(key.name)
    if isSquare, key.isMatrixLike, !key.isFamily {
      let n = fresh()
      shapes = [.matrix(n, n)] + shapes
    }
    let summed = page.notation.lexicon.summedMembers
    if !key.isMatrixLike,
      isSummed(key)
        || page.definitions.contains(where: { definition in
          definition.key == key && definition.names.contains { summed.contains($0.name) }
        })
    {
      shapes = [.scalar] + shapes.filter { !$0.isScalar }
    }
    if page.scalarNames(key)
      || key.isLossLike && !page.notation.lexicon.matrices.contains(key.name)
    {
      shapes = [.scalar] + shapes.filter { !$0.isScalar }
    }
    if page.scalars.contains(key), key.isLossLike { shapes = [.scalar] }
    if let size = page.commonMatrixShape, key.isMatrixLike, !key.isFamily,
      !page.definitions.contains(where: { $0.key == key && $0.isValue })
    {
      shapes = [size]
    }
    if !scalars.contains(key), turned.contains(symbol) { shapes.removeAll { $0.isScalar } }
    return Candidate(key: key, symbol: symbol, shapes: shapes, isDeclared: false)
  }

  /// Whether something stands behind a symbol in products wherever equations read it: `W_l` in `W_l h_{l-1}`.
  private func leads(_ symbol: Symbol, in workspace: borrowing Workspace) -> Bool {
    var (leading, all) = (0, 0)
    for definition in model.definitions {
      func count(_ root: Expression, leads: Bool) {
        if case .variable(let variable) = workspace[root] {
          guard variable.symbol == symbol else { return }
          all += 1
          if leads { leading += 1 }
          return
        }
        let children = workspace[root].children
        var isProduct = false
        if case .product = workspace[root] { isProduct = true }
        for (i, child) in children.enumerated() {
          count(child, leads: isProduct && i < children.count - 1)
        }
      }
      count(definition.body, leads: false)
    }
    return all > 0 && leading == all && !model.computes(symbol)
  }

  // MARK: Search

  /// Cheapest first: each step away from the usual order costs one. An equation that does not type
  /// is mended at its own symbols.
  /// - Parameter countsComputed: whether steps of what the model computes cost as well.
  func search(
    _ candidates: [Candidate], _ model: Model, countsComputed: Bool = true,
    in workspace: borrowing Workspace
  ) -> ShapeInference? {
    var frontier: [[Int]] = [[Int](repeating: 0, count: candidates.count)]
    var seen: Set<[Int]> = [frontier[0]]
    var tried = 0
    var collapsed: ShapeInference?
    while !frontier.isEmpty, tried < 600 {
      let choice = frontier.removeFirst()
      tried += 1
      var inference = ShapeInference(rigid: rigid, spreading: spreading)
      for (candidate, number) in zip(candidates, choice) {
        inference.assume(candidate.shapes[number], for: candidate.symbol)
      }
      var failed: Definition?
      var own: Shape?
      for definition in model.definitions {
        if let mismatch = mismatch(definition, &inference, in: workspace) {
          failed = definition
          if mismatch.place == .sides, mismatch.second == nil { own = mismatch.firstShape }
          break
        }
      }
      if failed == nil,
        let line = collapsedLine(candidates, choice, inference, in: workspace)
      {
        // That a vector has one entry is no custom: another shape was meant, if one fits.
        failed = model.definitions.first { definition in
          definition.symbol == line
            || workspace.variables(in: definition.body).contains { $0.symbol == line }
        }
        if failed != nil { collapsed = collapsed ?? inference }
      }
      guard let failed else { return inference }
      if let own, let i = candidates.firstIndex(where: { $0.symbol == failed.symbol }),
        let fitting = candidates[i].shapes.firstIndex(where: {
          $0.order == own.order && $0.isRow == own.isRow
        }), fitting != choice[i]
      {
        // What an equation computes takes the shape of its right side; what is a number by custom
        // does where nothing cheaper fits.
        var next = choice
        next[i] = fitting
        let key = candidates[i].key
        let isNumber =
          (isSummed(key) || key.isLossLike && !candidates[i].isDeclared)
          && candidates[i].shapes[choice[i]].isScalar
        if seen.insert(next).inserted {
          frontier.insert(next, at: isNumber ? frontier.count : 0)
        }
        if !isNumber { continue }
      }
      var involved = workspace.variables(in: failed.body).map { $0.symbol }
      involved.append(failed.symbol)
      let cost = candidates.indices.reduce(0) { cost, i in
        countsComputed || !model.computes(candidates[i].symbol) ? cost + choice[i] : cost
      }
      if cost >= 5 { continue }
      for (i, candidate) in candidates.enumerated() where involved.contains(candidate.symbol) {
        guard choice[i] + 1 < candidate.shapes.count else { continue }
        var next = choice
        next[i] += 1
        if seen.insert(next).inserted { frontier.append(next) }
        if choice[i] + 2 < candidate.shapes.count {
          next[i] += 1
          if seen.insert(next).inserted { frontier.append(next) }
        }
      }
      frontier.sort { a, b in a.reduce(0, +) < b.reduce(0, +) }
    }
    return collapsed
  }

  /// What nothing declares and was taken for a vector or a row, where the equations leave it one entry.
  private func collapsedLine(
    _ candidates: [Candidate], _ choice: [Int], _ inference: ShapeInference,
    in workspace: borrowing Workspace
  ) -> Symbol? {
    zip(candidates, choice).first { candidate, number in
      let shape = candidate.shapes[number]
      return !candidate.isDeclared && (shape.isVector || shape.isRow)
        && inference.shape(of: candidate.symbol, in: workspace).dimensions
          .allSatisfy { $0 == .one }
    }?.0.symbol
  }

  /// Whether sums run over the members of a family.
  private func isSummed(_ key: NameKey) -> Bool {
    key.isFamily && page.notation.lexicon.summedMembers.contains(key.name)
  }

  private func mismatch(
    _ definition: Definition, _ inference: inout ShapeInference, in workspace: borrowing Workspace
  ) -> ShapeMismatch? {
    do throws(ShapeMismatch) {
      if case .opaque = workspace[definition.body] {
        _ = try inference.shape(of: definition.body, in: workspace)
        for other in entrywise(definition.symbol) {
          let own = inference.shape(of: definition.symbol, in: workspace)
          let size = inference.shape(of: other, in: workspace)
          if !inference.unify(own, size) {
            return ShapeMismatch(.sides, in: definition.body, definition.body, size, nil, own)
          }
        }
        return nil
      }
      let shape = try inference.shape(of: definition.body, in: workspace)
      let own = inference.shape(of: definition.symbol, in: workspace)
      if shape.isScalar, workspace.isNumeric(definition.body) { return nil }
      if !inference.unify(own, shape) {
        return ShapeMismatch(
          .sides, in: definition.body, definition.body, shape, nil, own)
      }
      return nil
    } catch {
      return error
    }
  }

  /// What the page differentiates each entry of an undefined node by: both have as many.
  private func entrywise(_ symbol: Symbol) -> [Symbol] {
    guard let key = table.key(of: symbol) else { return [] }
    return page.derivatives.filter { $0.isEntrywise && $0.numerator == key }
      .compactMap { table[$0.denominator] }
  }
}

extension Workspace {
  /// An unknown size under a name that was not used lately.
  mutating func freshSize() -> DimensionSymbol {
    let letters = ["n", "m", "p", "q", "r", "s", "d", "l"]
    let taken = Set(dimensionNames.suffix(64))
    for letter in letters where !taken.contains(letter) { return dimension(named: letter) }
    for number in 1... {
      for letter in letters {
        let name = letter + "_{" + "\(number)" + "}"
        if !taken.contains(name) { return dimension(named: name) }
      }
    }
    return dimension(named: "n")
  }
}
