import Notation

extension Ellipsis {
  /// What several formulas have in common, with a place for each integer in which they differ.
  struct Template {
    struct Site {
      /// One for each formula; nil where a formula does not have the place.
      var values: [AffineLetters?]
      /// In an index or an exponent.
      var isScript: Bool

      enum Step {
        case known(Int)
        /// One value on each side of the dots: either way.
        case unknown
      }

      /// The step from member to member, of which `count` stand before the dots; nil if there is
      /// none.
      func step(count: Int) -> Step? {
        var found: Int?
        for i in values.indices.dropFirst() where i != count {
          guard let a = values[i - 1], let b = values[i],
            let difference = b.adding(a, times: -1).literal, found == nil || found == difference
          else { return nil }
          found = difference
        }
        guard let first = values[0], let last = values[values.count - 1] else { return nil }
        if let found {
          return found == 0 && !first.isSame(as: last) ? nil : .known(found)
        }
        return first.isSame(as: last) ? .known(0) : .unknown
      }
    }

    private(set) var sites: [Site] = []

    /// A place with given values.
    mutating func site(_ values: [AffineLetters?], isScript: Bool = true) -> Formula {
      sites.append(Site(values: values, isScript: isScript))
      return Formula(
        .identifier(Formula.Identifier(Template.mark + String(sites.count - 1))), Span(0, 0))
    }

    /// No document has it in a name.
    fileprivate static let mark = "\u{1A}"

    /// Item by item; nil where the lists differ in length or form.
    mutating func unify(lists: [[Formula]]) -> [Formula]? {
      guard let count = lists.first?.count, lists.allSatisfy({ $0.count == count }) else {
        return nil
      }
      var result: [Formula] = []
      for i in 0..<count {
        guard let item = unify(lists.map { $0[i] }) else { return nil }
        result.append(item)
      }
      return result
    }

    mutating func unify(_ formulas: [Formula], isScript: Bool = false) -> Formula? {
      guard let first = formulas.first else { return nil }
      let spelled = first.spelled
      if formulas.allSatisfy({ $0.spelled == spelled }) { return first }
      // A time in brackets keeps them: `U^{(t)}` is no power.
      if isScript, formulas.allSatisfy({ $0.isParenthesised }) { return descend(formulas) }
      let values = formulas.map { AffineLetters($0) }
      if values.allSatisfy({ $0 != nil }), isScript || !formulas.allSatisfy({ $0.isLetter }) {
        var place = site(values, isScript: isScript)
        place.span = first.span
        return place
      }
      if isScript, let items = Template.digitwise(formulas), let parts = unifyEach(items) {
        return Formula(.list(parts), first.span)
      }
      return descend(formulas)
    }

    private mutating func unifyEach(_ lists: [[Formula]]) -> [Formula]? {
      var result: [Formula] = []
      for i in lists[0].indices {
        guard let item = unify(lists.map { $0[i] }, isScript: true) else { return nil }
        result.append(item)
      }
      return result
    }

    /// `11`, `1d` and `nd` as pairs: some of the scripts are two letters, so that digits count one
    /// by one.
    private static func digitwise(_ formulas: [Formula]) -> [[Formula]]? {
      var lists: [[Formula]] = []
      for formula in formulas {
        switch formula.kind {
        case .juxtaposition(let items), .list(let items):
          lists.append(
            items.flatMap { item -> [Formula] in
              if case .number(let digits) = item.kind { return digits.digits(item.span) }
              return [item]
            })
        case .number(let digits): lists.append(digits.digits(formula.span))
        default: return nil
        }
      }
      guard let count = lists.first?.count, count > 1,
        lists.allSatisfy({ $0.count == count })
      else { return nil }
      return lists
    }

    // MARK: Form

