import Testing

import class Foundation.ProcessInfo

@Suite("True lines and wrong ones by brute force")
struct MutantTests {
  static let seed: UInt64 = 20_261_121
  /// About how many false lines are tried; `LEIBNIZ_MUTANTS=20000` asks for so many.
  static let wanted =
    ProcessInfo.processInfo.environment["LEIBNIZ_MUTANTS"].flatMap(Int.init)
    ?? 1200

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

  @Test("no accepted line is false, and none of thousands, one or two edits from it, is accepted")
  func acceptedAndTrue() async {
    var total = MutantTally()
    await withTaskGroup(of: MutantTally.self) { group in
      for trial in trials { group.addTask { trial.run() } }
      for await tally in group { total += tally }
    }
    print("mutants:", total)
    for line in total.contradicted { Issue.record("\(line) is false") }
    // Brute force knows no derivatives by pairs and meets logarithms of what turns out negative.
    #expect(total.silent * 10 <= total.accepted)
    #expect(total.confirmedFalse >= Self.wanted * 2 / 3)
    #expect(total.unread * 50 <= total.confirmedFalse)
    for line in total.falseAccepts { Issue.record("\(line)") }
  }
}
