import Calculus
import Expressions

/// Answers in the notation of a person.
extension Inquiry {
  /// A derivative in the shortest notation that is proved equal to it.
  ///
  /// - Parameter plain: the question without derivatives.
  func shortest(
    _ question: Expression, _ plain: Expression, _ domain: [Time],
    _ witness: inout SymbolicWitness, _ workspace: inout Workspace
  ) -> Expression {
    columns(question, plain, domain, &witness, &workspace)
      ?? witness.simplified(plain, for: domain, in: &workspace)
  }

  /// The derivative of a matrix by another, both stacked column by column, as a product of matrices
  /// that is proved equal to it.
  func columns(
    _ question: Expression, _ plain: Expression, _ domain: [Time],
    _ witness: inout SymbolicWitness, _ workspace: inout Workspace
  ) -> Expression? {
    var rules = Differentiation(model: witness.model)
    guard let columns = rules.columnNotation(of: question, for: domain, in: &workspace),
      case .equal = witness.compare(plain, columns, for: [domain], in: &workspace)
    else { return nil }
    return columns
  }

  /// The derivative of a matrix by another that are stacked column by column in the question; nil of
  /// any other question.
  func unstacked(_ question: Expression, in workspace: inout Workspace) -> Expression? {
    guard case .derivative(let above, let below, let intervention) = workspace[question],
      case .tensorFunction(.vec, let matrix) = workspace[above],
      case .tensorFunction(.vec, let other) = workspace[below]
    else { return nil }
    return workspace.expression(.derivative(of: matrix, by: other, intervention))
  }

  /// The derivative in matrix notation as the rules of matrix calculus give it, if they do, and how
  /// the differential comes about; nil where the equations of a model are used.
  func matrixNotation(
    of question: Expression, _ model: Model, in workspace: inout Workspace
  ) -> (notation: Expression?, steps: [Step])? {
    let matrices = unstacked(question, in: &workspace)
    guard
      case .derivative(let above, let variable, let intervention) = workspace[
        matrices ?? question],
      case .variable(let below) = workspace[variable], below.time == nil, below.copy == nil
    else { return nil }
    var root = above
    var isSecond = false
    if case .derivative(let inner, let first, _) = workspace[above], first == variable {
      root = inner
      isSecond = true
    }
    for used in workspace.variables(in: root) where used.time != nil || model.computes(used.symbol)
    {
      return nil
    }
    let steps = DifferentialSteps(of: root, by: variable, in: &workspace)
    if matrices != nil { return (nil, steps.steps) }
    let notation =
      isSecond
      ? MatrixDerivative.hessian(of: root, by: variable, in: &workspace)
      : MatrixDerivative.notation(
        of: root, by: variable, layout: intervention.layout, in: &workspace)
    return (notation, steps.steps)
  }

  /// The sum with a term first that has no sign, where there is one.
  func leadingPositive(_ answer: Expression, in workspace: inout Workspace) -> Expression {
    guard case .sum(var terms) = workspace[answer], let first = terms.first,
      case .negative = workspace[first],
      let lead = terms.firstIndex(where: {
        if case .negative = workspace[$0] { return false } else { return true }
      })
    else { return answer }
    terms.insert(terms.remove(at: lead), at: 0)
    return workspace.sum(terms)
  }

  /// An answer that is a table of entries, as the equation of one entry.
  func byEntries(
    _ question: Expression, _ answer: Expression, in workspace: inout Workspace
  ) -> (question: Expression, answer: Expression)? {
    guard case .derivative(let above, let below, let intervention) = workspace[question],
      case .variable = workspace[below], let top = try? workspace.shape(of: above),
      let bottom = try? workspace.shape(of: below)
    else { return nil }
    var open: [IndexSymbol]?
    guard let body = tableBody(of: answer, &open, in: &workspace), let labels = open,
      labels.count == top.squeezed.order + bottom.squeezed.order
    else { return nil }
    let isTurned = intervention.layout == .denominator && top.squeezed.order > 0
    let first = Array(labels.prefix((isTurned ? bottom : top).squeezed.order))
    let last = Array(labels.dropFirst(first.count))
    func entry(_ tensor: Expression, _ labels: [IndexSymbol]) -> Expression {
      labels.isEmpty ? tensor : workspace.expression(.entry(tensor, labels.map { .label($0) }))
    }
    let numerator = entry(above, isTurned ? last : first)
    let denominator = entry(below, isTurned ? first : last)
    return (
      workspace.expression(.derivative(of: numerator, by: denominator, intervention)),
      renamingTimes(of: body, in: &workspace)
    )
  }

  /// Whether two labels or a label and a time have one name, so that they cannot be told apart.
  func hasTwins(_ question: Expression, in workspace: borrowing Workspace) -> Bool {
    var names = workspace.freeTimes(in: question).map { workspace.name(of: $0) }
    workspace.visit(question) { _, node in
      guard case .entry(_, let indices) = node else { return }
      for case .label(let label) in indices { names.append(workspace[label].name) }
    }
    return Set(names).count < names.count
  }

