import Checking
import Expressions
import Notation

/// How maths stands among words.
package enum Phrasing: Hashable, Sendable, CaseIterable {
  /// Unicode, for a terminal.
  case terminal
  /// LaTeX between dollar signs, for a page.
  case delimited
  /// LaTeX; between dollar signs only where it would not read as plain text (`h_0` stays bare).
  case plain

  package func maths(
    _ expression: Expression, in workspace: borrowing Workspace, conventions: Conventions
  ) -> String {
    switch self {
    case .terminal: return unicode(expression, in: workspace, conventions: conventions)
    case .delimited, .plain:
      return delimiting(latex(expression, in: workspace, conventions: conventions))
    }
  }

  /// Without dollar signs.
  func bare(
    _ expression: Expression, in workspace: borrowing Workspace, conventions: Conventions
  ) -> String {
    self == .terminal
      ? unicode(expression, in: workspace, conventions: conventions)
      : latex(expression, in: workspace, conventions: conventions)
  }

  /// `(0, 1]`
  func interval(
    _ interval: ClaimedInterval, in workspace: borrowing Workspace, conventions: Conventions
  ) -> String {
    let infinity = self == .terminal ? "∞" : "\\infty"
    var ends = ["-" + infinity, infinity]
    if let lower = interval.lower {
      ends[0] = bare(lower, in: workspace, conventions: conventions)
    }
    if let upper = interval.upper {
      ends[1] = bare(upper, in: workspace, conventions: conventions)
    }
    return (interval.lowerIsClosed ? "[" : "(") + ends[0] + ", " + ends[1]
      + (interval.upperIsClosed ? "]" : ")")
  }

  /// `\mathbb{R}^{n \times d}`, behind a letter that the author may have chosen.
  func space(
    _ shape: Shape, letter: String? = nil, in workspace: borrowing Workspace
  ) -> String {
    let sizes = sizesText(shape, isUnicode: self == .terminal, in: workspace)
    let letter = letter ?? (self == .terminal ? "ℝ" : "\\mathbb{R}")
    return sizes.isEmpty ? letter : letter + "^{" + sizes + "}"
  }

  package func time(_ time: Time, in workspace: borrowing Workspace) -> String {
    switch self {
    case .terminal: return unicodeText(time, in: workspace)
    case .delimited, .plain: return delimiting(timeText(time, in: workspace))
    }
  }

  private func delimiting(_ latex: String) -> String {
    self == .plain && !latex.utf8.contains(where: Phrasing.isMarkup) ? latex : "$" + latex + "$"
  }

  private static func isMarkup(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "^")
  }
}

extension Message {
  /// The words and the maths, a blank between parts where punctuation asks for none.
  package func text(
    _ phrasing: Phrasing, in workspace: borrowing Workspace, conventions: Conventions
  ) -> String {
    var result = ""
    for part in parts {
      let next: String
      switch part {
      case .words(let words): next = words
      case .maths(let expression):
        next = phrasing.maths(expression, in: workspace, conventions: conventions)
      case .time(let time): next = phrasing.time(time, in: workspace)
      case .shape(let shape): next = shapeText(shape, in: workspace)
      case .token(let token): next = phrasing == .terminal ? printable(token) : token
      }
      if Message.needsBlank(between: result, and: next) { result += " " }
      result += next
    }
    return result
  }

  /// The text as a sentence: a capital where it begins with words, a full stop where it ends
  /// without one.
  package func sentence(
    _ phrasing: Phrasing, in workspace: borrowing Workspace, conventions: Conventions
  ) -> String {
    var text = text(phrasing, in: workspace, conventions: conventions)
    if case .words(let words)? = parts.first, let first = words.utf8.first,
      first >= UInt8(ascii: "a"), first <= UInt8(ascii: "z"), Message.beginsWithWord(words)
    {
      text = String(decoding: [first - 32], as: UTF8.self) + String(text.dropFirst())
    }
    if let last = text.utf8.last, !Array(".!?:".utf8).contains(last) { text += "." }
    return text
  }

  /// Whether the first word is more than a letter, which may be a name (`h is given`); `a` is an
  /// article.
  private static func beginsWithWord(_ words: String) -> Bool {
    let bytes = Array(words.utf8.prefix(2))
    if bytes.count == 2, bytes[0] == UInt8(ascii: "a"), bytes[1] == 32 { return true }
    return bytes.count == 2 && bytes[1] >= UInt8(ascii: "a") && bytes[1] <= UInt8(ascii: "z")
  }

  private static func needsBlank(between left: String, and right: String) -> Bool {
    guard let last = left.utf8.last, let first = right.utf8.first else { return false }
    return !Array(" \n([`“".utf8).contains(last) && !Array(" \n,.;:!?)]'’-`".utf8).contains(first)
  }
}

/// A time in Unicode: the printer prints expressions, so it is made one, apart.
func unicodeText(_ time: Time, in workspace: borrowing Workspace) -> String {
  var scratch = Workspace()
  var terms: [Time.Term] = []
  for term in time.terms {
    let symbol = scratch.time(named: workspace.name(of: term.symbol))
    terms.append(Time.Term(symbol: symbol, coefficient: term.coefficient))
  }
  let value = scratch.expression(.timeValue(Time(terms: terms, constant: time.constant)))
  return unicode(value, in: scratch)
}

extension Counterexample {
  /// The sizes, each once; of two that are named alike but differ, the later one has a prime.
  var distinctSizes: [(name: String, value: Int)] {
    var found: [(name: String, value: Int)] = []
    for size in sizes {
      var name = size.name
      while let known = found.first(where: { $0.name == name }), known.value != size.value {
        name += "'"
      }
      if !found.contains(where: { $0.name == name }) {
        found.append((name: name, value: size.value))
      }
    }
    return found
  }
}

extension Counterexample.Value {
  /// The node whose value it is, printed as `h_2`: it is no expression of the workspace, so that it
  /// is made one, apart.
  func name(
    isLaTeX: Bool, in workspace: borrowing Workspace, conventions: Conventions
  ) -> String {
    var scratch = Workspace()
    let variable = scratch.variable(
      scratch.symbol(workspace[symbol]), at: time.map { Time($0) })
    return isLaTeX
      ? latex(variable, in: scratch, conventions: conventions)
      : unicode(variable, in: scratch, conventions: conventions)
  }
}

/// Text of a document with its control characters taken out, so that it cannot steer a terminal.
func printable(_ text: String) -> String {
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    if scalar.value < 32 || (127..<160).contains(scalar.value) {
      if scalar.value == 9 || scalar.value == 10 || scalar.value == 13 { result.append(" ") }
    } else {
      result.append(scalar)
    }
  }
  return String(result)
}
