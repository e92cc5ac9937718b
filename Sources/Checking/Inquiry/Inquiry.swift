import Calculus
import Documents
import Expressions
import Notation
import Numerics

/// Why a question cannot be answered. Holds no wording.
package enum InquiryProblem: Error, Sendable {
  case unreadable(Unreadable)
  /// The name stands for nothing in the model; what there is.
  case unknownName(String, known: [String])
  /// Second derivatives are taken by one variable twice.
  case differentVariables
  case mismatch(ShapeMismatch)
  case derivative(DerivativeProblem)
  case expansion(ExpansionProblem)
  /// Only a name can be written out, by a name.
  case notName(Expression)
  /// What is differentiated by holds no variable; what there is.
  case constantDenominator(Expression, known: [String])
  /// How far is to be written out has not been said.
  case stepsMissing
  /// A script of several letters without braces: as written, as meant.
  case braces(String, String)
}

/// A question put to a page of equations: which derivative, which sum written out.
package struct Inquiry: Sendable {
  var theory: Theory
  private let statement: Statement?
  private let hasModel: Bool
  /// By how many variables is differentiated, and whether they are one.
  private let variables: (count: Int, areSame: Bool)
  /// What is asked, as written.
  private let written: (expression: String, node: String)

  /// - Parameters:
  ///   - expression: what is differentiated.
  ///   - node: by what; `x, x` for the second derivative.
  ///   - given: the equations; nil: names mean what custom gives them.
  package init(
    _ expression: String, by node: String, given: Page?, in workspace: inout Workspace
  ) {
    // An equation would define what stands on its left.
    let nodes = Inquiry.list(node)
    variables = (nodes.count, nodes.allSatisfy { $0 == nodes.first })
    written = (expression, nodes.first ?? "")
    let text =
      "<!-- leibniz: claim -->\n$$" + expression + " \\approx " + (nodes.first ?? "") + "$$\n"
    let source = Source(path: "", text: Array(text.utf8), format: .markdown)
    let page = Page(reading: source, Manuscript(source), given: given, in: &workspace)
    statement = page.statements.last
    theory = Theory(page)
    hasModel = given != nil
  }

  /// `C_{t-1}` for `C_t-1`, `W_{xh}` for `W_xh`; nil where no script is without its braces.
  ///
  /// - Parameter isSum: whether only what is read as a sum counts.
  private static func braced(_ text: String, isSum: Bool) -> String? {
    func isIn(_ byte: UInt8) -> Bool {
      switch byte {
      case 43, 45, 48...57, 65...90, 97...122: return true
      default: return false
      }
    }
    var (result, script): ([UInt8], [UInt8]?) = ([], nil)
    var isChanged = false
    func close() {
      guard let run = script else { return }
      let hasSign = run.contains(43) || run.contains(45)
      let isMeant = run.count > 1 && (hasSign || !isSum) && run.last != 43 && run.last != 45
      result += isMeant ? [123] + run + [125] : run
      if isMeant { isChanged = true }
      script = nil
    }
    for byte in text.utf8 {
      if script != nil, isIn(byte) {
        script?.append(byte)
        continue
      }
      close()
      result.append(byte)
      if byte == UInt8(ascii: "_") { script = [] }
    }
    close()
    return isChanged ? String(decoding: result, as: UTF8.self) : nil
  }

  /// Parts between commas; a comma in brackets separates nothing.
  private static func list(_ text: String) -> [String] {
    var parts: [[UInt8]] = [[]]
    var depth = 0
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
      if byte == UInt8(ascii: ","), depth == 0 {
        parts.append([])
      } else if byte != UInt8(ascii: " ")
        || parts[parts.count - 1].last.map({ $0 != byte }) ?? false
      {
        parts[parts.count - 1].append(byte)
      }
    }
    return parts.map { part in
      String(decoding: part.last == UInt8(ascii: " ") ? part.dropLast() : part[...], as: UTF8.self)
    }
  }

  /// The notation in which answers are given.
  package var conventions: Conventions {
    var conventions = Conventions(layout: theory.page.layout ?? .numerator)
    conventions.time = theory.page.timeNotation
    return conventions
  }

  /// The two sides in the names of their model.
  mutating func understood(
    _ layout: Layout, in workspace: inout Workspace
  ) throws(InquiryProblem) -> Claim {
    if let meant = Inquiry.braced(written.node, isSum: true) { throw .braces(written.node, meant) }
    guard let statement else {
      throw .unreadable(Unreadable(.missingOperand, Span(0, 0)))
    }
    var claim: Claim
    do throws(Unreadable) {
      claim = try theory.claim(statement, layout: layout, in: &workspace)
    } catch {
      throw untimed() ?? .unreadable(error)
    }
    let setting = theory[claim.setting]
    if let failure = setting.mismatch { throw .mismatch(failure.mismatch) }
    if hasModel, let stranger = claim.strangers.first {
      for text in [written.expression, written.node] {
        if let meant = Inquiry.braced(text, isSum: false) { throw .braces(text, meant) }
      }
      throw .unknownName(
        workspace[stranger].name, known: names(of: setting, workspace, except: claim.strangers))
    }
    return claim
  }

  /// That a name is asked for at a time or an entry which it does not have.
  private func untimed() -> InquiryProblem? {
    guard hasModel else { return nil }
    let names = theory.page.knownKeys
    for text in [written.expression, written.node] {
      guard case .scripts(let base, _?, nil, 0) = Formula(parsing: Array(text.utf8)).kind,
        let name = base.identifier?.latex, names.allSatisfy({ !$0.isFamily || $0.name != name })
      else { continue }
      return .unknownName(text, known: names.map { $0.isFamily ? $0.name + "_t" : $0.name })
    }
    return nil
  }

  func names(
    of setting: Setting, _ workspace: borrowing Workspace, except strangers: [Symbol]
  ) -> [String] {
    var names: [String] = []
    for key in theory.page.knownKeys {
      if let symbol = setting.table[key], strangers.contains(symbol) { continue }
      names.append(key.isFamily ? key.name + "_t" : key.name)
    }
    return names
  }

  // MARK: Derivatives

  package struct Derivative: Sendable {
    /// ∂a/∂b as it is asked.
    package var question: Expression
    /// The same without derivatives, shortest.
    package var answer: Expression
    /// Both by entries with named indices, where the answer has no matrix notation.
    package var entries: (question: Expression, answer: Expression)?
    /// How the differential comes about, where it has matrix notation; empty where equations of a
    /// model are used.
    package var differentials: [Step] = []
    /// The derivatives that the answer names, as recursions; of what has no recursion, those that lie
    /// between.
    package var equations: [DerivedEquation] = []
    /// Whether the answer names them.
    package var isRecursive = false
    package var shape: Shape
    package var steps: [Step]
    package var domain: [Time]
    /// What is said beside it of the times, where the answer is recursive.
    package var condition: [Time] = []
    /// What it is in the rest of the times, where another answer holds.
    package var exception: (domain: [Time], answer: Expression)?
    /// The answer against finite differences of the equations; nil if no point could be taken.
    package var numeric: NumericEvidence?
    /// Whether the numerator is an unknown function of the denominator, so that nothing follows.
    package var isUnknown = false
    /// Whether finite differences contradict the answer: a defect of Leibniz.
    package var isContradicted = false
  }

  /// The derivative, its steps, and its error against finite differences.
  /// - Parameter held: families whose nodes are cut off as well, by name.
  package mutating func derivative(
    isImmediate: Bool, held: [String], layout: Layout?, in workspace: inout Workspace
  ) throws(InquiryProblem) -> Derivative {
    let layout = layout ?? theory.page.layout ?? .numerator
    var claim = try understood(layout, in: &workspace)
    let setting = theory[claim.setting]
    var symbols: [Symbol] = []
    for name in held {
      guard
        let key = setting.table.keys.first(where: {
          $0.name == name || $0.isFamily && $0.name == Inquiry.family(name)
        }), let symbol = setting.table[key]
      else { throw .unknownName(name, known: names(of: setting, workspace, except: [])) }
      symbols.append(symbol)
    }
    var shapes = ShapeInference(rigid: theory.rigidSizes(claim.setting))
    do throws(ShapeMismatch) {
      _ = try shapes.shape(of: claim.left.expression, in: workspace)
      _ = try shapes.shape(of: claim.right.expression, in: workspace)
    } catch {
      throw .mismatch(error)
    }
    let written = workspace.variables(in: claim.left.expression).map { $0.symbol }
    let below = workspace.variables(in: claim.right.expression).map { $0.symbol }
    if below.isEmpty {
      throw .constantDenominator(
        claim.right.expression,
        known: hasModel
          ? names(of: setting, workspace, except: []) : written.map { workspace[$0].name })
    }
    if !hasModel, let stranger = below.first(where: { !written.contains($0) }) {
      var known: [String] = []
      for symbol in written where !known.contains(workspace[symbol].name) {
        known.append(workspace[symbol].name)
      }
      throw .unknownName(workspace[stranger].name, known: known)
    }
    shapes.commit(
      symbols: written + below,
      occurringIn: [claim.left.expression, claim.right.expression], to: &workspace)
    var intervention = Intervention(
      mode: isImmediate ? .immediate : .total, layout: layout, held: symbols)
    var numerator = shapes.resolving(claim.left.expression, in: &workspace)
    let denominator = shapes.resolving(claim.right.expression, in: &workspace)
    if variables.count > 1 {
      // ∂²f/∂x∂xᵀ is the Jacobian of the gradient in every layout.
      guard variables.count == 2, variables.areSame else { throw .differentVariables }
      intervention.layout = .gradient
      numerator = workspace.expression(.derivative(of: numerator, by: denominator, intervention))
      intervention.layout = .numerator
    }
    let question = workspace.expression(
      .derivative(of: numerator, by: denominator, intervention))
    claim.left = Written(question, Span(0, 0))
    claim.right = Written(question, Span(0, 0))
    claim = theory.namingCompounds(claim, in: &workspace)
    return try answer(claim, in: &workspace)
  }

  /// The family that is meant by `f`, `f_t`, `\hat f_t`, `f̂`.
  private static func family(_ name: String) -> String? {
    let formula = Formula(parsing: Array(name.utf8))
    if case .scripts(let base, let below?, nil, 0) = formula.kind {
      return below.identifier?.isPlain("t") == true ? base.identifier?.latex : nil
    }
    return formula.identifier?.latex
  }

  private mutating func answer(
    _ claim: Claim, in workspace: inout Workspace
  ) throws(InquiryProblem) -> Derivative {
    let question = claim.left.expression
    let model = theory[claim.setting].model
    var survey = DomainSurvey(setting: theory[claim.setting])
    survey.add(question, in: workspace)
    let domain = survey.required
    var witness = SymbolicWitness(model: model, premises: [], in: &workspace)
    witness.namesSlopes = true
    let equations = backwardPass(of: question, in: claim.setting, &witness, &workspace)
    let shape = (try? workspace.shape(of: question)) ?? .scalar
    if !equations.isEmpty, case .derivative(let above, _, _) = workspace[question],
      (try? workspace.shape(of: above))?.isScalar == true
    {
      return recursive(equations, shape)
    }
    if isUnknown(question, model, in: &workspace) {
      var result = Derivative(
        question: question, answer: question, shape: shape, steps: [], domain: domain)
      result.isUnknown = true
      return result
    }
    let plain: Expression
    do throws(DerivativeProblem) {
      plain = try witness.derived(question, for: domain, in: &workspace)
    } catch {
      throw .derivative(error)
    }
    var result = Derivative(
      question: question, answer: shortest(question, plain, domain, &witness, &workspace),
      equations: equations, shape: shape, steps: witness.steps, domain: domain)
    result.entries = byEntries(question, result.answer, in: &workspace)
    let isLong = workspace.contains(result.answer) { node in
      if case .pathProduct(let path) = node {
        return path.size > 1 || shape.squeezed.order > 2
      }
      return false
    }
    var size = 0
    for equation in equations { size += workspace.treeSize(equation.right) }
    let isShorter = shape.squeezed.order > 2 && size < workspace.treeSize(result.answer)
    let condition = onlyCondition(of: result.answer, within: domain, workspace)
    let isBare =
      workspace.holds(.tabulate, in: result.answer)
      && (result.entries.map { hasTwins($0.question, in: workspace) } ?? true)
      && condition.flatMap { columns(question, plain, domain + [$0], &witness, &workspace) } == nil
    if isLong || isShorter || isBare, !equations.isEmpty { return recursive(equations, shape) }
    if isBare, let matrices = unstacked(question, in: &workspace) {
      var claim = claim
      claim.left = Written(matrices, Span(0, 0))
      claim.right = claim.left
      return try answer(claim, in: &workspace)
    }
    if let (notation, steps) = matrixNotation(of: question, model, in: &workspace) {
      result.differentials = steps
      if let notation, workspace.treeSize(notation) <= workspace.treeSize(result.answer),
        case .equal = witness.compare(question, notation, for: [domain], in: &workspace)
      {
        result.answer = notation
      }
      result.answer = leadingPositive(result.answer, in: &workspace)
      result.entries = byEntries(question, result.answer, in: &workspace)
    }
    test(&result, result.answer, in: domain, model, workspace)
    result.entries = result.entries.map { tellingApart($0, in: &workspace) }
    guard let condition = onlyCondition(of: result.answer, within: domain, workspace) else {
      return result
    }
    // The general case for itself, without brackets.
    result.domain.append(condition)
    result.answer = shortest(question, plain, result.domain, &witness, &workspace)
    test(&result, result.answer, in: result.domain, model, workspace)
    result.entries = byEntries(question, result.answer, in: &workspace)
      .map { tellingApart($0, in: &workspace) }
    let rest = domain + [condition.scaled(by: -1) - 1]
    let answer = shortest(question, plain, rest, &witness, &workspace)
    test(&result, answer, in: rest, model, workspace)
    if !workspace.isZero(answer) {
      result.exception = (rest, answer)
      result.entries = nil
    }
    return result
  }

  /// Whether an unknown function is differentiated by what it is said to depend on.
  private func isUnknown(
    _ question: Expression, _ model: Model, in workspace: inout Workspace
  ) -> Bool {
    guard case .derivative(let above, let below, _) = workspace[question],
      case .variable(let result) = workspace[above],
      let definition = model.definition(of: result.symbol)
    else { return false }
    var body = definition.body
    if let step = definition.time, let time = result.time {
      body = workspace.substituting(step, by: time, in: body)
    }
    guard case .opaque(_, _, let arguments) = workspace[body] else { return false }
    return arguments.contains(below)
  }

  /// The answer as the first equation of a backward pass.
  private func recursive(
    _ equations: [DerivedEquation], _ shape: Shape
  ) -> Derivative {
    var result = Derivative(
      question: equations[0].left, answer: equations[0].right,
      equations: Array(equations.dropFirst()),
      isRecursive: true, shape: shape, steps: [], domain: equations[0].domain,
      condition: equations[0].condition)
    result.numeric = NumericEvidence(
      points: equations.map { $0.numeric.points }.min() ?? 0,
      maximumRelativeError: equations.map { $0.numeric.maximumRelativeError }.max() ?? 0)
    return result
  }

  /// Adds what finite differences say of an answer.
  private func test(
    _ result: inout Derivative, _ answer: Expression, in domain: [Time], _ model: Model,
    _ workspace: borrowing Workspace
  ) {
    var numbers = NumericWitness(model: model, domains: [domain], premises: [])
    switch numbers.compare(result.question, answer, in: workspace) {
    case .agrees(let points, let error, _):
      result.numeric = NumericEvidence(
        points: max(points, result.numeric?.points ?? 0),
        maximumRelativeError: max(error, result.numeric?.maximumRelativeError ?? 0))
    case .disagrees: result.isContradicted = true
    case .silent: break
    }
  }

  /// The time that must be ≥ 0 for some terms of the answer; nil if there is not just one.
  private func onlyCondition(
    of answer: Expression, within domain: [Time], _ workspace: borrowing Workspace
  ) -> Time? {
    let free = workspace.freeTimes(in: answer)
    var found: [Time] = []
    workspace.visit(answer) { _, node in
      guard case .iverson(let conditions) = node else { return }
      for condition in conditions where !found.contains(condition) { found.append(condition) }
    }
    guard found.count == 1, found[0].terms.allSatisfy({ free.contains($0.symbol) }) else {
      return nil
    }
    return found[0]
  }
}
