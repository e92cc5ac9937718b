import Expressions
import Notation

/// What the page says in words, taken in before any role is decided.
extension PageReader {
  mutating func noteFacts(in workspace: inout Workspace) {
    var statement = 0
    for (b, block) in manuscript.blocks.enumerated() {
      for (s, sentence) in block.sentences.enumerated() {
        for fact in lastingFacts(b, s) {
          note(fact, b, s, statement, in: &workspace)
          noteDerivativeRule(fact, b, s)
        }
        noteSubjects(sentence)
        noteUnknownFunctions(b, s, statement, in: &workspace)
        for part in parsed where part.block == b && part.sentence == s {
          noteGraph(part.formula, statement, in: &workspace)
        }
        statement += relationCount(b, s)
      }
    }
    noteWrittenArguments(in: &workspace)
    noteAppliedStarts(in: &workspace)
    noteUnknownValues(in: &workspace)
    settleGradients(in: &workspace)
    noteSigma()
  }

  /// `h_t = f(h_{t-1}, x_t; W)` says what h_t depends on.
  private mutating func noteUnknownFunctions(
    _ block: Int, _ sentence: Int, _ statement: Int, in workspace: inout Workspace
  ) {
    for part in parsed where part.block == block && part.sentence == sentence {
      for case .relations(let left, let members) in Lexicon.relationsIn(part.formula).map({
        $0.kind
      }) {
        guard let equation = unknownFunctions.equation(left, members[0].formula),
          equation.left.spelled == left.spelled, let subject = name(of: left, in: &workspace)
        else { continue }
        note(equation, of: subject, statement, in: &workspace)
      }
    }
  }

  /// `F(x_l, W_l)` without an equation of its own.
  private mutating func noteUnknownValues(in workspace: inout Workspace) {
    for value in unknownFunctions.values {
      guard let subject = name(of: value.left, in: &workspace) else { continue }
      note(value, of: subject, 0, in: &workspace)
    }
  }

  private mutating func note(
    _ equation: UnknownFunctions.Equation, of subject: (key: NameKey, time: AffineLetters?),
    _ statement: Int, in workspace: inout Workspace
  ) {
    page.dependences.append(
      Dependence(
        key: subject.key, time: subject.time,
        arguments: equation.arguments.compactMap { name(of: $0, in: &workspace) },
        onAllTimes: false, isScalar: isLossName(subject.key), statement: statement))
  }

  /// `L_t(h_t)` says what the loss depends on, unless words do.
  private mutating func noteWrittenArguments(in workspace: inout Workspace) {
    for part in parsed {
      var found: [(name: Formula, arguments: [Formula])] = []
      part.formula.visit { inner in
        guard case .juxtaposition(let items) = inner.kind else { return }
        for (i, item) in items.enumerated().dropLast() {
          var base = item
          if case .scripts(let name, _, _, 0) = item.kind { base = name }
          guard let identifier = base.identifier,
            case .fenced(.parentheses, let content) = items[i + 1].kind,
            isLossName(NameKey(identifier.latex)) || identifier.isPlain("l")
              || page.scalars.contains(where: { $0.name == identifier.latex })
          else { continue }
          if case .list(let list) = content.kind {
            let isRun = list.contains { if case .dots = $0.kind { true } else { false } }
            found.append((item, isRun ? [content] : list))
          } else {
            found.append((item, [content]))
          }
        }
      }
      for (formula, list) in found {
        guard let subject = name(of: formula, in: &workspace) else { continue }
        var arguments: [(key: NameKey, time: AffineLetters?)] = []
        var runs: [(key: NameKey, from: AffineLetters, through: AffineLetters)] = []
        for item in list {
          if case .list = item.kind {
            guard !subject.key.isFamily, let run = run(of: item, in: &workspace) else { continue }
            runs.append(run)
            arguments.append((run.key, nil))
            continue
          }
          guard let argument = name(of: item, in: &workspace) else { continue }
          arguments.append(argument)
        }
        // Of other times than its own it would be a product.
        guard arguments.count == list.count,
          arguments.allSatisfy({ $0.time == nil || $0.time == subject.time || subject.time == nil })
        else { continue }
        for item in list
        where page.notation.applied[subject.key]?.contains(where: { $0.spelled == item.spelled })
          != true
        {
          page.notation.applied[subject.key, default: []].append(item)
        }
        guard !page.dependences.contains(where: { $0.key == subject.key }) else { continue }
        page.dependences.append(
          Dependence(
            key: subject.key, time: subject.time, arguments: arguments, onAllTimes: false,
            runs: runs, isScalar: true, statement: 0))
      }
    }
  }

