import Expressions
import Notation

/// Dots in sums, products, matrices and lists: replaced by the rule that the written members share.
extension Elaborator {
  private var ellipsis: Ellipsis {
    Ellipsis { letter in letter == "T" ? 2 : letter == "t" || letter == "n" ? 1 : 0 }
  }

  /// Letters that a running letter must not hide.
  private var taken: Set<String> {
    Set(labels.map { $0.letter } + boundTimes.map { $0.letter })
  }

  // MARK: Sums

  /// `a_1 + a_2 + \cdots + a_n` with the members of its rule as one sum.
  func withoutDots(
    _ terms: [Formula.SignedTerm], _ span: Span
  ) throws(Unreadable) -> [Formula.SignedTerm] {
    var terms = terms.flatMap { Elaborator.splitDots($0) }
    while let place = terms.firstIndex(where: { $0.term.isEllipsis }) {
      let dots = terms[place].term.span
      guard place > 0, place + 1 < terms.count else { throw Unreadable(.dots, dots, "…") }
      let isNegative = terms[place - 1].isNegative
      let before = terms[..<place].reversed().prefix {
        $0.isNegative == isNegative || $0.term == terms[0].term
      }
      let after = terms[(place + 1)...].prefix {
        $0.isNegative == isNegative && !$0.term.isEllipsis
      }
      guard
        let rule = ellipsis.rule(
          before: before.reversed().map { $0.term.factorList },
          after: after.map { $0.term.factorList }, avoiding: taken)
      else { throw Unreadable(.dots, dots, "…") }
      terms.replaceSubrange(
        (place - rule.before)...(place + rule.after),
        with: [Formula.SignedTerm(isNegative: isNegative, term: Ellipsis.sum(rule))])
    }
    return terms
  }

  /// `\ldots w_d x_d`: a plus sign behind the dots is understood.
  private static func splitDots(_ term: Formula.SignedTerm) -> [Formula.SignedTerm] {
    guard case .juxtaposition(let items) = term.term.kind, items.count > 1, items[0].isEllipsis
    else { return [term] }
    return [
      Formula.SignedTerm(isNegative: false, term: items[0]),
      Formula.SignedTerm(
        isNegative: term.isNegative, term: Ellipsis.joined(Array(items.dropFirst()))),
    ]
  }

  // MARK: Products

  /// `J_t J_{t-1} \cdots J_{k+1}` with the members of its rule as one product.
  func withoutDots(_ items: [Formula], _ span: Span) throws(Unreadable) -> [Formula] {
    var items = items
    while let place = items.firstIndex(where: { $0.isEllipsis }) {
      guard let (range, product) = run(items, place) else {
        throw Unreadable(.dots, items[place].span, "…")
      }
      items.replaceSubrange(range, with: [product])
    }
    return items
  }

  private func run(_ items: [Formula], _ place: Int) -> (ClosedRange<Int>, Formula)? {
    for period in 1...4 {
      let before = stride(from: place - period, through: 0, by: -period).map {
        Array(items[$0..<($0 + period)])
      }
      let next = items[(place + 1)...].firstIndex { $0.isEllipsis } ?? items.count
      let after = stride(from: place + 1, through: next - period, by: period).map {
        Array(items[$0..<($0 + period)])
      }
      guard
        let rule = ellipsis.rule(before: before.reversed(), after: after, avoiding: taken)
      else { continue }
      let span = rule.body.span
      let product = Ellipsis.product(
        rule.letter, from: Formula(rule.first, span), through: Formula(rule.last, span),
        rule.body, isFalling: rule.isFalling)
      return (
        (place - period * rule.before)...(place + period * rule.after), product
      )
    }
    return nil
  }

  /// The operands of a chain of one sign, if dots stand among them.
  func dottedOperands(_ sign: Formula.BinaryOperator, _ formula: Formula) -> [Formula]? {
    func operands(_ part: Formula) -> [Formula] {
      switch part.kind {
      case .binary(sign, let a, let b): return operands(a) + operands(b)
      case .juxtaposition(let items) where sign != .hadamard && sign != .kronecker: return items
      default: return [part]
      }
    }
    let all = operands(formula)
    return all.contains { $0.isEllipsis } ? all : nil
  }

