import Expressions

/// What a word or a phrase means to Leibniz, in whatever language it is said.
enum Term: Hashable, Sendable {
  // Dependence.
  /// `depends on`, with what it depends on behind it.
  case dependsOn
  /// `相关`, `abhängt`: what it depends on stands before it.
  case dependTail
  /// `没有关系`: what it does not depend on stands before it.
  case independentTail
  /// `由 … 算出`: from what it is computed stands between.
  case computedBy, computedTail
  /// `function of`: what it depends on stands behind.
  case function
  /// `函数`: what it depends on stands before, as its owner.
  case functionTail
  case scalar, loss
  /// `a real z`, `real numbers a, b`
  case real
  case of
  /// `的`: what stands before it owns what stands behind.
  case genitive
  case only, all, and, not, article
  /// `approximately`, `some authors`: what is said with it is not quite so, or not here.
  case hedge
  /// `wrong`, `a mistake`, `a myth`: what is said with it is not so.
  case wrong
  /// `rather than`: denies what stands right behind.
  case insteadOf
  /// `dass`: what is denied may stand behind it.
  case that
  /// `we`, `here`: the page speaks for itself.
  case ours
  case use, has
  /// `treat`, `regard`: as what, stands behind.
  case treat
  /// `starts at`, `from`: the first step stands behind.
  case starting
  /// `enters`, `determines`
  case determines
  /// `the vector case`: what was said of numbers alone ends there.
  case vectorCase
  /// `any more`, `不再`: what was so has ended.
  case noLonger
  /// `but`, without a consequence: another clause begins.
  case turning
  /// `becomes`, `vereinfacht sich zu`: a formula behind it is what follows; of a word it says that it
  /// was not so.
  case becoming
  /// `is`: of one; `are`: of one or many.
  case be, are
  case was
  /// A word that says nothing of its own here: `last`, `state`, `each`.
  case filler

  // Properties.
  case property(Properties)
  /// `non-symmetric`
  case noProperty(Properties)
  /// `arbitrary`, `general`: nothing is supposed of what it describes.
  case arbitrary
  case noun
  case given
  /// `is given by` fixes a value: a definition.
  case givenBy
  case constantValue

  // Layout.
  case derivative
  /// `with respect to`, `nach`, `关于`: by what is differentiated stands behind.
  case withRespectTo
  case asRows, asColumns
  /// `columns of`: what is said holds of each column.
  case columnsOf, rowsOf
  case layout(Layout)
  /// `in row`: behind an entry.
  case inRow

  // Names.
  case write, denotes, `for`
  /// `any of`, `one of`: a name stands for each of those behind it.
  case anyOf
  case copy, step, ordinal

  case held, hold, gate, nothing
  /// `vary`: not held.
  case vary
  case initialState
  /// `produced by`, `shares`: by what a state is made.
  case madeFrom
  case allScalars, listedScalars, oneUnit
  case total, totalDerivative, alongPaths, immediate
  /// `whole`, `full`: of all steps; `summed over all steps`.
  case whole, summed
  /// `counted`, `included`: said of paths.
  case counted
  /// `throughout` a section; `on this page`.
  case throughout, everywhere
  case squares, elementwise
  case above
  /// Words such as `whereas`, `in general`: what was supposed before them is so no longer.
  case contrast

  // Cues.
  case letting, supposing, condition, with, whereCue, taking, ranging
  /// `if and only if`: a condition, and more than that.
  case equivalence
  case consequence, newModel
  /// `since`, `because`, `such that`: what stands behind it is a ground or a demand; if new, it is
  /// supposed.
  case reason
  /// `show that`: what is said behind it is still to be shown.
  case goal
  /// `rarely`, `to make`: what stands right behind may be so, or is wanted.
  case envisaging
}

/// Phrases with what they mean; one table per language.
struct Vocabulary: Sendable {
  typealias Entry = (phrase: String, term: Term)

  private struct Phrase {
    var tokens: [String]
    var term: Term
  }
  /// By their first token; the longest first.
  private var phrases: [String: [Phrase]] = [:]

  /// All languages together: documents mix them.
  static let shared = Vocabulary(
    englishStances + germanStances + chineseStances + english + german + chinese)

  init(_ entries: [Entry]) {
    for entry in entries {
      let tokens = Wording.tokens(of: Array(entry.phrase.utf8)).map { $0.text }
      guard let first = tokens.first else { continue }
      phrases[first, default: []].append(Phrase(tokens: tokens, term: entry.term))
    }
    for first in phrases.keys {
      phrases[first]?.sort { $0.tokens.count > $1.tokens.count }
    }
  }

  /// The longest phrase that stands at the place, and how many tokens it takes.
  func match(_ tokens: [Wording.Token], at place: Int) -> (term: Term, length: Int)? {
    guard let candidates = phrases[tokens[place].text] else { return nil }
    for phrase in candidates where place + phrase.tokens.count <= tokens.count {
      var isEqual = true
      for (i, text) in phrase.tokens.enumerated() where tokens[place + i].text != text {
        isEqual = false
        break
      }
      if isEqual { return (term: phrase.term, length: phrase.tokens.count) }
    }
    return nil
  }
}
