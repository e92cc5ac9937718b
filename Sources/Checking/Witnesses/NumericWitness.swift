import Expressions
import Numerics

/// What the numbers say of a relation.
enum NumericTestimony: Sendable {
  /// At so many points, with the largest relative error; whether both sides vanish at all of them.
  case agrees(points: Int, maximumRelativeError: Double, vanishes: Bool)
  /// At how many points the sides differ, of how many; where the smallest of them is.
  case disagrees(points: Int, of: Int, at: Sample)
  case silent(NumericSilence)
}

enum NumericSilence: Hashable, Sendable {
  /// No point satisfies the assumptions and the domain.
  case noPoint
  /// At every point a part of the relation is lost to rounding.
  case rounding
  /// Every point failed, for this reason first.
  case failure(MeasurementFailure)
  /// The differences are too inaccurate to say.
  case unclear
  case shapes
}

/// Looks at a relation at random points of its model; knows no symbolic rule.
struct NumericWitness {
  let model: Model
  let domains: [[Time]]
  let premises: [Premise]
  /// Whether the page itself says that two times are one.
  var allowsTies = false
  /// Whether states begin where a reading lets them begin: what that leaves one value of a time says
  /// nothing.
  var beginsByReading = false
  /// How many points are wanted.
  var wanted = 10
  var laboratories: [Laboratory] = []
  /// The points that a quick look takes first.
  private var firstLooks: [Int] = []
  /// The free times and the sizes that the points give values to, and whether late times are among
  /// them; nil before they are drawn.
  private var covered:
    (times: [TimeSymbol], sizes: [DimensionSymbol], isLong: Bool, points: SamplePoints)?
  /// Whether points were thrown away: then no others are drawn.
  private var isThinned = false
  private(set) var failure: NumericSilence?
  /// How many points were drawn in vain, because they do not satisfy the conditions.
  var missed = 0
  /// How much has been run at all points.
  var work: Int {
    // By index: a laboratory is large to copy.
    laboratories.indices.reduce(0) { $0 + laboratories[$1].work }
  }

  init(model: Model, domains: [[Time]], premises: [Premise]) {
    self.model = model
    self.domains = domains
    self.premises = premises
  }

  /// Draws the points for two sides; the same points serve all others that speak of no more.
  mutating func prepare(_ roots: [Expression], in workspace: borrowing Workspace) {
    if isThinned { return }
    let written = roots.map { workspace.freeTimes(in: $0) }
    var dimensions = covered?.sizes ?? []
    let own = Sample.dimensions(
      of: covered == nil ? model : Model(), and: roots, in: workspace)
    for size in own where !dimensions.contains(size) { dimensions.append(size) }
    var symbols = covered?.times ?? []
    func add(_ found: [TimeSymbol]) {
      for symbol in found where !symbols.contains(symbol) { symbols.append(symbol) }
    }
    for times in written { add(times) }
    for premise in premises where !premise.isOfAllSteps {
      // What is said of one step needs one.
      guard case .condition(let left, _, let right) = premise.content else { continue }
      add(workspace.freeTimes(in: left) + workspace.freeTimes(in: right))
    }
    if covered == nil {
      for domain in domains { for time in domain { add(time.terms.map { $0.symbol }) } }
      for definition in model.definitions {
        for time in [definition.from, definition.through, definition.instance] {
          if let time { add(time.terms.map { $0.symbol }) }
        }
        add(workspace.freeTimes(in: definition.body).filter { $0 != definition.time })
      }
    }
    let isLong =
      covered?.isLong ?? false || roots.contains { workspace.countsTimes(in: $0) }
    let points: SamplePoints
    let isCovered =
      covered.map {
        $0.times == symbols && $0.sizes.count == dimensions.count && $0.isLong == isLong
      } ?? false
    if isCovered, let covered {
      points = covered.points
    } else {
      points = SamplePoints(
        symbols: symbols, domains: domains, model: model,
        largestOffset: workspace.largestOffset(in: roots),
        // A polynomial in a time may vanish at all small ones.
        last: isLong ? 12 : 4,
        limit: symbols.isEmpty ? 1 : wanted)
      for premise in premises {
        if case .size(let symbol, _) = premise.content, !dimensions.contains(symbol) {
          dimensions.append(symbol)
        }
      }
      dimensions.sort()
      covered = (symbols, dimensions, isLong, points)
      laboratories = []
    }
    let free = symbols.filter { symbol in written.contains { $0.contains(symbol) } }
    let isTied = points.ties(free) || beginsByReading && points.pins(free)
    failure = !allowsTies && isTied ? .noPoint : nil
    if failure != nil || !laboratories.isEmpty { return }
    let repetitions =
      symbols.isEmpty ? min(wanted, max(6, wanted * 3 / 5)) : points.assignments.count < 4 ? 3 : 1
    for (number, assignment) in points.assignments.enumerated() {
      for repetition in 0..<repetitions {
        draw(
          assignment, dimensions, variant: number + repetition,
          seed: UInt64(1 + number * 31 + repetition * 7), in: workspace)
      }
    }
    if laboratories.isEmpty, failure == nil { failure = .noPoint }
  }

