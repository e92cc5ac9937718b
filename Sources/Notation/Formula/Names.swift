/// Words that stand in formulas without a backslash.
enum Names {
  /// What a run of ASCII letters outside control words is, when it is one word.
  enum Meaning: Equatable {
    case function
    /// A Greek letter or sign spelt out: `sigma`, `partial`.
    case letter
    case big(Formula.BigOperator)
    case root
  }

  /// - Parameter isApplied: an opening parenthesis or a script follows; short words need it.
  static func meaning(of run: String, isApplied: Bool) -> Meaning? {
    switch run {
    case "sum": return .big(.sum)
    case "prod": return .big(.product)
    case "max": return .big(.maximum)
    case "min": return .big(.minimum)
    case "lim": return .big(.limit)
    case "sqrt": return .root
    case "diag", "tanh", "sinh", "cosh", "exp", "log", "sin", "cos", "tan", "det", "softmax",
      "relu", "ReLU", "vec", "sign", "sgn", "rank", "softplus", "sigmoid", "argmax", "argmin",
      "trace", "blockdiag":
      return .function
    case "tr", "Tr", "ln":
      return isApplied ? .function : nil
    case "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "theta", "iota", "kappa", "lambda",
      "sigma", "tau", "upsilon", "phi", "chi", "psi", "rho", "omega", "Gamma", "Delta", "Theta",
      "Lambda", "Sigma", "Phi", "Psi", "Omega", "partial", "nabla", "infty":
      return .letter
    default: return nil
    }
  }

  /// Where a function word begins at the end of a run such as `Wtanh`; nil without one.
  static func functionSuffix(of run: ArraySlice<UInt8>) -> Int? {
    for word in suffixes
    where run.count > word.utf8.count
      && run.reversed().starts(
        with: word.utf8.reversed())
    {
      return run.endIndex - word.utf8.count
    }
    return nil
  }

  private static let suffixes = ["tanh", "diag", "softmax", "sigmoid", "exp", "log"]

  /// Words in `\text{…}` that belong to the sentence and name nothing.
  static func isConnecting(_ word: String) -> Bool {
    switch word.lowercased() {
    case "where", "if", "and", "or", "for", "with", "when", "otherwise", "else", "since",
      "because", "so", "then", "as", "is", "are", "let", "given", "hence", "thus", "therefore",
      "while", "such", "that", "from", "we", "have", "all", "any", "each", "some", "suppose",
      "assume", "wobei", "wo", "mit", "für", "fuer", "wenn", "falls", "und", "oder", "sonst",
      "also",
      "daher", "sei", "seien", "gilt", "où", "si", "et", "pour", "avec", "sinon", "donde", "para",
      "con", "y":
      true
    default: false
    }
  }
}
