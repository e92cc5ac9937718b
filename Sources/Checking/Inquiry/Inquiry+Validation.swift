import Documents
import Expressions
import Numerics

/// Which points a derivative is validated at.
package struct ValidationPoints: Sendable {
  /// Sizes by name; the others are drawn.
  package var sizes: [(name: String, value: Int)]
  /// The last time T.
  package var steps: Int
  package var seed: UInt64
  package init(sizes: [(name: String, value: Int)], steps: Int, seed: UInt64) {
    self.sizes = sizes
    self.steps = steps
    self.seed = seed
  }
}

extension Inquiry {
  /// A derivative's formula against finite differences, at every time up to the last.
  package func validation(
    of derivative: Derivative, at points: ValidationPoints, in workspace: borrowing Workspace
  ) -> (points: Int, maximumRelativeError: Double, isContradicted: Bool) {
    let model = validationModel
    var symbols: [TimeSymbol] = []
    for root in [derivative.question, derivative.answer] {
      for symbol in workspace.freeTimes(in: root) where !symbols.contains(symbol) {
        symbols.append(symbol)
      }
    }
    for definition in model.definitions {
      for time in [definition.from, definition.through] {
        for term in time?.terms ?? [] where !symbols.contains(term.symbol) {
          symbols.append(term.symbol)
        }
      }
    }
    let last = symbols.first { workspace.name(of: $0) == "T" }
    let free = symbols.filter { $0 != last }
    var assignments: [[(TimeSymbol, Int)]] = [last.map { [($0, points.steps)] } ?? []]
    for symbol in free {
      var longer: [[(TimeSymbol, Int)]] = []
      for assignment in assignments {
        for value in -1...points.steps { longer.append(assignment + [(symbol, value)]) }
      }
      assignments = longer
    }
    let dimensions = Sample.dimensions(
      of: model, and: [derivative.question, derivative.answer], in: workspace)
    var result = (points: 0, maximumRelativeError: 0.0, isContradicted: false)
    for assignment in assignments.prefix(64) {
      let isMet = derivative.domain.allSatisfy { time in
        time.value { symbol in assignment.first { $0.0 == symbol }?.1 }.map { $0 >= 0 } ?? true
      }
      if !isMet { continue }
      var sample = Sample(times: assignment, seed: points.seed)
      sample.drawSizes(of: dimensions)
      for dimension in dimensions {
        if let size = points.sizes.first(where: { $0.name == workspace.name(of: dimension) }) {
          sample[dimension] = size.value
        }
      }
      var laboratory = Laboratory(model: model, sample: sample, in: workspace)
      guard let a = try? laboratory.measure(derivative.question, in: workspace),
        let b = try? laboratory.measure(derivative.answer, in: workspace)
      else { continue }
      switch Measurement.agreement(of: a, and: b, broadcasting: true) {
      case .agree(let error):
        result.points += 1
        result.maximumRelativeError = max(result.maximumRelativeError, error)
      case .disagree, .mismatched: result.isContradicted = true
      case .unclear: break
      }
    }
    return result
  }

  /// What may be asked of a page's model: every computed name by every name that it reaches.
  package func questions(in workspace: borrowing Workspace) -> [(of: String, by: String)] {
    var questions: [(of: String, by: String)] = []
    let computed = pageDefinitions
    for name in computed {
      let numerator = name.isFamily ? name.name + "_t" : name.name
      for other in pageNames where other != name {
        questions.append((numerator, other.isFamily ? other.name + "_t" : other.name))
      }
      if name.isFamily { questions.append((numerator, name.name + "_{t-1}")) }
    }
    return questions
  }
}
