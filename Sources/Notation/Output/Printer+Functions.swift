import Expressions

/// Functions, powers, transposes, stacks, derivatives.
extension Printer {
  func functionName(
    _ function: ElementwiseFunction, in workspace: borrowing Workspace
  ) -> String {
    switch function {
    case .sigmoid: return conventions.writesSigmoid ? word("sigmoid") : sign("\\sigma", "σ")
    case .tanh: return sign("\\tanh", "tanh")
    case .exp: return sign("\\exp", "exp")
    case .log: return sign("\\log", "log")
    case .sin: return sign("\\sin", "sin")
    case .cos: return sign("\\cos", "cos")
    case .sqrt: return word("sqrt")
    case .relu: return word("relu")
    case .softplus: return word("softplus")
    case .absolute: return word("abs")
    case .sign: return word("sign")
    case .generic(let symbol): return name(workspace.name(of: symbol))
    }
  }

  /// An upright name.
  func word(_ name: String) -> String { sign(conventions.wordCommand + "{" + name + "}", name) }

  func primes(_ count: Int) -> String {
    count <= 3
      ? String(repeating: "'", count: count) : above("(\(count))")
  }

  func apply(
    _ function: ElementwiseFunction, _ derivative: Int, _ argument: Expression,
    in workspace: borrowing Workspace
  ) -> Printed {
    if argument == conventions.loneArgument {
      return Printed(functionName(function, in: workspace) + primes(derivative), .scripted)
    }
    let inner = print(argument, in: workspace)
    if derivative == 0 {
      if function == .sqrt, form == .latex {
        return Printed("\\sqrt{" + inner.text + "}", .factor, isTall: inner.isTall)
      }
      if function == .absolute { return fenced(inner, "\\lvert ", " \\rvert", "|", "|") }
    }
    let head = functionName(function, in: workspace) + primes(derivative)
    return Printed(head + bracketed(inner).text, .factor, isTall: inner.isTall)
  }

  private func fenced(
    _ inner: Printed, _ open: String, _ close: String, _ before: String, _ after: String
  ) -> Printed {
    if form == .unicode { return Printed(before + inner.text + after, .base) }
    return inner.isTall
      ? Printed(
        "\\left" + open + inner.text + " \\right" + trimmedStart(close), .base, isTall: true)
      : Printed(open + inner.text + close, .base)
  }

  private func trimmedStart(_ text: String) -> String {
    text.utf8.first == 32 ? String(text.unicodeScalars.dropFirst()) : text
  }

  /// `f(a, b)`
  func call(
    _ head: String, _ arguments: [Expression], in workspace: borrowing Workspace
  ) -> Printed {
    var text = ""
    var isTall = false
    for (i, argument) in arguments.enumerated() {
      let inner = print(argument, in: workspace)
      text += (i == 0 ? "" : ", ") + inner.text
      isTall = isTall || inner.isTall
    }
    return Printed(
      head + bracketed(Printed(text, .sum, isTall: isTall)).text, .factor, isTall: isTall)
  }

  func tensorFunction(
    _ function: TensorFunction, _ argument: Expression, in workspace: borrowing Workspace
  ) -> Printed {
    switch function {
    case .diag: return call(word("diag"), [argument], in: workspace)
    case .trace: return call(word("tr"), [argument], in: workspace)
    case .determinant: return call(sign("\\det", "det"), [argument], in: workspace)
    case .norm:
      return fenced(print(argument, in: workspace), "\\lVert ", " \\rVert", "‖", "‖")
    case .spectralNorm:
      return fenced(print(argument, in: workspace), "\\lVert ", " \\rVert_2", "‖", "‖₂")
    case .spectralRadius: return call(sign("\\rho", "ρ"), [argument], in: workspace)
    case .softmax: return call(word("softmax"), [argument], in: workspace)
    case .vec: return call(word("vec"), [argument], in: workspace)
    case .total: return call(word("sum"), [argument], in: workspace)
    case .maximum: return call(sign("\\max", "max"), [argument], in: workspace)
    }
  }