  /// `h_0(W)`: a start that is a function of a parameter.
  private mutating func noteAppliedStarts(in workspace: inout Workspace) {
    for part in parsed {
      var found: [(name: Formula, argument: Formula)] = []
      part.formula.visit { inner in
        guard case .juxtaposition(let items) = inner.kind else { return }
        for (i, item) in items.enumerated().dropLast() {
          guard case .scripts(let base, let below?, _, _) = item.kind, base.identifier != nil,
            AffineLetters(below)?.isLiteral == true,
            case .fenced(.parentheses, let only) = items[i + 1].kind
          else { continue }
          found.append((item, only))
        }
      }
      for (start, written) in found {
        guard let subject = name(of: start, in: &workspace), subject.key.isFamily else { continue }
        var list = [written]
        if case .list(let several) = written.kind { list = several }
        let arguments = list.compactMap { name(of: $0, in: &workspace)?.key }
        if arguments.count == list.count { noteStart(subject, of: arguments) }
      }
    }
  }

  /// About how many statements a sentence holds: facts are placed among them.
  private func relationCount(_ block: Int, _ sentence: Int) -> Int {
    var count = 0
    for part in parsed where part.block == block && part.sentence == sentence {
      for relation in Lexicon.relationsIn(part.formula) {
        if case .relations(_, let members) = relation.kind { count += members.count }
      }
    }
    return count
  }

  func formula(_ block: Int, _ sentence: Int, _ part: Int) -> Formula? {
    parsed.first { $0.block == block && $0.sentence == sentence && $0.part == part }?.formula
  }

