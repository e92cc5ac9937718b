import Documents
import Expressions
import Notation

/// Lines that repeat a mended one for a single step.
extension DocumentJudge {
  /// The mend of a line above of which this one is the case of a number: what is wrong for all m is
  /// wrong in the same way for m = 1.
  mutating func instanceOfMend(
    _ judged: Judged, _ statement: Statement, in workspace: inout Workspace
  ) -> RepairSearch.Found? {
    let steps = workspace.variables(in: judged.left).compactMap { $0.time?.literal }
    guard judged.mismatch == nil, statement.sign == .equal, let first = steps.first,
      workspace.freeTimes(in: judged.left).isEmpty, workspace.freeTimes(in: judged.right).isEmpty
    else { return nil }
    let (left, right) = (workspace.counted(judged.left), workspace.counted(judged.right))
    for index in stride(from: statement.index - 1, through: 0, by: -1) {
      guard let mend = mended[index]?.mend, mend.sign == statement.sign,
        let letter = workspace.freeTimes(in: mend.origin.readLeft).first,
        let general = workspace.variables(in: mend.origin.readLeft).first?.time,
        general.symbol == letter
      else { continue }
      let step = Time(first - general.constant)
      func instance(_ root: Expression) -> Expression {
        let single = workspace.substituting(letter, by: step, in: root)
        return workspace.counted(single)
      }
      guard instance(mend.origin.readLeft) == left, instance(mend.origin.readRight) == right,
        instance(mend.left) == left
      else { continue }
      let new = instance(mend.right)
      guard accepts(judged.left, new, for: judged, statement, in: &workspace) else { continue }
      let edit = Edit(
        side: .right, path: Path(), old: judged.right, new: new, slip: mend.slip, weight: 0)
      return RepairSearch.Found(
        edit: edit, left: judged.left, right: new, base: (judged.left, judged.right))
    }
    return nil
  }
}

extension Workspace {
  /// With numbers for the steps that are numbers.
  fileprivate mutating func counted(_ root: Expression) -> Expression {
    rewriting(root) { workspace, expression in
      guard case .timeValue(let time) = workspace[expression], let value = time.literal else {
        return nil
      }
      return workspace.number(value)
    }
  }
}
