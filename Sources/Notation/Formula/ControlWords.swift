/// What a LaTeX control word does to the text after it.
enum ControlWord {
  /// Stands for one token; the text of the token is the name unless given.
  case token(Token.Kind, String?)
  case drop
  /// Dropped together with that many brace groups after it.
  case dropArguments(Int)
  /// Words in braces: a name or part of a sentence.
  case words
  /// `\mathrm`, `\operatorname`: a name in braces, or upright mathematics.
  case name
  case tag, key, circled
  case left, right
  /// `\big` and its like: the delimiter after it faces that way.
  case size(Token.Side)
  case begin, end
  /// Negates the relation after it.
  case not
  /// That many remarks over or under a sign: `\stackrel{!}{=}`.
  case remarked(Int)
  /// A relation sign that is as long as its remark.
  case remarkedRelation(Formula.RelationSign)
}

extension ControlWord {
  /// The meaning of `\name`; nil when it is unknown. Expected constant time.
  static func named(_ name: String) -> ControlWord? { table[name] }

  private static let table: [String: ControlWord] = {
    var table: [String: ControlWord] = [:]
    for name in letters { table[name] = .token(.letter, nil) }
    for name in functions { table[name] = .token(.word, nil) }
    for (name, sign) in relations { table[name] = .token(.relation(sign), nil) }
    for (name, sign) in binaries { table[name] = .token(.binary(sign), nil) }
    for (name, kind) in structures { table[name] = .token(kind, nil) }
    for (name, text) in sentences { table[name] = .token(.text, text) }
    for (name, text) in aliases { table[name] = .token(.letter, text) }
    for name in dropped { table[name] = .drop }
    for name in droppedWithArgument { table[name] = .dropArguments(1) }
    for (name, meaning) in others { table[name] = meaning }
    for name in sizes {
      table[name] = .size(.unknown)
      table[name + "l"] = .size(.left)
      table[name + "r"] = .size(.right)
      table[name + "m"] = .size(.middle)
    }
    return table
  }()

  private static let letters: [String] = [
    "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta",
    "iota", "kappa", "varkappa", "lambda", "mu", "nu", "xi", "omicron", "pi", "varpi", "rho",
    "varrho", "sigma", "varsigma", "tau", "upsilon", "phi", "varphi", "chi", "psi", "omega",
    "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
    "partial", "nabla", "ell", "imath", "jmath", "hbar", "infty", "top", "perp", "emptyset",
    "dagger", "star", "Re", "Im", "aleph", "bullet", "downarrow", "uparrow", "updownarrow",
    "searrow", "nearrow", "triangle", "square", "checkmark", "diamond",
  ]

  private static let aliases: [(String, String)] = [
    ("intercal", "top"), ("varnothing", "emptyset"), ("bot", "perp"), ("hslash", "hbar"),
    ("l", "ell"), ("varGamma", "Gamma"), ("varDelta", "Delta"), ("varTheta", "Theta"),
    ("varLambda", "Lambda"), ("varSigma", "Sigma"), ("varPhi", "Phi"), ("varPsi", "Psi"),
    ("varOmega", "Omega"), ("_", "_"),
  ]

  static let functions: [String] = [
    "tanh", "sinh", "cosh", "coth", "exp", "log", "ln", "lg", "sin", "cos", "tan", "cot", "sec",
    "csc", "arcsin", "arccos", "arctan", "det", "tr", "diag", "dim", "ker", "arg", "deg", "gcd",
    "inf", "sup", "Pr", "hom", "argmax", "argmin", "sgn", "sign", "rank",
  ]

  private static let relations: [(String, Formula.RelationSign)] = [
    ("eq", .equal), ("neq", .notEqual), ("ne", .notEqual), ("lt", .less), ("gt", .greater),
    ("le", .lessOrEqual), ("leq", .lessOrEqual), ("leqslant", .lessOrEqual),
    ("leqq", .lessOrEqual), ("ge", .greaterOrEqual), ("geq", .greaterOrEqual),
    ("geqslant", .greaterOrEqual), ("geqq", .greaterOrEqual), ("approx", .approximately),
    ("simeq", .approximately), ("cong", .approximately), ("approxeq", .approximately),
    ("thickapprox", .approximately), ("propto", .proportional), ("varpropto", .proportional),
    ("triangleq", .defines), ("equiv", .defines), ("coloneqq", .defines), ("coloneq", .defines),
    ("doteq", .defines), ("eqdef", .defines), ("in", .elementOf), ("subset", .subset),
    ("subseteq", .subset), ("subseteqq", .subset), ("to", .arrow), ("rightarrow", .arrow),
    ("longrightarrow", .arrow), ("mapsto", .mapsTo), ("longmapsto", .mapsTo), ("colon", .colon),
    ("implies", .implies), ("Rightarrow", .implies), ("Longrightarrow", .implies),
    ("iff", .equivalent), ("Leftrightarrow", .equivalent), ("Longleftrightarrow", .equivalent),
    ("sim", .distributed), ("thicksim", .distributed), ("mid", .divides), ("ll", .muchLess),
    ("gg", .muchGreater),
  ]

