import Documents
import Expressions
import Notation

/// The model in which a claim is judged, with its names and what it rests on.
package struct Setting: Sendable {
  package var model: Model
  package var table: SymbolTable
  /// Which of the page's definitions it took, in their order.
  package var definitions: [Int]
  /// Symbols taken as unknown smooth functions.
  package var opaque: [Symbol]
  /// Whether the page leaves open what a loss adds up.
  package var isAmbiguous = false
  /// Whether it leaves open which of two of them is computed from the other.
  package var isCircular = false
  /// Those of which the page leaves open whether they read their own step before.
  package var ambiguous: [OpaqueFunction] = []
  /// Losses without a step that are taken for the sum of the losses of all steps.
  package var supposedTotals: [NameKey] = []
  /// Names whose declared shape does not serve this model.
  package var detached: [NameKey]
  /// Repairs of misprinted definitions: where, and what was put in place.
  package var repairs: [Repair]
  /// Why a definition cannot be typed, with its statement.
  package var mismatch: (mismatch: ShapeMismatch, statement: Int)?
  /// Definitions that cannot be read, with their statements.
  package var unread: [(statement: Int, problem: Unreadable)] = []
  /// Whether all quantities are taken as numbers because nothing else types.
  package var isScalar: Bool
  /// The sizes of the model's own names.
  package var sizes: Set<DimensionSymbol> = []
  /// Names that only unknown functions read or compute: nothing but claims shows their shapes.
  package var unsized: [Symbol] = []
  /// Unnamed nodes that a derivative is taken by, though no equation contains them.
  package var idle: [Symbol] = []
  /// Families that are read at another time than their own.
  package var stateSymbols: [Symbol] = []
  /// Definitions that are given by a formula the page wrote, with the statement.
  package var statements: [(symbol: Symbol, statement: Int)]

  /// Whether a formula that defines something here was damaged and put together again.
  func rests(onRepairsOf page: Page) -> Bool {
    statements.contains { definition in
      page.statements.indices.contains(definition.statement)
        && page.statements[definition.statement].isRepaired
    }
  }

  /// The unknown functions with what they read.
  var opaqueBodies: [Expression] {
    model.definitions.filter { opaque.contains($0.symbol) }.map { $0.body }
  }

  package struct Repair: Sendable {
    package var statement: Int
    package var old: Expression
    package var new: Expression
  }
}

/// What a setting depends on: equal requests give one setting.
struct SettingRequest: Hashable {
  var definitions: [Int]
  var opaqueKeys: [NameKey]
  /// The properties and the shapes in force, which later ones of the same names may replace.
  var said: [Said]
  /// Families of which the claim writes other steps than those that the page computes one by one.
  var goingOn: [String]
  /// The functions that are in force, of those that are not throughout.
  var functions: [Int]

  struct Said: Hashable {
    var key: NameKey
    var properties: UInt32
    var declaration: Int?
  }
}
