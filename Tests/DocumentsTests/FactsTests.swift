import Expressions
import Notation
import Testing

@testable import Documents

@Test(
  "what depends on what",
  arguments: [
    ("$L_t$ is a scalar loss depending on $h_t$", 0, [2]),
    ("each $L_t$ a scalar that depends on $h_t$ alone", 1, [3]),
    ("$L$, a function of all $h_t$", 0, [2]), ("let $J$ be a scalar function of $z_T$", 1, [3]),
    ("has a scalar loss $L_t$ at each step, a function of $h_t$", 1, [3]),
    ("$C_t$ also depends on $f_t$, $i_t$ and $g_t$", 0, [2, 4, 6]),
    ("a scalar loss $E$ of $h_3$", 1, [3]), ("$L$ is any scalar loss of $p$", 0, [2]),
    ("with scalars $L_t$ that depend on $h_t$, $t = 1,\\dots,T$", 1, [3]),
    (
      "$q_t \\in \\mathbb{R}^n$, $t = 1,\\dots,T$, is computed from $q_{t-1}$ and a parameter $\\theta$",
      0, [4, 6]
    ),
    ("标量损失 $L$ 依赖于 $h_t$", 1, [3]), ("$L_t$ 是只依赖 $h_t$ 的标量", 0, [2]),
    ("$L_t$ 是 $O_t$ 的标量函数", 0, [2]), ("$L_t$ 为 $H_t$ 的标量损失", 0, [2]),
    ("$L_t$ 是与 $h_t$ 相关的一个标量损失值", 0, [2]), ("$q_t$ 由 $q_{t-1}$ 和参数 $\\theta$ 算出", 0, [2, 4]),
    ("der Skalar $L_t$ hängt von $h_t$ ab", 1, [3]),
    ("mit Skalaren $L_t$, die von $h_t$ abhängen", 1, [3]),
    ("Verlust $L_3$ als Skalar von $h_3$", 1, [3]),
    ("$J$ sei eine skalare Funktion von $z_T$", 0, [2]),
  ])
func dependence(text: String, subject: Int, objects: [Int]) {
  #expect(facts(of: sentence(text)).contains(.dependsOn(subject: subject, objects: objects)))
}

@Test("a negation is no dependence")
func independence() {
  let english = facts(of: sentence("$h_0$ does not depend on $W$"))
  #expect(english == [.independent(subject: 0, objects: [2])])
  #expect(facts(of: sentence("$h_0$ 和 $W$ 没有关系")) == [.independent(subject: 0, objects: [2])])
}

@Test(
  "listed scalars are numbers",
  arguments: [
    ("with scalars $w$ and $h_t$", [1, 3]), ("where $w$ and $h_t$ are scalars", [1, 3]),
  ])
func listedScalars(text: String, parts: [Int]) {
  #expect(facts(of: sentence(text)).contains(.real(parts)))
}

@Test(
  "one unit at the head of a sentence makes all numbers scalars",
  arguments: [
    ("For a single hidden unit, $h_t = w h_{t-1}$", true),
    ("If $x$ is of a single hidden unit, $y = x$", false),
  ])
func scalarsAtTheHead(text: String, areScalars: Bool) {
  #expect(facts(of: sentence(text)).contains(.scalars) == areScalars)
}

@Test(
  "properties",
  arguments: [
    ("Let $S$ be symmetric and $q = 1$", Properties.symmetric, [1]),
    ("$Q$ invertible", .invertible, [0]), ("a symmetric matrix $A$", .symmetric, [1]),
    ("$A$ and $B$ are diagonal matrices", .diagonal, [0, 2]),
    ("设 $A \\in \\mathbb{R}^{n\\times n}$ 对称，$x$", .symmetric, [1]), ("正交矩阵 $Q$", .orthogonal, [1]),
    ("mit orthogonalem $Q$", .orthogonal, [1]),
    ("Let $A$ and $B$ be symmetric", .symmetric, [1, 3]),
    ("$X$ ist invertierbar", .invertible, [0]), ("let $A$ be constant", .constant, [1]),
    ("the targets $y_t$ are one-hot", .oneHot, [1]),
    ("each row of $Y$ is one-hot", .oneHot, [1]),
    ("$P$ positive definite", .positiveDefinite, [0]),
  ])
