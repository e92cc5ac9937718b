import Expressions
import Notation

extension PageReader {
  /// Takes over what another document states.
  mutating func adopt(_ other: Page) {
    page.declarations = other.declarations.map {
      Declaration(
        key: $0.key, shape: $0.shape, properties: $0.properties, statement: -1, block: -1,
        steps: $0.steps)
    }
    page.definitions = other.definitions
    for i in page.definitions.indices {
      page.definitions[i].statement = -1
      page.definitions[i].range?.statement = -1
      page.definitions[i].range?.block = -1
    }
    for i in page.notation.gradients.indices { page.notation.gradients[i].statement = -1 }
    page.dependences = other.dependences
    for i in page.dependences.indices { page.dependences[i].statement = -1 }
    page.ranges = other.ranges
    for i in page.ranges.indices {
      page.ranges[i].statement = -1
      page.ranges[i].block = -1
    }
    page.layout = other.layout
    page.isScalar = other.isScalar
    page.given = other.given
    page.deniedLayouts = other.deniedLayouts
    page.startDependences = other.startDependences
    page.scalars = other.scalars
    page.bounds = other.bounds
    page.losses = other.losses
    page.marksImmediate = other.marksImmediate
    computed = other.definitions.map { $0.key }
    for key in other.knownKeys { known.insert(key) }
    page.knownKeys = other.knownKeys
  }
}