  func power(
    _ base: Expression, _ exponent: Expression, in workspace: borrowing Workspace
  ) -> Printed {
    let script = above(print(exponent, in: workspace).text)
    var isNumber = false
    if case .number(let value) = workspace[exponent], value.isInteger, value.signum > 0 {
      isNumber = true
    }
    if isNumber, let power = power(ofApplication: base, script, in: workspace) { return power }
    if form == .latex, workspace[exponent] == .number(Rational(-1)),
      case .transpose(let operand) = workspace[base], conventions.quotes[base] == nil
    {
      // `X^{-\top}`
      let inner = print(operand, in: workspace)
      if inner.precedence == .base {
        return Printed(inner.text + "^{-" + transposeMark + "}", .scripted, isTall: inner.isTall)
      }
    }
    let inner = print(base, in: workspace)
    if inner.precedence == .base || isNumber && inner.takesPower {
      return Printed(inner.text + script, .scripted, isTall: inner.isTall)
    }
    return Printed(bracketed(inner).text + script, .scripted, isTall: inner.isTall)
  }

  /// A power with a number above.
  func power(
    _ base: Expression, above number: String, in workspace: borrowing Workspace
  ) -> Printed {
    let inner = print(base, in: workspace)
    let isPlain = inner.precedence == .base || inner.takesPower
    return Printed(
      (isPlain ? inner : bracketed(inner)).text + above(number), .scripted, isTall: inner.isTall)
  }

  /// tanh² x, as people write it.
  func power(
    ofApplication base: Expression, _ script: String, in workspace: borrowing Workspace
  ) -> Printed? {
    guard case .apply(let function, 0, let argument) = workspace[base], function != .sqrt,
      function != .absolute
    else { return nil }
    if argument == conventions.loneArgument {
      return Printed(functionName(function, in: workspace) + script, .scripted)
    }
    let inner = print(argument, in: workspace)
    return Printed(
      functionName(function, in: workspace) + script + bracketed(inner).text, .factor,
      isTall: inner.isTall)
  }

  func transpose(_ operand: Expression, in workspace: borrowing Workspace) -> Printed {
    if case .opaquePartial(let function, let time, let slots, let arguments) = workspace[operand],
      isTurned(slots, arguments, of: function, in: workspace)
    {
      return partial(function, time, slots, arguments, in: workspace)
    }
    let mark = transposeMark
    let inner = print(operand, in: workspace)
    let script = form == .unicode ? mark : "^" + mark
    if inner.precedence == .base || inner.precedence == .scripted && !inner.text.contains("^") {
      return Printed(inner.text + script, .scripted, isTall: inner.isTall)
    }
    if form == .latex, case .variable(let variable) = workspace[operand], variable.time != nil,
      conventions.time != .superscript, conventions.time != .subscript,
      inner.text.utf8.last == UInt8(ascii: "}")
    {
      // `h^{(t)\top}`
      let open = String(inner.text.unicodeScalars.dropLast())
      return Printed(open + mark + "}", .scripted)
    }
    return Printed(bracketed(inner).text + script, .scripted, isTall: inner.isTall)
  }

  private var transposeMark: String {
    switch conventions.transpose {
    case .top: sign("\\top", "ᵀ")
    case .letter: sign("T", "ᵀ")
    case .roman: sign("{\\mathrm{T}}", "ᵀ")
    }
  }

  func stack(
    _ rows: Int, _ columns: Int, _ blocks: [Expression], in workspace: borrowing Workspace
  ) -> Printed {
    if form == .latex, columns == 1, let sign = conventions.stackSign {
      var texts: [String] = []
      for block in blocks { texts.append(print(block, in: workspace).text) }
      return Printed("[" + texts.joined(separator: sign) + "]", .base)
    }
    var text = ""
    /// Whether what a block stands beside or above says how large it is.
    func isMeasured(_ place: Int) -> Bool {
      func says(_ other: Int) -> Bool {
        switch workspace[blocks[other]] {
        case .identity, .zero: return false
        default: return true
        }
      }
      let (row, column) = (place / columns, place % columns)
      let byRow = blocks.indices.contains { $0 / columns == row && says($0) }
      let byColumn = blocks.indices.contains { $0 % columns == column && says($0) }
      if case .identity = workspace[blocks[place]] { return byRow || byColumn }
      return byRow && byColumn
    }
    for row in 0..<rows {
      if row > 0 { text += sign(" \\\\ ", "; ") }
      for column in 0..<columns where row * columns + column < blocks.count {
        if column > 0 { text += sign(" & ", ", ") }
        let block = blocks[row * columns + column]
        text += print(block, in: workspace).text
        if form == .latex, conventions.quotes[block] == nil, !isMeasured(row * columns + column) {
          text += size(of: block, in: workspace)
        }
      }
    }
    return form == .latex
      ? Printed("\\begin{bmatrix} " + text + " \\end{bmatrix}", .base, isTall: true)
      : Printed("[" + text + "]", .base)
  }

