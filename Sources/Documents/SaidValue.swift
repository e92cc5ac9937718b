import Notation

/// What the words right before an equation say that its name is: `the determinant of $A$ is $d = …`.
struct SaidValue {
  enum Kind: Sendable {
    case determinant, trace, inverse, transpose
    /// A gradient, a Jacobian, a slope.
    case derivative
    case hessian
    case solution, fixedPoint
    /// Where a derivative vanishes; where something is least or greatest, or either.
    case stationary, minimum, maximum, likeliest
    /// What another formula is.
    case same
    case eigenvalue
    /// What is not computed here: a rank, a limit.
    case other
  }

  var kind: Kind
  /// The formulas, among the parts of the sentence, that say of what it is that, and by what or where.
  var operands: [Int] = []
  var place: Int?

  /// Whether a gradient vanishes at what it is.
  var isStationary: Bool { [.stationary, .minimum, .maximum, .likeliest].contains(kind) }

  private enum Token: Equatable {
    case word(String)
    case mark(String)
    case formula(Int)
  }

  /// - Parameter part: the equation, among the parts of its sentence.
  init?(before part: Int, in sentence: Sentence) {
    let tokens = Self.tokens(of: sentence, from: 0, to: part)
    if Self.setsToZero(tokens) {
      kind = .stationary
      return
    }
    guard let end = Self.subjectEnd(tokens) else {
      // `the matrix $M$ has trace $s = 4$`, `with gradient $g = …$`
      let start =
        tokens.lastIndex { if case .mark = $0 { true } else { false } }.map { $0 + 1 } ?? 0
      if let (kind, from, through) = Self.noun(in: Array(tokens[start...])),
        start + through == tokens.count
      {
        self.kind = kind
        let owner = tokens[start...].dropLast(through - from)
        if owner.contains(.word("has")) || owner.contains(.word("hat")) {
          take(owner, [])
        }
        return
      }
      // `the eigenvalues are $\lambda_1 = 2$ and $\lambda_2 = 1$`
      guard case .word(let word)? = tokens.last, ["and", "und", "和"].contains(word),
        case .formula(let other)? = tokens.dropLast().last,
        let said = Self(before: other, in: sentence)
      else { return nil }
      kind = .other
      if said.kind == .eigenvalue { self = said }
      return
    }
    // The clause: commas and what stands before them say something else.
    let start =
      tokens[..<end].lastIndex { token in
        if case .mark = token { true } else { Self.isVerb(token) }
      }.map { $0 + 1 } ?? 0
    let clause = Array(tokens[start..<end])
    if case .formula(let same)? = clause.last, clause.count == 1,
      tokens[end...].contains(where: { Self.isVerb($0) })
    {
      // `$\nabla_b L$ equals $g = …$`
      (kind, operands) = (.same, [same])
      return
    }
    guard let (kind, from, through) = Self.noun(in: clause) else { return nil }
    self.kind = kind
    take(clause[..<from], clause[through...])
  }

  /// `Let $d = …$ be the determinant of $A$`, `call $J = …$ the Jacobian of $f$`.
  /// - Parameter part: the equation, among the parts of its sentence.
  init?(behind part: Int, in sentence: Sentence) {
    let tokens = Self.tokens(of: sentence, from: part + 1, to: sentence.parts.count)
    let clause = Array(
      tokens.drop { $0 == .mark(",") }.prefix { token in
        if case .mark = token { false } else { !Self.isVerb(token) || token == .word("is") }
      })
    guard let (kind, from, through) = Self.noun(in: clause),
      clause[..<from].allSatisfy({ token in
        if case .word(let word) = token { Self.links.contains(word) } else { false }
      }), from > 0, kind != .other, kind != .eigenvalue,
      Self.verbs.contains(clause[0])
        || part > 0 && Self.tokens(of: sentence, from: 0, to: part).last == .word("call")
    else { return nil }
    self.kind = kind
    take([], clause[through...])
  }

  private static let verbs: [Token] = [
    .word("be"), .word("is"), .word("denote"), .word("denotes"), .word("sei"), .word("ist"),
  ]
  private static let links: Set<String> = [
    "be", "is", "denote", "denotes", "the", "its", "a", "an", "die", "der", "das", "als", "sei",
    "ist", "as", "unique", "corresponding",
  ]

  private static func tokens(of sentence: Sentence, from start: Int, to end: Int) -> [Token] {
    var tokens: [Token] = []
    for (i, piece) in zip(start..<end, sentence.parts[start..<end]) {
      switch piece {
      case .formula: tokens.append(.formula(i))
      case .directive: break
      case .text(let text, _):
        tokens += Wording.tokens(of: Array(text.utf8)).map {
          $0.isMark ? .mark($0.text) : .word($0.text)
        }
        joinAbbreviations(&tokens)
      }
    }
    return tokens
  }

