import Testing

import class Foundation.ProcessInfo

@Suite("Wrong lines")
struct MutantTests {
  static let seed: UInt64 = 20_261_121
  /// About how many false lines are tried; `LEIBNIZ_MUTANTS=20000` asks for so many.
  static let wanted =
    ProcessInfo.processInfo.environment["LEIBNIZ_MUTANTS"].flatMap(Int.init)
    ?? 2000

  private var trials: [MutantTrial] {
    (Derivation.claiming + Derivation.systems).map { derivation in
      let isRecurrent = derivation.text.contains("_{t-1}")
      let isLong = derivation.text.utf8.count > 3000
      func part(_ limit: Int) -> Int { max(1, limit * Self.wanted / 10_000) }
      return MutantTrial(
        derivation: derivation, seed: Self.seed,
        limit: part(isLong ? 24 : isRecurrent ? 11 : 40), limitAsWritten: part(10))
    }
  }

  @Test("none of thousands of false lines, one or two edits from a true one, is accepted")
  func noneAccepted() async {
    var total = MutantTally()
    await withTaskGroup(of: MutantTally.self) { group in
      for trial in trials { group.addTask { trial.run() } }
      for await tally in group { total += tally }
    }
    print("mutants:", total)
    #expect(total.confirmedFalse >= Self.wanted * 2 / 3)
    #expect(total.unread * 50 <= total.confirmedFalse)
    for line in total.falseAccepts { Issue.record("\(line)") }
  }
}
