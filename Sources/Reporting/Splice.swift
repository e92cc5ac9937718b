import Checking
import Documents
import Expressions
import Notation

/// A mend as source text: the author's own text wherever the mend leaves it as it is, and only what
/// is new printed.
struct Splice {
  let text: [UInt8]
  var conventions: Conventions
  private let origin: Mend.Origin
  let form: Phrasing

  init(
    _ mend: Mend, in formula: FormulaText, _ conventions: Conventions,
    in workspace: borrowing Workspace
  ) {
    text = formula.text
    origin = mend.origin
    form =
      formula.text.contains(UInt8(ascii: "\\")) || Splice.isASCII(formula.text)
      ? .plain : .terminal
    self.conventions = conventions
    func writes(_ words: [StaticString]) -> Bool {
      words.contains { Splice.contains(formula.text[...], $0) }
    }
    Splice.style(&self.conventions, like: formula.text)
    switch conventions.time {
    case .brackets: self.conventions.stepsAreArguments = !writes(["^{[", "^["])
    case .parentheses: self.conventions.stepsAreArguments = !writes(["^{(", "^("])
    default: break
    }
    if let left = origin.left, origin.leftSource == nil {
      quote(left, origin.readLeft, in: workspace)
    }
    if let right = origin.right { quote(right, origin.readRight, in: workspace) }
    for dotted in origin.dotted { dot(dotted, in: workspace) }
  }

  /// How a line writes squares entry by entry, and derivatives; where it does not say, the page does.
  static func style(_ conventions: inout Conventions, like text: [UInt8]) {
    func writes(_ words: [StaticString]) -> Bool { words.contains { contains(text[...], $0) } }
    conventions.writesSquares =
      !writes(["\\odot", "⊙"]) && (writes(["^2", "^{2}", "²"]) || conventions.writesSquares)
    if !writes(["\\partial", "∂"]) {
      conventions.differentialSign = ["\\mathrm{d}", "\\mathrm d ", "d"].first { sign in
        contains(text[...], Array(("\\frac{" + sign).utf8))
      }
    }
  }

  /// How what is new is printed: the parts that the author has written are quoted.
  var quoting: Conventions { conventions }

  /// The relation as it should stand.
  func relation(_ mend: Mend, in workspace: borrowing Workspace) -> String {
    if let interval = mend.interval, let right = origin.right {
      return side(origin.left, origin.readLeft, mend.left, in: workspace) + " "
        + (form == .plain ? mend.sign.latex : mend.sign.unicode) + " "
        + (mend.new == nil
          ? closed(source(right.span), interval)
          : form.interval(interval, in: workspace, conventions: conventions))
    }
    if let space = mend.space, let right = origin.right {
      let own = source(right.span).utf8.prefix { $0 != UInt8(ascii: "^") }
      return side(origin.left, origin.readLeft, mend.left, in: workspace) + " "
        + (form == .plain ? mend.sign.latex : mend.sign.unicode) + " "
        + form.space(space, letter: String(decoding: own, as: UTF8.self), in: workspace)
    }
    return written(mend, in: workspace)
  }

