import Notation

/// A sentence as a row of terms, formulas and marks, which the rules of `Facts` and `Cue` read.
struct Wording {
  /// A word in lower case, an ideograph or a mark.
  struct Token {
    var text: String
    var isMark: Bool
  }

  enum Item: Hashable {
    /// A formula, by its index among the sentence's parts.
    case formula(Int)
    case term(Term)
    /// A word without a meaning of its own.
    case word
    case comma, semicolon, colon, stop, open, close
  }

  private(set) var items: [Item] = []

  init(_ sentence: Sentence, vocabulary: Vocabulary = .shared) {
    for (i, part) in sentence.parts.enumerated() {
      switch part {
      case .directive: break
      case .formula(let formula):
        if !formula.isStruck { items.append(.formula(i)) }
      case .text(let text, _):
        append(Wording.tokens(of: Array(text.utf8)), vocabulary)
      }
    }
  }

  /// Words that stand within a formula.
  init(_ words: String, vocabulary: Vocabulary = .shared) {
    append(Wording.tokens(of: Array(words.utf8)), vocabulary)
  }

  /// How often the words before a formula (all of them, by default) say that what was supposed is so
  /// no longer.
  func contrasts(before part: Int? = nil) -> Int {
    let end = part.flatMap { items.firstIndex(of: .formula($0)) } ?? items.count
    return items[..<end].filter { $0 == .term(.contrast) }.count
  }

  private mutating func append(_ tokens: [Token], _ vocabulary: Vocabulary) {
    var i = 0
    while i < tokens.count {
      if let (term, length) = vocabulary.match(tokens, at: i) {
        items.append(.term(term))
        i += length
        continue
      }
      if tokens[i].isMark {
        switch tokens[i].text {
        case ",": items.append(.comma)
        case ";": items.append(.semicolon)
        case ":": items.append(.colon)
        case ".": items.append(.stop)
        case "(": items.append(.open)
        case ")": items.append(.close)
        default: break
        }
      } else if items.last != .word {
        items.append(.word)
      }
      i += 1
    }
  }

  /// Words of Latin letters and the like are tokens, ideographs and marks one each.
  static func tokens(of text: [UInt8]) -> [Token] {
    var tokens: [Token] = []
    var word: [UInt8] = []
    func flush() {
      if word.isEmpty { return }
      tokens.append(Token(text: String(decoding: word, as: UTF8.self), isMark: false))
      word = []
    }
    var i = 0
    while i < text.count {
      let (value, length) = scalar(text, at: i)
      switch value {
      case 0x41...0x5A: word.append(UInt8(value) + 32)
      case 0x61...0x7A, 0x30...0x39, 0x27: word.append(UInt8(value))
      case 0x2019: word.append(0x27)
      case 0x2D where !word.isEmpty && i + 1 < text.count && isLetter(text[i + 1]):
        word.append(0x2D)
      case 0xC0...0xDE where value != 0xD7: word += [0xC3, UInt8(value - 0xC0) + 0xA0]
      case 0xDF...0x24F where value != 0xF7: word += text[i..<(i + length)]
      case 0x20, 0x09, 0x0A: flush()
      default:
        flush()
        if let mark = mark(value) {
          tokens.append(Token(text: mark, isMark: true))
        } else if isIdeographic(value) {
          tokens.append(
            Token(text: String(decoding: text[i..<(i + length)], as: UTF8.self), isMark: false))
        }
      }
      i += length
    }
    flush()
    return tokens
  }

  private static func mark(_ value: UInt32) -> String? {
    switch value {
    case 0x2C, 0xFF0C: return ","
    case 0x3B, 0xFF1B: return ";"
    case 0x3A, 0xFF1A: return ":"
    case 0x2E, 0x3002, 0x21, 0x3F, 0xFF01, 0xFF1F: return "."
    case 0x28, 0xFF08: return "("
    case 0x29, 0xFF09: return ")"
    case 0x3001: return nil
    default: return nil
    }
  }
}
