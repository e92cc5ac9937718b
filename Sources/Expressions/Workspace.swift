/// The arena that owns every expression, and the names and shapes they speak of.
///
/// Nodes are hash-consed: 16-byte records behind 32-bit handles, equal expressions have equal
/// handles. Constructors never simplify: what is written stays as written.
package struct Workspace: ~Copyable {
  /// One node: its kind, where its words lie, how many, and their hash.
  struct Record {
    var tag: UInt32
    var offset: UInt32
    var count: UInt32
    var hash: UInt32
  }

  var records: [Record] = []
  /// The kinds of the nodes at and below each node.
  var kinds: [NodeKinds] = []
  /// Operands and payloads of all nodes, one after the other.
  var words: [UInt32] = []
  /// Open addressing, linear probing, at most three quarters full; `UInt32.max` is empty.
  var slots: [UInt32] = [UInt32](repeating: .max, count: 1 << 12)

  var times = Interned<Time>()
  var rationals = Interned<Rational>()
  var dimensions = Interned<Dimension>()
  var shapes = Interned<Shape>()

  package private(set) var dimensionNames: [String] = []
  package private(set) var timeNames: [String] = []
  package private(set) var functionNames: [String] = []
  package private(set) var symbols: [SymbolRecord] = []
  package private(set) var indices: [IndexRecord] = []
  package private(set) var opaques: [OpaqueRecord] = []
  /// How many there were when the document at hand began.
  private var origin: (symbols: Int, opaques: Int, functions: Int) = (0, 0, 0)

  package init() {}

  /// The number of distinct nodes.
  package var count: Int { records.count }

  package mutating func dimension(named name: String) -> DimensionSymbol {
    dimensionNames.append(name)
    return DimensionSymbol(id: UInt32(dimensionNames.count - 1))
  }
  package mutating func time(named name: String) -> TimeSymbol {
    timeNames.append(name)
    return TimeSymbol(id: UInt32(timeNames.count - 1))
  }
  package mutating func function(named name: String) -> FunctionSymbol {
    functionNames.append(name)
    return FunctionSymbol(id: UInt32(functionNames.count - 1))
  }
  /// Counts symbols and unknown functions from here on anew: what is drawn for the next document
  /// does not depend on the documents before it.
  package mutating func beginDocument() {
    origin = (symbols.count, opaques.count, functionNames.count)
  }
  /// The symbol's number within its document.
  package func ordinal(of symbol: Symbol) -> Int { Int(symbol.id) - origin.symbols }
  package func ordinal(of function: OpaqueFunction) -> Int {
    Int(function.id) - origin.opaques
  }
  package func ordinal(of function: FunctionSymbol) -> Int {
    Int(function.id) - origin.functions
  }

  package mutating func symbol(_ record: SymbolRecord) -> Symbol {
    symbols.append(record)
    return Symbol(id: UInt32(symbols.count - 1))
  }
  package mutating func index(_ record: IndexRecord) -> IndexSymbol {
    indices.append(record)
    return IndexSymbol(id: UInt32(indices.count - 1))
  }
  package mutating func opaque(_ record: OpaqueRecord) -> OpaqueFunction {
    opaques.append(record)
    return OpaqueFunction(id: UInt32(opaques.count - 1))
  }

  package subscript(symbol: Symbol) -> SymbolRecord {
    get { symbols[Int(symbol.id)] }
    set { symbols[Int(symbol.id)] = newValue }
  }
  package subscript(index: IndexSymbol) -> IndexRecord {
    get { indices[Int(index.id)] }
    set { indices[Int(index.id)] = newValue }
  }
  package subscript(opaque: OpaqueFunction) -> OpaqueRecord {
    get { opaques[Int(opaque.id)] }
    set { opaques[Int(opaque.id)] = newValue }
  }
  package func name(of symbol: DimensionSymbol) -> String { dimensionNames[Int(symbol.id)] }
  package func name(of symbol: TimeSymbol) -> String { timeNames[Int(symbol.id)] }
  package func name(of symbol: FunctionSymbol) -> String { functionNames[Int(symbol.id)] }

  /// The handle of a node with the given kind and words. O(1) on average.
  mutating func intern(tag: UInt32, words new: [UInt32]) -> Expression {
    var hash: UInt32 = 2_166_136_261 &+ tag &* 16_777_619
    for word in new { hash = (hash ^ word) &* 16_777_619 &+ hash >> 15 }
    if (records.count + 1) * 4 > slots.count * 3 { grow() }
    let mask = slots.count - 1
    var slot = Int(hash &* 2_654_435_769 >> 4) & mask
    while slots[slot] != .max {
      let candidate = records[Int(slots[slot])]
      if candidate.hash == hash, candidate.tag == tag, Int(candidate.count) == new.count {
        var equal = true
        for i in 0..<new.count where words[Int(candidate.offset) + i] != new[i] {
          equal = false
          break
        }
        if equal { return Expression(id: slots[slot]) }
      }
      slot = (slot + 1) & mask
    }
    slots[slot] = UInt32(records.count)
    records.append(
      Record(tag: tag, offset: UInt32(words.count), count: UInt32(new.count), hash: hash))
    words += new
    return Expression(id: slots[slot])
  }

  private mutating func grow() {
    let size = slots.count * 2
    slots = [UInt32](repeating: .max, count: size)
    for (i, record) in records.enumerated() {
      var slot = Int(record.hash &* 2_654_435_769 >> 4) & (size - 1)
      while slots[slot] != .max { slot = (slot + 1) & (size - 1) }
      slots[slot] = UInt32(i)
    }
  }
}

/// Values numbered in the order of their first appearance.
struct Interned<Value: Hashable> {
  private(set) var values: [Value] = []
  private var numbers: [Value: UInt32] = [:]

  mutating func number(of value: Value) -> UInt32 {
    if let known = numbers[value] { return known }
    let number = UInt32(values.count)
    values.append(value)
    numbers[value] = number
    return number
  }
  subscript(number: UInt32) -> Value { values[Int(number)] }
}
