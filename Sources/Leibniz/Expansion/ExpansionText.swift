import Calculus
import Checking
import Expressions
import Notation
import Reporting

/// An expansion in rows.
struct ExpansionText {
  let result: Inquiry.Expanded
  var expansion: Expansion
  let conventions: Conventions
  private var known: [Expression: String] = [:]
  private var style = RowWriter.Style.latex

  init(_ result: Inquiry.Expanded, conventions: Conventions) {
    self.result = result
    expansion = result.expansion
    self.conventions = conventions
  }

  private var open: String { style == .latex ? "\\Bigl( " : "(" }
  private var close: String { style == .latex ? " \\Bigr)" : ")" }

  mutating func writeRows(to rows: inout RowWriter, in workspace: inout Workspace) {
    if rows.style != style { known = [:] }
    style = rows.style
    if let general = result.general {
      writeGeneral(general, to: &rows, in: &workspace)
    } else if expansion.graph.vertices.isEmpty {
      rows.begin(text(expansion.derivative, in: workspace))
      rows.add("0")
    } else {
      switch expansion.form {
      case .nested: writeNested(to: &rows, in: &workspace)
      case .copies: writeCopies(to: &rows, in: &workspace)
      case .paths: writePaths(to: &rows, in: &workspace)
      default: writeTerms(to: &rows, in: &workspace)
      }
    }
    rows.end()
  }

  // MARK: Parts

  mutating func text(_ expression: Expression, in workspace: borrowing Workspace) -> String {
    if let known = known[expression] { return known }
    let made =
      style == .latex
      ? latex(expression, in: workspace, conventions: conventions)
      : unicode(expression, in: workspace, conventions: conventions)
    known[expression] = made
    return made
  }

  /// A factor beside others.
  mutating func factor(_ expression: Expression, in workspace: borrowing Workspace) -> String {
    let plain = text(expression, in: workspace)
    switch workspace[expression] {
    case .sum, .negative, .product:
      let isTall =
        style == .latex
        && workspace.contains(expression) { node in
          switch node {
          case .quotient, .derivative: true
          default: false
          }
        }
      return isTall ? open + plain + close : "(\(plain))"
    default: return plain
    }
  }

  /// The factors of a term; neighbours that are one power are written as one.
  mutating func term(_ term: Expansion.Term, in workspace: inout Workspace) -> String {
    var factors: [Expression] = []
    var exponents: [Int] = []
    for factor in term.factors {
      if expansion.form == .power, factor == factors.last,
        expansion.isWrittenOut(factor)
      {
        exponents[exponents.count - 1] += 1
      } else {
        factors.append(factor)
        exponents.append(1)
      }
    }
    var parts: [String] = []
    for (factor, exponent) in zip(factors, exponents) {
      if exponent == 1 {
        parts.append(self.factor(factor, in: workspace))
      } else {
        let exponent = workspace.number(exponent)
        parts.append(text(workspace.expression(.power(factor, exponent)), in: workspace))
      }
    }
    if parts.isEmpty {
      let unit = expansion.start.map { workspace.unit(of: $0.symbol) } ?? workspace.number(1)
      return text(unit, in: workspace)
    }
    var product = ""
    for part in parts { product = joined(product, part) }
    return product
  }

  /// Side by side; a thin space before brackets and upright words.
  private func joined(_ product: String, _ factor: String) -> String {
    if product.isEmpty || product.hasSuffix(" ") || product.hasSuffix("(") {
      return product + factor
    }
    let isClose = style == .text || factor.hasPrefix("\\frac") || factor.hasPrefix("\\left.")
    return product + (isClose ? " " : " \\, ") + factor
  }

  mutating func node(_ node: UnrolledNode, in workspace: inout Workspace) -> String {
    text(workspace.variable(node.symbol, at: node.time.map { Time($0) }), in: workspace)
  }

  /// ∂v/∂W.
  private mutating func effect(
    on node: UnrolledNode, in workspace: inout Workspace
  ) -> String {
    let numerator = workspace.vectorized(
      Variable(node.symbol, at: node.time.map { Time($0) }), if: expansion.graph.isVectorized)
    return text(
      workspace.expression(
        .derivative(of: numerator, by: expansion.denominator, Intervention())), in: workspace)
  }

  // MARK: Forms

  /// One row for each loss.
  private mutating func writeTerms(to rows: inout RowWriter, in workspace: inout Workspace) {
    rows.begin(text(expansion.derivative, in: workspace))
    var pending: (loss: Int?, text: String, isFirst: Bool)?
    var isFirstLoss = true
    var expansion = self.expansion
    var hasSeveralLosses = false
    if let top = expansion.graph.vertices.last, top.node.time == nil {
      hasSeveralLosses = top.edges.count > 1 && top.edges.allSatisfy { $0.factor.form == .identity }
    }
    func flush(
      _ next: Int??, _ own: inout ExpansionText, _ rows: inout RowWriter
    ) {
      guard let now = pending else { return }
      let isLast = next == nil || next! != now.loss
      var piece = now.text
      if hasSeveralLosses, !(now.isFirst && isLast) {
        if now.isFirst { piece = own.open + piece }
        if isLast { piece += own.close }
      }
      let sign = isFirstLoss && now.isFirst ? "" : "+ "
      rows.add(
        sign + piece, breaksBefore: now.isFirst && hasSeveralLosses,
        indentation: now.isFirst ? 0 : 2)
      if isLast { isFirstLoss = false }
    }
    var own = self
    expansion.forEachTerm(in: &workspace) { term, workspace in
      let isFirst = pending == nil || pending?.loss != term.loss
      flush(.some(term.loss), &own, &rows)
      pending = (term.loss, own.term(term, in: &workspace), isFirst)
    }
    flush(nil, &own, &rows)
    if pending == nil { rows.add("0") }
  }

