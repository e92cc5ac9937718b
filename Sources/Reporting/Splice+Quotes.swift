import Checking
import Documents
import Expressions
import Notation

/// What is printed as the author has written it.
extension Splice {
  /// How the author would write a sum or product with dots.
  mutating func dot(_ dotted: Mend.Dotted, in workspace: borrowing Workspace) {
    let members = dotted.members.map {
      form.bare($0, in: workspace, conventions: conventions)
    }
    if let old = dotted.grownFrom, let member = members.first {
      guard let known = conventions.quotes[old] else { return }
      let isBracketed = known.utf8.last == UInt8(ascii: ")")
      conventions.quotes[dotted.whole] =
        known + " + " + (isBracketed ? "\\left( " + member + " \\right)" : member)
      return
    }
    guard let first = members.first, let last = members.last else { return }
    var parts = members
    if !dotted.isComplete {
      parts = members.dropLast() + [form == .terminal ? "⋯" : dots, last]
    }
    conventions.quotes[dotted.whole] = members.count == 1 ? first : parts.joined(separator: " ")
  }

  /// The dots that the author writes.
  private var dots: String {
    if Splice.contains(text[...], "\\cdots") { return "\\cdots" }
    return Splice.contains(text[...], "\\ldots") ? "\\ldots" : "\\dots"
  }

  mutating func quote(
    _ written: Written, _ read: Expression, in workspace: borrowing Workspace
  ) {
    if case .tabulate(_, let body) = workspace[read], written.expression != read {
      return quote(written, body, in: workspace)
    }
    if case .entry(let inner, _) = workspace[read], written.expression == inner {
      return quote(written, inner, in: workspace)
    }
    // The sign of a term stands before its span.
    var isTerm = false
    if case .negative = workspace[read] {
      isTerm = written.children.count == 1 && written.children[0].span == written.span
    }
    if !isTerm, !source(written.span).isEmpty {
      let own = unbracketed(size(before: written.span) + source(written.span))
      for key in [read, written.expression] where conventions.quotes[key] == nil {
        conventions.quotes[key] = own
      }
      switch workspace[written.expression] {
      case .apply(_, _, let argument):
        if case .variable(let variable) = workspace[argument], variable.time == nil,
          !Splice.contains(Array(own.utf8)[...], Array(workspace[variable.symbol].name.utf8))
        {
          conventions.loneArgument = argument
        }
      case .elided: conventions.placeholder = String(own.drop { $0 != "(" })
      case .entry where own.contains(","):
        if !own.contains("(") { conventions.entriesStandBeside = true }
      default: break
      }
    }
    let children = workspace[read].children
    if let base = scriptBase(written, workspace[read]), let child = children.first {
      for key in [child, written.children[0].expression] where conventions.quotes[key] == nil {
        conventions.quotes[key] = base
      }
    }
    guard children.count == written.children.count, isTerm || hasPlaces(written, workspace[read])
    else { return }
    for (child, part) in zip(children, written.children) { quote(part, child, in: workspace) }
  }

  /// What a transpose sign or an exponent stands on, where it has no place of its own: `\delta` of
  /// `\delta^\top`.
  private func scriptBase(_ written: Written, _ node: Node) -> String? {
    switch node {
    case .transpose, .power: break
    default: return nil
    }
    guard let first = written.children.first, first.span == written.span else { return nil }
    let bytes = Array(source(written.span).utf8)
    var depth = 0
    var place: Int?
    for (i, byte) in bytes.enumerated() {
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "^") where depth == 0: place = i
      default: break
      }
    }
    guard let place, place > 0 else { return nil }
    let script = bytes[(place + 1)...].filter { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "}") }
    if script.contains(UInt8(ascii: "_")) || script.contains(UInt8(ascii: "(")) { return nil }
    if case .transpose = node {
      let sign = String(decoding: script, as: UTF8.self)
      guard
        ["\\top", "T", "\\intercal", "\\mathsfT", "\\mathrmT", "\\mathsf T", "\\mathrm T"].contains(
          sign)
      else { return nil }
    }
    return Splice.tidy(bytes[..<place])
  }

  /// Whether every part has a place of its own within the text: a script hides its base, and dots
  /// all that they leave out.
  func hasPlaces(_ written: Written, _ node: Node) -> Bool {
    switch node {
    case .timeSum, .timeProduct:
      if !beginsWithBigSign(written.span) { return false }
    case .derivative:
      // The sign of a derivative is no part of what is differentiated.
      if written.children.contains(where: { beginsWithPartial($0.span) }) { return false }
    default: break
    }
    var place = written.span.start
    for part in written.children {
      if part.span.start < place || part.span.end > written.span.end || part.span == written.span
        || part.span.end <= part.span.start
      {
        return false
      }
      place = part.span.end
    }
    return true
  }

  func beginsWithBigSign(_ span: Span) -> Bool {
    let own = source(span)
    return ["\\sum", "\\prod", "∑", "∏", "Σ", "Π", "sum", "prod"].contains { own.hasPrefix($0) }
  }

  func beginsWithPartial(_ span: Span) -> Bool {
    let own = source(span)
    return own.hasPrefix("\\partial") || own.hasPrefix("∂")
  }
}