func properties(text: String, properties: Properties, parts: [Int]) {
  #expect(facts(of: sentence(text)).contains(.property(properties, parts)))
}

@Test(
  "what is not said is no property",
  arguments: [
    "$A$, not assumed symmetric", "placed on the diagonal of $A$",
    "with the gate $z_t$ held constant", "the columns of $Y$ are one-hot",
    "die Spalten von $Y$ sind one-hot", "$Y$ 的每一列为独热",
  ])
func noProperties(text: String) {
  let properties = facts(of: sentence(text)).filter {
    if case .property = $0 { return true } else { return false }
  }
  #expect(properties.isEmpty)
}

@Test(
  "what is given",
  arguments: [
    ("with $h_0$ given", [1]), ("$p_0$ and $r_0$ are given", [0, 2]),
    ("and given $h_0$, $s_0$", [1, 3]),
    ("with a given vector $a$", [1]), ("the loss depends on all $H_t$, and $H_0$ is given", [3]),
    ("$h_0$、$C_0$ 给定", [0, 2]), ("$h_0$ 已知", [0]), ("mit gegebenem $s_0$", [1]),
    ("$h_0$ ist gegeben", [0]),
  ])
func given(text: String, parts: [Int]) {
  #expect(facts(of: sentence(text)).contains(.given(parts)))
}

@Test("`is given by` defines")
func givenBy() {
  #expect(facts(of: sentence("Each state $h_t$ is given by $$h_t = x$$")).isEmpty)
}

@Test(
  "layouts in words",
  arguments: [
    ("We use numerator layout.", Layout.numerator), ("采用分母布局", .denominator),
    ("im Zählerlayout", .numerator),
    ("Gradients have the shape of the variable.", .gradient),
    ("Gradients of $L$ are columns.", .gradient),
    ("导数与变量同形", .gradient), ("derivatives by a column as rows", .numerator),
    ("The gradient of a form, as a row:", .numerator), ("hat deren Gestalt", .gradient),
  ])
func layouts(text: String, layout: Layout) {
  let found = facts(of: sentence(text))
  #expect([true, false].contains { found.contains(.layout(layout, isOwn: $0)) })
}

@Test(
  "rows and columns of other things state no layout",
  arguments: [
    "its gradient sums the rows", "a mini-batch with rows as examples",
    "$\\mathbf 1$ is a column of ones",
    "Spaltenvektoren, wie üblich",
  ])
func noLayouts(text: String) {
  #expect(facts(of: sentence(text)).isEmpty)
}

@Test("names of gradients, copies, what is held")
func names() {
  let two =
    "Write $\\delta$ for the gradient $\\partial L/\\partial z$, and $g$ for $\\partial L/\\partial h$"
  #expect(
    facts(of: sentence(two)) == [
      .gradientName(name: 1, gradient: 3), .gradientName(name: 5, gradient: 7),
    ])
  #expect(
    facts(of: sentence("$dX$ stands for $\\partial L/\\partial X$")) == [
      .gradientName(name: 0, gradient: 2)
    ])
  #expect(facts(of: sentence("with $U^{(k)}$ the $U$ of step $k$")) == [.copy(1)])
  #expect(facts(of: sentence("$W^{(k)}$ is the copy of $W$")) == [.copy(0)])
  #expect(facts(of: sentence("With the gate $z_t$ held constant")) == [.held([1])])
  #expect(facts(of: sentence("把所有门都当作常数")) == [.held([])])
  #expect(facts(of: sentence("With nothing held, $a$ is not held")) == [.released])
}

@Test(
  "single remarks",
  arguments: [
    ("All numbers are scalars: $x$", Fact.scalars), ("One unit: $S_t = 1$", .scalars),
    ("Alles sei skalar", .scalars),
    ("其中平方按元素计算", .elementwiseSquares), ("the total derivative", .total),
    ("We write $\\partial^+$ for immediate derivatives", .immediate), ("as above", .reachesBack),
    ("as $(\\partial y/\\partial x)_{ij} = \\partial y_i/\\partial x_j$", .entryFormula(1)),
    ("If we add $b$, then $z = b$", .newModel(before: 1)),
  ])
