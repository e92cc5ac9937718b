import Expressions

/// Functions of whole vectors and matrices.
extension Prover {
  mutating func tensorFunction(
    _ function: TensorFunction, _ operand: Expression, _ labels: [Label],
    _ workspace: borrowing Workspace
  ) throws(Failure) -> Form {
    let own = try shape(operand, workspace)
    switch function {
    case .diag:
      if own.squeezed.order < 2 {
        if labels.isEmpty { return try component(operand, [], workspace) }
        let entries = try component(operand, [labels[0]], workspace)
        return try simplifiedProduct(try delta(labels[0], labels[1]), entries)
      }
      return try component(operand, [labels[0], labels[0]], workspace)
    case .trace:
      if own.squeezed.order < 2 { return try component(operand, [], workspace) }
      var result: Form = []
      let blocks = try partition(operand, last: false, workspace)
      for label in contractionLabels(over: own.dimensions[0], blocks) {
        let form = try component(operand, [label, label], workspace)
        result += try simplifiedAll(bound(label, form))
      }
      return result
    case .determinant:
      if own.isScalar { return try component(operand, [], workspace) }
      return try determinant(operand, own, workspace)
    case .spectralRadius where !own.isScalar: throw .unsupported
    case .spectralNorm where own.squeezed.order > 1: throw .unsupported
    case .norm, .spectralNorm, .spectralRadius, .total:
      let form = try contracted(operand, own, workspace) { prover, entries throws(Failure) in
        function == .total ? entries : try prover.power(entries, Affine(2))
      }
      return function == .total ? form : try apply(.sqrt, 0, form)
    case .softmax:
      if labels.isEmpty { return unit([]) }
      let above = try apply(.exp, 0, try component(operand, labels, workspace))
      var below: Form = []
      let blocks = try partition(operand, last: true, workspace)
      for other in contractionLabels(over: own.dimensions[own.order - 1], blocks) {
        let places = Array(labels.dropLast()) + [other]
        let form = try apply(.exp, 0, try component(operand, places, workspace))
        below += try simplifiedAll(bound(other, form))
      }
      return try simplifiedProduct(
        above, try power(below, Affine(-1)))
    case .maximum:
      if own.isScalar { return try component(operand, [], workspace) }
      let open = own.squeezed.dimensions.map { table.label(over: $0) }
      let form = try component(operand, open, workspace)
      let interned = try intern(form)
      formDimensions[interned.key] = interned.labels.map { table.labels[Int($0)].dimension }
      let head = table.head(.largest(interned.key))
      return unit([Factor(head, [], interned.times)])
    case .vec:
      if own.squeezed.order < 2 { return try component(operand, labels, workspace) }
      try requireWhole(labels)
      let row = table.label(over: own.dimensions[0])
      let column = table.label(over: own.dimensions[1])
      var form = try multiplied(
        try component(operand, [row, column], workspace),
        unit([Factor(table.pairing, [labels[0], column, row])]))
      for i in form.indices { form[i].labels += [row, column] }
      return try simplifiedAll(form)
    }
  }

  mutating func kronecker(
    _ a: Expression, _ b: Expression, _ labels: [Label], _ workspace: borrowing Workspace
  ) throws(Failure) -> Form {
    try kronecker(a, b, labels, workspace) { prover, operand, places, workspace throws(Failure) in
      try prover.component(operand, places, workspace)
    }
  }

  /// The Kronecker product of what `entry` makes of the two operands at their labels.
  mutating func kronecker(
    _ a: Expression, _ b: Expression, _ labels: [Label], _ workspace: borrowing Workspace,
    _ entry: (inout Prover, Expression, [Label], borrowing Workspace) throws(Failure) -> Form
  ) throws(Failure) -> Form {
    func sides(_ shape: Shape) -> [Dimension] {
      switch shape.order {
      case 0: return [.one, .one]
      case 1: return [shape.dimensions[0], .one]
      default: return shape.dimensions
      }
    }
    let first = sides(try shape(a, workspace))
    let second = sides(try shape(b, workspace))
    var rest = labels[...]
    var (outer, inner): ([Label], [Label]) = ([], [])
    var form = unit([])
    for axis in 0..<2 {
      let (m, p) = (first[axis], second[axis])
      if m == .one, p == .one { continue }
      guard let label = rest.popFirst() else { throw .shapes }
      if m == .one {
        inner.append(label)
      } else if p == .one {
        outer.append(label)
      } else {
        try requireWhole([label])
        let parts = [table.label(over: m), table.label(over: p)]
        outer.append(parts[0])
        inner.append(parts[1])
        form[0].factors.append(Factor(table.pairing, [label] + parts))
        form[0].labels += parts
      }
    }
    let left = try entry(&self, a, outer, workspace)
    let right = try entry(&self, b, inner, workspace)
    return try simplifiedAll(try multiplied(try multiplied(form, left), right))
  }

  /// The sum over all axes of what `change` makes of an entry.
  private mutating func contracted(
    _ operand: Expression, _ own: Shape, _ workspace: borrowing Workspace,
    _ change: (inout Prover, Form) throws(Failure) -> Form
  ) throws(Failure) -> Form {
    let axes = own.squeezed.dimensions
    var choices: [[Label]] = [[]]
    for (a, dimension) in axes.enumerated() {
      let blocks =
        axes.count <= 2
        ? try partition(operand, last: a == axes.count - 1, workspace) : nil
      var longer: [[Label]] = []
      for choice in choices {
        for label in contractionLabels(over: dimension, blocks) { longer.append(choice + [label]) }
      }
      choices = longer
    }
    var result: Form = []
    for choice in choices {
      var form = try change(&self, try component(operand, choice, workspace))
      for label in choice { form = bound(label, form) }
      result += try simplifiedAll(form)
    }
    return result
  }
}
