import Expressions

typealias FormKey = Int32
typealias SystemKey = Int32

/// The kinds of heads.
enum HeadKind: Hashable {
  case delta
  /// One where the first label is the pair of the second (outer) and third (inner), else zero.
  case pairing
  case symbol(Symbol, timed: Bool, copied: Bool)
  /// What a head is in one block of each axis that the numbers do not leave whole (-1).
  case part(Head, [Int32])
  case differential(Symbol, timed: Bool, copied: Bool)
  /// A function of one number or its n-th derivative, at an interned argument.
  case apply(ElementwiseFunction, derivative: Int, FormKey)
  /// An interned sum, standing for itself under an exponent.
  case bracket(FormKey)
  /// A square matrix to the factor's exponent; -1 is its inverse.
  case matrixPower(FormKey)
  case determinant(FormKey)
  /// The largest entry.
  case largest(FormKey)
  /// The softmax of a vector; for readers only, the algebra knows exponentials.
  case softmax(FormKey)
  /// Slots: lower, upper, then the outer times of the steps.
  case path(SystemKey, row: Int, column: Int)
  /// Value (no slots) or partial of an unknown function.
  case opaque(OpaqueFunction, timed: Bool, slots: [Int], [FormKey])
}

/// What rewriting has to know of a head before it looks closer.
struct Traits: OptionSet {
  let rawValue: UInt32
  static let symmetric = Traits(rawValue: 1)
  static let delta = Traits(rawValue: 2)
  static let matrixPower = Traits(rawValue: 4)
  static let path = Traits(rawValue: 8)
  static let orthogonal = Traits(rawValue: 16)
  static let unitNorm = Traits(rawValue: 32)
  static let oneHot = Traits(rawValue: 64)
  /// exp, sqrt, absolute, sign or an activation: rules for pairs of factors.
  static let function = Traits(rawValue: 128)
  static let bracket = Traits(rawValue: 256)
  static let positive = Traits(rawValue: 512)
  /// A matrix that has been raised to a power somewhere.
  static let powerBase = Traits(rawValue: 1024)
  static let pairing = Traits(rawValue: 2048)
  /// Any that a rule of `Simplification` looks for.
  static let special: Traits = [
    .matrixPower, .path, .orthogonal, .unitNorm, .oneHot, .function, .powerBase, .pairing,
  ]
}

/// An interned form: its open labels are -1, -2, …, its time slots are the time variables -1, -2, ….
struct StoredForm {
  var terms: [Term]
  var labelCount: Int
  var slotCount: Int
}

/// A block state's one-step Jacobians; the step is the time variable -1, the outer slots -2, -3, ….
struct StoredSystem: Hashable {
  struct Block: Hashable {
    var form: FormKey
    var times: [Moment]
  }
  var size: Int
  var blocks: [Block]
  /// How many axes each part has, and their dimensions (numbers in the table).
  var axes: [[Int32]]
  /// Every block is δ times a vector: one label instead of two.
  var isDiagonal: Bool
}

/// Heads, forms, systems and labels, numbered once for all comparisons of a prover.
struct HeadTable {
  private(set) var kinds: [HeadKind] = []
  private(set) var traits: [Traits] = []
  private var heads: [HeadKind: Head] = [:]

  private(set) var forms: [StoredForm] = []
  private var formKeys: [[Int32]: FormKey] = [:]

  private(set) var systems: [StoredSystem] = []
  private var systemKeys: [StoredSystem: SystemKey] = [:]

  private(set) var dimensions: [Dimension] = []
  private var dimensionKeys: [Dimension: Int32] = [:]

  struct LabelRecord {
    var dimension: Int32
    /// The block of a stacked axis over which the label runs, or -1. Such a label says to the forms
    /// that are read which block is meant; their factors have the plain one beside it.
    var block: Int32 = -1
    var plain: Label = -1
  }
  /// One of the blocks that make up an axis.
  struct AxisBlock: Hashable {
    var partition: [Dimension]
    var number: Int
  }
  private(set) var blocks: [AxisBlock] = []
  private(set) var labels: [LabelRecord] = []
  private(set) var literals: [Index] = []
  private var nextTime: TimeVariable = 1 << 20
  /// Bases of symbolic matrix powers that are one symbol: their factors are absorbed.
  private(set) var powerBases: [Head: FormKey] = [:]

  let delta: Head = 0
  let pairing: Head = 1

  init() {
    _ = head(.delta, [.delta, .symmetric])
    _ = head(.pairing, .pairing)
  }

  mutating func head(_ kind: HeadKind, _ traits: Traits = []) -> Head {
    if let known = heads[kind] { return known }
    let head = Head(kinds.count)
    kinds.append(kind)
    self.traits.append(traits)
    heads[kind] = head
    return head
  }

  mutating func markPowerBase(_ head: Head, of form: FormKey) {
    traits[Int(head)].insert(.powerBase)
    powerBases[head] = form
  }

  /// The form with the given code, which stands for all of it.
  mutating func form(code: [Int32], _ make: () -> StoredForm) -> FormKey {
    if let known = formKeys[code] { return known }
    let key = FormKey(forms.count)
    forms.append(make())
    formKeys[code] = key
    return key
  }

  mutating func system(_ system: StoredSystem) -> SystemKey {
    if let known = systemKeys[system] { return known }
    let key = SystemKey(systems.count)
    systems.append(system)
    systemKeys[system] = key
    return key
  }

  mutating func number(of dimension: Dimension) -> Int32 {
    if let known = dimensionKeys[dimension] { return known }
    let key = Int32(dimensions.count)
    dimensions.append(dimension)
    dimensionKeys[dimension] = key
    return key
  }

  mutating func label(over dimension: Dimension) -> Label {
    label(overNumber: number(of: dimension))
  }
  mutating func label(overNumber dimension: Int32) -> Label {
    labels.append(LabelRecord(dimension: dimension))
    return Label(labels.count - 1)
  }
  /// A label over one block of an axis, and a plain one over the block's own places.
  mutating func label(over block: AxisBlock) -> Label {
    let number = blocks.firstIndex(of: block) ?? blocks.count
    if number == blocks.count { blocks.append(block) }
    let plain = label(over: block.partition[block.number])
    labels.append(
      LabelRecord(
        dimension: labels[Int(plain)].dimension, block: Int32(number), plain: plain))
    return Label(labels.count - 1)
  }
  /// The block of an axis that a label means; nil for the whole of it.
  func block(of label: Label) -> AxisBlock? {
    guard label >= 0, labels[Int(label)].block >= 0 else { return nil }
    return blocks[Int(labels[Int(label)].block)]
  }
  /// The label that factors have where a label over a block stands.
  func plain(_ label: Label) -> Label {
    label >= 0 && labels[Int(label)].block >= 0 ? labels[Int(label)].plain : label
  }
  /// A label that runs over the same places as another.
  mutating func label(like label: Label) -> Label {
    labels.append(labels[Int(label)])
    return Label(labels.count - 1)
  }
  mutating func literal(_ index: Index) -> Label {
    for (i, known) in literals.enumerated() where known == index { return -1000 - Label(i) }
    literals.append(index)
    return -1000 - Label(literals.count - 1)
  }
  func literal(of label: Label) -> Index? {
    label <= -1000 ? literals[Int(-1000 - label)] : nil
  }
  mutating func freshTime() -> TimeVariable {
    nextTime += 1
    return nextTime
  }

  func kind(_ factor: Factor) -> HeadKind { kinds[Int(factor.head)] }
  func traits(_ factor: Factor) -> Traits { traits[Int(factor.head)] }
}
