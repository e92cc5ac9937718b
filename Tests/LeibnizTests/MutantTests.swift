import Testing

import class Foundation.ProcessInfo

@Suite("Wrong lines")
struct MutantTests {
  static let seed: UInt64 = 20_261_121
  /// About how many false lines are tried; `LEIBNIZ_MUTANTS=20000` asks for so many.
  static let wanted =
    ProcessInfo.processInfo.environment["LEIBNIZ_MUTANTS"].flatMap(Int.init)
    ?? 2000

  /// The dear documents first, so that the cheap ones fill the gaps.
  private var trials: [MutantTrial] {
    var trials: [MutantTrial] = []
    for derivation in Derivation.claiming + Derivation.systems {
      let isRecurrent = derivation.text.contains("_{t-1}")
      let isLong = derivation.text.utf8.count > 3000
      let shares = isRecurrent ? 5 : 1
      func part(_ limit: Int) -> Int { max(1, limit * Self.wanted / 10_000) }
      for number in 0..<shares {
        trials.append(
          MutantTrial(
            derivation: derivation, seed: Self.seed,
            limit: part(isLong ? 24 : isRecurrent ? 11 : 40), share: (number, shares)))
      }
      trials.append(
        MutantTrial(derivation: derivation, seed: Self.seed, limit: part(10), asWritten: true))
    }
    return trials
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
