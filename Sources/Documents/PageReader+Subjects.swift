import Notation

/// What the words of a page speak of: means, vectors, matrices.
extension PageReader {
  mutating func noteSubjects(_ sentence: Sentence) {
    for case .text(let words, _) in sentence.parts {
      let tokens = Wording.tokens(of: Array(words.utf8)).map { $0.text }
      if tokens.contains(where: { PageReader.means.contains($0) }) || contains("平均", in: words) {
        page.speaksOfMeans = true
      }
      if tokens.contains(where: { PageReader.tensors.contains($0) })
        || ["向量", "矩阵"].contains(where: { contains($0, in: words) })
      {
        page.speaksOfTensors = true
      }
    }
  }

  private static let means = [
    "mean", "average", "averaged", "averages", "mittel", "mittelwert", "mittlere", "mittleren",
    "durchschnitt", "durchschnittlich", "durchschnittliche", "gemittelt",
  ]

  private static let tensors = [
    "vector", "vectors", "matrix", "matrices", "jacobian", "jacobians", "elementwise", "entrywise",
    "componentwise", "vektor", "vektoren", "matrizen", "jacobimatrix", "elementweise",
    "komponentenweise",
  ]
}
