import Expressions
import Notation

/// Functions known without a definition, by the names under which pages write them.
enum StandardFunction: Hashable {
  case elementwise(ElementwiseFunction)
  case tensor(TensorFunction)
  case maximum
  /// det X · X⁻¹, and its transpose.
  case adjugate, cofactors

  init?(_ identifier: Formula.Identifier) {
    guard identifier.decorations.isEmpty, identifier.layer == nil, identifier.step == nil,
      identifier.font == .italic || identifier.font == .upright
    else { return nil }
    switch identifier.name {
    case "sigma", "sigmoid", "logistic", "sigm": self = .elementwise(.sigmoid)
    case "tanh": self = .elementwise(.tanh)
    case "exp": self = .elementwise(.exp)
    case "log", "ln": self = .elementwise(.log)
    case "sin": self = .elementwise(.sin)
    case "cos": self = .elementwise(.cos)
    case "relu", "ReLU": self = .elementwise(.relu)
    case "softplus": self = .elementwise(.softplus)
    case "abs": self = .elementwise(.absolute)
    case "sign", "sgn": self = .elementwise(.sign)
    case "sqrt": self = .elementwise(.sqrt)
    case "diag", "Diag": self = .tensor(.diag)
    case "tr", "Tr", "trace": self = .tensor(.trace)
    case "det": self = .tensor(.determinant)
    case "softmax": self = .tensor(.softmax)
    case "vec": self = .tensor(.vec)
    case "norm": self = .tensor(.norm)
    case "max": self = .maximum
    case "adj", "Adj": self = .adjugate
    case "cof", "Cof": self = .cofactors
    default: return nil
    }
  }

  /// Activations that act entry by entry and whose slopes have no rule here.
  static func isOtherActivation(_ identifier: Formula.Identifier) -> Bool {
    [
      "leakyrelu", "lrelu", "prelu", "elu", "selu", "silu", "swish", "gelu", "mish", "hardtanh",
      "act",
    ].contains(identifier.name.lowercased())
  }

  /// Functions with a command of their own for which there is no rule here.
  static func isNamedByCommand(_ identifier: Formula.Identifier) -> Bool {
    [
      "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "coth",
    ].contains(identifier.name)
  }

  /// Whether an argument may follow without brackets.
  static func takesBareArgument(_ identifier: Formula.Identifier) -> Bool {
    identifier.name != "sigma"
  }
}
