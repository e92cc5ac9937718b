import Notation

/// `f(u, v) = \tanh(A u + B v)`: a function of several arguments, applied to others, is its formula
/// with those.
struct SeveralArguments {
  private struct Function {
    var head: Formula
    var letters: [Formula.Identifier]
    var body: Formula
  }

  private var functions: [Function] = []

  init(surveying formulas: [Formula]) {
    var ambiguous: [Formula.Kind] = []
    for relation in formulas.flatMap({ Lexicon.relationsIn($0) }) {
      guard let own = Self.function(relation) else { continue }
      if let known = functions.first(where: { $0.head.spelled == own.head.spelled }) {
        // With other letters it is claimed of the function, with the same it may be another.
        if known.letters == own.letters, known.body.spelled != own.body.spelled {
          ambiguous.append(own.head.spelled)
        }
      } else {
        functions.append(own)
      }
    }
    functions.removeAll { ambiguous.contains($0.head.spelled) }
  }

  /// The function that an equation defines: its arguments are letters that the formula reads bare.
  private static func function(_ relation: Formula) -> Function? {
    guard case .relations(let left, let members) = relation.kind, members.count == 1,
      members[0].sign == .equal || members[0].sign == .defines,
      case .juxtaposition(let items) = left.kind, items.count == 2,
      let name = items[0].identifier, StandardFunction(name) == nil,
      let arguments = arguments(items[1])
    else { return nil }
    let letters = arguments.compactMap { $0.identifier }
    let body = members[0].formula
    guard letters.count == arguments.count, Set(letters).count == letters.count,
      !letters.contains(name), !body.mentions(name.name),
      letters.allSatisfy({ body.mentions($0.name) && readsBare($0, in: body) })
    else { return nil }
    return Function(head: items[0], letters: letters, body: body)
  }

  private static func arguments(_ item: Formula) -> [Formula]? {
    guard case .fenced(.parentheses, let inner) = item.kind, case .list(let items) = inner.kind
    else { return nil }
    return items
  }

  /// Whether a letter bears no scripts but powers and transposes.
  private static func readsBare(_ letter: Formula.Identifier, in formula: Formula) -> Bool {
    if case .scripts(let base, let below?, _, _) = formula.kind {
      return base.identifier != letter && !below.mentions(letter.name)
    }
    return formula.children.allSatisfy { readsBare(letter, in: $0) }
  }

  func restoring(_ formula: Formula) -> Formula {
    if functions.isEmpty { return formula }
    if case .juxtaposition(let items) = formula.kind {
      let new = restoring(items)
      return new.count == 1 ? new[0].unfenced : Formula(.juxtaposition(new), formula.span)
    }
    return formula.mappingChildren { restoring($0) }
  }

  private func restoring(_ items: [Formula]) -> [Formula] {
    var new: [Formula] = []
    var rest = items[...]
    while let item = rest.popFirst() {
      guard let next = rest.first, let arguments = Self.arguments(next),
        let function = functions.first(where: {
          $0.head.spelled == item.spelled && $0.letters.count == arguments.count
            && $0.letters != arguments.compactMap { $0.identifier }
        })
      else {
        new.append(restoring(item))
        continue
      }
      rest.removeFirst()
      let span = item.span.union(next.span)
      let given = arguments.map { restoring($0) }
      let value = Self.value(function.body, function.letters, given)
      new.append(Formula(.fenced(.parentheses, value.placed(at: span)), span))
    }
    return new
  }

  private static func value(
    _ body: Formula, _ letters: [Formula.Identifier], _ given: [Formula]
  ) -> Formula {
    if let name = body.identifier, let place = letters.firstIndex(of: name) {
      return given[place].identifier == nil
        ? Formula(.fenced(.parentheses, given[place]), body.span) : given[place]
    }
    return body.mappingChildren { value($0, letters, given) }
  }
}
