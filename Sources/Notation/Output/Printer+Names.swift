import Expressions

/// Numbers, times, dimensions, variables and their entries.
extension Printer {
  func number(_ value: Rational) -> Printed {
    if value.isInteger {
      return value.signum < 0
        ? Printed(minus + (-value).numerator.description, .sum)
        : Printed(value.numerator.description, .base)
    }
    let magnitude = value.signum < 0 ? -value : value
    let (above, below) = (magnitude.numerator.description, magnitude.denominator.description)
    let text = form == .latex ? "\\frac{" + above + "}{" + below + "}" : above + "/" + below
    return Printed(
      (value.signum < 0 ? minus : "") + text, value.signum < 0 ? .sum : .factor,
      isTall: form == .latex)
  }

  /// With exactly so many digits after the point.
  func decimal(_ value: Rational, places: Int) -> Printed {
    let isNegative = value.signum < 0
    let magnitude = isNegative ? -value : value
    let shift = Rational(10).raised(to: places) ?? .one
    let scaled = magnitude * shift
    let whole = scaled.numerator.quotientAndRemainder(dividingBy: scaled.denominator).quotient
    var digits = Array(whole.description.utf8)
    if places >= digits.count + 4, !whole.isZero {
      var text = String(decoding: digits[..<1], as: UTF8.self)
      if digits.count > 1 { text += "." + String(decoding: digits[1...], as: UTF8.self) }
      text += "e-\(places - digits.count + 1)"
      return Printed((isNegative ? minus : "") + text, isNegative ? .sum : .base)
    }
    while digits.count <= places { digits.insert(48, at: 0) }
    var text = String(decoding: digits[..<(digits.count - places)], as: UTF8.self)
    if places > 0 {
      text += "." + String(decoding: digits[(digits.count - places)...], as: UTF8.self)
    }
    return Printed((isNegative ? minus : "") + text, isNegative ? .sum : .base)
  }

  /// `t-1`, `2k+1`, `0`
  func time(_ time: Time, in workspace: borrowing Workspace) -> String {
    // What is added first, so that `t-k` does not become `-k+t`, nor `3-k` `-k+3`.
    let isLed = time.constant > 0 && time.terms.allSatisfy { $0.coefficient < 0 }
    var text = isLed ? "\(time.constant)" : ""
    for isNegative in [false, true] {
      for term in time.terms where (term.coefficient < 0) == isNegative {
        text += text.isEmpty ? (isNegative ? minus : "") : (isNegative ? minus : "+")
        let size = abs(term.coefficient)
        text += (size == 1 ? "" : "\(size) ") + name(workspace.name(of: term.symbol))
      }
    }
    if text.isEmpty { return signed(time.constant) }
    if time.constant > 0, !isLed { text += "+\(time.constant)" }
    if time.constant < 0 { text += minus + "\(-time.constant)" }
    return text
  }

  private func signed(_ value: Int) -> String { value < 0 ? minus + "\(-value)" : "\(value)" }

  func precedence(of time: Time) -> Precedence {
    let parts = time.terms.count + (time.constant == 0 && !time.terms.isEmpty ? 0 : 1)
    if parts > 1 { return .sum }
    if let term = time.terms.first {
      return term.coefficient < 0 ? .sum : term.coefficient == 1 ? .base : .product
    }
    return time.constant < 0 ? .sum : .base
  }

  /// `n`, `n+d`, `4n`
  func dimension(_ dimension: Dimension, in workspace: borrowing Workspace) -> String {
    var text = ""
    for isNegative in [false, true] {
      for monomial in dimension.monomials where (monomial.coefficient < 0) == isNegative {
        text += text.isEmpty ? (isNegative ? minus : "") : (isNegative ? minus : "+")
        let size = abs(monomial.coefficient)
        if size != 1 || monomial.symbols.isEmpty { text += "\(size)" }
        for (i, symbol) in monomial.symbols.enumerated() {
          text += (i > 0 ? " " : "") + name(workspace.name(of: symbol))
        }
      }
    }
    return text.isEmpty ? "0" : text
  }

  /// `n × (n+d)`: several sizes with a sign between them.
  func sizes(
    _ dimensions: [Dimension], joinedBy sign: String, in workspace: borrowing Workspace
  ) -> String {
    var texts: [String] = []
    for size in dimensions {
      let text = dimension(size, in: workspace)
      let isOpen = dimensions.count > 1 && precedence(of: size) == .sum
      texts.append(isOpen ? "(" + text + ")" : text)
    }
    return texts.joined(separator: sign)
  }

  func precedence(of dimension: Dimension) -> Precedence {
    if dimension.monomials.count > 1 { return .sum }
    guard let monomial = dimension.monomials.first else { return .base }
    if monomial.coefficient < 0 { return .sum }
    let factors = monomial.symbols.count + (monomial.coefficient == 1 ? 0 : 1)
    return factors > 1 ? .product : .base
  }

  /// A name with its time, its copy.
  func variable(_ variable: Variable, in workspace: borrowing Workspace) -> Printed {
    let base = name(workspace[variable.symbol].name)
    if let copy = variable.copy {
      return Printed(base + above("(" + time(copy, in: workspace) + ")"), .scripted)
    }
    guard let time = variable.time else {
      return Printed(base, hasScript(base) ? .scripted : .base)
    }
    return Printed(
      timed(base, time, in: workspace), .scripted,
      takesPower: conventions.stepsAreArguments
        || conventions.time == .subscript && !base.contains("^"))
  }

