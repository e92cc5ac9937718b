import Calculus
import Checking
import Expressions
import Notation
import Reporting

extension ExpansionText {
  /// Terms up to which each is written out as well.
  private static let shortest = 1_000

  /// The expansion as a graph of subexpressions, each of which stands there once.
  mutating func writeJSON(
    _ request: ExpansionRequest, to write: @escaping (String) -> Void,
    in workspace: inout Workspace
  ) {
    var members: [JSONValue.Member] = [
      .init("leibniz", .string(version)),
      .init("symbol", .string(request.symbol)), .init("by", .string(request.node)),
    ]
    if let steps = request.steps { members.append(.init("steps", .integer(steps))) }
    members.append(.init("form", .string(request.form.rawValue)))
    if expansion.form == .power { members.append(.init("reading", .string("shorthand-power"))) }
    members.append(.init("verdict", .string(result.isProved ? "proved" : "validated")))
    if let numeric = result.numeric {
      var evidence: [JSONValue.Member] = [
        .init("points", .integer(numeric.points)),
        .init("maximumRelativeError", .number(numeric.maximumRelativeError)),
      ]
      if let steps = result.comparedSteps { evidence.append(.init("steps", .integer(steps))) }
      if let steps = result.nestedSteps { evidence.append(.init("nestedSteps", .integer(steps))) }
      members.append(.init("numeric", .object(evidence)))
    }
    if let general = result.general {
      members.append(.init("derivative", .string(text(general.derivative, in: workspace))))
      members.append(.init("for", .string(range(of: general, in: workspace))))
    } else {
      members.append(.init("derivative", .string(text(expansion.derivative, in: workspace))))
    }
    if expansion.form == .paths {
      var counts: [JSONValue] = []
      for use in expansion.uses.reversed() {
        var count: [JSONValue.Member] = []
        if let use { count.append(.init("use", .integer(use))) }
        let paths = expansion.pathCount(using: use)
        count.append(.init("paths", paths.exactInt.map { .integer($0) } ?? .string("\(paths)")))
        counts.append(.object(count))
      }
      members.append(.init("counts", .array(counts)))
    }
    write("{\n")
    for member in members {
      write("  " + JSONValue.string(member.key).line + ": " + member.value.line + ",\n")
    }
    if isShort {
      let pieces = Pieces()
      var rows = RowWriter(.latex, to: { pieces.text += $0 })
      writeRows(to: &rows, in: &workspace)
      write("  \"latex\": " + JSONValue.string(pieces.text).line + ",\n")
    }
    var graph = SharedGraph(write)
    if result.general == nil { writeTermsJSON(to: write, &graph, in: &workspace) }
    let whole = result.general?.sum ?? expansion.whole(in: &workspace)
    write("  \"nodes\": [")
    let root = graph.add(whole, &self, in: workspace)
    write("\n  ],\n  \"value\": \(root)\n}\n")
  }

  private final class Pieces { var text = "" }

  private var isShort: Bool {
    switch expansion.form {
    case .general: true
    case .chain, .copies: expansion.uses.count < 40
    case .nested: expansion.graph.vertices.count < 200
    default: expansion.pathCount().approximation <= Double(ExpansionText.shortest)
    }
  }

  private mutating func writeTermsJSON(
    to write: @escaping (String) -> Void, _ graph: inout SharedGraph,
    in workspace: inout Workspace
  ) {
    if expansion.form == .nested || !isShort { return }
    var own = self
    var expansion = self.expansion
    var separator = "\n    "
    write("  \"terms\": [")
    expansion.forEachTerm(in: &workspace) { term, workspace in
      var members: [JSONValue.Member] = []
      if let loss = term.loss { members.append(.init("loss", .integer(loss))) }
      if let use = term.use { members.append(.init("use", .integer(use))) }
      if own.expansion.form == .paths {
        var names: [JSONValue] = []
        for place in term.vertices {
          names.append(
            .string(own.node(own.expansion.graph.vertices[place].node, in: &workspace)))
        }
        let start = own.start(using: term.use, in: &workspace)
        if names.last != .string(start) { names.append(.string(start)) }
        members.append(.init("path", .array(names)))
      }
      members.append(.init("latex", .string(own.term(term, in: &workspace))))
      write(separator + JSONValue.object(members).line)
      separator = ",\n    "
    }
    write("\n  ],\n")
  }

  /// For which T, t and k.
  func range(
    of general: Inquiry.GeneralExpansion, in workspace: borrowing Workspace
  ) -> String {
    DomainText([Time(general.last) - general.leastLast]).text(in: workspace) ?? "all times"
  }

  /// What the witnesses say.
  func remark(in workspace: borrowing Workspace) -> String {
    var text = ""
    if expansion.form == .paths {
      let counts = expansion.uses.reversed().map { use in
        "\(expansion.pathCount(using: use))" + (use.map { " at step \($0)" } ?? "")
      }
      text += "\(expansion.pathCount()) paths (" + counts.joined(separator: ", ") + ")\n"
    }
    if result.isProved {
      text += result.general.map { "proved for " + range(of: $0, in: workspace) } ?? "proved"
    } else {
      text += "validated only, not proved"
    }
    if let numeric = result.numeric {
      text +=
        "; finite differences agree at \(numeric.points) "
        + (numeric.points == 1 ? "point" : "points") + ", largest relative error "
        + Figures.rounded(numeric.maximumRelativeError, digits: 2)
      var ranges: [String] = []
      if let steps = result.comparedSteps { ranges.append("as written up to T = \(steps)") }
      if let steps = result.nestedSteps { ranges.append("nested up to T = \(steps)") }
      if !ranges.isEmpty { text += " (" + ranges.joined(separator: ", ") + ")" }
    }
    if expansion.form == .power {
      text += "; the factors of a power stand at different steps"
    }
    return text
  }
}

/// Numbers subexpressions in the order in which they are complete, and writes each once.
private struct SharedGraph {
  private var numbers: [Expression: Int] = [:]
  private let write: (String) -> Void

  init(_ write: @escaping (String) -> Void) { self.write = write }

  mutating func add(
    _ root: Expression, _ text: inout ExpansionText, in workspace: borrowing Workspace
  ) -> Int {
    if let known = numbers[root] { return known }
    var member: JSONValue.Member
    func list(
      _ children: [Expression], _ graph: inout SharedGraph, _ text: inout ExpansionText,
      _ workspace: borrowing Workspace
    ) -> JSONValue {
      var list: [JSONValue] = []
      for child in children { list.append(.integer(graph.add(child, &text, in: workspace))) }
      return .array(list)
    }
    switch workspace[root] {
    case .sum(let terms): member = .init("sum", list(terms, &self, &text, workspace))
    case .product(let factors): member = .init("product", list(factors, &self, &text, workspace))
    default: member = .init("latex", .string(text.text(root, in: workspace)))
    }
    let number = numbers.count
    numbers[root] = number
    write(
      (number == 0 ? "\n    " : ",\n    ")
        + JSONValue.object([.init("id", .integer(number)), member]).line)
    return number
  }
}
