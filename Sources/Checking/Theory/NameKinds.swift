import Documents
import Expressions
import Notation

// What a name is by custom, and by what the page writes of it: a matrix, a loss, a layer, a number.

extension Properties {
  /// Whether only square matrices are so.
  var areOfSquares: Bool {
    !isDisjoint(with: [
      .symmetric, .invertible, .orthogonal, .diagonal, .positiveDefinite, .positiveDeterminant,
    ])
  }
}

extension NameKey {
  /// The 3 of a name `L_3` that is no member of a family.
  var numericLabel: Int? {
    guard !isFamily, let mark = name.utf8.lastIndex(of: UInt8(ascii: "_")) else { return nil }
    return Int(String(name[name.index(after: mark)...]))
  }

  /// The C of `C_3`.
  var numberedBase: String? {
    guard numericLabel != nil, let mark = name.utf8.lastIndex(of: UInt8(ascii: "_")) else {
      return nil
    }
    return String(name[..<mark])
  }

  /// A name that by custom stands for a loss, with or without a label: `L`, `L_3`.
  var isLossLike: Bool {
    let base = name.utf8.firstIndex(of: UInt8(ascii: "_")).map { String(name[..<$0]) } ?? name
    return ["L", "\\ell", "\\mathcal{L}"].contains(base)
  }

  /// The w of `w^{2}`, a name with a number above.
  fileprivate var raisedBase: String? {
    let text = Array(name.utf8)
    guard text.last == UInt8(ascii: "}"), let brace = text.lastIndex(of: UInt8(ascii: "{")),
      brace > 1, text[brace - 1] == UInt8(ascii: "^"), brace + 2 < text.count,
      text[(brace + 1)..<(text.count - 1)].allSatisfy({ $0 >= 48 && $0 <= 57 })
    else { return nil }
    return String(decoding: text[..<(brace - 1)], as: UTF8.self)
  }

  /// Capitals are matrices by custom.
  var isMatrixLike: Bool {
    var text = Array(name.utf8)[...]
    // Behind decorations and fonts: `\vec{W}`, `\mathbf{W}`.
    while text.first == 92 {
      text = text.dropFirst()
      guard let brace = text.firstIndex(of: UInt8(ascii: "{")),
        text[..<brace].allSatisfy({ $0 >= 97 && $0 <= 122 || $0 >= 65 && $0 <= 90 })
      else { break }
      text = text[(brace + 1)...]
    }
    guard let first = text.first else { return false }
    return first >= 65 && first <= 90
  }
}

extension Page {
  /// The `w^2` of `a^2 = \sigma(w^2 a^1)`, of which there is one in every layer.
  func isLayer(_ key: NameKey) -> Bool {
    guard let base = key.raisedBase else { return false }
    return knownKeys.contains { $0 != key && $0.raisedBase == base }
  }

  /// The C of `\frac{\partial C_3}{\partial f_3}`: a capital that is differentiated by what no custom
  /// makes a matrix, both at numbered steps, is no parameter.
  func isNumberedNode(_ key: NameKey) -> Bool {
    guard let base = key.numberedBase, key.isMatrixLike else { return false }
    return derivatives.contains { derivative in
      derivative.numerator.numberedBase == base && derivative.denominator.numberedBase != nil
        && !derivative.denominator.isMatrixLike
    }
  }

  func scalarNames(_ key: NameKey) -> Bool {
    scalars.contains(key)
      || ["\\lambda", "\\eta", "\\alpha", "\\epsilon", "\\gamma"].contains(key.name)
        && !isMultipliedByEntries(key)
      || boundsNorm(key) || isComparedWithNumber(key) || isNumber(key)
      || isArgumentOfSlope(key)
  }

  /// `f'(x_k)` of a function of the page: it takes a number.
  private func isArgumentOfSlope(_ key: NameKey) -> Bool {
    var found = false
    for formula in surveyed where !found {
      formula.visit { part in
        guard case .juxtaposition(let items) = part.kind else { return }
        for (head, place) in zip(items, items.dropFirst()) where place.isParenthesised {
          guard case .scripts(let base, nil, nil, 1...) = head.kind, let name = base.identifier,
            notation.functions.contains(where: { $0.name == name.latex && !$0.isLogistic })
          else { continue }
          var place = place.unfenced
          if case .scripts(let inner, _, nil, 0) = place.kind { place = inner }
          found = found || place.identifier?.latex == key.name
        }
      }
    }
    return found
  }

  /// `\nu = 5`; a vector may be 0 or 1 throughout.
  private func isNumber(_ key: NameKey) -> Bool {
    !key.isFamily && !key.isMatrixLike
      && definitions.contains { definition in
        guard definition.key == key, case .number(let digits) = definition.right.kind else {
          return false
        }
        return digits != "0" && digits != "1"
      }
  }

  /// `\gamma \odot \hat a`: no number.
  private func isMultipliedByEntries(_ key: NameKey) -> Bool {
    var found = false
    for formula in surveyed {
      formula.visit { part in
        guard case .binary(let sign, let a, let b) = part.kind, sign == .hadamard else { return }
        if [a, b].contains(where: { $0.identifier?.latex == key.name }) { found = true }
      }
    }
    return found
  }

  /// `\tau > 0`, `0 < a < 1`, `|\mu| < 1`: what is put in and compared with numbers is one.
  private func isComparedWithNumber(_ key: NameKey) -> Bool {
    !key.isFamily && !key.isMatrixLike
      && statements.contains { statement in
        guard statement.sign.isOrder, statement.role != .claim, statement.names == [key] else {
          return false
        }
        return [(statement.left, statement.right), (statement.right, statement.left)].contains {
          ($0.magnitude ?? $0).identifier?.latex == key.name
            && AffineLetters($1)?.isLiteral == true
        }
      }
  }

  /// `\|W\| \le \rho`
  private func boundsNorm(_ key: NameKey) -> Bool {
    !key.isFamily
      && statements.contains { statement in
        guard statement.sign.isOrder else { return false }
        return statement.left.isNorm && statement.right.identifier?.latex == key.name
          || statement.right.isNorm && statement.left.identifier?.latex == key.name
      }
  }
}

extension Formula {
  /// `\mu` of `|\mu|`: of a Greek letter; a vector may be meant by others.
  fileprivate var magnitude: Formula? {
    guard case .fenced(.bars, let inner) = kind, inner.identifier?.latex.first == "\\" else {
      return nil
    }
    return inner
  }

  /// `\|W\|`, `|\lambda|`
  fileprivate var isNorm: Bool {
    switch kind {
    case .fenced(.bars, _), .fenced(.doubleBars, _): true
    case .scripts(let base, _, _, 0): base.isNorm
    default: false
    }
  }
}