func remarks(text: String, fact: Fact) {
  #expect(facts(of: sentence(text)).contains(fact))
}

@Test(
  "what is hedged or denied is no property",
  arguments: [
    "$A$ isn't symmetric", "We do not assume that $A$ is symmetric",
    "$A$ cannot be assumed to be symmetric", "$A$ was symmetric above but is not any more",
    "$A$ is far from symmetric", "$A$ is only approximately symmetric", "$A$ is rarely symmetric",
    "$A$ is symmetric in the first section only", "the formula needs a symmetric $A$",
    "unless $A$ is symmetric", "a non-symmetric $A$", "$A$ ist fast symmetrisch",
    "$A$ ist kaum noch symmetrisch", "wir nehmen nicht an, dass $A$ symmetrisch ist",
    "$A$ 近似对称", "$A$ 几乎对称", "$A$ 不再对称", "非对称矩阵 $A$", "$A$ 不一定对称",
    "Show that $A$ is symmetric", "Prove that $A$ is a symmetric matrix",
    "Zeige, dass $A$ symmetrisch ist", "证明 $A$ 对称", "$A$ is orthogonal or symmetric",
    "$A$ is symmetric or orthogonal", "$A$ ist symmetrisch oder orthogonal", "$A$ 对称或正交",
  ])
func hedgedProperties(text: String) {
  #expect(!facts(of: sentence(text)).contains(.property(.symmetric, [0])))
  #expect(!facts(of: sentence(text)).contains(.property(.symmetric, [1])))
}

@Test(
  "a negation elsewhere takes nothing from a property",
  arguments: [
    "$A$ is symmetric, but not orthogonal", "$A$ is not only symmetric but also regular",
    "The loss does not matter, and $A$ is symmetric", "without loss of generality $A$ is symmetric",
    "this is not so if $A$ is symmetric", "$A$ is symmetric and does not depend on $x$",
    "$A$ ist symmetrisch, aber nicht orthogonal", "$A$ 对称但不正交",
    "prove that the symmetric matrix $A$ has a root",
  ])
func plainProperties(text: String) {
  let found = facts(of: sentence(text))
  #expect(
    found.contains(.property(.symmetric, [0])) || found.contains(.property(.symmetric, [1])))
}

@Test(
  "what takes a property back",
  arguments: [
    (
      "Now let $A$ be not symmetric",
      Fact.noProperty(.symmetric, [1], isConditional: false)
    ),
    ("If $A$ is no longer symmetric", .noProperty(.symmetric, [1], isConditional: true)),
    ("$A$ ist nicht mehr symmetrisch", .noProperty(.symmetric, [0], isConditional: false)),
    ("$A$ 不再对称", .noProperty(.symmetric, [0], isConditional: false)),
    ("Let now $A$ be arbitrary", .arbitrary([1], isConditional: false)),
    ("for a general matrix $A$", .arbitrary([1], isConditional: true)),
  ])
func revocations(text: String, fact: Fact) {
  #expect(facts(of: sentence(text)).contains(fact))
}

@Test("an arbitrary symmetric matrix is symmetric")
func arbitraryButSymmetric() {
  #expect(
    facts(of: sentence("an arbitrary symmetric matrix $A$")) == [.property(.symmetric, [1])])
}

@Test(
  "what all derivatives are",
  arguments: [
    ("All derivatives on this page are total derivatives", nil, true),
    ("Here $\\partial$ denotes the total derivative along all paths", 1, false),
    ("We write $\\partial$ for the total derivative", 1, false),
    ("Die Ableitungen sind totale Ableitungen", nil, false),
    ("$\\partial$ 表示全导数", 0, false),
  ] as [(String, Int?, Bool)])
func totalThroughout(text: String, mark: Int?, everywhere: Bool) {
  #expect(
    facts(of: sentence(text)).contains(.allTotal(mark: mark, everywhere: everywhere)))
}

@Test(
  "one total derivative binds no others",
  arguments: [
    "The total derivative is $$x$$", "The total derivatives are $$x$$",
    "The total loss $L$ depends on $h$", "not the total derivative",
  ])
func totalOnce(text: String) {
  for fact in facts(of: sentence(text)) {
    if case .allTotal = fact { Issue.record("\(fact)") }
  }
}

