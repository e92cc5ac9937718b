/// How nodes are written into the arena and read back.
extension Workspace {
  /// The handle of `node`; equal nodes have equal handles. O(number of operands).
  package mutating func expression(_ node: Node) -> Expression {
    let result = intern(node)
    if kinds.count < records.count {
      var below = NodeKinds(tag: records[Int(result.id)].tag)
      for child in node.children { below.formUnion(kinds[Int(child.id)]) }
      kinds.append(below)
    }
    return result
  }

  /// Whether a node of one of the kinds occurs in an expression. O(1).
  package func holds(_ sought: NodeKinds, in root: Expression) -> Bool {
    !kinds[Int(root.id)].isDisjoint(with: sought)
  }

  private mutating func intern(_ node: Node) -> Expression {
    switch node {
    case .number(let value): return intern(tag: 0, words: [rationals.number(of: value)])
    case .decimal(let value, let places):
      return intern(tag: 1, words: [rationals.number(of: value), UInt32(places)])
    case .variable(let variable):
      return intern(
        tag: 2, words: [variable.symbol.id, encode(variable.time), encode(variable.copy)])
    case .timeValue(let time): return intern(tag: 3, words: [times.number(of: time)])
    case .dimensionValue(let dimension):
      return intern(tag: 4, words: [dimensions.number(of: dimension)])
    case .identity(let dimension):
      return intern(tag: 5, words: [dimensions.number(of: dimension)])
    case .ones(let shape): return intern(tag: 6, words: [shapes.number(of: shape)])
    case .zero(let shape): return intern(tag: 7, words: [shapes.number(of: shape)])
    case .unitVector(let index, let dimension):
      return intern(tag: 8, words: encode(index) + [dimensions.number(of: dimension)])
    case .delta(let a, let b): return intern(tag: 9, words: encode(a) + encode(b))
    case .sum(let terms): return intern(tag: 10, words: encode(terms))
    case .negative(let operand): return intern(tag: 11, words: [operand.id])
    case .product(let factors): return intern(tag: 12, words: encode(factors))
    case .hadamard(let factors): return intern(tag: 13, words: encode(factors))
    case .quotient(let a, let b): return intern(tag: 14, words: [a.id, b.id])
    case .power(let base, let exponent): return intern(tag: 15, words: [base.id, exponent.id])
    case .transpose(let operand): return intern(tag: 16, words: [operand.id])
    case .apply(let function, let derivative, let argument):
      return intern(tag: 17, words: [encode(function), UInt32(derivative), argument.id])
    case .maximum(let a, let b): return intern(tag: 18, words: [a.id, b.id])
    case .tensorFunction(let function, let argument):
      return intern(tag: 19, words: [function.rawValue, argument.id])
    case .kronecker(let a, let b): return intern(tag: 20, words: [a.id, b.id])
    case .stack(let rows, let columns, let blocks):
      return intern(tag: 21, words: [UInt32(rows), UInt32(columns)] + encode(blocks))
    case .entry(let operand, let indices):
      return intern(tag: 22, words: [operand.id] + indices.flatMap { encode($0) })
    case .indexSum(let index, let body): return intern(tag: 23, words: [index.id, body.id])
    case .tabulate(let indices, let body):
      return intern(tag: 24, words: [body.id] + indices.map { $0.id })
    case .timeSum(let symbol, let from, let through, let body):
      return intern(
        tag: 25,
        words: [symbol.id, times.number(of: from), times.number(of: through), body.id])
    case .timeProduct(let symbol, let from, let through, let body, let order):
      return intern(
        tag: 26,
        words: [
          symbol.id, times.number(of: from), times.number(of: through), body.id, order.rawValue,
        ])
    case .iverson(let conditions):
      return intern(tag: 27, words: conditions.map { times.number(of: $0) })
    case .pathProduct(let path):
      let head = [
        path.step.id, times.number(of: path.lower), times.number(of: path.upper),
        UInt32(path.row), UInt32(path.column), UInt32(path.size),
      ]
      return intern(tag: 28, words: head + encode(path.blocks))
    case .opaque(let function, let time, let arguments):
      return intern(tag: 29, words: [function.id, encode(time)] + encode(arguments))
    case .opaquePartial(let function, let time, let slots, let arguments):
      return intern(
        tag: 30,
        words: [function.id, encode(time), UInt32(slots.count)] + slots.map { UInt32($0) }
          + encode(arguments))
    case .derivative(let numerator, let denominator, let intervention):
      return intern(
        tag: 31,
        words: [
          numerator.id, denominator.id, intervention.mode.rawValue, intervention.layout.rawValue,
        ] + intervention.held.map { $0.id })
    case .differential(let operand): return intern(tag: 32, words: [operand.id])
    case .elided(let function, let derivative, let site):
      return intern(tag: 33, words: [encode(function), UInt32(derivative), UInt32(site)])
    }
  }