  /// Compares two sides at every point, up to as many as show that they differ.
  mutating func compare(
    _ left: Expression, _ right: Expression, showing enough: Int = 3,
    in workspace: borrowing Workspace
  ) -> NumericTestimony {
    prepare([left, right], in: workspace)
    if let failure { return .silent(failure) }
    var agreeing = 0
    var disagreeing: [Sample] = []
    var largest = 0.0
    var vanishes = true
    var firstFailure: NumericSilence?
    var isOpen = false
    var redraws = 64
    for i in laboratories.indices {
      do throws(MeasurementFailure) {
        let (a, b) = try sides(i, left, right, &redraws, in: workspace)
        switch Measurement.agreement(of: a, and: b, broadcasting: true) {
        case .agree(let error):
          agreeing += 1
          largest = max(largest, error)
          if !a.vanishes || !b.vanishes { vanishes = false }
        case .disagree:
          disagreeing.append(laboratories[i].sample)
          vanishes = false
          if disagreeing.count >= enough {
            return .disagrees(points: enough, of: i + 1, at: disagreeing[0])
          }
        case .mismatched: return .silent(.shapes)
        case .unclear: firstFailure = firstFailure ?? .unclear
        }
      } catch {
        if error.isOfExpression, !isOpen { (isOpen, firstFailure) = (true, .failure(error)) }
        firstFailure = firstFailure ?? .failure(error)
      }
    }
    if let first = disagreeing.first {
      // Where nothing is free one evaluation decides; else two points must differ.
      if disagreeing.count >= 2 || laboratories.count == 1 {
        return .disagrees(points: disagreeing.count, of: laboratories.count, at: first)
      }
      return recheck(left, right, first, in: workspace)
    }
    // What has no value at some times, empty products agree at others.
    if agreeing == 0 || isOpen { return .silent(firstFailure ?? .noPoint) }
    return .agrees(points: agreeing, maximumRelativeError: largest, vanishes: vanishes)
  }

  /// The values of both sides at a point.
  private mutating func sides(
    _ place: Int, _ left: Expression, _ right: Expression, _ redraws: inout Int,
    in workspace: borrowing Workspace
  ) throws(MeasurementFailure) -> (Measurement, Measurement) {
    do throws(MeasurementFailure) {
      let a = try laboratories[place].measure(left, in: workspace)
      return (a, try laboratories[place].measure(right, in: workspace))
    } catch {
      moveIntoDomain(place, of: [left, right], &redraws, in: workspace)
      let a = try laboratories[place].measure(left, in: workspace)
      return (a, try laboratories[place].measure(right, in: workspace))
    }
  }

  /// Another point with the same times and sizes in the place of one at which a side is not defined
  /// (a logarithm of a negative number), if there is one among as many as are still to be drawn.
  private mutating func moveIntoDomain(
    _ place: Int, of roots: [Expression], _ redraws: inout Int, in workspace: borrowing Workspace
  ) {
    func isUndefined(_ laboratory: inout Laboratory) -> Bool {
      for root in roots {
        do throws(MeasurementFailure) {
          _ = try laboratory.measure(root, in: workspace)
        } catch {
          if case .undefined = error { return true }
        }
      }
      return false
    }
    if redraws == 0 || !isUndefined(&laboratories[place]) { return }
    var sample = laboratories[place].sample
    while redraws > 0 {
      redraws -= 1
      sample.seed = sample.seed &+ 7919
      var laboratory = laboratory(at: sample, in: workspace)
      if satisfies(&laboratory, in: workspace), !isUndefined(&laboratory) {
        laboratories[place] = laboratory
        return
      }
    }
  }

  /// Only one point differs: the same times with other numbers must differ as well.
  private func recheck(
    _ left: Expression, _ right: Expression, _ sample: Sample, in workspace: borrowing Workspace
  ) -> NumericTestimony {
    for attempt in 1...6 {
      var other = sample
      other.seed = sample.seed &+ UInt64(attempt) &* 7919
      var laboratory = laboratory(at: other, in: workspace)
      guard satisfies(&laboratory, in: workspace),
        let a = try? laboratory.measure(left, in: workspace),
        let b = try? laboratory.measure(right, in: workspace)
      else { continue }
      if case .disagree = Measurement.agreement(of: a, and: b, broadcasting: true) {
        return .disagrees(points: 2, of: laboratories.count + attempt, at: sample)
      }
    }
    return .silent(.unclear)
  }

