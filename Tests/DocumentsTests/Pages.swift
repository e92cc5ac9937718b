import Notation

@testable import Documents

func page(_ text: String, as name: String = "page.md") -> Manuscript {
  Manuscript(Source(path: name, text: Array(text.utf8)))
}

extension Manuscript {
  var sentences: [Sentence] { blocks.flatMap { $0.sentences } }
  var formulas: [FormulaText] { sentences.flatMap { $0.formulas.map { $0.formula } } }
  var strings: [String] { formulas.map { $0.string } }
  var directives: [Directive] {
    var found: [Directive] = []
    for sentence in sentences {
      for part in sentence.parts {
        if case .directive(let directive, _) = part { found.append(directive) }
      }
    }
    return found
  }
  var prose: String {
    var text = ""
    for sentence in sentences {
      for part in sentence.parts {
        if case .text(let words, _) = part { text += words }
      }
    }
    return text
  }
}

/// The one sentence of a text.
func sentence(_ text: String) -> Sentence { page(text).sentences[0] }
