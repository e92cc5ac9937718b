import Notation

extension Formula {
  /// The formula without its places, for comparing what is written.
  package var spelled: Formula.Kind { withoutPlaces.kind }

  /// The formula as if all of it stood at one place.
  func placed(at span: Span) -> Formula {
    var placed = mappingChildren { $0.placed(at: span) }
    placed.span = span
    return placed
  }

  private var withoutPlaces: Formula {
    var bare = mappingChildren { $0.withoutPlaces }
    bare.span = Span(0, 0)
    guard case .relations(let first, let members) = bare.kind else { return bare }
    bare.kind = .relations(
      first,
      members.map {
        Formula.RelationMember(sign: $0.sign, signSpan: Span(0, 0), formula: $0.formula)
      })
    return bare
  }
}
