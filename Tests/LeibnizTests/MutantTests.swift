import Testing

@Suite("Wrong lines")
struct MutantTests {
  static let seed: UInt64 = 20_261_121

  /// The dear documents first, so that the last ones fill the gaps.
  private var trials: [MutantTrial] {
    var trials: [MutantTrial] = []
    for derivation in Derivation.claiming + Derivation.systems {
      let isLong = derivation.text.utf8.count > 3000
      for number in 0..<(isLong ? 5 : 2) {
        trials.append(
          MutantTrial(
            derivation: derivation, seed: Self.seed, limit: isLong ? 60 : 400,
            share: (number, isLong ? 5 : 2)))
      }
      trials.append(
        MutantTrial(derivation: derivation, seed: Self.seed, limit: 60, asWritten: true))
    }
    return trials
  }

  @Test("none of two thousand false single edits of true lines is accepted")
  func noneAccepted() async {
    var total = MutantTally()
    await withTaskGroup(of: MutantTally.self) { group in
      for trial in trials { group.addTask { trial.run() } }
      for await tally in group { total += tally }
    }
    print("mutants:", total)
    #expect(total.tried >= 2000)
    #expect(total.unread * 50 <= total.confirmedFalse)
    for line in total.falseAccepts { Issue.record("\(line)") }
  }
}