  /// A name at a time, as the document writes times.
  func timed(_ base: String, _ time: Time, in workspace: borrowing Workspace) -> String {
    let text = self.time(time, in: workspace)
    if conventions.stepsAreArguments {
      return base + (conventions.time == .brackets ? "[" + text + "]" : "(" + text + ")")
    }
    switch conventions.time {
    case .subscript:
      if conventions.stepsStandFirst, let place = base.firstIndex(of: "^"),
        !base[..<place].contains("_")
      {
        return base[..<place] + below(text) + base[place...]
      }
      guard let script = splitBelow(base) else { return base + below(text) }
      return script.base + "_{" + script.below + "," + text + "}"
    case .superscript: return base + above(text)
    case .parentheses: return base + above("(" + text + ")")
    case .brackets: return base + above("[" + text + "]")
    case .angle:
      return base + above(form == .latex ? "\\langle " + text + " \\rangle" : "⟨" + text + "⟩")
    }
  }

  func hasScript(_ name: String) -> Bool { name.contains("_") || name.contains("^") }

  /// `W_{f}` as `W` and `f`; nil if nothing stands below.
  private func splitBelow(_ name: String) -> (base: String, below: String)? {
    let bytes = Array(name.utf8)
    guard let place = bytes.lastIndex(of: UInt8(ascii: "_")), place > 0 else { return nil }
    var rest = Array(bytes[(place + 1)...])
    if rest.first == UInt8(ascii: "{"), rest.last == UInt8(ascii: "}") {
      rest = Array(rest.dropFirst().dropLast())
    }
    if rest.contains(UInt8(ascii: "^")) || rest.contains(UInt8(ascii: "{")) { return nil }
    return (
      base: String(decoding: bytes[..<place], as: UTF8.self),
      below: String(decoding: rest, as: UTF8.self)
    )
  }

  func index(_ index: Index, in workspace: borrowing Workspace) -> String {
    switch index {
    case .label(let symbol): return name(workspace[symbol].name)
    case .literal(let value): return "\(value)"
    case .last(let dimension): return self.dimension(dimension, in: workspace)
    }
  }

  /// `ij`, `1d`, with commas where a place takes more than one sign.
  func indices(_ indices: [Index], in workspace: borrowing Workspace) -> String {
    var parts: [String] = []
    for place in indices { parts.append(index(place, in: workspace)) }
    let areShort = parts.allSatisfy { $0.unicodeScalars.count == 1 }
    return parts.joined(separator: areShort ? "" : ",")
  }

  /// `W_{ij}`, `(h_t)_i`, `h_i^{(t)}`
  func entry(
    _ operand: Expression, _ places: [Index], in workspace: borrowing Workspace
  ) -> Printed {
    let script = below(indices(places, in: workspace))
    if case .variable(let variable) = workspace[operand], variable.copy == nil {
      let base = name(workspace[variable.symbol].name)
      if !hasScript(base) {
        guard let time = variable.time else { return Printed(base + script, .scripted) }
        if conventions.time != .subscript {
          return Printed(timed(base + script, time, in: workspace), .scripted)
        }
        if conventions.entriesStandBeside {
          let text = self.time(time, in: workspace) + "," + indices(places, in: workspace)
          return Printed(base + below(text), .scripted)
        }
      }
    }
    let inner = print(operand, in: workspace)
    let base = inner.precedence == .base ? inner : bracketed(inner)
    return Printed(base.text + script, .scripted, isTall: base.isTall)
  }

  func iverson(_ times: [Time], in workspace: borrowing Workspace) -> Printed {
    var parts: [String] = []
    // Two letters that are one: Kronecker's δ.
    if times.count == 2, times[0] == times[1].scaled(by: -1), times[0].constant == 0,
      let i = times[0].terms.first(where: { $0.coefficient == 1 }),
      let j = times[0].terms.first(where: { $0.coefficient == -1 }), times[0].terms.count == 2
    {
      let letters = [i, j].map { name(workspace.name(of: $0.symbol)) }
      let separator = letters.allSatisfy { $0.count == 1 } ? "" : ","
      return Printed(
        sign("\\delta", "δ") + "_{" + letters.joined(separator: separator) + "}", .scripted)
    }
    for time in times {
      var lower = Time(terms: time.terms.filter { $0.coefficient < 0 }, constant: 0)
        .scaled(by: -1)
      var upper = Time(terms: time.terms.filter { $0.coefficient > 0 }, constant: 0)
      if time.constant < 0 { lower = lower + -time.constant } else { upper = upper + time.constant }
      parts.append(
        self.time(lower, in: workspace) + sign(" \\le ", " ≤ ") + self.time(upper, in: workspace))
    }
    return Printed("[" + parts.joined(separator: ", ") + "]", .base)
  }
}

extension Printer {
  /// The term of `\sum_c (e_c)_c p_c` with a one-hot e_c, which is written `p_c`.
  func atClass(
    _ index: IndexSymbol, _ body: Expression, in workspace: borrowing Workspace
  ) -> Expression? {
    guard case .product(let factors) = workspace[body], factors.count == 2,
      case .entry(let operand, [.label(index)]) = workspace[factors[0]],
      case .variable(let mark) = workspace[operand],
      workspace[mark.symbol].properties.contains(.oneHot),
      workspace[mark.symbol].name == "e_" + workspace[index].name
    else { return nil }
    return factors[1]
  }
}