    private mutating func descend(_ formulas: [Formula]) -> Formula? {
      let span = formulas[0].span
      func all<Part>(_ part: (Formula.Kind) -> Part?) -> [Part]? {
        let parts = formulas.compactMap { part($0.kind) }
        return parts.count == formulas.count ? parts : nil
      }
      switch formulas[0].kind {
      case .scripts(_, let below, let above, let primes):
        guard
          let parts = all({ kind -> (Formula, Formula?, Formula?)? in
            guard case .scripts(let base, let lower, let upper, primes) = kind,
              (lower == nil) == (below == nil), (upper == nil) == (above == nil)
            else { return nil }
            return (base, lower, upper)
          }), let base = unify(parts.map { $0.0 })
        else { return nil }
        var scripts: [Formula?] = [nil, nil]
        if below != nil {
          guard let lower = unify(parts.compactMap { $0.1 }, isScript: true) else { return nil }
          scripts[0] = lower
        }
        if above != nil {
          guard let upper = unify(parts.compactMap { $0.2 }, isScript: true) else { return nil }
          scripts[1] = upper
        }
        return Formula(
          .scripts(base, below: scripts[0], above: scripts[1], primes: primes), span)
      case .fenced(let fence, _):
        guard
          let inner = all({ kind -> Formula? in
            if case .fenced(fence, let inner) = kind { return inner }
            return nil
          }), let content = unify(inner, isScript: fence != .bars && fence != .doubleBars)
        else { return nil }
        return Formula(.fenced(fence, content), span)
      case .juxtaposition:
        guard
          let lists = all({ kind -> [Formula]? in
            if case .juxtaposition(let items) = kind { return items }
            return nil
          }), let items = unify(lists: lists)
        else { return nil }
        return Formula(.juxtaposition(items), span)
      case .list:
        guard
          let lists = all({ kind -> [Formula]? in
            if case .list(let items) = kind { return items }
            return nil
          }), let items = unify(lists: lists)
        else { return nil }
        return Formula(.list(items), span)
      case .sum(let terms):
        guard
          let lists = all({ kind -> [Formula]? in
            guard case .sum(let own) = kind,
              own.map({ $0.isNegative }) == terms.map({ $0.isNegative })
            else { return nil }
            return own.map { $0.term }
          }), let items = unify(lists: lists)
        else { return nil }
        return Formula(
          .sum(
            zip(terms, items).map { Formula.SignedTerm(isNegative: $0.isNegative, term: $1) }),
          span)
      case .binary(let sign, _, _):
        guard
          let lists = all({ kind -> [Formula]? in
            if case .binary(sign, let a, let b) = kind { return [a, b] }
            return nil
          }), let sides = unify(lists: lists)
        else { return nil }
        return Formula(.binary(sign, sides[0], sides[1]), span)
      case .fraction:
        guard
          let lists = all({ kind -> [Formula]? in
            if case .fraction(let a, let b) = kind { return [a, b] }
            return nil
          }), let parts = unify(lists: lists)
        else { return nil }
        return Formula(.fraction(parts[0], parts[1]), span)
      case .root(_, nil):
        guard
          let inner = all({ kind -> Formula? in
            if case .root(let inner, nil) = kind { return inner }
            return nil
          }), let content = unify(inner)
        else { return nil }
        return Formula(.root(content, degree: nil), span)
      default: return nil
      }
    }
  }
}

extension Formula {
  /// A single letter, which may be the name of anything.
  fileprivate var isLetter: Bool {
    guard let identifier else { return false }
    return identifier.font == .italic
  }

  /// The formula with every marked place filled.
  func filling(_ values: [AffineLetters]) -> Formula {
    if let identifier, identifier.name.hasPrefix(Ellipsis.Template.mark),
      let place = Int(identifier.name.dropFirst()), values.indices.contains(place)
    {
      return Formula(values[place], span)
    }
    return mappingChildren { $0.filling(values) }
  }
}

extension String {
  fileprivate func digits(_ span: Span) -> [Formula] {
    map { Formula(.number(String($0)), span) }
  }
}
