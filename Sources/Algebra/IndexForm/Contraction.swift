import Expressions

/// A term's body in its canonical order: what it is apart from coefficient, zone and times.
struct Body {
  /// The factors' numbers in canonical order.
  var order: [Int]
  /// Other orders with the same code: the body's symmetries, as far as they were followed.
  var alternatives: [[Int]]
  var code: [Int32]
  /// Bound labels in the order of their first appearance.
  var bound: [Label]
}

/// Canonical order of a term's factors and names of its bound labels: colours are refined along
/// shared labels, ties broken by trying each, and the least code wins.
struct Contraction {
  private let term: Term
  private let table: HeadTable
  /// For each factor and position: the number of the bound label, or -1.
  private var bound: [[Int]] = []
  private var leaves = 0
  private var best: Body?
  /// Labels that are treated alike: which of them stands where is not looked at.
  private let anonymous: [Label]

  private static let leafLimit = 48

  static func body(of term: Term, in table: HeadTable, anonymous: [Label] = []) -> Body {
    var search = Contraction(term, table, anonymous)
    return search.run()
  }

  private init(_ term: Term, _ table: HeadTable, _ anonymous: [Label]) {
    self.term = term
    self.table = table
    self.anonymous = anonymous
    for factor in term.factors {
      bound.append(
        factor.labels.map { label in term.labels.firstIndex(of: label) ?? -1 })
    }
  }

  private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var x = a ^ (b &+ 0x9E37_79B9_7F4A_7C15 &+ a << 6 &+ a >> 2)
    x = (x ^ x >> 30) &* 0xBF58_476D_1CE4_E5B9
    return x ^ x >> 27
  }

  private mutating func run() -> Body {
    var colours: [UInt64] = []
    for factor in term.factors {
      var colour = Contraction.mix(UInt64(factor.head) &+ 1, 17)
      colour = Contraction.mix(colour, UInt64(bitPattern: Int64(factor.exponent.constant)))
      colour = Contraction.mix(colour, UInt64(factor.exponent.parts.count))
      colours.append(colour)
    }
    let labels = term.labels.map { label -> UInt64 in
      if label < 0 { return 3 }
      return Contraction.mix(UInt64(table.labels[Int(label)].dimension), 13)
    }
    search(colours, labels)
    return best ?? Body(order: [], alternatives: [], code: [], bound: [])
  }

  private func refine(_ colours: inout [UInt64], _ labels: inout [UInt64]) {
    var classes = 0
    for _ in 0...colours.count {
      var newLabels = labels
      for (f, factor) in term.factors.enumerated() {
        let isSymmetric = table.traits(factor).contains(.symmetric)
        for (p, b) in bound[f].enumerated() where b >= 0 {
          newLabels[b] =
            newLabels[b] &+ Contraction.mix(colours[f], isSymmetric ? 99 : UInt64(p))
        }
      }
      labels = newLabels.map { Contraction.mix($0, 5) }
      for (f, factor) in term.factors.enumerated() {
        let isSymmetric = table.traits(factor).contains(.symmetric)
        var colour = colours[f]
        var sum: UInt64 = 0
        for (p, b) in bound[f].enumerated() {
          let label = factor.labels[p]
          let seen =
            b >= 0
            ? labels[b]
            : anonymous.contains(label)
              ? 7 : Contraction.mix(UInt64(bitPattern: Int64(label)), 11)
          if isSymmetric {
            sum = sum &+ Contraction.mix(seen, 1)
          } else {
            colour = Contraction.mix(colour, seen)
          }
        }
        if isSymmetric { colour = Contraction.mix(colour, sum) }
        colours[f] = colour
      }
      var distinct: [UInt64] = []
      for colour in colours where !distinct.contains(colour) { distinct.append(colour) }
      if distinct.count == classes { break }
      classes = distinct.count
      if classes == colours.count { break }
    }
  }

  private mutating func search(_ colours: [UInt64], _ labels: [UInt64]) {
    if leaves >= Contraction.leafLimit { return }
    var (colours, labels) = (colours, labels)
    refine(&colours, &labels)
    let order = colours.indices.sorted {
      colours[$0] != colours[$1] ? colours[$0] < colours[$1] : $0 < $1
    }
    // The first group of factors that cannot be told apart; equal ones need not be.
    var i = 0
    while i < order.count {
      var j = i + 1
      while j < order.count, colours[order[j]] == colours[order[i]] { j += 1 }
      var distinct: [Int] = []
      for place in i..<j {
        let factor = term.factors[order[place]]
        if !distinct.contains(where: { term.factors[$0] == factor }) {
          distinct.append(order[place])
        }
      }
      if distinct.count > 1 {
        for candidate in distinct {
          var marked = colours
          marked[candidate] = Contraction.mix(marked[candidate], 0xABCD)
          for other in order[i..<j]
          where other != candidate && term.factors[other] == term.factors[candidate] {
            marked[other] = marked[candidate]
          }
          search(marked, labels)
        }
        return
      }
      i = j
    }
    // The two labels of a symmetric factor that cannot be told apart.
    for f in order where bound[f].count == 2 && table.traits(term.factors[f]).contains(.symmetric) {
      let (a, b) = (bound[f][0], bound[f][1])
      guard a >= 0, b >= 0, a != b, labels[a] == labels[b] else { continue }
      for label in [a, b] {
        var marked = labels
        marked[label] = Contraction.mix(marked[label], 0xFEED)
        search(colours, marked)
      }
      return
    }
    leaves += 1
    finish(order, labels)
  }

  private mutating func finish(_ order: [Int], _ colours: [UInt64]) {
    var code: [Int32] = []
    var names = [Int32](repeating: -1, count: term.labels.count)
    var appeared: [Label] = []
    for f in order {
      let factor = term.factors[f]
      code.append(factor.head)
      code.append(Int32(clamping: factor.exponent.parts.count))
      if factor.exponent.parts.isEmpty { code.append(Int32(clamping: factor.exponent.constant)) }
      var positions = Array(factor.labels.indices)
      if table.traits(factor).contains(.symmetric), positions.count == 2 {
        let keys = positions.map { p -> (Int, UInt64) in
          let b = bound[f][p]
          if b < 0 {
            let label = factor.labels[p]
            return (0, UInt64(bitPattern: Int64(anonymous.contains(label) ? -1 : label)))
          }
          return names[b] >= 0 ? (1, UInt64(names[b])) : (2, colours[b])
        }
        if keys[1].0 < keys[0].0 || keys[1].0 == keys[0].0 && keys[1].1 < keys[0].1 {
          positions.swapAt(0, 1)
        }
      }
      for p in positions {
        let b = bound[f][p]
        if b >= 0 {
          if names[b] < 0 {
            names[b] = Int32(appeared.count)
            appeared.append(term.labels[b])
          }
          code.append(2 &* names[b])
        } else {
          code.append(anonymous.contains(factor.labels[p]) ? 1 : 2 &* factor.labels[p] &+ 3)
        }
      }
    }
    for label in appeared {
      if label >= 0 {
        code.append(table.labels[Int(label)].dimension)
      }
    }
    guard let known = best else {
      best = Body(order: order, alternatives: [], code: code, bound: appeared)
      return
    }
    if code == known.code {
      best?.alternatives.append(order)
    } else if Contraction.isLess(code, known.code) {
      best = Body(order: order, alternatives: [], code: code, bound: appeared)
    }
  }

  static func isLess(_ a: [Int32], _ b: [Int32]) -> Bool {
    if a.count != b.count { return a.count < b.count }
    for i in a.indices where a[i] != b[i] { return a[i] < b[i] }
    return false
  }
}
