import Testing

@testable import Documents

@Test(
  "what the words before an equation say that its name is",
  arguments: [
    ("The determinant of $M$ is $d = 1$", SaidValue.Kind.determinant, [1]),
    ("Die Determinante von $M$ ist $d = 1$", .determinant, [1]),
    ("$M$ 的行列式为 $d = 1$", .determinant, [0]),
    ("The matrix $M$ has trace $s = 4$", .trace, [1]),
    ("The Hessian of $L$ w.r.t. $a$ is given by $H = A$", .hessian, [1]),
    ("The slope of $\\tanh$ at $y$ is $s = 1$", .derivative, [1]),
    ("The solution of $A x = b$ is $x = b$", .solution, [1]),
    ("The inverse of the Hessian of $L$ is $N = A$", .other, [1]),
    ("For small $a$, the fixed point is $p = b$", .fixedPoint, []),
    ("The maximum-likelihood estimate is $m = b$", .likeliest, []),
  ])
func saidValue(text: String, kind: SaidValue.Kind, operands: [Int]) throws {
  let sentence = sentence(text)
  let last = try #require(sentence.formulas.last)
  let said = try #require(SaidValue(before: last.part, in: sentence))
  #expect(said.kind == kind)
  #expect(said.operands == operands)
}

@Test(
  "words that say nothing of a name",
  arguments: [
    "The loss of the network is $L = a$", "Hence $d = 1$", "We compute the inverse, and $d = 1$",
    "The gradient vanishes where $x = 1$",
  ])
func noSaidValue(text: String) throws {
  let sentence = sentence(text)
  let last = try #require(sentence.formulas.last)
  #expect(SaidValue(before: last.part, in: sentence) == nil)
}

@Test(
  "words behind an equation that say what its name is",
  arguments: [
    ("Let $d = 1$ be the determinant of $M$", SaidValue.Kind.determinant),
    ("We call $J = A$ the Jacobian of $f$", .derivative),
  ])
func saidBehind(text: String, kind: SaidValue.Kind) throws {
  let sentence = sentence(text)
  let first = try #require(sentence.formulas.first)
  #expect(SaidValue(behind: first.part, in: sentence)?.kind == kind)
}

@Test(
  "words at the head of a sentence that announce another model",
  arguments: [
    ("With scaling, $x = a$", true), ("Ohne Bias, $x = a$", true),
    ("Without the bias, $x = a$", true),
    ("For a linear network, $x = a$", true), ("In matrix form, $x = a$", false),
    ("With the definition of the model above, $x = a$", false),
    ("With $b$ as bias, $x = a$", false),
  ])
func variant(text: String, isAnnounced: Bool) throws {
  let sentence = sentence(text)
  let last = try #require(sentence.formulas.last)
  #expect(sentence.announcesVariant(before: last.part) == isAnnounced)
}

@Test(
  "words that name another part of the page",
  arguments: [
    ("For the network of the first section, $x = a$", true), ("As in section 2, $x = a$", true),
    ("In this network, $x = a$", false), ("The second part is $x = a$", true),
  ])
func otherPart(text: String, isNamed: Bool) throws {
  let sentence = sentence(text)
  let last = try #require(sentence.formulas.last)
  #expect(sentence.namesOtherPart(before: last.part) == isNamed)
}
