import Leibniz

/// Judges documents and prints or writes the report.
func check(_ call: CheckCall) -> ExitStatus {
  let library = Library.loading(
    call.paths.isEmpty ? ["Derivations"] : call.paths, given: call.given)
  for problem in library.problems { complain(problem.message) }
  if library.documents.isEmpty, !library.problems.isEmpty { return .unusable }

  let judged = Check(library.documents, givens: library.givens)
  let report = judged.report(call.format, color: call.output == nil && isColorWanted)
  var status = ExitStatus(judged.outcome(isStrict: call.isStrict))
  if !library.problems.isEmpty { status = status.joined(with: .unusable) }
  guard let path = call.output else { return status.joined(with: print(report)) }
  if let problem = write(report, toFile: path) {
    complain(problem.message)
    return status.joined(with: .unusable)
  }
  return status
}