  private mutating func writeCopies(to rows: inout RowWriter, in workspace: inout Workspace) {
    guard case .parameter(let parameter) = expansion.graph.unrolling.source,
      case .derivative(let result, _, let intervention) = workspace[expansion.derivative]
    else { return }
    func left(_ step: Int?, _ own: inout ExpansionText, _ workspace: inout Workspace) -> String {
      var variable = Variable(parameter)
      variable.copy = step.map { Time($0) }
      let copy = workspace.vectorized(variable, if: own.expansion.graph.isVectorized)
      return own.text(
        workspace.expression(.derivative(of: result, by: copy, intervention)), in: workspace)
    }
    rows.begin(text(expansion.derivative, in: workspace))
    let uses = Array(expansion.uses.reversed())
    for (place, step) in uses.enumerated() {
      rows.add((place > 0 ? "+ " : "") + left(step, &self, &workspace))
    }
    var own = self
    var current: Int??
    var expansion = self.expansion
    var copies = rows
    expansion.forEachTerm(in: &workspace) { term, workspace in
      var sign = "+ "
      if current == nil || current! != term.use {
        copies.begin(left(term.use, &own, &workspace))
        current = .some(term.use)
        sign = ""
      }
      copies.add(sign + own.term(term, in: &workspace))
    }
    rows = copies
  }

  private mutating func writePaths(to rows: inout RowWriter, in workspace: inout Workspace) {
    rows.begin(text(expansion.derivative, in: workspace))
    var own = self
    var expansion = self.expansion
    var current: Int??
    var isFirst = true
    var paths = rows
    expansion.forEachTerm(in: &workspace) { term, workspace in
      let start = own.start(using: term.use, in: &workspace)
      var words = ""
      if own.expansion.uses.count > 1, current == nil || current! != term.use {
        let count = own.expansion.pathCount(using: term.use)
        words = count == BigInteger(1) ? "the one path" : "the first of \(count) paths"
        words += " through " + (own.style == .latex ? "$" + start + "$" : start)
        current = .some(term.use)
      }
      var names: [String] = []
      for place in term.vertices {
        names.append(own.node(own.expansion.graph.vertices[place].node, in: &workspace))
      }
      if names.last != start { names.append(start) }
      let product = own.term(term, in: &workspace)
      let sign = isFirst ? "" : "+ "
      if own.style == .latex {
        paths.add(sign + product, breaksBefore: true)
        paths.remark(
          "along $" + names.joined(separator: " \\to ") + "$" + (words.isEmpty ? "" : ", " + words))
      } else {
        if !words.isEmpty { paths.remark(words + ":") }
        paths.add(
          sign + product + "   [" + names.joined(separator: " → ") + "]", breaksBefore: true)
      }
      isFirst = false
    }
    rows = paths
  }

  /// The source, or its copy.
  mutating func start(using step: Int?, in workspace: inout Workspace) -> String {
    switch expansion.graph.unrolling.source {
    case .node(let node): return self.node(node, in: &workspace)
    case .parameter(let symbol):
      return text(workspace.variable(symbol, copy: step.map { Time($0) }), in: workspace)
    }
  }

  // MARK: Horner

  /// How many factors d(v) has when all is written inside; which vertices several others lead to.
  private func sizes() -> (inside: [Double], shared: Double, isShared: [Bool]) {
    let vertices = expansion.graph.vertices
    var inside: [Double] = []
    var shared = 0.0
    var readers = [Int](repeating: 0, count: vertices.count)
    for vertex in vertices {
      var size = Double(vertex.entries.count)
      for edge in vertex.edges {
        size += 1 + inside[edge.target]
        readers[edge.target] += 1
      }
      shared += Double(vertex.entries.count + vertex.edges.count)
      inside.append(size)
    }
    return (inside, shared, readers.map { $0 > 1 })
  }

  private mutating func writeNested(to rows: inout RowWriter, in workspace: inout Workspace) {
    let (inside, shared, isShared) = sizes()
    let last = expansion.graph.vertices.count - 1
    let isWhole = (inside.last ?? 0) <= 3 * shared + 60
    rows.begin(text(expansion.derivative, in: workspace))
    nest(last, lead: "", tail: "", 0, isWhole ? [] : isShared, &rows, &workspace)
    if isWhole { return }
    for place in stride(from: last - 1, through: 0, by: -1)
    where isShared[place] && expansion.graph.vertices[place].node != expansion.start {
      rows.begin(effect(on: expansion.graph.vertices[place].node, in: &workspace))
      nest(place, lead: "", tail: "", 0, isShared, &rows, &workspace)
    }
  }

