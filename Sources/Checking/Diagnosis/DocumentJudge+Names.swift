import Documents
import Expressions
import Notation

/// The names that a page gives to derivatives, for what is said of one of its lines.
extension DocumentJudge {
  /// The names by which a line may speak: those that it uses, and those that the page explained
  /// above of derivatives that the line does not write as quotients.
  mutating func derivativeNames(
    for statement: Statement, _ judged: Judged, in workspace: inout Workspace
  ) -> DerivativeNames {
    let notation = judge.theory.page.notation
    var names = DerivativeNames()
    var used: [(derivative: Expression, span: Span)] = []
    var nablas: [Expression] = []
    // What a display continues stands in another text.
    let written = [judged.claim.right] + (statement.continuesFormula ? [] : [judged.claim.left])
    for side in written {
      side.collectDerivatives(in: workspace) { derivative, span in
        if statement.source.begins(span, with: ["\\nabla", "∇"]) {
          nablas.append(derivative)
        } else if statement.source.isQuotient(span) {
          names.spelledOut.append(derivative)
        } else {
          used.append((derivative, span))
        }
      }
    }
    func isNamed(_ derivative: Expression, by entry: DerivativeNames.Entry) -> Bool {
      guard case .derivative(let above, let below, _) = workspace[derivative],
        case .variable(let a) = workspace[above], case .variable(let b) = workspace[below]
      else { return false }
      return entry.time(of: a, by: b).isNamed
    }
    var keys: [NameKey] = []
    for gradient in notation.gradients where !keys.contains(gradient.key) {
      keys.append(gradient.key)
      guard let own = notation.gradient(of: gradient.key, at: statement.index),
        own.statement < statement.index,
        let entry = entry(own, statement, judged, in: &workspace)
      else { continue }
      let isUsed = used.contains { isNamed($0.derivative, by: entry) }
      if isUsed || !names.spelledOut.contains(where: { isNamed($0, by: entry) }) {
        names.entries.append(entry)
      }
    }
    for (mark, name, words) in GradientMarks.all where notation.gradientMarks.contains(mark) {
      guard let example = used.first(where: { statement.source.begins($0.span, with: words) }),
        case .derivative(let above, _, let intervention) = workspace[example.derivative],
        case .variable(let loss) = workspace[above]
      else { continue }
      names.entries.append(
        DerivativeNames.Entry(of: loss, by: nil, layout: intervention.layout, name: name))
    }
    if let nabla = nablas.first, case .derivative(_, _, let intervention) = workspace[nabla] {
      names.entries.append(
        DerivativeNames.Entry(of: nil, by: nil, layout: intervention.layout, name: .nabla))
    }
    return names
  }

  /// `δ_t` as it is explained for all t.
  private mutating func entry(
    _ gradient: NamedGradient, _ statement: Statement, _ judged: Judged,
    in workspace: inout Workspace
  ) -> DerivativeNames.Entry? {
    var elaborator = Elaborator(
      page: judge.theory.page.notation, table: judge.theory[judged.setting].table,
      layout: judged.claim.layout)
    elaborator.knowsShapes = true
    elaborator.position = statement.index
    guard var meaning = (try? elaborator.elaborate(gradient.name, in: &workspace))?.expression
    else { return nil }
    var isTransposed = false
    if case .transpose(let operand) = workspace[meaning] {
      (meaning, isTransposed) = (operand, true)
    }
    guard case .derivative(let above, let below, let intervention) = workspace[meaning],
      case .variable(let a) = workspace[above], case .variable(let b) = workspace[below]
    else { return nil }
    var time: Time?
    if gradient.key.isFamily {
      // The name stands at the letter at which it is explained.
      guard let formal = elaborator.formalTime(of: gradient.name, in: &workspace),
        formal.symbol == b.time?.symbol
      else { return nil }
      time = formal
    }
    return DerivativeNames.Entry(
      of: a, by: b, layout: intervention.layout, isTransposed: isTransposed,
      name: .own(gradient.key.name, time))
  }
}

extension GradientMarks {
  /// Each mark with the name that it makes and how that begins in a formula.
  fileprivate static var all: [(GradientMarks, DerivativeNames.Name, [String])] {
    [
      (.d, .prefix("d"), ["d", "\\mathrm{d}", "\\mathrm d"]),
      (.delta, .prefix("\\delta"), ["\\delta", "δ"]), (.bar, .bar, ["\\bar", "\\overline"]),
    ]
  }
}

extension Written {
  /// Every derivative that is written, with its place.
  fileprivate func collectDerivatives(
    in workspace: borrowing Workspace, _ body: (Expression, Span) -> Void
  ) {
    switch workspace[expression] {
    case .derivative: body(expression, span)
    case .transpose(let operand) where children.isEmpty:
      if case .derivative = workspace[operand] { body(operand, span) }
    default: for child in children { child.collectDerivatives(in: workspace, body) }
    }
  }
}

extension FormulaText {
  /// Whether a derivative is written with what it is taken of.
  fileprivate func isQuotient(_ span: Span) -> Bool {
    let part = bytes(from: span.start).prefix(max(0, span.end - span.start))
    let signs = ["frac", "partial", "∂", "/"].map { Array($0.utf8) }
    return part.indices.contains { place in
      signs.contains { part[place...].starts(with: $0) }
    }
  }

  /// Whether a place begins with one of these words.
  fileprivate func begins(_ span: Span, with words: [String]) -> Bool {
    words.contains { bytes(from: span.start).starts(with: $0.utf8) }
  }

  private func bytes(from start: Int) -> ArraySlice<UInt8> {
    text[max(0, min(start, text.count))...]
  }
}