  /// The size of an identity or a zero as its script, where it has a name.
  private func size(of block: Expression, in workspace: borrowing Workspace) -> String {
    var sizes: [Dimension] = []
    switch workspace[block] {
    case .identity(let n): sizes = [n]
    case .zero(let shape) where shape.order == 2: sizes = shape.dimensions
    default: break
    }
    let names = sizes.flatMap { $0.symbols }.map { workspace.name(of: $0) }
    if names.contains("?") { return "" }
    return sizes.isEmpty ? "" : below(self.sizes(sizes, joinedBy: " \\times ", in: workspace))
  }

  // Derivatives.

  func derivative(
    _ numerator: Expression, _ denominator: Expression, _ intervention: Intervention,
    in workspace: borrowing Workspace
  ) -> Printed {
    let isImmediate = intervention.mode == .immediate
    var result: Printed
    if let second = secondDerivative(numerator, denominator, intervention, in: workspace) {
      return second
    }
    if !isImmediate, intervention.layout == .gradient, conventions.layout.givesRows,
      intervention.held.isEmpty
    {
      return nabla(of: numerator, denominatorText(denominator, in: workspace), in: workspace)
    }
    var sign = self.sign("\\partial", "∂") + space
    if intervention.mode == .whole || !isImmediate && conventions.differentialSign != nil {
      sign = self.sign(conventions.differentialSign ?? "d", "d")
    }
    let above =
      (isImmediate ? self.sign("\\partial^+ ", "∂⁺") : sign)
      + operandText(numerator, in: workspace)
    let by = denominatorText(denominator, in: workspace)
    result = fraction(above, sign + by)
    if !intervention.held.isEmpty {
      var names: [String] = []
      for symbol in intervention.held { names.append(name(workspace[symbol].name)) }
      let held = "_{" + names.joined(separator: ", ") + "}"
      result =
        form == .latex
        ? Printed("\\left." + result.text + "\\right|" + held, .scripted, isTall: true)
        : Printed("(" + result.text + ")|" + held, .scripted)
    }
    return result
  }

  /// `∇_{W} L`
  func nabla(
    of numerator: Expression, _ denominator: String, in workspace: borrowing Workspace
  ) -> Printed {
    let of = atLeast(.factor, print(numerator, in: workspace))
    return Printed(
      sign("\\nabla", "∇") + below(denominator) + " " + of.text, .factor, isOpen: true,
      isTall: of.isTall)
  }

  /// The Jacobian of a gradient: ∂²f/∂x ∂yᵀ, for scalars ∂²f/∂x².
  private func secondDerivative(
    _ numerator: Expression, _ second: Expression, _ intervention: Intervention,
    in workspace: borrowing Workspace
  ) -> Printed? {
    guard case .derivative(let operand, let first, let inner) = workspace[numerator],
      inner == Intervention(layout: .gradient), intervention == Intervention(layout: .numerator),
      case .variable(let a) = workspace[first], case .variable(let b) = workspace[second],
      a.time == nil, b.time == nil
    else { return nil }
    let isScalar = workspace[b.symbol].shape.isScalar
    let mark = sign("\\partial", "∂")
    let (x, y) = (print(first, in: workspace).text, print(second, in: workspace).text)
    let thin = sign("\\, ", " ")
    let below =
      isScalar && a == b
      ? mark + space + x + sign("^2", "²")
      : mark + space + x + thin + mark + space + y
        + (isScalar ? "" : sign("^\\top", "ᵀ"))
    let above = mark + sign("^2 ", "²") + operandText(operand, in: workspace)
    return fraction(above, form == .latex || isScalar && a == b ? below : "(" + below + ")")
  }

  private var space: String { form == .latex ? " " : "" }

  /// A derivative's fraction: with a slash it binds tighter than a product.
  private func fraction(_ above: String, _ below: String) -> Printed {
    form == .latex
      ? Printed("\\frac{" + above + "}{" + below + "}", .factor, isTall: true)
      : Printed(above + "/" + below, .factor)
  }

  private func operandText(
    _ operand: Expression, in workspace: borrowing Workspace
  ) -> String {
    let inner = print(operand, in: workspace)
    if case .derivative = workspace[operand] { return bracketed(inner).text }
    return atLeast(.factor, inner, isLast: false).text
  }

