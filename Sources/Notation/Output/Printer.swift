import Expressions

/// The expression as LaTeX; read back under the same conventions it is the same expression.
/// O(size of the tree).
package func latex(
  _ expression: Expression, in workspace: borrowing Workspace,
  conventions: Conventions = Conventions()
) -> String {
  Printer(.latex, conventions).print(expression, in: workspace).text
}

/// The expression as a line of Unicode text. O(size of the tree).
package func unicode(
  _ expression: Expression, in workspace: borrowing Workspace,
  conventions: Conventions = Conventions()
) -> String {
  Printer(.unicode, conventions).print(expression, in: workspace).text
}

/// What stands around a part that is replaced.
package enum Surroundings: Sendable {
  /// Nothing that could tear it apart.
  case open
  /// Other terms.
  case sum
  /// Whatever the old part held together against.
  case tight
  /// A script above.
  case script
  /// The old part had brackets of its own.
  case brackets
}

/// The expression as it is written in the place of another: in brackets where it needs them.
/// O(size of the trees).
package func replacement(
  of old: Expression, by new: Expression, in surroundings: Surroundings, isUnicode: Bool,
  _ workspace: borrowing Workspace, conventions: Conventions
) -> String {
  let printer = Printer(isUnicode ? .unicode : .latex, conventions)
  let (before, after) = (printer.print(old, in: workspace), printer.print(new, in: workspace))
  let needsBrackets =
    switch surroundings {
    case .open: false
    case .sum: after.precedence == .sum
    case .tight:
      after.precedence < before.precedence && after.precedence < .factor
        || after.isOpen && !before.isOpen
    case .script:
      after.precedence < .scripted || after.text.utf8.contains(UInt8(ascii: "^"))
    case .brackets: after.precedence < .factor || after.isOpen
    }
  return needsBrackets ? printer.bracketed(after).text : after.text
}