  /// `f_t ⊙ f_{t-1} ⊙ \cdots ⊙ f_{k+1}`: the diagonal of a product of diagonal matrices.
  mutating func hadamard(
    _ operands: [Formula], _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written {
    var factors: [Written] = []
    for item in try withoutDots(operands, span) {
      guard case .big(let sign, let below, let above, let body) = item.kind,
        sign == .risingFactors || sign == .fallingFactors
      else {
        factors.append(try elaborate(item, in: &workspace))
        continue
      }
      let product = try big(sign, below, above, body, span, in: &workspace)
      guard
        case .timeProduct(let symbol, let from, let through, let vector, let order) =
          workspace[product.expression]
      else { throw Unreadable(.dots, span, "…") }
      let matrix = workspace.expression(
        .timeProduct(
          symbol, from: from, through: through,
          workspace.expression(.tensorFunction(.diag, vector)), order))
      factors.append(
        Written(workspace.expression(.tensorFunction(.diag, matrix)), item.span))
    }
    if factors.count == 1 { return factors[0] }
    return Written(
      workspace.expression(.hadamard(factors.map { $0.expression })), span, factors)
  }

  // MARK: Matrices

  /// A matrix with dots as the rule of its entries; nil without dots.
  mutating func tabulated(
    _ rows: [[Formula]], _ span: Span, in workspace: inout Workspace
  ) throws(Unreadable) -> Written? {
    guard let grid = DottedGrid(rows) else { return nil }
    guard let rule = grid.rule(ellipsis, avoiding: taken) else {
      let dots = rows.joined().first { $0.isEllipsis }
      throw Unreadable(.dots, dots?.span ?? span, "…")
    }
    var axes: [IndexSymbol] = []
    for axis in rule.axes {
      let index = workspace.index(
        IndexRecord(
          name: axis.letter,
          dimension: page.dimension(of: Formula(axis.last, span), in: &workspace)))
      labels.insert((axis.letter, index), at: 0)
      axes.append(index)
    }
    defer { labels.removeFirst(axes.count) }
    let entry = try elaborate(rule.entry, in: &workspace)
    let table = workspace.expression(.tabulate(axes, entry.expression))
    switch rule.form {
    case .full: return Written(table, span)
    case .diagonal: return Written(workspace.expression(.tensorFunction(.diag, table)), span)
    case .row: return Written(workspace.expression(.transpose(table)), span)
    }
  }
}

/// A matrix some of whose rows or columns are dots.
struct DottedGrid {
  struct Rule {
    enum Form { case full, diagonal, row }
    var form: Form
    /// The letters of the axes, each from 1 to its last value.
    var axes: [(letter: String, last: AffineLetters)]
    var entry: Formula
  }

  /// The written cells.
  private var cells: [[Formula]]
  /// How many written rows and columns stand before the dots; nil where there are none.
  private var rowsBefore: Int?
  private var columnsBefore: Int?

  /// Nil for a matrix without dots.
  init?(_ rows: [[Formula]]) {
    guard rows.contains(where: { $0.contains { $0.isEllipsis } }) else { return nil }
    func isDots(_ row: [Formula]) -> Bool {
      row.contains { $0.isEllipsis } && row.allSatisfy { $0.isEllipsis || $0.kind == .empty }
    }
    let width = rows.first { !isDots($0) }?.count ?? 0
    var written: [[Formula]] = []
    for row in rows {
      if isDots(row) {
        if let before = rowsBefore, before != written.count { return nil }
        rowsBefore = written.count
      } else if row.count == width {
        written.append(row)
      } else if row.count == width + 1, row[0].kind == .empty {
        written.append(Array(row.dropFirst()))
      } else {
        return nil
      }
    }
    // Where the dots run down the diagonal, the cells above and below them may be left out.
    func isDots(_ column: Int) -> Bool {
      written.allSatisfy { $0[column].isEllipsis || $0[column].kind == .empty }
        && rows.contains { $0.indices.contains(column) && $0[column].isEllipsis }
    }
    var kept: [Int] = []
    for column in 0..<width {
      if isDots(column) {
        if columnsBefore != nil { return nil }
        columnsBefore = kept.count
      } else {
        kept.append(column)
      }
    }
    cells = written.map { row in kept.map { row[$0] } }
    guard !cells.joined().contains(where: { $0.isEllipsis }) else { return nil }
  }