  /// An equation of entries with a letter of its own for each label.
  func tellingApart(
    _ entries: (question: Expression, answer: Expression), in workspace: inout Workspace
  ) -> (question: Expression, answer: Expression) {
    guard hasTwins(entries.question, in: workspace) else { return entries }
    var labels: [IndexSymbol] = []
    var taken: [String] = []
    for side in [entries.question, entries.answer] {
      workspace.visit(side) { _, node in
        taken += node.ownTimes.flatMap { $0.terms }.map { workspace.name(of: $0.symbol) }
        if case .indexSum(let label, _) = node, !labels.contains(label) { labels.append(label) }
        for case .label(let label) in node.ownIndices where !labels.contains(label) {
          labels.append(label)
        }
      }
    }
    let letters = ["i", "j", "k", "l", "m", "p", "q", "r"].filter { !taken.contains($0) }
    guard labels.count <= letters.count else { return entries }
    var (question, answer) = entries
    for (label, letter) in zip(labels, letters) {
      let new = workspace.index(
        IndexRecord(name: letter, dimension: workspace[label].dimension))
      question = workspace.substituting(label, by: .label(new), in: question)
      answer = workspace.substituting(label, by: .label(new), in: answer)
      answer = workspace.rewriting(answer) { workspace, expression in
        guard case .indexSum(label, let body) = workspace[expression] else { return nil }
        return workspace.expression(.indexSum(new, body))
      }
    }
    return (question, answer)
  }

  /// Bound times with names that no label has.
  private func renamingTimes(
    of body: Expression, in workspace: inout Workspace
  ) -> Expression {
    var taken = workspace.freeTimes(in: body).map { workspace.name(of: $0) }
    var bound: [TimeSymbol] = []
    workspace.visit(body) { _, node in
      switch node {
      case .entry(_, let indices):
        for case .label(let label) in indices { taken.append(workspace[label].name) }
      case .timeSum(let step, _, _, _), .timeProduct(let step, _, _, _, _):
        if !bound.contains(step) { bound.append(step) }
      case .pathProduct(let path):
        if !bound.contains(path.step) { bound.append(path.step) }
      default: break
      }
    }
    // A letter that is the script of a name would be read as its time.
    for symbol in workspace.symbols {
      taken += symbol.name.unicodeScalars.map { String($0) }
    }
    var names = ["s", "r", "q", "p", "m", "l"].filter { !taken.contains($0) }
    var renamed: [(TimeSymbol, TimeSymbol)] = []
    for step in bound where taken.contains(workspace.name(of: step)) && !names.isEmpty {
      renamed.append((step, workspace.time(named: names.removeFirst())))
    }
    return workspace.rewriting(body) { workspace, expression in
      func new(_ step: TimeSymbol) -> TimeSymbol? { renamed.first { $0.0 == step }?.1 }
      switch workspace[expression] {
      case .timeSum(let step, let from, let through, let inner):
        guard let own = new(step) else { return expression }
        let body = workspace.substituting(step, by: Time(own), in: inner)
        return workspace.expression(.timeSum(own, from: from, through: through, body))
      case .timeProduct(let step, let from, let through, let inner, let order):
        guard let own = new(step) else { return expression }
        let body = workspace.substituting(step, by: Time(own), in: inner)
        return workspace.expression(.timeProduct(own, from: from, through: through, body, order))
      case .pathProduct(var path):
        guard let own = new(path.step) else { return expression }
        path.blocks = path.blocks.map {
          workspace.substituting(path.step, by: Time(own), in: $0)
        }
        path.step = own
        return workspace.expression(.pathProduct(path))
      default: return expression
      }
    }
  }

  /// The body of a table, of a sum of tables with the same labels, or of the negative of one.
  private func tableBody(
    of answer: Expression, _ open: inout [IndexSymbol]?, in workspace: inout Workspace
  ) -> Expression? {
    switch workspace[answer] {
    case .tabulate(let labels, var body):
      guard let known = open else {
        open = labels
        return body
      }
      guard known.count == labels.count else { return nil }
      for (own, other) in zip(labels, known) where own != other {
        body = workspace.substituting(own, by: .label(other), in: body)
      }
      return body
    case .negative(let operand):
      return tableBody(of: operand, &open, in: &workspace).map {
        workspace.expression(.negative($0))
      }
    case .timeSum(let step, let from, let through, let inner):
      return tableBody(of: inner, &open, in: &workspace).map {
        workspace.expression(.timeSum(step, from: from, through: through, $0))
      }
    case .sum(let terms):
      var bodies: [Expression] = []
      for term in terms {
        guard let body = tableBody(of: term, &open, in: &workspace) else { return nil }
        bodies.append(body)
      }
      return workspace.sum(bodies)
    default: return nil
    }
  }
}
