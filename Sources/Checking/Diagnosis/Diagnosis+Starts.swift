import Documents
import Expressions
import Notation

/// Sums over steps that begin before there is anything to add.
extension Finding {
  /// `L = \sum_{t=0}^T L_t` where the page computes step by step what the losses read, from a later
  /// step on: `o_1 = …`, `o_2 = …`.
  mutating func judgeStart(_ judge: inout DocumentJudge, in workspace: inout Workspace) {
    guard
      let claim = try? judge.judge.theory.claim(
        statement, layout: judge.layout, in: &workspace),
      case .timeSum(let step, let from, let through, let body) =
        workspace[claim.right.expression], let start = from.literal,
      case .variable(let term) = workspace[body], term.time == Time(step)
    else { return }
    let setting = judge.judge.theory[claim.setting]
    guard let missing = setting.firstMissing(of: term.symbol, at: start, workspace),
      let first = setting.model.definition(of: missing.symbol)?.from, first.literal == start + 1
    else { return }
    let new = workspace.expression(.timeSum(step, from: first, through: through, body))
    let edge = workspace.variable(term.symbol, at: from)
    verdict = .refuted
    code = .refuted
    message = Message([
      .words("There is no "), .maths(edge), .words(": it would need "),
      .maths(workspace.expression(.variable(missing))),
      .words(", and the equations begin at step "), .time(first), .words("."),
    ])
    mend = Mend(
      left: claim.left.expression, right: new, sign: statement.sign,
      old: claim.right.expression, new: new,
      edit: Message([
        .words("lower bound "), .time(Time(step)), .words(" = "), .time(from),
        .words(" becomes "), .time(Time(step)), .words(" = "), .time(first),
      ]),
      slip: .offByOneBound,
      origin: Mend.Origin(
        left: claim.left, right: claim.right, readLeft: claim.left.expression,
        readRight: claim.right.expression))
  }
}

extension Setting {
  /// What a node of a step needs of that step though the page, which computes its family step by step,
  /// begins later and reads it nowhere.
  fileprivate func firstMissing(
    of symbol: Symbol, at step: Int, _ workspace: borrowing Workspace
  ) -> Variable? {
    var (queue, seen) = ([symbol], Set([symbol]))
    while let next = queue.popLast() {
      guard model.instances(of: next).allSatisfy({ $0.instance?.literal != step }),
        let definition = model.definition(of: next), let formal = definition.time
      else { continue }
      if let first = definition.from?.literal, step < first {
        let isRead = model.definitions.contains { other in
          guard let own = other.time, let start = other.from?.literal else { return false }
          return workspace.variables(in: other.body).contains {
            $0.symbol == next && $0.time.flatMap { ($0 - Time(own)).literal } == step - start
          }
        }
        return isRead ? nil : Variable(next, at: Time(step))
      }
      for variable in workspace.variables(in: definition.body)
      where variable.time == Time(formal) && seen.insert(variable.symbol).inserted {
        queue.append(variable.symbol)
      }
    }
    return nil
  }
}