  /// - Parameters:
  ///   - lead: a sign and the factors before.
  ///   - isNamed: whether a d(v) has a row of its own; empty: none.
  private mutating func nest(
    _ place: Int, lead: String, tail: String, _ depth: Int, _ isNamed: [Bool],
    _ rows: inout RowWriter, _ workspace: inout Workspace
  ) {
    let vertex = expansion.graph.vertices[place]
    let isSum = vertex.edges.count > 1 && vertex.edges.allSatisfy { $0.factor.form == .identity }
    let count = vertex.entries.count + vertex.edges.count
    let isBracketed = count > 1 && !lead.isEmpty && lead != "+ "
    var number = 0
    func ends() -> (lead: String, tail: String) {
      defer { number += 1 }
      let first = number == 0
      let final = number == count - 1
      let before = first ? (isBracketed ? joined(lead, open) : lead) : "+ "
      return (before, final ? (isBracketed ? close : "") + tail : "")
    }
    for entry in vertex.entries {
      let (before, after) = ends()
      if let factor = expansion.expression(of: entry, in: &workspace) {
        rows.add(
          joined(before, self.factor(factor, in: workspace)) + after, indentation: 2 * depth)
      } else {
        let isAlone = before.isEmpty || before == "+ "
        let unit = isAlone ? text(workspace.unit(of: vertex.node.symbol), in: workspace) : ""
        rows.add(before + unit + after, indentation: 2 * depth)
      }
    }
    for edge in vertex.edges {
      let (before, after) = ends()
      let target = expansion.graph.vertices[edge.target]
      var next = before
      if let factor = expansion.expression(of: edge.factor, in: &workspace) {
        next = joined(before, self.factor(factor, in: workspace))
      }
      if target.node == expansion.start {
        rows.add(next + after, indentation: 2 * depth)
      } else if !isNamed.isEmpty, isNamed[edge.target] {
        rows.add(
          joined(next, effect(on: target.node, in: &workspace)) + after, indentation: 2 * depth)
      } else {
        if isSum { rows.breakRow() }
        nest(
          edge.target, lead: next, tail: after, depth + (isSum ? 0 : 1), isNamed, &rows,
          &workspace)
      }
    }
  }

  // MARK: All T

  private mutating func writeGeneral(
    _ general: Inquiry.GeneralExpansion, to rows: inout RowWriter,
    in workspace: inout Workspace
  ) {
    if general.sum != general.derivative {
      rows.begin(text(general.derivative, in: workspace))
      var terms = [general.sum]
      if case .sum(let several) = workspace[general.sum] { terms = several }
      for (place, term) in terms.enumerated() {
        rows.add((place > 0 ? "+ " : "") + text(term, in: workspace))
      }
    }
    guard let block = general.block, let later = general.later, let earlier = general.earlier
    else { return }
    let step = workspace.name(of: block.step)
    let (t, k) = (workspace.name(of: later), workspace.name(of: earlier))
    let isLatex = style == .latex
    let now = state(of: block, at: Time(block.step), in: &workspace)
    let before = state(of: block, at: Time(block.step, plus: -1), in: &workspace)
    let quotient =
      isLatex
      ? "\\frac{\\partial \(now)}{\\partial \(before)}" : "∂\(now)/∂\(before)"
    for transition in general.transitions {
      rows.begin(text(transition.quotient, in: workspace))
      for (place, term) in transition.terms.enumerated() {
        let place = (place, "\(term.row + 1)\(term.column + 1)")
        let product =
          isLatex
          ? "\\Bigl[ \\prod_{\(step)=\(t)}^{\(k)+1} \(quotient) \\Bigr]_{\(place.1)}"
          : "[∏_{\(step)=\(t)}^{\(k)+1} \(quotient)]_{\(place.1)}"
        var piece = (place.0 > 0 ? "+ " : "") + product
        if let factor = term.factor {
          piece = joined(piece, self.factor(factor, in: workspace))
        }
        rows.add(piece)
      }
    }
    rows.begin(quotient)
    let count = block.parts.count
    var matrix = isLatex ? "\\begin{bmatrix} " : "["
    for row in 0..<count {
      if row > 0 { matrix += isLatex ? " \\\\ " : "; " }
      for column in 0..<count {
        if column > 0 { matrix += isLatex ? " & " : ", " }
        matrix += block.blocks[row * count + column].map { text($0, in: workspace) } ?? "0"
      }
    }
    rows.add(matrix + (isLatex ? " \\end{bmatrix}" : "]"))
  }

  /// The parts of the state at one step.
  private mutating func state(
    of block: BlockTransition, at time: Time, in workspace: inout Workspace
  ) -> String {
    var names: [String] = []
    for part in block.parts {
      let variable = Variable(part.symbol, at: time - part.delay)
      names.append(text(workspace.vectorized(variable, if: block.isVectorized), in: workspace))
    }
    return "(" + names.joined(separator: ", ") + ")"
  }
}
