import Leibniz

/// Prints a derivative, its steps and its finite-difference error.
func derivative(_ call: DeriveCall) -> ExitStatus {
  answering { () throws(Refusal) in
    try derive(
      DerivativeRequest(
        expression: call.expression, node: call.node, model: try choice(call.model),
        held: call.held, isImmediate: call.isImmediate, layout: call.layout,
        isExplained: call.isExplained))
  }
}

/// The named system or the file's text.
func choice(_ name: ModelName?) throws(Refusal) -> ModelChoice? {
  switch name {
  case nil: return nil
  case .standard(let name): return .standard(name)
  case .file(let path):
    let library = Library.loading([path], given: [])
    if let problem = library.problems.first { throw Refusal(problem.message) }
    guard let document = library.documents.first else {
      throw Refusal(path + ": holds no document")
    }
    if library.documents.count > 1 { throw Refusal(path + ": is a folder, not a document") }
    return .document(document, givens: library.givens)
  }
}

/// Prints the answer, or says why there is none.
func answering(_ body: () throws(Refusal) -> Answer) -> ExitStatus {
  do throws(Refusal) {
    let answer = try body()
    return print(answer.text).joined(with: ExitStatus(answer.outcome))
  } catch {
    complain(error.message)
    return .unusable
  }
}