@Test(
  "what is not held",
  arguments: [
    "The gates are not held constant", "We do not hold the gates",
    "we do not treat the gates as constants", "Letting the gates vary",
    "die Gates werden nicht festgehalten", "wir halten die Gates nicht fest", "门不视为常数",
  ])
func released(text: String) {
  #expect(facts(of: sentence(text)) == [.released])
}

@Test(
  "on what a start depends",
  arguments: [
    ("The initial state depends on $W$", Fact.startDepends(subject: nil, objects: [1])),
    (
      "The initial state is produced by an encoder that shares $W$",
      .startDepends(subject: nil, objects: [1])
    ),
    ("Do not assume that $h_0$ is given", .notGiven([1])), ("$h_0$ is not given", .notGiven([0])),
    ("$h_0$ ist nicht gegeben", .notGiven([0])),
  ])
func starts(text: String, fact: Fact) {
  #expect(facts(of: sentence(text)).contains(fact))
}

@Test(
  "layouts denied",
  arguments: [
    ("We do not use the denominator layout.", Fact.noLayout(.denominator)),
    ("Wir benutzen nicht das Nennerlayout.", .noLayout(.denominator)),
    ("不采用分母布局", .noLayout(.denominator)),
    (
      "entries $\\partial y_i/\\partial x_j$ in row $i$ and column $j$",
      .entryPlace(derivative: 1, row: 3, column: 5)
    ), ("rows are outputs, columns are inputs", .layout(.numerator, isOwn: false)),
  ])
func deniedLayouts(text: String, fact: Fact) {
  let found = facts(of: sentence(text))
  #expect(found.contains(fact))
  #expect(!found.contains(.layout(.denominator, isOwn: false)))
}

@Test("what others use is no layout of the page")
func layoutsOfOthers() {
  #expect(facts(of: sentence("Some authors use the denominator layout")).isEmpty)
}

@Test("one unit in passing makes nothing scalar")
func inPassing() {
  #expect(facts(of: sentence("With a single unit all of $a$ agree")).isEmpty)
}

@Test(
  "a gradient explained in words",
  arguments: [
    ("where $\\delta_t$ is the gradient of $L$ with respect to $a_t$", 1, 3, 5),
    ("$\\delta_t$ denotes the derivative of the loss $L$ w.r.t. the state $h_t$", 0, 2, 4),
    ("with $g$, the gradient of $L$ with respect to $z$", 1, 3, 5),
    ("The gradient of $L$ with respect to $z$ is denoted by $g$", 5, 1, 3),
    ("wobei $\\delta_t$ der Gradient von $L$ nach $z_t$ ist", 1, 3, 5),
    ("其中 $\\delta_t$ 是损失 $L$ 对 $z_t$ 的梯度", 1, 3, 5),
    ("$g$ 表示 $L$ 关于 $z$ 的导数", 0, 2, 4),
    ("The gradient of $L$ with respect to $z$ is $g = a b$", 5, 1, 3),
    ("The gradient of $L$ with respect to $z$, denoted $g$, is $g = a b$", 5, 1, 3),
    ("The error signal $g = a b$ is the derivative of $L$ with respect to $z$", 1, 3, 5),
    ("The gradient $g$ of $L$ with respect to $z$ vanishes", 1, 3, 5),
    ("We denote the gradient of $L$ w.r.t. $z$ by $g$", 5, 1, 3),
  ])
func gradientInWords(text: String, name: Int, loss: Int, node: Int) {
  #expect(
    facts(of: sentence(text)).contains(.gradientInWords(name: name, loss: loss, node: node)))
}

@Test(
  "what names no gradient",
  arguments: [
    "the gradient of $L$ with respect to $z$ vanishes", "$a$ is not the gradient of $L$ wrt $z$",
    "we take the gradient of $L$ with respect to $z$, where $y = x$",
    "With $y = a b$, the gradient of $L$ with respect to $z$ vanishes",
    "the gradient of $L$ with respect to $z$ is $\\partial L / \\partial z = y$",
  ])
func noGradientInWords(text: String) {
  for fact in facts(of: sentence(text)) {
    if case .gradientInWords = fact { Issue.record("\(fact)") }
  }
}
