import Expressions

/// The chain form as sums over time: Σ_t Σ_k ∂L_t/∂h_t ∂h_t/∂h_k ∂⁺h_k/∂W.
package struct GeneralSum: Sendable {
  /// A time that is a number, or so many steps from the last time T or from the loss's time t.
  struct Bound: Hashable, Sendable {
    enum Origin: Hashable, Sendable { case zero, last, loss }
    var origin = Origin.zero
    var offset: Int
  }
  /// One family of terms.
  struct Piece: Hashable, Sendable {
    /// As if the loss stood at time 0.
    var prefix: [Factor]
    /// Whether the terms have a time of a loss, or of another vertex that begins them.
    var lossFrom: Bound
    var lossThrough: Bound
    /// The last state, as if the loss stood at time 0; nil where no state lies between.
    var last: UnrolledNode?
    /// The first state.
    var first: Symbol?
    var useFrom: Bound
    var useThrough: Bound
    /// As if the use stood at time 0, unless the source is a node.
    var entry: Factor
    var isEntryFixed: Bool
  }

  var pieces: [Piece]
  let graph: ChainGraph

  /// The sums of one unrolled model; nil where the times of the uses follow no rule.
  package init?(_ graph: ChainGraph) {
    self.graph = graph
    pieces = []
    guard let runs = GeneralSum.prefixRuns(of: graph) else { return nil }
    let entries = GeneralSum.entryRuns(of: graph)
    for run in runs {
      if let entry = run.key.entry {
        pieces.append(
          Piece(
            prefix: run.key.prefix, lossFrom: Bound(offset: run.first),
            lossThrough: Bound(offset: run.last), last: nil, first: nil,
            useFrom: Bound(offset: 0), useThrough: Bound(offset: 0), entry: entry,
            isEntryFixed: run.key.fixed != nil))
        continue
      }
      for entry in entries {
        guard let found = GeneralSum.piece(run, entry, graph) else { return nil }
        pieces += found
      }
    }
  }

  private struct PrefixKey: Hashable {
    var prefix: [Factor]
    var last: UnrolledNode?
    var entry: Factor?
    /// The time of a source that is met.
    var fixed: Int?
  }
  private struct PrefixRun {
    var key: PrefixKey
    var first: Int
    var last: Int
    /// The last states, by the time of the loss.
    var places: [Int]
  }

  private static func prefixRuns(of graph: ChainGraph) -> [PrefixRun]? {
    var runs: [PrefixRun] = []
    var work: [(place: Int, factors: [Factor], loss: Int?)] = []
    work.append((place: graph.vertices.count - 1, factors: [], loss: graph.unrolling.result.time))
    func add(_ key: PrefixKey, _ time: Int, _ place: Int) {
      if let run = runs.indices.last(where: { runs[$0].key == key }), runs[run].last == time - 1 {
        runs[run].last = time
        runs[run].places.append(place)
      } else {
        runs.append(PrefixRun(key: key, first: time, last: time, places: [place]))
      }
    }
    while let (place, factors, loss) = work.popLast() {
      let vertex = graph.vertices[place]
      if vertex.isState {
        let time = loss ?? vertex.node.time ?? 0
        var node = vertex.node
        node.time = node.time.map { $0 - time }
        let prefix = factors.map { $0.shifted(by: -time) }
        add(PrefixKey(prefix: prefix, last: node), time, place)
        continue
      }
      for entry in vertex.entries {
        let time = loss ?? vertex.node.time ?? entry.step ?? 0
        let prefix = factors.map { $0.shifted(by: -time) }
        let isFixed = graph.unrolling.source == .node(entry.factor.denominator)
        add(
          PrefixKey(
            prefix: prefix, entry: entry.factor.shifted(by: -time),
            fixed: isFixed ? entry.step : nil), time, place)
      }
      for edge in vertex.edges.reversed() {
        let isSummed = edge.factor.form == .identity
        work.append(
          (
            place: edge.target, factors: isSummed ? factors : factors + [edge.factor],
            loss: loss ?? (isSummed ? graph.vertices[edge.target].node.time : nil)
          ))
      }
    }
    return runs
  }

  private struct EntryRun {
    var symbol: Symbol
    var factor: Factor
    var isFixed: Bool
    var first: Int
    var last: Int
    var places: [Int: Int]
  }

  private static func entryRuns(of graph: ChainGraph) -> [EntryRun] {
    var runs: [EntryRun] = []
    for (place, vertex) in graph.vertices.enumerated() where vertex.isState {
      guard let time = vertex.node.time else { continue }
      for entry in vertex.entries {
        let isFixed = graph.unrolling.source == .node(entry.factor.denominator)
        let factor = isFixed ? entry.factor : entry.factor.shifted(by: -time)
        if let run = runs.indices.last(where: {
          runs[$0].symbol == vertex.node.symbol && runs[$0].factor == factor
        }), !isFixed, runs[run].last == time - 1 {
          runs[run].last = time
          runs[run].places[time] = place
        } else {
          runs.append(
            EntryRun(
              symbol: vertex.node.symbol, factor: factor, isFixed: isFixed, first: time,
              last: time, places: [time: place]))
        }
      }
    }
    return runs
  }

  /// The terms of one run of losses and one run of uses; nil where the uses that reach a loss are
  /// not all between two bounds.
  private static func piece(
    _ run: PrefixRun, _ entry: EntryRun, _ graph: ChainGraph
  ) -> [Piece]? {
    var ranges: [(loss: Int, first: Int, last: Int)] = []
    for (offset, place) in run.places.enumerated() {
      let below = graph.ancestors(of: place)
      var first: Int?
      var last: Int?
      var count = 0
      for time in entry.first...entry.last {
        guard let start = entry.places[time], below[start] else { continue }
        first = first ?? time
        last = time
        count += 1
      }
      guard let first, let last else { continue }
      if last - first + 1 != count { return nil }
      ranges.append((loss: run.first + offset, first: first, last: last))
    }
    guard let start = ranges.first, let end = ranges.last else { return [] }
    if end.loss - start.loss + 1 != ranges.count { return nil }
    func bound(_ value: ((loss: Int, first: Int, last: Int)) -> Int) -> Bound? {
      if ranges.allSatisfy({ value($0) == value(start) }) { return Bound(offset: value(start)) }
      let offset = value(start) - start.loss
      return ranges.allSatisfy { value($0) - $0.loss == offset }
        ? Bound(origin: .loss, offset: offset) : nil
    }
    guard let useFrom = bound({ $0.first }), let useThrough = bound({ $0.last }) else { return nil }
    return [
      Piece(
        prefix: run.key.prefix, lossFrom: Bound(offset: start.loss),
        lossThrough: Bound(offset: end.loss), last: run.key.last, first: entry.symbol,
        useFrom: useFrom, useThrough: useThrough, entry: entry.factor, isEntryFixed: entry.isFixed)
    ]
  }

  /// The same sums for every T, from those for two neighbouring last times.
  package init?(_ earlier: GeneralSum, _ later: GeneralSum, last: Int) {
    guard earlier.pieces.count == later.pieces.count else { return nil }
    graph = later.graph
    pieces = []
    for (a, b) in zip(earlier.pieces, later.pieces) {
      func joined(_ a: Bound, _ b: Bound) -> Bound? {
        if a == b { return a }
        guard a.origin == .zero, b.origin == .zero, b.offset == a.offset + 1 else { return nil }
        return Bound(origin: .last, offset: a.offset - last)
      }
      guard let lossFrom = joined(a.lossFrom, b.lossFrom),
        let lossThrough = joined(a.lossThrough, b.lossThrough),
        let useFrom = joined(a.useFrom, b.useFrom),
        let useThrough = joined(a.useThrough, b.useThrough)
      else { return nil }
      var piece = b
      piece.lossFrom = lossFrom
      piece.lossThrough = lossThrough
      piece.useFrom = useFrom
      piece.useThrough = useThrough
      // A source that runs with T has the later time.
      var same = a
      same.lossFrom = b.lossFrom
      same.lossThrough = b.lossThrough
      same.useFrom = b.useFrom
      same.useThrough = b.useThrough
      if !b.isEntryFixed, same != b { return nil }
      pieces.append(piece)
    }
  }

  /// The least last time for which no sum is reversed and every single node exists.
  package var leastLast: Int {
    var least = 0
    for piece in pieces {
      for bound in [piece.lossFrom, piece.useFrom] where bound.origin == .zero {
        least = max(least, piece.lossThrough.origin == .last ? bound.offset - 1 : bound.offset)
      }
    }
    return least
  }

  /// ∂a_t/∂b_k, a state by the first state, in every piece; what is to be defined beside the sum.
  package var transitions: [(last: Symbol, first: Symbol)] {
    var pairs: [(last: Symbol, first: Symbol)] = []
    for piece in pieces {
      guard let last = piece.last?.symbol, let first = piece.first,
        !pairs.contains(where: { $0.last == last && $0.first == first })
      else { continue }
      pairs.append((last: last, first: first))
    }
    return pairs
  }

  /// - Parameters:
  ///   - last: T, or a number.
  ///   - sourceTime: the source's own time as it is to be written.
  ///   - product: ∂a_t/∂b_k written out; nil keeps the quotient.
  package func expression(
    last: Time, sourceTime: Time?, in workspace: inout Workspace,
    product: (Symbol, Time, Symbol, Time, inout Workspace) -> Expression?
  ) -> Expression {
    var terms: [Expression] = []
    let (t, k) = (workspace.time(named: "t"), workspace.time(named: "k"))
    for piece in pieces {
      func time(_ bound: Bound, _ loss: Time) -> Time {
        switch bound.origin {
        case .zero: Time(bound.offset)
        case .last: last + bound.offset
        case .loss: loss + bound.offset
        }
      }
      let isSummed = piece.lossFrom != piece.lossThrough
      let loss = isSummed ? Time(t) : time(piece.lossFrom, .zero)
      let isRange = piece.useFrom != piece.useThrough
      let from = time(piece.useFrom, loss)
      var term = self.term(
        piece, loss: loss, use: isRange ? Time(k) : from, sourceTime, byCopy: false, &workspace,
        product)
      if isRange {
        term = workspace.expression(
          .timeSum(k, from: from, through: time(piece.useThrough, loss), term))
      }
      if isSummed {
        term = workspace.expression(
          .timeSum(
            t, from: time(piece.lossFrom, .zero), through: time(piece.lossThrough, .zero), term))
      }
      terms.append(term)
    }
    return workspace.sum(terms)
  }

  /// One summand.
  private func term(
    _ piece: Piece, loss: Time, use: Time, _ sourceTime: Time?, byCopy: Bool,
    _ workspace: inout Workspace,
    _ product: (Symbol, Time, Symbol, Time, inout Workspace) -> Expression?
  ) -> Expression {
    var factors: [Expression] = []
    func add(_ factor: Factor, _ clock: Clock) {
      if let factor = graph.expression(of: factor, at: clock, &workspace) {
        factors.append(factor)
      }
    }
    let entry = byCopy ? graph.byCopy(piece.entry) : piece.entry
    for factor in piece.prefix { add(factor, Clock(at: 0, as: loss)) }
    guard let last = piece.last, let first = piece.first else {
      add(entry, Clock(at: 0, as: loss, sourceTime: sourceTime))
      return workspace.product(factors)
    }
    let end = loss + (last.time ?? 0)
    if let written = product(last.symbol, end, first, use, &workspace) {
      factors.append(written)
    } else {
      let above = workspace.vectorized(
        Variable(last.symbol, at: end), if: graph.isVectorized)
      let below = workspace.vectorized(Variable(first, at: use), if: graph.isVectorized)
      factors.append(workspace.expression(.derivative(of: above, by: below, Intervention())))
    }
    let origin = piece.isEntryFixed ? entry.numerator.time ?? 0 : 0
    add(entry, Clock(at: origin, as: use, sourceTime: sourceTime))
    return workspace.product(factors)
  }

  /// The terms of one copy, for every step of use from the first to the last; nil where the steps
  /// are not alike.
  func copies(
    last horizon: Time, in workspace: inout Workspace
  ) -> (first: Time, last: Time, step: TimeSymbol, term: Expression)? {
    let (t, k) = (workspace.time(named: "t"), workspace.time(named: "k"))
    func time(_ bound: Bound) -> Time {
      bound.origin == .last ? horizon + bound.offset : Time(bound.offset)
    }
    var range: (first: Time, last: Time)?
    var terms: [Expression] = []
    for piece in pieces {
      let own: (first: Time, last: Time)
      var term: Expression
      let isSummed = piece.lossFrom != piece.lossThrough
      if piece.last == nil {
        own = (time(piece.lossFrom), time(piece.lossThrough))
        if piece.entry.denominator.time != 0 { return nil }
        term = self.term(
          piece, loss: Time(k), use: Time(k), nil, byCopy: true, &workspace,
          { _, _, _, _, _ in nil })
      } else {
        if piece.useFrom.origin == .loss { return nil }
        term = self.term(
          piece, loss: isSummed ? Time(t) : time(piece.lossFrom), use: Time(k), nil, byCopy: true,
          &workspace, { _, _, _, _, _ in nil })
        if piece.useThrough.origin == .loss {
          let lag = piece.useThrough.offset
          own = (time(piece.useFrom), time(piece.lossThrough) + lag)
          // Every loss from the use's own time on is there.
          guard let gap = (own.first - lag - time(piece.lossFrom)).literal, gap >= 0 else {
            return nil
          }
          term = workspace.expression(
            .timeSum(t, from: Time(k) - lag, through: time(piece.lossThrough), term))
        } else {
          if isSummed { return nil }
          own = (time(piece.useFrom), time(piece.useThrough))
        }
      }
      if let range, range != own { return nil }
      range = own
      terms.append(term)
    }
    guard let range else { return nil }
    return (range.first, range.last, k, workspace.sum(terms))
  }
}