/// The text without the one pair of round brackets that holds all of it.
package func unbracketed(_ text: String) -> String {
  guard Printed.isBracketed(text) else { return text }
  for (open, close) in [
    ("\\left(", "\\right)"), ("\\bigl(", "\\bigr)"), ("\\Bigl(", "\\Bigr)"),
    ("\\biggl(", "\\biggr)"), ("\\Biggl(", "\\Biggr)"), ("\\big(", "\\big)"), ("\\Big(", "\\Big)"),
    ("(", ")"),
  ] where text.hasPrefix(open) && text.hasSuffix(close) {
    var bytes = Array(text.utf8.dropFirst(open.utf8.count).dropLast(close.utf8.count))
    while bytes.first == 32 { bytes.removeFirst() }
    while bytes.last == 32 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
  return text
}

/// A sum or product sign with its bounds: `\sum_{k=0}^t`.
package func bigSign(
  isSum: Bool, _ step: TimeSymbol, from: Time, to: Time, isUnicode: Bool, isGrouped: Bool,
  in workspace: borrowing Workspace
) -> String {
  let printer = Printer(isUnicode ? .unicode : .latex, Conventions())
  let sign = isSum ? printer.sign("\\sum", "∑") : printer.sign("\\prod", "∏")
  let lower =
    printer.name(workspace.name(of: step)) + "=" + printer.time(from, in: workspace)
  let upper = printer.time(to, in: workspace)
  return sign + "_{" + lower + "}" + (isGrouped ? "^{" + upper + "}" : printer.above(upper))
}

/// A name that was kept as LaTeX, as Unicode text.
package func unicodeName(_ latex: String) -> String { UnicodeName(latex).text }

/// `t-1`, `k+1`, as LaTeX.
package func timeText(_ time: Time, in workspace: borrowing Workspace) -> String {
  Printer(.latex, Conventions()).time(time, in: workspace)
}

/// `n`, `n+d`, `4n`, as Unicode text.
package func dimensionText(_ dimension: Dimension, in workspace: borrowing Workspace) -> String {
  Printer(.unicode, Conventions()).dimension(dimension, in: workspace)
}

/// `n × d`, `n`, `scalar`: a shape in words for people.
package func shapeText(_ shape: Shape, in workspace: borrowing Workspace) -> String {
  if shape.isScalar { return "scalar" }
  return Printer(.unicode, Conventions()).sizes(shape.dimensions, joinedBy: " × ", in: workspace)
}

/// The sizes above the letter of a space: `n \times d`; nothing for numbers.
package func sizesText(
  _ shape: Shape, isUnicode: Bool, in workspace: borrowing Workspace
) -> String {
  Printer(isUnicode ? .unicode : .latex, Conventions())
    .sizes(shape.dimensions, joinedBy: isUnicode ? "×" : " \\times ", in: workspace)
}

/// Writes expressions; one `switch` over the kinds of nodes.
struct Printer {
  enum Form: Hashable {
    case latex, unicode
  }
  let form: Form
  let conventions: Conventions

  init(_ form: Form, _ conventions: Conventions) {
    self.form = form
    self.conventions = conventions
  }

  /// The first of the two for LaTeX, the second for Unicode.
  func sign(_ latex: String, _ unicode: String) -> String { form == .latex ? latex : unicode }

  func print(_ expression: Expression, in workspace: borrowing Workspace) -> Printed {
    let printed = named(expression, in: workspace) ?? unquoted(expression, in: workspace)
    guard let quote = conventions.quotes[expression] else { return printed }
    var quoted = printed.quoting(quote)
    // A gradient's name holds together: `dZ`.
    if case .derivative = workspace[expression],
      quote.utf8.allSatisfy({ $0 > 32 && $0 != UInt8(ascii: "\\") })
    {
      quoted.isOpen = false
    }
    return quoted
  }

  private func unquoted(_ expression: Expression, in workspace: borrowing Workspace) -> Printed {
    switch workspace[expression] {
    case .number(let value): return number(value)
    case .decimal(let value, let places): return decimal(value, places: places)
    case .variable(let variable): return self.variable(variable, in: workspace)
    case .timeValue(let time):
      return Printed(self.time(time, in: workspace), precedence(of: time))
    case .dimensionValue(let dimension):
      return Printed(self.dimension(dimension, in: workspace), precedence(of: dimension))
    case .identity:
      // Beside a symbol of that name it is bold.
      let isBold =
        conventions.boldIdentity ?? workspace.symbols.contains { $0.name == "I" }
      return Printed(isBold ? sign("\\mathbf{I}", "𝐈") : "I", .base)
    case .ones: return Printed(sign("\\mathbf{1}", "𝟏"), .base)
    case .zero: return Printed("0", .base)
    case .unitVector(let index, _):
      return Printed("e" + below(self.index(index, in: workspace)), .scripted)
    case .delta(let a, let b):
      return Printed(sign("\\delta", "δ") + below(indices([a, b], in: workspace)), .scripted)
    case .sum(let terms): return sum(terms, in: workspace)
    case .negative(let operand): return negative(operand, in: workspace)
    case .product(let factors): return product(factors, in: workspace)
    case .hadamard(let factors):
      if factors.count == 2, factors[0] == factors[1] {
        if let square = power(ofApplication: factors[0], above("2"), in: workspace) {
          return square
        }
        let shape = try? workspace.shape(of: factors[0])
        if conventions.writesSquares, let shape, shape.isVector || shape.isRow {
          return power(factors[0], above: "2", in: workspace)
        }
      }
      return binary(factors, sign(" \\odot ", " ⊙ "), in: workspace)
    case .kronecker(let a, let b):
      return binary([a, b], sign(" \\otimes ", " ⊗ "), in: workspace)
    case .quotient(let a, let b): return quotient(a, b, in: workspace)
    case .power(let base, let exponent): return power(base, exponent, in: workspace)
    case .transpose(let operand): return transpose(operand, in: workspace)
    case .apply(let function, let derivative, let argument):
      return apply(function, derivative, argument, in: workspace)
    case .maximum(let a, let b):
      return call(sign("\\max", "max"), [a, b], in: workspace)
    case .tensorFunction(let function, let argument):
      return tensorFunction(function, argument, in: workspace)
    case .stack(let rows, let columns, let blocks):
      return stack(rows, columns, blocks, in: workspace)
    case .entry(let operand, let indices): return entry(operand, indices, in: workspace)
    case .indexSum(let index, let body):
      if let term = atClass(index, body, in: workspace) { return print(term, in: workspace) }
      let name = name(workspace[index].name)
      let upper = dimension(workspace[index].dimension, in: workspace)
      return big(sign("\\sum", "∑"), name + "=1", upper, body, in: workspace)
    case .tabulate(let labels, let body):
      var text = ""
      for label in labels { text += name(workspace[label].name) }
      return Printed(
        bracketed(print(body, in: workspace)).text + below(text), .scripted, isTall: true)
    case .timeSum(let symbol, let from, let through, let body):
      return big(
        sign("\\sum", "∑"), name(workspace.name(of: symbol)) + "=" + time(from, in: workspace),
        time(through, in: workspace), body, in: workspace)
    case .timeProduct(let symbol, let from, let through, let body, let order):
      let (first, last) = order.isAscending ? (from, through) : (through, from)
      return big(
        sign("\\prod", "∏"), name(workspace.name(of: symbol)) + "=" + time(first, in: workspace),
        time(last, in: workspace), body, in: workspace)
    case .iverson(let times): return iverson(times, in: workspace)
    case .pathProduct(let path): return pathProduct(path, in: workspace)
    case .opaque(let function, let time, let arguments):
      let name = opaqueName(function, time, in: workspace)
      return arguments.isEmpty ? Printed(name, .scripted) : call(name, arguments, in: workspace)
    case .opaquePartial(let function, let time, let slots, let arguments):
      return opaquePartial(function, time, slots, arguments, in: workspace)
    case .derivative(let numerator, let denominator, let intervention):
      return derivative(numerator, denominator, intervention, in: workspace)
    case .differential(let operand): return differential(operand, in: workspace)
    case .elided(let function, let derivative, _):
      return Printed(
        functionName(function, in: workspace) + primes(derivative) + conventions.placeholder,
        .scripted)
    }
  }

  // Brackets.

  /// Round brackets around it.
  func bracketed(_ inner: Printed) -> Printed {
    if form == .latex, inner.isTall {
      return Printed("\\left( " + inner.text + " \\right)", .base, isTall: true)
    }
    return Printed("(" + inner.text + ")", .base, isTall: inner.isTall)
  }

  /// As it is if it holds together at least so tightly, else in brackets.
  func atLeast(_ precedence: Precedence, _ inner: Printed, isLast: Bool = true) -> Printed {
    inner.precedence >= precedence && (isLast || !inner.isOpen) ? inner : bracketed(inner)
  }

  // Scripts.

  func below(_ text: String) -> String { "_" + grouped(text) }
  func above(_ text: String) -> String { "^" + grouped(text) }

  private func grouped(_ text: String) -> String {
    text.unicodeScalars.count == 1 ? text : "{" + text + "}"
  }

  /// A name that was kept as LaTeX.
  func name(_ latex: String) -> String {
    // Letters that count steps and sizes are kept without their backslash.
    let latex = UnicodeName.isLetter(latex) ? "\\" + latex : latex
    if form == .unicode { return UnicodeName(latex).text }
    return conventions.bracesAccents ? latex : withoutBraces(latex)
  }

  /// `\tilde h` for `\tilde{h}`.
  private func withoutBraces(_ latex: String) -> String {
    var text = latex
    for accent in ["hat", "tilde", "bar", "vec", "dot"] {
      let head = "\\" + accent + "{"
      guard text.hasPrefix(head), let end = text.firstIndex(of: "}") else { continue }
      let inner = text.dropFirst(head.count).prefix { $0 != "}" }
      if inner.count == 1 { text = "\\" + accent + " " + inner + text[end...].dropFirst() }
    }
    return text
  }

  // Sums and products.

  private func sum(_ terms: [Expression], in workspace: borrowing Workspace) -> Printed {
    if terms.isEmpty { return Printed("0", .base) }
    if terms.count == 1 { return print(terms[0], in: workspace) }
    var text = ""
    var isTall = false
    for (i, term) in terms.enumerated() {
      var printed = print(term, in: workspace)
      if case .sum(let inner) = workspace[term], inner.count > 1 { printed = bracketed(printed) }
      isTall = isTall || printed.isTall
      if i == 0 {
        text = printed.text
      } else if printed.startsWithMinus {
        text += " " + minus + " " + withoutMinus(printed.text)
      } else {
        text += " + " + printed.text
      }
    }
    return Printed(text, .sum, isTall: isTall)
  }

  var minus: String { sign("-", "−") }

  private func withoutMinus(_ text: String) -> String {
    var rest = String(text.unicodeScalars.dropFirst())
    while rest.utf8.first == 32 { rest = String(rest.unicodeScalars.dropFirst()) }
    return rest
  }

  private func negative(_ operand: Expression, in workspace: borrowing Workspace) -> Printed {
    let printed = print(operand, in: workspace)
    let inner = printed.startsWithMinus ? bracketed(printed) : atLeast(.binary, printed)
    return Printed(minus + inner.text, .sum, isOpen: inner.isOpen, isTall: inner.isTall)
  }

  private func product(_ factors: [Expression], in workspace: borrowing Workspace) -> Printed {
    if factors.isEmpty { return Printed("1", .base) }
    if factors.count == 1 { return print(factors[0], in: workspace) }
    var text = ""
    var isTall = false
    var isOpen = false
    var precedence = Precedence.product
    for (i, factor) in factors.enumerated() {
      let isLast = i == factors.count - 1
      let raw = print(factor, in: workspace)
      var printed = atLeast(.factor, raw, isLast: isLast)
      if i == 0, case .number = workspace[factor],
        raw.precedence == .sum || raw.precedence == .factor
      {
        // A negative coefficient stands before without brackets.
        printed = raw
        if raw.startsWithMinus { precedence = .sum }
      }
      if i == 0 {
        text = printed.text
      } else if printed.startsWithDigit
        || printed.startsWithBracket && couldBeApplied(factors[i - 1], in: workspace)
      {
        text += sign(" \\cdot ", " · ") + printed.text
        if precedence == .product { precedence = .binary }
      } else {
        text += separator(printed) + printed.text
      }
      isTall = isTall || printed.isTall
      isOpen = printed.isOpen
    }
    return Printed(text, precedence, isOpen: isOpen, isTall: isTall)
  }

  /// A thin space before what begins with a bracket or an upright word.
  private func separator(_ next: Printed) -> String {
    if form == .unicode { return " " }
    let isWord = ["\\math", "\\operatorname", "\\text"].contains { next.text.hasPrefix($0) }
    return next.startsWithBracket || isWord ? "\\, " : " "
  }

  /// Whether brackets behind it would be read as its argument.
  private func couldBeApplied(
    _ factor: Expression, in workspace: borrowing Workspace
  ) -> Bool {
    switch workspace[factor] {
    case .variable(let variable): return workspace[variable.symbol].properties.contains(.loss)
    case .elided: return true
    default: return false
    }
  }

  /// Operands side by side with a sign between.
  private func binary(
    _ operands: [Expression], _ sign: String, in workspace: borrowing Workspace
  ) -> Printed {
    if operands.count == 1 { return print(operands[0], in: workspace) }
    var text = ""
    var isTall = false
    var isOpen = false
    for (i, operand) in operands.enumerated() {
      let printed = atLeast(
        .factor, print(operand, in: workspace), isLast: i == operands.count - 1)
      text += (i == 0 ? "" : sign) + printed.text
      isTall = isTall || printed.isTall
      isOpen = printed.isOpen
    }
    return Printed(text, .binary, isOpen: isOpen, isTall: isTall)
  }

  private func quotient(
    _ a: Expression, _ b: Expression, in workspace: borrowing Workspace
  ) -> Printed {
    let (above, below) = (print(a, in: workspace), print(b, in: workspace))
    if form == .latex {
      return Printed("\\frac{" + above.text + "}{" + below.text + "}", .factor, isTall: true)
    }
    return Printed(
      atLeast(.product, above, isLast: false).text + "/" + atLeast(.factor, below).text, .binary)
  }

  /// A sum or product sign with its bounds and its body.
  func big(
    _ sign: String, _ lower: String, _ upper: String, _ body: Expression,
    in workspace: borrowing Workspace
  ) -> Printed {
    let inner = print(body, in: workspace)
    var governed = atLeast(.binary, inner)
    if governed.startsWithMinus { governed = bracketed(inner) }
    return Printed(
      sign + "_{" + lower + "}^" + grouped(upper) + " " + governed.text, .factor, isOpen: true,
      isTall: true)
  }
}