  /// A stack of nodes by which one differentiates is written as a tuple.
  private func denominatorText(
    _ operand: Expression, in workspace: borrowing Workspace
  ) -> String {
    guard case .stack(_, let columns, let blocks) = workspace[operand], columns == 1 else {
      return operandText(operand, in: workspace)
    }
    var text = ""
    for (i, block) in blocks.enumerated() {
      text += (i == 0 ? "" : ", ") + print(block, in: workspace).text
    }
    return "(" + text + ")"
  }

  func differential(_ operand: Expression, in workspace: borrowing Workspace) -> Printed {
    let inner = print(operand, in: workspace)
    let head = sign("\\mathrm{d}", "d")
    var isRaised = false
    switch workspace[operand] {
    case .power, .transpose: isRaised = true
    default: break
    }
    if inner.precedence >= .scripted, !isRaised {
      return Printed(head + sign(" ", "") + inner.text, .factor, isOpen: true, isTall: inner.isTall)
    }
    let body = inner.precedence == .factor ? sign(" ", " ") + inner.text : bracketed(inner).text
    return Printed(head + body, .factor, isOpen: true, isTall: inner.isTall)
  }

  // Unknown functions and paths.

  func opaqueName(
    _ function: OpaqueFunction, _ time: Time?, in workspace: borrowing Workspace
  ) -> String {
    let base = name(workspace[function].name)
    guard let time else { return base }
    return timed(base, time, in: workspace)
  }

  /// The node is a column by a vector, in whichever layout it is written.
  func opaquePartial(
    _ function: OpaqueFunction, _ time: Time?, _ slots: [Int], _ arguments: [Expression],
    in workspace: borrowing Workspace
  ) -> Printed {
    let quotient = partial(function, time, slots, arguments, in: workspace)
    guard isTurned(slots, arguments, of: function, in: workspace) else { return quotient }
    let script = form == .unicode ? transposeMark : "^" + transposeMark
    return Printed(bracketed(quotient).text + script, .scripted, isTall: quotient.isTall)
  }

  /// Whether the quotient of a scalar function is the transpose of the node.
  private func isTurned(
    _ slots: [Int], _ arguments: [Expression], of function: OpaqueFunction,
    in workspace: borrowing Workspace
  ) -> Bool {
    guard slots.count == 1, workspace[function].shape.isScalar,
      let shape = try? workspace.shape(of: plain(arguments[slots[0]], in: workspace))
    else { return false }
    if shape.isRow { return true }
    return shape.isVector && conventions.layout.givesRows
      || shape.isMatrix && conventions.layout == .transposed
  }

  /// What one differentiates by: a row rather than its transpose.
  private func plain(_ argument: Expression, in workspace: borrowing Workspace) -> Expression {
    guard case .transpose(let inner) = workspace[argument],
      (try? workspace.shape(of: inner))?.squeezed.order == 1
    else { return argument }
    return inner
  }

  private func partial(
    _ function: OpaqueFunction, _ time: Time?, _ slots: [Int], _ arguments: [Expression],
    in workspace: borrowing Workspace
  ) -> Printed {
    let partial = sign("\\partial", "∂")
    let order = slots.count == 1 ? "" : above("\(slots.count)")
    var below = ""
    for (i, slot) in slots.enumerated() where arguments.indices.contains(slot) {
      if i > 0 { below += sign("\\, ", " ") }
      below += partial + space
      if case .opaque(let inner, let at, _) = workspace[arguments[slot]] {
        below += opaqueName(inner, at, in: workspace)
      } else {
        below += operandText(plain(arguments[slot], in: workspace), in: workspace)
      }
    }
    return fraction(partial + order + space + opaqueName(function, time, in: workspace), below)
  }

  func pathProduct(_ path: PathProduct, in workspace: borrowing Workspace) -> Printed {
    let lower = name(workspace.name(of: path.step)) + "=" + time(path.upper, in: workspace)
    let upper = time(path.lower + 1, in: workspace)
    if path.size == 1, let block = path.blocks.first {
      return big(sign("\\prod", "∏"), lower, upper, block, in: workspace)
    }
    let matrix = stack(path.size, path.size, path.blocks, in: workspace)
    let product = Printed(
      sign("\\prod", "∏") + "_{" + lower + "}^{" + upper + "} " + matrix.text, .factor,
      isOpen: true, isTall: true)
    return Printed(
      bracketed(product).text + below("\(path.row + 1)\(path.column + 1)"), .scripted, isTall: true)
  }
}
