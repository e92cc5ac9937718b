import Notation

/// Equations of a family written step by step, `y_1 = V h_1 + c`, `y_2 = V h_2 + c`,
/// `y_3 = V h_3 + d`, of which one has another symbol in one place than all the others: it does not
/// define the family, which the others do, but is held against them.
struct DeviantInstances {
  private struct Instance {
    var step: Int
    var right: Formula
  }
  private var deviants: [(base: Formula.Identifier, step: Int)] = []

  init(surveying formulas: [Formula]) {
    var families: [(base: Formula.Identifier, instances: [Instance])] = []
    for equation in StepEquation.all(in: formulas) {
      guard equation.left.count == 1, let (base, step) = Self.numbered(equation.left[0]) else {
        continue
      }
      var names: [Formula.Identifier] = []
      equation.right.visit { part in
        if let name = part.identifier, !names.contains(name) { names.append(name) }
      }
      // One name by another is a list, not a form.
      guard names.count > 1 else { continue }
      let instance = Instance(step: step, right: equation.right)
      if let i = families.firstIndex(where: { $0.base == base }) {
        // What is written again is a claim.
        if !families[i].instances.contains(where: { $0.step == step }) {
          families[i].instances.append(instance)
        }
      } else {
        families.append((base, [instance]))
      }
    }
    families.removeAll { $0.instances.count < 3 }
    let labels = families.flatMap { Self.labels(in: $0.instances) }
    for (base, instances) in families {
      let bases = families.map { $0.base }
      let forms = instances.map { form(of: $0, labels, bases) }
      guard let odd = Self.odd(forms), instances[odd].step != instances.map({ $0.step }).min(),
        Self.differences(forms[odd], forms[odd == 0 ? 1 : 0])?.count == 1
      else { continue }
      deviants.append((base, instances[odd].step))
    }
  }

  func contains(_ name: NameKey, at step: Int) -> Bool {
    deviants.contains { $0.base.latex == name.name && $0.step == step }
  }

  /// `y_3`
  private static func numbered(_ formula: Formula) -> (Formula.Identifier, Int)? {
    guard case .scripts(let base, let below?, nil, 0) = formula.kind, let name = base.identifier,
      let step = AffineLetters(below), step.isLiteral
    else { return nil }
    return (name, step.constant)
  }

  /// The names that bear the same number at every step: `b_1`.
  private static func labels(in instances: [Instance]) -> [Formula.Identifier] {
    var found: [(name: Formula.Identifier, numbers: [[Int]])] = []
    for instance in instances {
      var own: [(name: Formula.Identifier, numbers: [Int])] = []
      instance.right.visit { part in
        guard let (name, number) = numbered(part) else { return }
        if let i = own.firstIndex(where: { $0.name == name }) {
          own[i].numbers.append(number)
        } else {
          own.append((name, [number]))
        }
      }
      for (name, numbers) in own {
        if let i = found.firstIndex(where: { $0.name == name }) {
          found[i].numbers.append(numbers)
        } else {
          found.append((name, [numbers]))
        }
      }
    }
    return found.filter { name in
      name.numbers.count == instances.count && name.numbers.allSatisfy { $0 == name.numbers[0] }
    }.map { $0.name }
  }

  /// The right side with every step counted from the instance's own.
  private func form(
    of instance: Instance, _ labels: [Formula.Identifier], _ bases: [Formula.Identifier]
  ) -> Formula {
    func counted(_ formula: Formula) -> Formula {
      guard let (name, number) = Self.numbered(formula) else {
        return formula.mappingChildren(counted)
      }
      if labels.contains(name), !bases.contains(name) { return formula }
      let distance = Formula(.number(String(number - instance.step)), formula.span)
      return Formula(
        .scripts(
          Formula(.identifier(name), formula.span), below: distance, above: nil, primes: 0),
        formula.span)
    }
    return counted(instance.right)
  }

  /// The one form that is not like all the others.
  private static func odd(_ forms: [Formula]) -> Int? {
    let spelled = forms.map { $0.spelled }
    for i in forms.indices {
      let others = forms.indices.filter { $0 != i }
      if others.allSatisfy({ spelled[$0] == spelled[others[0]] }), spelled[i] != spelled[others[0]]
      {
        return i
      }
    }
    return nil
  }

  /// The names in which two formulas of one build differ; nil if they differ in more.
  private static func differences(_ a: Formula, _ b: Formula) -> [Formula]? {
    if a.spelled == b.spelled { return [] }
    if a.unfencedScripts.identifier != nil, b.unfencedScripts.identifier != nil { return [a] }
    let (x, y) = (a.children, b.children)
    let blank = { (formula: Formula) in formula.mappingChildren { _ in Formula(.empty, Span(0, 0)) }
    }
    guard x.count == y.count, blank(a).spelled == blank(b).spelled else { return nil }
    var found: [Formula] = []
    for (one, other) in zip(x, y) {
      guard let inner = differences(one, other) else { return nil }
      found += inner
    }
    return found
  }
}