  /// `w.r.t.` is no end of a sentence.
  private static func joinAbbreviations(_ tokens: inout [Token]) {
    let written: [Token] = [.word("w"), .mark("."), .word("r"), .mark("."), .word("t")]
    while let start = tokens.indices.first(where: { tokens[$0...].starts(with: written) }) {
      let end = start + written.count
      let stop = end < tokens.count && tokens[end] == .mark(".") ? end + 1 : end
      tokens.replaceSubrange(start..<stop, with: [.word("wrt")])
    }
  }

  /// Where the subject of the equation ends: before `is`, `is given by`, `ist`, 为.
  private static func subjectEnd(_ tokens: [Token]) -> Int? {
    var end = tokens.count
    var isSaid = false
    while end > 0 {
      switch tokens[end - 1] {
      case .mark(":"): isSaid = true
      case .mark(","): if isSaid { return end }
      case .word(let word):
        if copulas.contains(word) {
          isSaid = true
        } else if !fillers.contains(word) {
          return isSaid ? end : nil
        }
      default: return isSaid ? end : nil
      }
      end -= 1
    }
    return nil
  }

  /// `Setting the gradient to zero and solving for $v$ gives`, `Nullsetzen der Ableitung liefert`
  private static func setsToZero(_ tokens: [Token]) -> Bool {
    let clause = tokens.split(separator: .mark("."), omittingEmptySubsequences: false).last ?? []
    func isOne(of words: Set<String>, _ token: Token) -> Bool {
      if case .word(let word) = token { words.contains(word) } else { false }
    }
    func isGradient(_ token: Token) -> Bool {
      if case .formula = token { true } else { isOne(of: vanishing, token) }
    }
    let behind: ArraySlice<Token>
    if let verb = clause.lastIndex(of: .word("nullsetzen")),
      let end = clause[verb...].firstIndex(where: isGradient)
    {
      behind = clause[(end + 1)...]
    } else {
      guard let verb = clause.lastIndex(where: { isOne(of: setting, $0) }),
        let zero = clause[verb...].lastIndex(where: { isOne(of: zeros, $0) }),
        clause[verb..<zero].contains(where: isGradient)
      else { return false }
      behind = clause[(zero + 1)...]
    }
    return !behind.isEmpty
      && behind.indices.allSatisfy { i in
        if case .formula = behind[i] {
          return i > behind.startIndex && isOne(of: ["for", "nach", "in"], behind[i - 1])
        }
        return !isOne(of: stops, behind[i])
      }
  }

  private static let setting: Set<String> = [
    "setting", "set", "equating", "putting", "setzt", "setzen", "令",
  ]
  private static let zeros: Set<String> = ["zero", "0", "null", "零"]
  private static let vanishing: Set<String> = [
    "gradient", "derivative", "derivatives", "it", "this", "that", "partial", "partials",
    "gradienten", "ableitung", "diese", "sie", "度", "数",
  ]
  private static let stops: Set<String> = ["where", "is", "are", "because", "since", "if"]

  private static let copulas: Set<String> = [
    "is", "are", "equals", "becomes", "reads", "has", "be", "ist", "lautet", "hat", "beträgt",
    "wird",
    "为", "是",
  ]
  private static let fillers: Set<String> = [
    "then", "thus", "hence", "therefore", "now", "simply", "just", "clearly", "again", "given",
    "by", "as", "equal", "to", "attained", "reached", "achieved", "found", "at", "also", "for",
    "when", "somit",
    "dann", "gleich", "gegeben", "durch", "bei", "angenommen", "等", "于", "a", "an", "the",
    "matrix", "vector", "number", "scalar", "die", "der", "das", "ein", "eine",
  ]

  private static func isVerb(_ token: Token) -> Bool {
    guard case .word(let word) = token else { return false }
    return ["is", "are", "equals", "where", "if", "ist", "sind", "wenn", "falls", "wobei"]
      .contains(word)
  }

  /// The noun of the clause that says what something is; of two, `the inverse of the Hessian`, none is
  /// judged.
  private static func noun(in clause: [Token]) -> (kind: Kind, from: Int, through: Int)? {
    var found: (kind: Kind, from: Int, through: Int)?
    var start = 0
    while start < clause.count {
      var length = min(5, clause.count - start)
      while length > 0, kind(of: clause[start..<(start + length)]) == nil { length -= 1 }
      if let kind = kind(of: clause[start..<(start + length)]) {
        found = (found == nil ? kind : .other, found?.from ?? start, start + length)
      }
      start += max(1, length)
    }
    return found
  }

  private static func kind(of tokens: ArraySlice<Token>) -> Kind? {
    var words: [String] = []
    for case .word(let word) in tokens { words.append(word) }
    return words.count == tokens.count ? nouns[words.joined(separator: " ")] : nil
  }