  func rule(_ ellipsis: Ellipsis, avoiding taken: Set<String>) -> Rule? {
    guard let width = cells.first?.count, width > 0 else { return nil }
    var template = Ellipsis.Template()
    if let entry = template.unify(cells.flatMap { $0 }), !template.sites.isEmpty {
      return full(entry, template, ellipsis, width, taken)
    }
    return diagonal(ellipsis, width, taken)
  }

  /// All entries follow one rule.
  private func full(
    _ entry: Formula, _ template: Ellipsis.Template, _ ellipsis: Ellipsis, _ width: Int,
    _ taken: Set<String>
  ) -> Rule? {
    var rowSites: [(place: Int, site: Ellipsis.Template.Site)] = []
    var columnSites: [(place: Int, site: Ellipsis.Template.Site)] = []
    for (place, site) in template.sites.enumerated() {
      func value(_ row: Int, _ column: Int) -> AffineLetters? { site.values[row * width + column] }
      func isConstant(_ values: [AffineLetters?]) -> Bool {
        values.allSatisfy { $0 == values[0] }
      }
      let alongRows = cells.indices.map { value($0, 0) }
      let alongColumns = (0..<width).map { value(0, $0) }
      let byRow = cells.indices.allSatisfy { row in
        isConstant((0..<width).map { value(row, $0) })
      }
      let byColumn = (0..<width).allSatisfy { column in
        isConstant(cells.indices.map { value($0, column) })
      }
      if byRow, !byColumn {
        rowSites.append((place, .init(values: alongRows, isScript: site.isScript)))
      } else if byColumn, !byRow {
        columnSites.append((place, .init(values: alongColumns, isScript: site.isScript)))
      } else {
        return nil
      }
    }
    var values = [AffineLetters](
      repeating: AffineLetters(terms: [], constant: 0), count: template.sites.count)
    var axes: [(letter: String, last: AffineLetters)] = []
    var used = taken.union(Ellipsis.letters(of: cells))
    for (sites, before, count) in [
      (rowSites, rowsBefore, cells.count), (columnSites, columnsBefore, width),
    ] {
      if sites.isEmpty {
        guard before == nil, count == 1 else { return nil }
        continue
      }
      guard let before, before > 0, before < count,
        let pace = ellipsis.pace(sites.map { $0.site }, count: before),
        let last = DottedGrid.last(pace)
      else { return nil }
      let letter = Ellipsis.freshLetter(avoiding: used)
      used.insert(letter)
      axes.append((letter, last))
      for (k, site) in sites.enumerated() { values[site.place] = pace.value(k, letter) }
    }
    guard !axes.isEmpty else { return nil }
    return Rule(
      form: rowSites.isEmpty ? .row : .full, axes: axes, entry: entry.filling(values))
  }

  /// The last value of a place that counts from one.
  private static func last(_ pace: Ellipsis.Pace) -> AffineLetters? {
    let lead = pace.sites[pace.lead]
    return lead.step == 1 && lead.first.literal == 1 ? lead.last : nil
  }

  /// Zero off the diagonal, one rule along it.
  private func diagonal(_ ellipsis: Ellipsis, _ width: Int, _ taken: Set<String>) -> Rule? {
    guard cells.count == width, let before = rowsBefore, before == columnsBefore, before > 0,
      before < width
    else { return nil }
    for (r, row) in cells.enumerated() {
      for (c, cell) in row.enumerated() where r != c {
        guard case .number("0") = cell.kind else { return nil }
      }
    }
    var template = Ellipsis.Template()
    guard let entry = template.unify(cells.indices.map { cells[$0][$0] }),
      let pace = ellipsis.pace(template.sites, count: before), let last = DottedGrid.last(pace)
    else { return nil }
    let letter = Ellipsis.freshLetter(avoiding: taken.union(Ellipsis.letters(of: cells)))
    let values = template.sites.indices.map { pace.value($0, letter) }
    return Rule(form: .diagonal, axes: [(letter, last)], entry: entry.filling(values))
  }
}