  private static let binaries: [(String, Formula.BinaryOperator)] = [
    ("odot", .hadamard), ("circ", .hadamard), ("cdot", .dot), ("times", .times),
    ("ast", .asterisk), ("otimes", .kronecker), ("setminus", .setMinus), ("backslash", .setMinus),
    ("cup", .union), ("cap", .intersection), ("oplus", .directSum),
  ]

  private static let structures: [(String, Token.Kind)] = [
    ("frac", .fraction), ("dfrac", .fraction), ("tfrac", .fraction), ("cfrac", .fraction),
    ("sqrt", .root), ("underbrace", .annotated),
    ("overbrace", .annotated), ("underbracket", .annotated), ("overbracket", .annotated),
    ("cancel", .struck), ("bcancel", .struck), ("xcancel", .struck), ("sout", .struck),
    ("st", .struck), ("cancelto", .struck), ("tilde", .accent(.tilde)),
    ("widetilde", .accent(.tilde)), ("hat", .accent(.hat)), ("widehat", .accent(.hat)),
    ("bar", .accent(.bar)), ("overline", .accent(.bar)), ("vec", .accent(.vector)),
    ("overrightarrow", .accent(.vector)), ("overleftarrow", .accent(.leftArrow)),
    ("dot", .accent(.dot)), ("ddot", .accent(.ddot)),
    ("underline", .accent(.underline)), ("underbar", .accent(.underline)),
    ("check", .accent(.check)), ("widecheck", .accent(.check)), ("mathbf", .fontCommand(.bold)),
    ("boldsymbol", .fontCommand(.bold)), ("bm", .fontCommand(.bold)),
    ("pmb", .fontCommand(.bold)), ("symbf", .fontCommand(.bold)),
    ("mathbb", .fontCommand(.blackboard)), ("mathbbm", .fontCommand(.blackboard)),
    ("mathds", .fontCommand(.blackboard)), ("Bbb", .fontCommand(.blackboard)),
    ("mathcal", .fontCommand(.calligraphic)), ("mathscr", .fontCommand(.calligraphic)),
    ("mathfrak", .fontCommand(.fraktur)), ("mathsf", .fontCommand(.sansSerif)),
    ("mathtt", .fontCommand(.typewriter)), ("mathit", .fontCommand(.italic)),
    ("mathnormal", .fontCommand(.italic)), ("rm", .fontSwitch(.upright)),
    ("bf", .fontSwitch(.bold)), ("cal", .fontSwitch(.calligraphic)),
    ("sf", .fontSwitch(.sansSerif)),
    ("it", .fontSwitch(.italic)), ("tt", .fontSwitch(.typewriter)), ("sum", .big(.sum)),
    ("prod", .big(.product)), ("int", .big(.integral)), ("max", .big(.maximum)),
    ("min", .big(.minimum)), ("lim", .big(.limit)), ("ldots", .dots(.low)), ("dots", .dots(.low)),
    ("dotsc", .dots(.low)), ("dotso", .dots(.low)), ("cdots", .dots(.centered)),
    ("dotsb", .dots(.centered)), ("dotsm", .dots(.centered)), ("hdots", .dots(.centered)),
    ("vdots", .dots(.vertical)), ("ddots", .dots(.diagonal)), ("iddots", .dots(.diagonal)),
    ("prime", .prime(1)), ("quad", .wide), ("qquad", .wide), ("eqno", .wide),
    ("leqno", .wide), ("cr", .row), ("newline", .row),
    ("lparen", .open(.parenthesis)), ("rparen", .close(.parenthesis)),
    ("lbrack", .open(.bracket)), ("rbrack", .close(.bracket)), ("lbrace", .open(.brace)),
    ("rbrace", .close(.brace)), ("langle", .open(.angle)), ("rangle", .close(.angle)),
    ("lfloor", .open(.floor)), ("rfloor", .close(.floor)), ("lceil", .open(.ceiling)),
    ("rceil", .close(.ceiling)), ("vert", .bar(isDouble: false, .unknown)),
    ("lvert", .bar(isDouble: false, .left)), ("rvert", .bar(isDouble: false, .right)),
    ("Vert", .bar(isDouble: true, .unknown)), ("lVert", .bar(isDouble: true, .left)),
    ("rVert", .bar(isDouble: true, .right)), ("slash", .slash),
  ]

