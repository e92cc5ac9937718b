import Expressions
import Notation

/// What the bars around a matrix mean.
package enum MatrixNorm: Hashable, Sendable {
  case unspecified, frobenius, spectral

  /// The marks below: `F`, `2`, `\mathrm{op}`.
  init?(mark: Formula) {
    switch mark.kind {
    case .number("2"): self = .spectral
    case .identifier(let identifier):
      switch identifier.name {
      case "F", "Fro": self = .frobenius
      case "op": self = .spectral
      default: return nil
      }
    case .text(let words):
      switch words {
      case "F", "Fro": self = .frobenius
      case "op": self = .spectral
      default: return nil
      }
    default: return nil
    }
  }
}

extension Elaborator {
  /// Vectors have the Euclidean norm, whatever that of matrices is.
  func norm(
    _ function: TensorFunction, _ operand: Written, _ span: Span, in workspace: inout Workspace
  ) -> Written {
    var function = function
    // Of a name that stands here for the first time the shape is not known yet.
    let isKnown = workspace.variables(in: operand.expression).allSatisfy { variable in
      !introduced.contains { table[$0] == variable.symbol }
    }
    if knowsShapes, isKnown, function == .spectralNorm,
      let shape = try? workspace.shape(of: operand.expression), shape.squeezed.order < 2
    {
      function = .norm
    }
    return Written(
      workspace.expression(.tensorFunction(function, operand.expression)), span, [operand])
  }

  /// `\|x\|_1` of a vector: 1ᵀ|x|, which is no number where x is a matrix.
  func sumOfSizes(
    _ operand: Written, _ span: Span, in workspace: inout Workspace
  ) -> Written {
    let size = workspace.dimension(named: "?")
    let ones = workspace.expression(.ones(.vector(Dimension(size))))
    let sizes = workspace.expression(.apply(.absolute, derivative: 0, operand.expression))
    return Written(
      workspace.expression(.product([workspace.expression(.transpose(ones)), sizes])), span,
      [operand])
  }
}

extension PageReader {
  /// `‖·‖ is the spectral norm`, `ρ der Spektralradius`; a mark F says what the others are not.
  mutating func noteNorms() {
    for block in manuscript.blocks {
      for sentence in block.sentences {
        for case .text(let words, _) in sentence.parts {
          let lower = words.lowercased()
          func says(_ phrases: [String]) -> Bool {
            phrases.contains { contains($0, in: lower) }
          }
          if says(["spectral norm", "operator norm", "spektralnorm", "operatornorm", "谱范数"]) {
            page.notation.matrixNorm = .spectral
          }
          if page.notation.matrixNorm == .unspecified, says(["frobenius", "frobeniusnorm"]) {
            page.notation.matrixNorm = .frobenius
          }
          if says(["spectral radius", "spektralradius", "谱半径"]) {
            page.notation.namesSpectralRadius = true
          }
        }
      }
    }
    if page.notation.matrixNorm == .unspecified, writesFrobeniusMark {
      page.notation.matrixNorm = .frobenius
    }
  }

  private var writesFrobeniusMark: Bool {
    parsed.contains { part in
      var isMarked = false
      part.formula.visit { inner in
        guard case .scripts(let base, let below?, _, _) = inner.kind,
          case .fenced(.doubleBars, _) = base.kind, MatrixNorm(mark: below) == .frobenius
        else { return }
        isMarked = true
      }
      return isMarked
    }
  }
}