  /// The node behind a handle. O(number of operands).
  package subscript(expression: Expression) -> Node {
    let record = records[Int(expression.id)]
    let start = Int(record.offset)
    let end = start + Int(record.count)
    func word(_ i: Int) -> UInt32 { words[start + i] }
    func operand(_ i: Int) -> Expression { Expression(id: words[start + i]) }
    func operands(from i: Int) -> [Expression] {
      words[(start + i)..<end].map { Expression(id: $0) }
    }
    switch record.tag {
    case 0: return .number(rationals[word(0)])
    case 1: return .decimal(rationals[word(0)], places: Int(word(1)))
    case 2:
      return .variable(
        Variable(Symbol(id: word(0)), at: decodeTime(word(1)), copy: decodeTime(word(2))))
    case 3: return .timeValue(times[word(0)])
    case 4: return .dimensionValue(dimensions[word(0)])
    case 5: return .identity(dimensions[word(0)])
    case 6: return .ones(shapes[word(0)])
    case 7: return .zero(shapes[word(0)])
    case 8: return .unitVector(decodeIndex(word(0), word(1)), dimensions[word(2)])
    case 9: return .delta(decodeIndex(word(0), word(1)), decodeIndex(word(2), word(3)))
    case 10: return .sum(operands(from: 0))
    case 11: return .negative(operand(0))
    case 12: return .product(operands(from: 0))
    case 13: return .hadamard(operands(from: 0))
    case 14: return .quotient(operand(0), operand(1))
    case 15: return .power(operand(0), operand(1))
    case 16: return .transpose(operand(0))
    case 17: return .apply(decodeFunction(word(0)), derivative: Int(word(1)), operand(2))
    case 18: return .maximum(operand(0), operand(1))
    case 19:
      return .tensorFunction(TensorFunction.allCases[Int(word(0))], operand(1))
    case 20: return .kronecker(operand(0), operand(1))
    case 21: return .stack(rows: Int(word(0)), columns: Int(word(1)), operands(from: 2))
    case 22:
      var indices: [Index] = []
      var i = 1
      while start + i < end {
        indices.append(decodeIndex(word(i), word(i + 1)))
        i += 2
      }
      return .entry(operand(0), indices)
    case 23: return .indexSum(IndexSymbol(id: word(0)), operand(1))
    case 24:
      return .tabulate(words[(start + 1)..<end].map { IndexSymbol(id: $0) }, operand(0))
    case 25:
      return .timeSum(
        TimeSymbol(id: word(0)), from: times[word(1)], through: times[word(2)], operand(3))
    case 26:
      return .timeProduct(
        TimeSymbol(id: word(0)), from: times[word(1)], through: times[word(2)], operand(3),
        ProductOrder(rawValue: word(4)) ?? .descending)
    case 27: return .iverson(words[start..<end].map { times[$0] })
    case 28:
      return .pathProduct(
        PathProduct(
          step: TimeSymbol(id: word(0)), lower: times[word(1)], upper: times[word(2)],
          row: Int(word(3)), column: Int(word(4)), blocks: operands(from: 6), size: Int(word(5))))
    case 29:
      return .opaque(
        OpaqueFunction(id: word(0)), at: decodeTime(word(1)), operands(from: 2))
    case 30:
      let count = Int(word(2))
      return .opaquePartial(
        OpaqueFunction(id: word(0)), at: decodeTime(word(1)),
        slots: (0..<count).map { Int(word(3 + $0)) }, operands(from: 3 + count))
    case 31:
      return .derivative(
        of: operand(0), by: operand(1),
        Intervention(
          mode: Intervention.Mode(rawValue: word(2)) ?? .total,
          layout: Layout.allCases[Int(word(3))],
          held: words[(start + 4)..<end].map { Symbol(id: $0) }))
    case 32: return .differential(operand(0))
    case 33:
      return .elided(decodeFunction(word(0)), derivative: Int(word(1)), site: Int(word(2)))
    default: preconditionFailure("a node of no kind")
    }
  }

  private func encode(_ operands: [Expression]) -> [UInt32] { operands.map { $0.id } }

  private mutating func encode(_ time: Time?) -> UInt32 {
    if let time { return times.number(of: time) }
    return .max
  }
  private func decodeTime(_ word: UInt32) -> Time? { word == .max ? nil : times[word] }

  private mutating func encode(_ index: Index) -> [UInt32] {
    switch index {
    case .label(let symbol): return [0, symbol.id]
    case .literal(let value): return [1, UInt32(truncatingIfNeeded: value)]
    case .last(let dimension): return [2, dimensions.number(of: dimension)]
    }
  }
  private func decodeIndex(_ kind: UInt32, _ word: UInt32) -> Index {
    switch kind {
    case 0: return .label(IndexSymbol(id: word))
    case 1: return .literal(Int(word))
    default: return .last(dimensions[word])
    }
  }

  private func encode(_ function: ElementwiseFunction) -> UInt32 {
    switch function {
    case .sigmoid: return 0
    case .tanh: return 1
    case .exp: return 2
    case .log: return 3
    case .sin: return 4
    case .cos: return 5
    case .sqrt: return 6
    case .relu: return 7
    case .softplus: return 8
    case .absolute: return 9
    case .sign: return 10
    case .generic(let symbol): return 64 + symbol.id
    }
  }
  private func decodeFunction(_ word: UInt32) -> ElementwiseFunction {
    word < 64
      ? ElementwiseFunction.standard[Int(word)] : .generic(FunctionSymbol(id: word - 64))
  }
}

/// Short constructors.
extension Workspace {
  package mutating func number(_ value: Int) -> Expression {
    expression(.number(Rational(value)))
  }
  package mutating func number(_ value: Rational) -> Expression { expression(.number(value)) }
  package mutating func variable(
    _ symbol: Symbol, at time: Time? = nil, copy: Time? = nil
  ) -> Expression {
    expression(.variable(Variable(symbol, at: time, copy: copy)))
  }
  /// The only term if there is one, zero of no shape if there is none.
  package mutating func sum(_ terms: [Expression]) -> Expression {
    terms.count == 1 ? terms[0] : terms.isEmpty ? number(0) : expression(.sum(terms))
  }
  /// The only factor if there is one, one if there is none.
  package mutating func product(_ factors: [Expression]) -> Expression {
    factors.count == 1 ? factors[0] : factors.isEmpty ? number(1) : expression(.product(factors))
  }
  package mutating func hadamard(_ factors: [Expression]) -> Expression {
    factors.count == 1 ? factors[0] : factors.isEmpty ? number(1) : expression(.hadamard(factors))
  }
}
