import Testing

@Suite("Wrong lines")
struct MutantTests {
  static let seed: UInt64 = 20_261_121

  /// The dear documents first, so that the cheap ones fill the gaps.
  private var trials: [MutantTrial] {
    var trials: [MutantTrial] = []
    for derivation in Derivation.elementary + Derivation.systems {
      let isRecurrent = derivation.text.contains("_{t-1}")
      let isLong = derivation.text.utf8.count > 3000
      let shares = isRecurrent ? 5 : 1
      for number in 0..<shares {
        trials.append(
          MutantTrial(
            derivation: derivation, seed: Self.seed, limit: isLong ? 24 : isRecurrent ? 11 : 40,
            share: (number, shares)))
      }
      trials.append(
        MutantTrial(derivation: derivation, seed: Self.seed, limit: 10, asWritten: true))
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
    #expect(total.confirmedFalse >= 2000)
    #expect(total.unread * 50 <= total.confirmedFalse)
    for line in total.falseAccepts { Issue.record("\(line)") }
  }
}
