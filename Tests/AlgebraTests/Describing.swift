import Expressions

extension Page {
  /// The expression in one line, for failure messages.
  func text(_ e: Expression) -> String {
    func list(_ operands: [Expression], _ separator: String) -> String {
      "(" + operands.map { text($0) }.joined(separator: separator) + ")"
    }
    switch w[e] {
    case .number(let value), .decimal(let value, _): return value.description
    case .variable(let variable):
      let name = w[variable.symbol].name
      return variable.time.map { name + "_" + text($0) } ?? name
    case .timeValue(let time): return "[" + text(time) + "]"
    case .dimensionValue: return "dim"
    case .identity: return "I"
    case .ones: return "1⃗"
    case .zero: return "0⃗"
    case .sum(let terms): return list(terms, " + ")
    case .negative(let operand): return "-" + text(operand)
    case .product(let factors): return list(factors, " ")
    case .hadamard(let factors): return list(factors, "⊙")
    case .quotient(let a, let b): return text(a) + "/" + text(b)
    case .power(let a, let b): return text(a) + "^" + text(b)
    case .transpose(let operand): return text(operand) + "ᵀ"
    case .apply(let function, let n, let operand):
      return "\(function)" + String(repeating: "'", count: n) + "{" + text(operand) + "}"
    case .tensorFunction(let function, let operand): return "\(function){" + text(operand) + "}"
    case .entry(let operand, let indices): return text(operand) + "_\(indices.map { text($0) })"
    case .indexSum(let symbol, let body): return "Σ_\(symbol.id){" + text(body) + "}"
    case .tabulate(let symbols, let body):
      return "table\(symbols.map { $0.id }){" + text(body) + "}"
    case .delta(let a, let b): return "δ(\(text(a)),\(text(b)))"
    case .timeSum(let symbol, let from, let through, let body):
      return "Σ{\(name(symbol))=\(text(from))…\(text(through)): \(text(body))}"
    case .timeProduct(let symbol, let from, let through, let body, let order):
      let arrow = order == .descending ? "↓" : "↑"
      return "Π\(arrow){\(name(symbol))=\(text(from))…\(text(through)): \(text(body))}"
    case .iverson(let conditions):
      return "[" + conditions.map { text($0) + "≥0" }.joined(separator: ",") + "]"
    case .pathProduct(let path):
      return
        "P{\(name(path.step)): \(text(path.lower))→\(text(path.upper)) \(list(path.blocks, ","))}"
    default: return "\(w[e])"
    }
  }

  private func name(_ symbol: TimeSymbol) -> String { w.name(of: symbol) + "\(symbol.id)" }

  private func text(_ index: Index) -> String {
    switch index {
    case .label(let symbol): return "i\(symbol.id)"
    case .literal(let value): return "\(value)"
    case .last: return "last"
    }
  }

  private func text(_ time: Time) -> String {
    var parts = time.terms.map {
      ($0.coefficient == 1 ? "" : $0.coefficient == -1 ? "-" : "\($0.coefficient)")
        + name($0.symbol)
    }
    if time.constant != 0 || parts.isEmpty { parts.append("\(time.constant)") }
    return parts.joined(separator: "+")
  }
}
