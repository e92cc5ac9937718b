import Expressions
import Notation

@testable import Documents

/// Spells expressions out node by node, so that nothing of how they were read is hidden: a time
/// stands behind `@`, a copy behind `~`, `T()` is a transpose, `D()` a differential, `?` marks a
/// slope without its argument.
struct Spelling {
  static func spell(_ root: Expression, in w: borrowing Workspace) -> String {
    func list(_ items: [Expression], _ sign: String) -> String {
      "(" + items.map { spell($0, in: w) }.joined(separator: sign) + ")"
    }
    func index(_ index: Index) -> String {
      switch index {
      case .label(let label): return w[label].name
      case .literal(let value): return "\(value)"
      case .last(let dimension): return dimensionText(dimension, in: w)
      }
    }
    func time(_ time: Time) -> String { timeText(time, in: w) }
    func range(_ k: TimeSymbol, _ from: Time, _ through: Time) -> String {
      w.name(of: k) + "=" + time(from) + ".." + time(through)
    }
    func name(_ function: ElementwiseFunction, _ order: Int) -> String {
      var name = "\(function)"
      if case .generic(let symbol) = function { name = w.name(of: symbol) }
      return name + String(repeating: "'", count: order)
    }
    func one(_ operand: Expression) -> String { spell(operand, in: w) }
    switch w[root] {
    case .number(let value): return value.description
    case .decimal(let value, let places): return "\(value)#\(places)"
    case .variable(let variable):
      return w[variable.symbol].name + (variable.time.map { "@" + time($0) } ?? "")
        + (variable.copy.map { "~" + time($0) } ?? "")
    case .timeValue(let value): return "<" + time(value) + ">"
    case .dimensionValue(let value): return "<" + dimensionText(value, in: w) + ">"
    case .identity: return "I"
    case .ones: return "ones"
    case .zero: return "zero"
    case .unitVector(let place, _): return "e_" + index(place)
    case .delta(let a, let b): return "delta[" + index(a) + "," + index(b) + "]"
    case .sum(let terms): return list(terms, " + ")
    case .negative(let operand): return "-" + one(operand)
    case .product(let factors): return list(factors, " ")
    case .hadamard(let factors): return list(factors, " ⊙ ")
    case .quotient(let a, let b): return list([a, b], " / ")
    case .power(let a, let b): return one(a) + "^" + one(b)
    case .transpose(let operand): return "T(" + one(operand) + ")"
    case .apply(let function, let order, let operand):
      return name(function, order) + "(" + one(operand) + ")"
    case .maximum(let a, let b): return "max" + list([a, b], ", ")
    case .tensorFunction(let function, let operand): return "\(function)(" + one(operand) + ")"
    case .kronecker(let a, let b): return list([a, b], " ⊗ ")
    case .stack(let rows, let columns, let blocks):
      return "[\(rows)×\(columns)]" + list(blocks, ", ")
    case .entry(let operand, let indices):
      return one(operand) + "[" + indices.map(index).joined(separator: ",") + "]"
    case .indexSum(let label, let body): return "sum[" + w[label].name + "](" + one(body) + ")"
    case .tabulate(_, let body): return "table(" + one(body) + ")"
    case .timeSum(let k, let from, let through, let body):
      return "sum[" + range(k, from, through) + "](" + one(body) + ")"
    case .timeProduct(let k, let from, let through, let body, let order):
      return "prod[" + range(k, from, through) + (order.isAscending ? " up](" : " down](")
        + one(body) + ")"
    case .iverson(let conditions): return "iverson" + conditions.map(time).joined(separator: ",")
    case .pathProduct: return "path"
    case .opaque: return "opaque"
    case .opaquePartial: return "partial"
    case .derivative(let a, let b, let intervention):
      let mark = intervention.mode == .immediate ? "⁺" : ""
      let layout = intervention.layout == .numerator ? "" : "[\(intervention.layout)]"
      return "∂" + mark + layout + list([a, b], " / ")
    case .differential(let operand): return "D(" + one(operand) + ")"
    case .elided(let function, let order, _): return name(function, order) + "?"
    }
  }
}

/// What is known of a page when its formulas are read.
struct PageReading: ~Copyable {
  var w = Workspace()
  let page: Page

  init(_ text: String, given other: String? = nil) {
    var given: Page?
    if let other {
      let source = Source(path: "given.md", text: Array(other.utf8))
      given = Page(reading: source, Manuscript(source), in: &w)
    }
    let source = Source(path: "page.md", text: Array(text.utf8))
    page = Page(reading: source, Manuscript(source), given: given, in: &w)
  }

  /// The names of the page, with nothing known of them but that.
  private mutating func elaborator() -> Elaborator {
    var table = SymbolTable()
    for key in page.knownKeys {
      table.insert(
        key, w.symbol(SymbolRecord(name: key.name, shape: .scalar, isFamily: key.isFamily)))
    }
    return Elaborator(page: page.notation, table: table, layout: .numerator)
  }

  /// The sides of a statement, spelled out.
  mutating func sides(of statement: Statement) throws(Unreadable) -> [String] {
    var elaborator = elaborator()
    let left = try elaborator.elaborate(statement.left, in: &w)
    let right = try elaborator.elaborate(statement.right, in: &w)
    return [Spelling.spell(left.expression, in: w), Spelling.spell(right.expression, in: w)]
  }
}

/// The right side of the last relation of a page, spelled out.
func lastRightSide(_ text: String) throws -> String {
  var reading = PageReading(text)
  guard let last = reading.page.statements.last else { return "no statement" }
  return try reading.sides(of: last)[1]
}
