import Calculus
import Documents
import Expressions
import Notation
import Numerics

/// Which points derivatives are validated at.
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

/// What finite differences say of a derivative's formula.
package enum ValidationResult: Sendable {
  case agrees(points: Int, maximumRelativeError: Double)
  case disagrees(points: Int, maximumRelativeError: Double)
  /// No point could be taken, for this reason if there is one.
  case noPoint(MeasurementFailure?)
  /// There is no formula.
  case noFormula(DerivativeProblem)
}

/// Holds the formulas for all derivatives of a page's model against finite differences of its
/// equations.
package struct ModelValidation: Sendable {
  package let questions: [DerivativeQuestion]
  package let conventions: Conventions
  /// How many equations the page writes.
  package let equations: Int
  /// The sizes of the model's names, in the order of the page.
  package let sizes: [DimensionSymbol]
  /// The T of the page, or whatever its ranges and sums end with.
  package let ends: [TimeSymbol]
  let model: Model

  package init(of page: Page, in workspace: inout Workspace) throws(InquiryProblem) {
    var theory = Theory(page)
    let setting = theory.whole(in: &workspace)
    if let failure = setting.mismatch { throw .mismatch(failure.mismatch) }
    model = setting.model
    equations = setting.definitions.count
    questions = DerivativeQuestions(of: setting, in: &workspace).all
    var conventions = Conventions(layout: page.layout ?? .numerator)
    conventions.time = page.timeNotation
    self.conventions = conventions
    ends = ModelValidation.ends(of: model, in: workspace)
    sizes = Sample.dimensions(of: model, and: questions.map { $0.derivative }, in: workspace)
  }

  /// What the questions differentiate by that has neither a time nor an equation, as LaTeX.
  package func parameters(in workspace: borrowing Workspace) -> [String] {
    var names: [String] = []
    for question in questions {
      guard case .derivative(_, let by, _) = workspace[question.derivative],
        case .variable(let variable) = workspace[by], !workspace[variable.symbol].isFamily,
        !model.computes(variable.symbol), !names.contains(workspace[variable.symbol].name)
      else { continue }
      names.append(workspace[variable.symbol].name)
    }
    return names
  }

  private static func ends(
    of model: Model, in workspace: borrowing Workspace
  ) -> [TimeSymbol] {
    var ends: [TimeSymbol] = []
    for definition in model.definitions {
      var times = workspace.freeTimes(in: definition.body)
      for time in [definition.from, definition.through] {
        times += time?.terms.map { $0.symbol } ?? []
      }
      for symbol in times where symbol != definition.time && !ends.contains(symbol) {
        ends.append(symbol)
      }
    }
    return ends
  }

  /// The first step of an equation that has none up to the last time.
  package func missingFirstStep(at points: ValidationPoints) -> Int? {
    for definition in model.definitions {
      if let from = definition.from?.value({ _ in points.steps }),
        let through = definition.through?.value({ _ in points.steps }), through < from
      {
        return from
      }
    }
    return nil
  }

  /// The sizes, the times and the seed; what is not given gets sizes from two on, the smallest where
  /// most names have it.
  package func sample(
    at points: ValidationPoints, in workspace: borrowing Workspace
  ) -> Sample {
    var uses: [(size: DimensionSymbol, count: Int)] = sizes.map { ($0, 0) }
    var counted: [Symbol] = []
    for definition in model.definitions {
      let variables = workspace.variables(in: definition.body).map { $0.symbol }
      for symbol in [definition.symbol] + variables where !counted.contains(symbol) {
        counted.append(symbol)
        for dimension in workspace[symbol].shape.dimensions {
          for i in uses.indices where dimension.symbols.contains(uses[i].size) {
            uses[i].count += 1
          }
        }
      }
    }
    uses.sort { ($1.count, $0.size) < ($0.count, $1.size) }
    var sample = Sample(times: ends.map { ($0, points.steps) }, seed: points.seed)
    sample.drawSizes(of: uses.map { $0.size })
    for size in sizes {
      if let own = points.sizes.first(where: { $0.name == workspace.name(of: size) }) {
        sample[size] = own.value
      }
    }
    return sample
  }

  /// The formula of every derivative against finite differences, at all times up to the last.
  /// - Parameter report: is told each result, in the order of the questions.
  package func run(
    at points: ValidationPoints, in workspace: inout Workspace,
    _ report: (DerivativeQuestion, ValidationResult, borrowing Workspace) -> Void
  ) {
    var witness = SymbolicWitness(model: model, premises: [], in: &workspace)
    var laboratory = Laboratory(
      model: model, sample: sample(at: points, in: workspace), scale: .fixed(1),
      in: workspace)
    for question in questions {
      let result: ValidationResult
      do throws(DerivativeProblem) {
        let formula = try witness.derived(
          question.derivative, for: question.domain, in: &workspace)
        result = compare(
          question, formula, assignments(of: question, at: points, in: workspace), &laboratory,
          in: &workspace)
      } catch {
        result = .noFormula(error)
      }
      report(question, result, workspace)
    }
  }

  func compare(
    _ question: DerivativeQuestion, _ formula: Expression,
    _ assignments: [[(TimeSymbol, Int)]], _ laboratory: inout Laboratory,
    in workspace: inout Workspace
  ) -> ValidationResult {
    var (points, largest, disagrees) = (0, 0.0, false)
    var failure: MeasurementFailure?
    for assignment in assignments {
      var (left, right) = (question.derivative, formula)
      for (symbol, value) in assignment {
        left = workspace.substituting(symbol, by: Time(value), in: left)
        right = workspace.substituting(symbol, by: Time(value), in: right)
      }
      do throws(MeasurementFailure) {
        let a = try laboratory.measure(left, in: workspace)
        let b = try laboratory.measure(right, in: workspace)
        switch Measurement.agreement(of: a, and: b, broadcasting: true) {
        case .agree(let error):
          points += 1
          largest = max(largest, error)
        case .disagree(_, let difference, _):
          points += 1
          largest = max(largest, difference / max(a.size, b.size))
          disagrees = true
        case .mismatched:
          points += 1
          largest = .infinity
          disagrees = true
        case .unclear: break
        }
      } catch {
        failure = failure ?? error
      }
    }
    if disagrees { return .disagrees(points: points, maximumRelativeError: largest) }
    if points == 0 { return .noPoint(failure) }
    return .agrees(points: points, maximumRelativeError: largest)
  }

  /// The values of the question's free times at which its nodes exist; of many the first, the middle
  /// and the last ones.
  func assignments(
    of question: DerivativeQuestion, at points: ValidationPoints, in workspace: borrowing Workspace
  ) -> [[(TimeSymbol, Int)]] {
    let end = max(points.steps, 3)
    let values = (-2...end).filter { $0 <= 3 || $0 >= end - 2 || $0 == end / 2 }
    var assignments: [[(TimeSymbol, Int)]] = [[]]
    for symbol in workspace.freeTimes(in: question.derivative)
    where !ends.contains(symbol) {
      assignments = assignments.flatMap { assignment in
        values.map { assignment + [(symbol, $0)] }
      }
    }
    return assignments.filter { assignment in
      question.domain.allSatisfy { time in
        let value = time.value { symbol in
          ends.contains(symbol) ? points.steps : assignment.first { $0.0 == symbol }?.1
        }
        return value.map { $0 >= 0 } ?? true
      }
    }
  }
}

extension Theory {
  /// The model of all names of the page, with the last definition of each.
  fileprivate mutating func whole(in workspace: inout Workspace) -> Setting {
    var builder = SettingBuilder(page: page, position: .max, numerators: [])
    builder.collect(page.knownKeys)
    return Setting.building(builder, page: &page, in: &workspace)
  }
}