  private mutating func note(
    _ fact: Fact, _ block: Int, _ sentence: Int, _ statement: Int, in workspace: inout Workspace
  ) {
    func name(_ part: Int) -> (key: NameKey, time: AffineLetters?)? {
      guard let formula = formula(block, sentence, part) else { return nil }
      return self.name(of: formula, in: &workspace)
    }
    switch fact {
    case .dependsOn(let subject, let objects):
      for subject in names(subject, block, sentence, in: &workspace) {
        var arguments: [(key: NameKey, time: AffineLetters?)] = []
        var runs: [(key: NameKey, from: AffineLetters, through: AffineLetters)] = []
        for object in objects {
          guard let formula = formula(block, sentence, object), range(of: formula) == nil else {
            continue
          }
          if !subject.key.isFamily, let run = run(of: formula, in: &workspace) {
            runs.append(run)
            arguments.append((run.key, nil))
            continue
          }
          arguments += names(object, block, sentence, in: &workspace)
        }
        guard !arguments.isEmpty else { continue }
        noteStart(subject, of: arguments.map { $0.key })
        if let own = subject.time, own.isLiteral {
          // The loss of step 3 is a function of the state of step 3.
          for i in arguments.indices where arguments[i].time?.soleLetter != nil {
            arguments[i].time = own
          }
        }
        // `C_{t-1}, …, C_0`: one before the other, all of them through the nearest.
        if subject.key.isFamily, let nearest = arguments.first(where: { $0.key == subject.key }) {
          arguments.removeAll { $0.key == subject.key && $0.time?.isLiteral == true }
          if !arguments.contains(where: { $0.key == subject.key }) { arguments.append(nearest) }
        }
        if saysAlso(block, sentence) {
          for earlier in page.dependences
          where earlier.key == subject.key && earlier.time == subject.time {
            arguments += earlier.arguments.filter { old in
              !arguments.contains { $0.key == old.key && $0.time == old.time }
            }
          }
        }
        let onAll = saysAll(block, sentence) && !subject.key.isFamily
        let isScalar =
          page.scalars.contains(subject.key) || isLossName(subject.key)
          || saysScalar(block, sentence, subject.key, in: &workspace)
        if isScalar, !page.scalars.contains(subject.key) { page.scalars.append(subject.key) }
        page.dependences.append(
          Dependence(
            key: subject.key, time: subject.time, arguments: arguments, onAllTimes: onAll,
            runs: runs, isScalar: isScalar, statement: statement))
      }
    case .scalar(let part, let isLoss):
      noteNumber(part, isLoss, block, sentence, at: statement, in: &workspace)
    case .property(let properties, let parts):
      if isDoubted(block, sentence) { return }
      let written = manuscript.blocks[block].sentences[sentence]
      // `Let A be orthogonal`, in a paragraph of its own, is another A than one let be symmetric before.
      let isAnew =
        Wording(written).items.first == .term(.letting) && !saysAlso(block, sentence)
      for part in parts {
        let isLocal =
          written.supposes(atItsHead: parts) || cue(before: part, in: written) == .suppose
          || beginsCase(block, sentence)
        for found in names(part, block, sentence, in: &workspace) {
          if properties == .constant, found.time?.isLiteral == true { page.given.append(found) }
          if isAnew,
            page.declarations.contains(where: {
              $0.key == found.key && !$0.properties.isEmpty && $0.block < block
            })
          {
            revoke(nil, found.key, block, sentence, false)
          }
          page.declarations.append(
            declaration(
              found.key, nil, properties, isLocal: isLocal, part, block, sentence, at: statement))
        }
      }
    case .noProperty(let properties, let parts, let isConditional):
      for part in parts {
        for found in names(part, block, sentence, in: &workspace) {
          revoke(properties, found.key, block, sentence, isConditional)
          if properties == .constant { noteStart(found, of: []) }
        }
      }
    case .arbitrary(let parts, let isConditional):
      for part in parts {
        for found in names(part, block, sentence, in: &workspace) {
          revoke(nil, found.key, block, sentence, isConditional)
        }
      }
    case .real(let parts):
      for part in parts { noteReal(part, block, sentence, at: statement, in: &workspace) }
    case .given(let parts):
      for part in parts {
        for found in names(part, block, sentence, in: &workspace) { page.given.append(found) }
      }
    case .notGiven(let parts):
      if parts.isEmpty { page.startDependences.append(StartDependence(arguments: [])) }
      for part in parts {
        for found in names(part, block, sentence, in: &workspace) { noteStart(found, of: []) }
      }
    case .startDepends(let subject, let objects):
      var arguments: [NameKey] = []
      for object in objects {
        arguments += names(object, block, sentence, in: &workspace).map { $0.key }
      }
      guard !arguments.isEmpty else { return }
      guard let subject else {
        page.startDependences.append(StartDependence(arguments: arguments))
        return
      }
      for found in names(subject, block, sentence, in: &workspace) {
        noteStart(found, of: arguments)
      }
    case .layout(let layout, let isOwn):
      if page.layout == nil || isOwn && !hasOwnLayout { page.layout = layout }
      hasOwnLayout = hasOwnLayout || isOwn
    case .noLayout(let layout): page.deniedLayouts.append(layout)
    case .entryPlace(let derivative, let row, let column):
      guard let entry = formula(block, sentence, derivative),
        let row = formula(block, sentence, row)?.identifier?.name,
        let column = formula(block, sentence, column)?.identifier?.name,
        case .fraction(let above, let below) = entry.kind
      else { return }
      page.layout = layout(order: [row, column], above, below) ?? page.layout
    case .entryFormula(let part):
      if let formula = formula(block, sentence, part), let convention = convention(formula) {
        page.layout = convention.layout ?? page.layout
        conventions.append((block, sentence, part))
      }
    case .scalars: saysScalars = true
    case .notScalars: if saysScalars { scalarsEnd = true }
    case .startsAt(let part):
      guard let written = formula(block, sentence, part),
        case .relations(let left, let members) = written.kind, members.count == 1,
        members[0].sign == .equal, let letter = AffineLetters(left)?.soleLetter,
        let step = AffineLetters(members[0].formula), step.isLiteral
      else { return }
      page.firstSteps.append((letter, step.constant))
    case .gradientName(let nameFormula, let gradient):
      guard let formula = formula(block, sentence, nameFormula),
        let explained = self.formula(block, sentence, gradient)
      else { return }
      noteGradient(formula, explained, at: statement, in: &workspace)
    case .gradientInWords(let name, let loss, let node):
      guard var name = formula(block, sentence, name), let node = formula(block, sentence, node)
      else { return }
      if case .relations(let left, let members) = name.kind {
        guard members.first?.sign == .equal, isName(left), left.spelled != node.spelled else {
          return
        }
        name = left
      }
      wordedGradients.append(
        (name, loss.flatMap { formula(block, sentence, $0) }, node, statement))
    case .anyOf(let name, let members):
      guard let name = formula(block, sentence, name) else { return }
      var items: [Formula] = []
      for member in members {
        guard let formula = formula(block, sentence, member) else { return }
        if case .list(let list) = formula.kind { items += list } else { items.append(formula) }
      }
      noteCollective(name, items, in: &workspace)
    case .copy, .independent, .held, .total, .totalInBlock, .allTotal, .released, .whole,
      .immediate,
      .elementwiseSquares, .reachesBack, .newModel:
      break
    }
  }

  /// What is said of a name, for the whole page or where it is supposed.
  func declaration(
    _ key: NameKey, _ shape: Shape?, _ properties: Properties, isLocal: Bool, _ part: Int,
    _ block: Int, _ sentence: Int, at statement: Int
  ) -> Declaration {
    Declaration(
      key: key, shape: shape, properties: properties, statement: statement, block: block,
      sentence: sentence, isLocal: isLocal,
      isOfSentence: isLocal && isConditionOfSentence(block, sentence),
      clause: parsed.first {
        $0.block == block && $0.sentence == sentence && $0.part == part
      }?.clause ?? 0)
  }