  private static let nouns: [String: Kind] = [
    "determinant": .determinant, "determinante": .determinant, "行 列 式": .determinant,
    "trace": .trace, "spur": .trace, "迹": .trace,
    "inverse": .inverse, "inverse matrix": .inverse, "逆": .inverse, "逆 矩 阵": .inverse,
    "transpose": .transpose, "transponierte": .transpose, "转 置": .transpose,
    "gradient": .derivative, "derivative": .derivative, "jacobian": .derivative,
    "slope": .derivative, "ableitung": .derivative, "steigung": .derivative,
    "jacobi-matrix": .derivative, "jacobimatrix": .derivative, "导 数": .derivative,
    "梯 度": .derivative, "斜 率": .derivative, "雅 可 比 矩 阵": .derivative,
    "hessian": .hessian, "hesse-matrix": .hessian, "hessematrix": .hessian,
    "second derivative": .hessian, "zweite ableitung": .hessian, "二 阶 导 数": .hessian,
    "海 森 矩 阵": .hessian, "黑 塞 矩 阵": .hessian,
    "solution": .solution, "lösung": .solution, "解": .solution, "root": .solution,
    "nullstelle": .solution,
    "fixed point": .fixedPoint, "fixed-point": .fixedPoint, "fixpunkt": .fixedPoint,
    "steady state": .fixedPoint, "equilibrium": .fixedPoint, "不 动 点": .fixedPoint,
    "stationary point": .stationary, "critical point": .stationary,
    "kritischer punkt": .stationary, "kritische punkt": .stationary, "驻 点": .stationary,
    "stationäre punkt": .stationary, "critical value": .stationary,
    "minimiser": .minimum, "minimizer": .minimum, "minimum": .minimum, "argmin": .minimum,
    "minimierer": .minimum, "minimalstelle": .minimum, "least-squares solution": .minimum,
    "least squares solution": .minimum, "least-squares estimate": .minimum,
    "least squares estimate": .minimum, "least-squares estimator": .minimum,
    "least squares estimator": .minimum, "最 小 值 点": .minimum, "极 小 值 点": .minimum,
    "最 小 二 乘 解": .minimum, "optimum": .likeliest, "optimal": .likeliest,
    "optimal solution": .likeliest,
    "optimal weight": .likeliest, "optimal weights": .likeliest, "最 优 解": .likeliest,
    "optimal value": .other, "minimum value": .other, "maximum value": .other,
    "minimal value": .other, "maximal value": .other, "最 小 值": .other, "最 大 值": .other,
    "rate of change": .derivative, "sensitivity": .other, "error signal": .other, "delta": .other,
    "fehlersignal": .other,
    "maximiser": .maximum, "maximizer": .maximum, "maximum": .maximum, "argmax": .maximum,
    "maximalstelle": .maximum, "最 大 值 点": .maximum, "极 大 值 点": .maximum,
    "maximum-likelihood estimate": .likeliest, "maximum likelihood estimate": .likeliest,
    "maximum-likelihood estimator": .likeliest, "maximum likelihood estimator": .likeliest,
    "ml estimate": .likeliest, "mle": .likeliest, "maximum-likelihood-schätzer": .likeliest,
    "eigenvalue": .eigenvalue, "eigenvalues": .eigenvalue, "eigenvector": .other,
    "eigenwert": .eigenvalue, "eigenwerte": .eigenvalue,
    "eigenvektor": .other, "rank": .other, "rang": .other, "spectral radius": .other,
    "spektralradius": .other, "limit": .other, "grenzwert": .other, "lipschitz constant": .other,
    "lipschitz-konstante": .other, "condition number": .other, "singular value": .other,
    "特 征 值": .eigenvalue, "特 征 向 量": .other, "极 限": .other,
  ]

  /// `of $f$ with respect to $x$` behind the noun; `$f$ 关于 $x$ 的`, `$M$ has the` before it.
  private mutating func take(_ before: ArraySlice<Token>, _ behind: ArraySlice<Token>) {
    var isPlace = false
    for token in behind {
      switch token {
      case .word("respect"), .word("wrt"), .word("at"), .word("nach"), .word("in"),
        .word("bezüglich"), .word("an"), .word("by"):
        isPlace = true
      case .formula(let part):
        if isPlace { place = place ?? part } else { operands.append(part) }
      default: break
      }
    }
    if !operands.isEmpty || place != nil { return }
    let owners = before.reversed().prefix { $0 != .word("of") }
    var isOwned = false
    var found: [Int] = []
    for token in owners {
      switch token {
      case .word("的"), .word("has"), .word("hat"): isOwned = true
      case .formula(let part) where isOwned: found.append(part)
      default: break
      }
    }
    operands = Array(found.suffix(1))
    if found.count == 2 { place = found[0] }
  }
}

extension Sentence {
  /// Whether words give the solution of an equation behind it.
  func solves(_ part: Int) -> Bool {
    parts.indices.contains { i in
      guard i > part, case .formula = parts[i], let said = SaidValue(before: i, in: self) else {
        return false
      }
      return said.kind == .solution && said.operands.contains(part)
    }
  }
}