  private static let sentences: [(String, String)] = [
    ("forall", "for all"), ("exists", "there is"), ("therefore", "therefore"),
    ("because", "because"), ("land", "and"), ("wedge", "and"), ("lor", "or"), ("vee", "or"),
  ]

  private static let dropped: [String] = [
    "displaystyle", "textstyle", "scriptstyle", "scriptscriptstyle", "limits", "nolimits",
    "displaylimits", "nonumber", "notag", "mathstrut", "strut", "hfill", "hfil", "thinspace",
    "medspace", "thickspace", "enspace", "negthinspace", "negmedspace", "negthickspace",
    "allowbreak", "nobreak", "linebreak", "hline", "boxed", "fbox", "mathop", "mathbin",
    "mathrel", "mathord", "mathopen", "mathclose", "mathpunct", "mathinner", "ensuremath",
    "small", "footnotesize", "scriptsize", "tiny", "large", "Large", "LARGE", "normalsize",
    "centering", "relax", "protect", "middle", "unskip", "noindent", "space", "smash", "null",
    "mathchoice", "substack", "par", "newpage", "medskip", "smallskip", "bigskip",
    "IEEEyesnumber", "IEEEnonumber", "IEEEeqnarraynumspace", "IEEEyessubnumber",
  ]

  private static let droppedWithArgument: [String] = [
    "phantom", "hphantom", "vphantom", "hspace", "vspace", "mspace", "hskip", "color",
    "textcolor", "colorbox", "rule", "eqref", "ref", "cite", "footnote", "raisebox", "cline",
    "setlength",
  ]

  private static let others: [(String, ControlWord)] = [
    ("text", .words), ("textrm", .words), ("textnormal", .words), ("textit", .words),
    ("textbf", .words), ("textsf", .words), ("texttt", .words), ("textup", .words),
    ("mbox", .words), ("hbox", .words), ("intertext", .words), ("shortintertext", .words),
    ("emph", .words), ("mathrm", .name), ("operatorname", .name), ("operatornamewithlimits", .name),
    ("symrm", .name), ("mathup", .name), ("tag", .tag), ("label", .key),
    ("textcircled", .circled), ("left", .left), ("right", .right), ("begin", .begin),
    ("end", .end), ("not", .not), ("overset", .remarked(1)), ("stackrel", .remarked(1)),
    ("underset", .remarked(1)), ("overunderset", .remarked(2)), ("underoverset", .remarked(2)),
    ("xrightarrow", .remarkedRelation(.arrow)), ("xlongrightarrow", .remarkedRelation(.arrow)),
    ("xlongequal", .remarkedRelation(.equal)), ("xequal", .remarkedRelation(.equal)),
    ("xRightarrow", .remarkedRelation(.implies)), ("xmapsto", .remarkedRelation(.mapsTo)),
    ("xLeftrightarrow", .remarkedRelation(.equivalent)),
    ("IEEEeqnarraymulticol", .dropArguments(2)),
  ]

  private static let sizes: [String] = ["big", "Big", "bigg", "Bigg"]
}

extension Token.Environment {
  /// The environment of that name, starred or not. Expected constant time.
  static func named(_ name: String) -> Token.Environment {
    let name = name.hasSuffix("*") ? String(name.dropLast()) : name
    return switch name {
    case "matrix", "smallmatrix": .matrix(.plain)
    case "pmatrix", "psmallmatrix": .matrix(.parentheses)
    case "bmatrix", "bsmallmatrix": .matrix(.brackets)
    case "vmatrix": .matrix(.bars)
    case "Vmatrix": .matrix(.doubleBars)
    case "Bmatrix": .matrix(.braces)
    case "cases", "dcases", "rcases": .matrix(.cases)
    case "array", "tabular", "subarray": .array
    case "aligned", "align", "alignat", "alignedat", "flalign", "split", "gathered", "gather",
      "multline", "multlined", "eqnarray", "equation", "displaymath", "math", "subequations",
      "dmath", "empheq", "IEEEeqnarray", "IEEEeqnarraybox":
      .lines
    default: .unknown
    }
  }

  /// `\begin{array}{ll}`, `\begin{alignat}{2}`: a brace group after the name says how columns stand.
  static func hasColumns(_ name: String) -> Bool {
    switch name {
    case "array", "tabular", "subarray", "alignat", "alignat*", "alignedat", "empheq", "empheq*",
      "IEEEeqnarray", "IEEEeqnarray*", "IEEEeqnarraybox":
      true
    default: false
    }
  }
}
