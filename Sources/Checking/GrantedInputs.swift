import Documents
import Expressions
import Notation

/// Nodes that the equations of a page read and none computes: inputs, unless the model that the page
/// takes for granted computes them. The gates of an LSTM read the state before, written out or not.
extension Page {
  /// Whether a claim differentiates what such nodes feed.
  func takesInputs(_ statement: Statement) -> Bool { !inputs(of: statement).isEmpty }

  /// The families that a claim's derivatives may go through although nothing on the page computes them.
  fileprivate func inputs(of statement: Statement) -> [NameKey] {
    guard statement.role == .claim, derivatives.contains(where: { $0.statement == statement.index })
    else { return [] }
    var reached: [NameKey] = []
    var queue = statement.names
    while let key = queue.popLast() {
      if reached.contains(key) { continue }
      reached.append(key)
      for definition in definitions where definition.key == key { queue += definition.names }
    }
    return reached.filter { key in
      key.isFamily && !definitions.contains { $0.key == key }
        && definitions.contains { $0.names.contains(key) }
    }
  }
}

extension GrantedModel.Use {
  /// Whether the model computes what the page leaves as inputs of a claim.
  func computes(inputsOf statement: Statement, on page: Page) -> Bool {
    page.inputs(of: statement).contains { key in self.page.definitions.contains { $0.key == key } }
  }
}
