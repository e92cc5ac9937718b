/// A backslash that a converter swallowed, and the command that was meant.
package struct Repair: Hashable, Sendable {
  /// What stands there.
  package var span: Span
  /// What is read instead.
  package var replacement: String
}

/// What converters leave of LaTeX: `\f`, `\b`, `\t`, `\r`, `\n` taken for control characters.
enum ConverterDamage {
  /// The control word whose backslash (and first letter) are lost before `run`; nil where the run
  /// is ordinary letters.
  /// - Parameter isGrouped: an opening brace follows.
  /// - Parameter isScript: the run stands right after `_` or `^`.
  static func command(_ run: String, isGrouped: Bool, isScript: Bool) -> String? {
    if isGrouped {
      switch run {
      case "rac", "frac": return "frac"
      case "dfrac", "tfrac", "begin", "end", "mathrm", "mathbb", "mathbf", "mathcal",
        "boldsymbol", "operatorname", "tilde", "widetilde", "hat", "bar", "text", "sqrt", "boxed":
        return run
      case "egin": return "begin"
      case "ilde": return "tilde"
      case "ext": return "text"
      case "oldsymbol": return "boldsymbol"
      case "ar": return "bar"
      case "ec": return "vec"
      default: break
      }
    }
    switch run {
    case "anh": return "tanh"
    case "heta": return "theta"
    case "abla": return "nabla"
    case "imes", "times": return "times"
    case "odot", "cdot", "otimes", "mathrm", "mathbb", "dots", "ldots", "cdots", "vdots", "ddots",
      "qquad", "rightarrow":
      return run
    case "ight": return "right"
    case "ightarrow": return "rightarrow"
    case "top": return isScript ? "top" : nil
    case "op": return isScript ? "top" : nil
    default: return nil
    }
  }
}