  private mutating func revoke(
    _ properties: Properties?, _ key: NameKey, _ block: Int, _ sentence: Int, _ isLocal: Bool
  ) {
    page.revocations.append(
      Revocation(
        key: key, properties: properties, declared: page.declarations.count, block: block,
        sentence: sentence, isLocal: isLocal))
  }

  /// What is said of one step of a node may be said of a start.
  mutating func noteStart(
    _ subject: (key: NameKey, time: AffineLetters?), of arguments: [NameKey]
  ) {
    guard let time = subject.time, time.isLiteral else { return }
    page.startDependences.append(
      StartDependence(key: subject.key, step: time.constant, arguments: arguments))
  }

  /// The names in a formula: one, or a list of them.
  mutating func names(
    _ part: Int, _ block: Int, _ sentence: Int, ofEntries: Bool = true,
    in workspace: inout Workspace
  ) -> [(key: NameKey, time: AffineLetters?)] {
    guard let formula = formula(block, sentence, part) else { return [] }
    var target = formula
    if case .relations(let left, let members) = formula.kind {
      target = left
      // `L = \sum_t L_t, each L_t …` names what stands on the left.
      if members.first?.sign == .elementOf, case .list = left.kind { target = left }
    }
    var items = [target]
    if case .list(let list) = target.kind { items = list }
    var found: [(key: NameKey, time: AffineLetters?)] = []
    for item in items where ofEntries || entryLetters(of: item).isEmpty {
      var plain = item
      // L_t(h_t) names L_t.
      if case .juxtaposition(let parts) = item.kind, parts.count == 2, parts[1].isParenthesised {
        plain = parts[0]
      }
      if let name = name(of: plain, in: &workspace) { found.append(name) }
    }
    return found
  }

  func isLossName(_ key: NameKey) -> Bool {
    PageReader.lossNames.contains(key.name) && !page.notation.lexicon.matrices.contains(key.name)
  }

  private mutating func saysScalar(
    _ block: Int, _ sentence: Int, _ key: NameKey, in workspace: inout Workspace
  ) -> Bool {
    for fact in facts(of: manuscript.blocks[block].sentences[sentence]) {
      if case .scalar(let part, _) = fact,
        names(part, block, sentence, in: &workspace).contains(where: { $0.key == key })
      {
        return true
      }
    }
    return false
  }

  /// "σ denotes the hyperbolic tangent", "some nonlinearity σ": then σ is not the logistic function.
  mutating func noteSigma() {
    for part in parsed {
      guard let identifier = part.formula.identifier, identifier.name == "sigma" else { continue }
      for case .text(let words, _) in manuscript.blocks[part.block].sentences[part.sentence].parts {
        let bytes = Array(words.lowercased().utf8)
        for sign in ["hyperbolic", "nonlinearity", "some activation", "arbitrary", "any smooth"]
        where holds(bytes, Array(sign.utf8)) {
          page.notation.hasUnknownSigma = true
        }
      }
    }
  }

  /// A question, or what is not so: "were A symmetric", "is W symmetric?".
  private func isDoubted(_ block: Int, _ sentence: Int) -> Bool {
    var words = ""
    for part in manuscript.blocks[block].sentences[sentence].parts {
      if case .text(let text, _) = part { words += " " + text }
    }
    let bytes = Array(words.lowercased().utf8)
    for sign in ["?", "？", " were ", "wäre", "orthogonal col"]
    where holds(bytes, Array(sign.utf8)) {
      return true
    }
    return false
  }

  private func holds(_ text: [UInt8], _ part: [UInt8]) -> Bool {
    guard text.count >= part.count else { return false }
    for start in 0...(text.count - part.count)
    where Array(text[start..<(start + part.count)]) == part {
      return true
    }
    return false
  }

  /// "also depends on": beside what was said before.
  private func saysAlso(_ block: Int, _ sentence: Int) -> Bool {
    manuscript.blocks[block].sentences[sentence].parts.contains { part in
      guard case .text(let words, _) = part else { return false }
      return [
        "also", "additionally", "in addition", "further", "furthermore", "moreover", "besides",
        "auch", "zudem", "außerdem", "ferner", "weiter", "也", "还", "此外", "并且",
      ].contains {
        contains($0, in: words.lowercased())
      }
    }
  }

  /// "depends on all H_t", "a function of all states", "for every t".
  func saysAll(_ block: Int, _ sentence: Int) -> Bool {
    for part in manuscript.blocks[block].sentences[sentence].parts {
      guard case .text(let words, _) = part else { continue }
      let lower = words.lowercased()
      for word in [
        "all", "every", "each", "any", "所有", "全部", "每个", "alle", "allen", "sämtliche",
        "sämtlichen", "jede", "jeden",
      ]
      where contains(word, in: lower) { return true }
    }
    return false
  }
}