  /// Whether two sides agree at some of the first points: a quick look at a candidate.
  /// - Parameter countsNothing: whether they agree where both vanish.
  mutating func quicklyAgrees(
    _ left: Expression, _ right: Expression, countsNothing: Bool = true,
    in workspace: borrowing Workspace
  ) -> Bool {
    prepare([left, right], in: workspace)
    var seen = 0
    let others = laboratories.indices.reversed().filter { !firstLooks.contains($0) }
    for i in firstLooks.filter({ laboratories.indices.contains($0) }) + others {
      do throws(MeasurementFailure) {
        let a = try laboratories[i].measure(left, in: workspace)
        let b = try laboratories[i].measure(right, in: workspace)
        switch Measurement.agreement(of: a, and: b, broadcasting: true) {
        case .agree: if countsNothing || !a.vanishes || !b.vanishes { seen += 1 }
        case .unclear: continue
        case .disagree, .mismatched: return false
        }
      } catch {
        if error.isOfExpression { return false }
        continue
      }
      if seen >= 3 { break }
    }
    return seen > 0
  }

  /// Keeps what is compiled for some expressions at the points that a quick look takes first: those of the
  /// latest times, where no recurrence begins, and of them first the one at which they cost least.
  mutating func keep(_ roots: [Expression], in workspace: borrowing Workspace) {
    prepare(roots, in: workspace)
    var costs: [(cost: Int, place: Int)] = []
    for i in laboratories.indices.suffix(3) {
      for root in roots { laboratories[i].keep(root, in: workspace) }
      costs.append((laboratories[i].size, i))
    }
    firstLooks = costs.sorted(by: <).map { $0.place }
  }

  /// Throws the points away at which rounding hides a part of either side.
  mutating func discardPointsThatLoseToRounding(
    _ left: Expression, _ right: Expression, in workspace: borrowing Workspace
  ) {
    laboratories = laboratories.filter { point in
      var laboratory = point
      for side in [left, right] {
        guard let isLost = try? laboratory.losesToRounding(side, in: workspace) else { continue }
        if isLost { return false }
      }
      return true
    }
    if laboratories.isEmpty { failure = .rounding }
    isThinned = true
  }

  /// Whether the points lie on all sides of the kinks: every argument of one takes both signs, and two
  /// arguments that are no multiples of each other take three of their four pairs of signs; an
  /// assumption may keep them to one side.
  mutating func seesAllSides(
    ofKinksIn roots: [Expression], in workspace: inout Workspace
  ) -> Bool {
    for premise in premises { if case .condition = premise.content { return true } }
    var arguments: [Expression] = []
    var differences: [(Expression, Expression)] = []
    for root in roots {
      workspace.visit(root) { _, node in
        switch node {
        case .apply(.absolute, _, let argument), .apply(.relu, _, let argument),
          .apply(.sign, _, let argument):
          arguments.append(argument)
        case .maximum(let a, let b): differences.append((a, b))
        case .apply(.sqrt, _, let argument):
          if case .power(let base, _) = workspace[argument] { arguments.append(base) }
        default: break
        }
      }
    }
    for (a, b) in differences {
      let negative = workspace.expression(.negative(b))
      arguments.append(workspace.expression(.sum([a, negative])))
    }
    var values: [[[Double]]] = []
    for argument in arguments {
      let own = laboratories.indices.map { i in
        (try? laboratories[i].measure(argument, in: workspace))?.values ?? []
      }
      let all = own.joined()
      guard all.contains(where: { $0 > 0 }), all.contains(where: { $0 < 0 }) else { return false }
      values.append(own)
    }
    for (i, a) in values.enumerated() {
      for b in values[..<i] where !seesThreeSides(a, b) { return false }
    }
    return true
  }

  /// Whether entries of two values take three of the four pairs of signs, or are multiples.
  private func seesThreeSides(_ a: [[Double]], _ b: [[Double]]) -> Bool {
    var seen: Set<[Bool]> = []
    var ratio: Double?
    var areMultiples = true
    for (a, b) in zip(a, b) {
      if a.count != b.count { areMultiples = false }
      for (i, first) in a.enumerated() {
        for (j, second) in b.enumerated() where a.count != b.count || i == j {
          guard first != 0, second != 0 else { continue }
          seen.insert([first > 0, second > 0])
          if let ratio, (first - ratio * second).magnitude > 1e-9 * first.magnitude {
            areMultiples = false
          }
          ratio = ratio ?? first / second
        }
      }
    }
    return seen.count >= 3 || areMultiples
  }
}