  /// The interval with its brackets as they should be.
  private func closed(_ text: String, _ interval: ClaimedInterval) -> String {
    var bytes = Array(text.utf8)
    let brackets = Array("()[]".utf8)
    if let first = bytes.firstIndex(where: brackets.contains) {
      bytes[first] = UInt8(ascii: interval.lowerIsClosed ? "[" : "(")
    }
    if let last = bytes.lastIndex(where: brackets.contains) {
      bytes[last] = UInt8(ascii: interval.upperIsClosed ? "]" : ")")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func written(_ mend: Mend, in workspace: borrowing Workspace) -> String {
    if let source = origin.leftSource {
      var own = mend
      own.origin.leftSource = nil
      own.origin.right = nil
      let there = Splice(own, in: source, conventions, in: workspace)
      return there.side(origin.left, origin.readLeft, mend.left, in: workspace) + " "
        + (form == .plain ? mend.sign.latex : mend.sign.unicode) + " "
        + side(origin.right, origin.readRight, mend.right, in: workspace)
    }
    return side(origin.left, origin.readLeft, mend.left, in: workspace) + " "
      + (form == .plain ? mend.sign.latex : mend.sign.unicode) + " "
      + side(origin.right, origin.readRight, mend.right, in: workspace)
  }

  private static func isASCII(_ text: [UInt8]) -> Bool { text.allSatisfy { $0 < 128 } }

  // MARK: Sides

  private func side(
    _ written: Written?, _ read: Expression, _ new: Expression, in workspace: borrowing Workspace
  ) -> String {
    // What another formula of the page says is not written in this one.
    guard let written, written.span.end <= text.count else { return printed(new, in: workspace) }
    if case .tabulate(let labels, let body) = workspace[read], written.expression != read,
      case .tabulate(labels, let changed) = workspace[new]
    {
      return side(written, body, changed, in: workspace)
    }
    if case .entry(let inner, let indices) = workspace[read],
      case .entry(let changed, indices) = workspace[new], !isEntry(written, in: workspace)
    {
      return side(written, inner, changed, in: workspace)
    }
    // The sign of a whole side stands before its span.
    if case .negative(let old) = workspace[read], isSigned(written) {
      guard case .negative(let inner) = workspace[new] else { return printed(new, in: workspace) }
      return (form == .plain ? "-" : "−")
        + spliced(written.children[0], old, inner, within: workspace[read], in: workspace)
    }
    let text = spliced(written, read, new, in: workspace)
    return text.utf8.first == UInt8(ascii: "(") ? size(before: written.span) + text : text
  }

  private func isEntry(_ written: Written, in workspace: borrowing Workspace) -> Bool {
    if case .entry = workspace[written.expression] { return true }
    return false
  }

  /// `\bigl` before an opening bracket, which is no part of its span.
  func size(before span: Span) -> String {
    let start = startWithSize(span)
    return String(decoding: text[start..<max(start, min(span.start, text.count))], as: UTF8.self)
  }

  /// Where a span begins together with the size of its opening bracket.
  private func startWithSize(_ span: Span) -> Int {
    let own = max(0, min(span.start, text.count))
    var start = own
    while start > 0, text[start - 1] >= UInt8(ascii: "A") {
      start -= 1
      if text[start] == UInt8(ascii: "\\") { break }
    }
    return isSize(String(decoding: text[start..<own], as: UTF8.self), "l", "\\left") ? start : own
  }

  /// Whether what stands at a place now still begins and ends with the brackets whose size is
  /// written before it.
  private func fitsItsSize(_ new: String, _ span: Span) -> Bool {
    if startWithSize(span) == span.start || new == source(span) { return true }
    let old = source(span)
    return new.utf8.first == old.utf8.first && new.utf8.last == old.utf8.last
      && closing(new) == closing(old)
  }

  /// The size of the bracket that ends a text: `\bigr`.
  private func closing(_ text: String) -> String {
    var bytes = Array(text.utf8)
    bytes.removeLast(min(1, bytes.count))
    var size: [UInt8] = []
    while size.last != UInt8(ascii: "\\"), let byte = bytes.popLast(), byte >= UInt8(ascii: "A") {
      size.append(byte)
    }
    let command = String(decoding: size.reversed(), as: UTF8.self)
    return isSize(command, "r", "\\right") ? command : ""
  }

  /// Whether a command gives a bracket its size: `\big`, `\bigl`, `\left`.
  private func isSize(_ command: String, _ side: String, _ growing: String) -> Bool {
    ["\\big", "\\Big", "\\bigg", "\\Bigg"].contains { command == $0 || command == $0 + side }
      || command == growing
  }

  private func isSigned(_ written: Written) -> Bool {
    written.children.count == 1 && written.children[0].span == written.span
  }

  private func spliced(
    _ written: Written, _ read: Expression, _ new: Expression, within parent: Node? = nil,
    at place: Int = 0,
    in workspace: borrowing Workspace
  ) -> String {
    if read == new { return source(written.span) }
    let (before, after) = (workspace[read], workspace[new])
    let (old, changed) = (before.children, after.children)
    var isTerm = false
    if case .negative = before, case .negative = after { isTerm = true }
    if written.children.count == old.count,
      isTerm && written.children.count == 1 && written.children[0].span == written.span
    {
      return spliced(written.children[0], old[0], changed[0], in: workspace)
    }
    if written.children.count == old.count, !old.isEmpty, hasPlaces(written, before) {
      // What the line writes elsewhere stands as it is written there.
      if conventions.quotes[new] == nil, changed.count == old.count,
        before.replacingChildren(changed) == after, !alters(old, changed, in: workspace),
        !movesConstants(after, in: workspace)
      {
        return around(written) { i in
          spliced(written.children[i], old[i], changed[i], within: before, at: i, in: workspace)
        }
      }
      if let longer = inserted(written, before, after, in: workspace) { return longer }
      if let bounds = header(written, before, after, in: workspace), old == changed {
        let start = startOfBody(written)
        return bounds + " " + Splice.tidy(text[start..<max(start, written.span.end)])
      }
    }
    guard let parent else { return printed(new, in: workspace) }
    let surroundings: Surroundings
    switch parent {
    case .sum: surroundings = .sum
    case .stack, .quotient, .derivative, .maximum: surroundings = .open
    case .timeSum,
      .timeProduct where unbracketed(source(written.span)) == source(written.span):
      surroundings = .sum
    case .power: surroundings = place == 0 ? .script : .open
    case .transpose: surroundings = .script
    default:
      // In the place of a name for a formula stands what must hold together.
      surroundings =
        isFenced(written.span) ? .open : namesFormula(written, before) ? .brackets : .tight
    }
    let own = source(written.span)
    let inner = unbracketed(own)
    if inner == own || surroundings == .script {
      // Square brackets go with what stands in them.
      let isSquare = own.utf8.last == UInt8(ascii: "]") && surroundings == .tight
      return replacement(
        of: read, by: new, in: isSquare ? .brackets : surroundings, isUnicode: form == .terminal,
        workspace,
        conventions: conventions)
    }
    let bracketed = replacement(
      of: read, by: new, in: .brackets, isUnicode: form == .terminal, workspace,
      conventions: conventions)
    let bare = unbracketed(bracketed)
    // Brackets that are still needed stay the author's.
    let bytes = Array(own.utf8)
    guard bare != bracketed, let open = bytes.firstIndex(of: UInt8(ascii: "(")) else {
      return bracketed
    }
    let blank = bytes[open + 1] == 32 ? " " : ""
    return String(decoding: bytes[...open], as: UTF8.self) + blank + bare + blank + closing(own)
      + ")"
  }

  /// Whether the author has written a name for what is more than one.
  private func namesFormula(_ written: Written, _ node: Node) -> Bool {
    switch node {
    case .sum, .negative, .product, .hadamard:
      !source(written.span).utf8.contains { [32, 38, 40, 42, 43, 45].contains($0) }
    default: false
    }
  }

  /// Whether a term of a sum gains or loses its sign, which stands between the terms.
  private func alters(
    _ old: [Expression], _ new: [Expression], in workspace: borrowing Workspace
  ) -> Bool {
    for (a, b) in zip(old, new) {
      if case .negative = workspace[a], case .negative = workspace[b] { continue }
      if case .negative = workspace[a] { return true }
      if case .negative = workspace[b] { return true }
    }
    return false
  }

  /// The author's product with one more factor.
  private func inserted(
    _ written: Written, _ before: Node, _ after: Node, in workspace: borrowing Workspace
  ) -> String? {
    let (old, new, sign): ([Expression], [Expression], String)
    switch (before, after) {
    case (.product(let a), .product(let b)): (old, new, sign) = (a, b, " ")
    case (.hadamard(let a), .hadamard(let b)):
      (old, new, sign) = (a, b, form == .plain ? " \\odot " : " ⊙ ")
    default: return nil
    }
    // Brackets around it are part of its span.
    guard unbracketed(source(written.span)) == source(written.span), new.count == old.count + 1,
      let place = new.indices.first(where: { $0 == old.count || new[$0] != old[$0] }),
      Array(new[(place + 1)...]) == Array(old[place...])
    else { return nil }
    let factor = replacement(
      of: old[0], by: new[place], in: .brackets, isUnicode: form == .terminal, workspace,
      conventions: conventions)
    guard let first = factor.utf8.first, first == UInt8(ascii: "\\") || Splice.isLetter(first),
      !factor.hasPrefix("\\left"), !factor.hasPrefix("\\frac")
    else { return nil }
    func part(_ start: Int, _ end: Int) -> String {
      Splice.tidy(text[max(0, start)..<max(0, start, min(end, text.count))])
    }
    let (start, end) = (written.span.start, written.span.end)
    // An upright word does not touch what stands before it.
    let isWord = ["\\math", "\\operatorname", "\\text"].contains { factor.hasPrefix($0) }
    let lead = sign == " " && isWord && form == .plain ? "\\, " : sign
    if place == old.count { return part(start, end) + lead + factor }
    let middle = startWithSize(written.children[place].span)
    let rest = part(middle, end)
    let tail = sign == " " && Splice.beginsWithBracket(rest) && form == .plain ? "\\, " : sign
    if place == 0 { return factor + tail + rest }
    let own = part(start, middle)
    return own + (sign == " " ? lead == sign || own.hasSuffix("\\,") ? " " : lead : " ")
      + factor + tail + rest
  }

  private static func beginsWithBracket(_ text: String) -> Bool {
    text.hasPrefix("(") || text.hasPrefix("\\left") || text.hasPrefix("\\big")
  }

  /// Whether blocks are constants, which show their sizes only beside the others.
  private func movesConstants(_ node: Node, in workspace: borrowing Workspace) -> Bool {
    guard case .stack(_, _, let blocks) = node else { return false }
    return blocks.contains { block in
      switch workspace[block] {
      case .identity, .zero: true
      default: false
      }
    }
  }

  /// `\sum_{k=0}^t`, where only the bounds or the order differ.
  private func header(
    _ written: Written, _ before: Node, _ after: Node, in workspace: borrowing Workspace
  ) -> String? {
    let own = source(Span(written.span.start, startOfBody(written)))
    func sign(_ isSum: Bool, _ step: TimeSymbol, _ from: Time, _ to: Time) -> String {
      bigSign(
        isSum: isSum, step, from: from, to: to, isUnicode: form == .terminal,
        isGrouped: own.utf8.contains(UInt8(ascii: "^")) && own.utf8.last == UInt8(ascii: "}"),
        in: workspace)
    }
    switch (before, after) {
    case (.timeSum, .timeSum(let step, let from, let through, _)):
      return sign(true, step, from, through)
    case (
      .timeProduct(_, _, _, _, let oldOrder),
      .timeProduct(let step, let from, let through, _, var order)
    ):
      // A reading may have turned the product that the author wrote upwards.
      if order == oldOrder, case .timeProduct(_, _, _, _, let own) = workspace[written.expression] {
        order = own
      }
      return order.isAscending
        ? sign(false, step, from, through) : sign(false, step, through, from)
    default: return nil
    }
  }

  /// Where what a sum or product sign stands before begins, together with the groups that end behind
  /// it: `\sum_{t=0}^{T}{L_{t}}`.
  private func startOfBody(_ written: Written) -> Int {
    let body = written.children[0].span
    var start = max(0, body.start)
    let closing = text[max(start, body.end)..<max(start, body.end, written.span.end)]
    for _ in closing.filter({ $0 == UInt8(ascii: "}") }) {
      var next = start - 1
      while next > written.span.start, text[next] <= 32 { next -= 1 }
      guard next > written.span.start, text[next] == UInt8(ascii: "{") else { break }
      start = next
    }
    return start
  }

  /// The author's text of a part with other texts for its parts.
  private func around(_ written: Written, _ child: (Int) -> String) -> String {
    var result = ""
    var place = written.span.start
    for (i, part) in written.children.enumerated() {
      guard part.span.start >= place, part.span.end <= written.span.end else { continue }
      let own = child(i)
      let end = fitsItsSize(own, part.span) ? part.span.start : startWithSize(part.span)
      result += String(decoding: text[place..<max(place, end)], as: UTF8.self)
      result += own
      place = part.span.end
      if Splice.endsInCommand(own), place < text.count, Splice.isLetter(text[place]) {
        result += " "
      }
    }
    result += String(decoding: text[place..<max(place, written.span.end)], as: UTF8.self)
    return Splice.tidy(Array(result.utf8)[...])
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20) >= 97 && (byte | 0x20) <= 122
  }

  /// `(A^{-1})^\top`: a letter behind it would become part of the command.
  private static func endsInCommand(_ text: String) -> Bool {
    let letters = text.utf8.reversed().prefix { isLetter($0) }.count
    return letters > 0 && text.utf8.dropLast(letters).last == UInt8(ascii: "\\")
  }

  private func isFenced(_ span: Span) -> Bool {
    var (start, end) = (min(span.start, text.count) - 1, span.end)
    while start > 0, text[start] <= 32 { start -= 1 }
    while end < text.count, text[end] <= 32 { end += 1 }
    guard start >= 0, end < text.count else { return false }
    return text[start] == UInt8(ascii: "(") && text[end] == UInt8(ascii: ")")
      || text[start] == UInt8(ascii: "{") && text[end] == UInt8(ascii: "}")
  }

  private func printed(_ expression: Expression, in workspace: borrowing Workspace) -> String {
    form.bare(expression, in: workspace, conventions: conventions)
  }

  // MARK: Source text

  /// The text of a span; `\left.`, which is no part of it, belongs to a `\right|` that is.
  func source(_ span: Span) -> String {
    let start = max(0, min(span.start, text.count))
    let own = Splice.tidy(text[start..<max(start, min(span.end, text.count))])
    let lead = Array("\\left.".utf8)
    var end = start
    while end > 0, text[end - 1] <= 32 { end -= 1 }
    guard end >= lead.count, text[(end - lead.count)..<end].elementsEqual(lead),
      Splice.contains(Array(own.utf8)[...], "\\right|"), !own.hasPrefix("\\left.")
    else { return own }
    return "\\left. " + own
  }

  /// Without the marks that align lines, if no matrix needs them, and without blanks around.
  static func tidy(_ text: ArraySlice<UInt8>) -> String {
    var bytes: [UInt8] = []
    let hasTable = contains(text, "\\begin{")
    var i = text.startIndex
    while i < text.endIndex {
      let byte = text[i]
      let isEscape = byte == UInt8(ascii: "\\") && i + 1 < text.endIndex
      if isEscape, text[i + 1] == UInt8(ascii: "\\"), !hasTable {
        i += 2
        continue
      }
      if byte == UInt8(ascii: "&"), !hasTable {
        i += 1
        continue
      }
      if isEscape {
        bytes += [byte, text[i + 1]]
        i += 2
        continue
      }
      if byte <= 32 {
        if let last = bytes.last, last != 32 { bytes.append(32) }
      } else {
        bytes.append(byte)
      }
      i += 1
    }
    while bytes.last == 32 { bytes.removeLast() }
    while bytes.first == 32 { bytes.removeFirst() }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func contains(_ text: ArraySlice<UInt8>, _ word: StaticString) -> Bool {
    contains(text, Array(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)))
  }

  static func contains(_ text: ArraySlice<UInt8>, _ word: [UInt8]) -> Bool {
    guard text.count >= word.count else { return false }
    for start in text.startIndex...(text.endIndex - word.count)
    where text[start..<(start + word.count)].elementsEqual(word) {
      return true
    }
    return false
  }
}

extension Finding {
  /// With the names that the page gives to derivatives.
  func speaking(_ conventions: Conventions) -> Conventions {
    var own = conventions
    own.derivativeNames = derivativeNames
    return own
  }

  /// How the maths of its explanation is printed: in the author's words where the author has any.
  package func conventions(
    _ conventions: Conventions, for phrasing: Phrasing, in workspace: borrowing Workspace
  ) -> Conventions {
    var conventions = speaking(conventions)
    guard let mend else { return conventions }
    // LaTeX does not belong on a terminal.
    if phrasing == .terminal, statement.source.text.contains(UInt8(ascii: "\\")) {
      Splice.style(&conventions, like: statement.source.text)
      return conventions
    }
    return Splice(mend, in: statement.source, conventions, in: workspace).quoting
  }
}
