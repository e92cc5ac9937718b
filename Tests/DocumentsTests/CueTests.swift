import Notation
import Testing

@testable import Documents

@Test(
  "the cue before each formula of a sentence",
  arguments: [
    ("Suppose $W = I$ and $b = 0$", [Cue.suppose, .suppose]),
    ("If $x > 0$, then $r = x$", [.suppose, .claim]),
    ("If $x > 0$, $r = x$", [.suppose, .reason]),
    ("若 $a > 1$ 且 $a < 0$，则 $b$", [.suppose, .suppose, .claim]),
    ("设 $W$，$x$，并且 $y = 1$", [.let, .let, .let]), ("于是 $a$，并且 $b$", [.claim, .claim]),
    ("Let $f_t = 1$ and $i_t = 0$ such that $C = D$ for all $t$", [.let, .let, .reason, .range]),
    ("Für $T = 3$ ergibt sich $a = b$", [.range, .claim]), ("Take $T = 3$", [.let]),
    ("$a = b$ where $b = c$", [nil, .where]), ("With $z = W x$ one has $a$", [.with, .claim]),
    ("Suppose that it holds for $m = k$: $s = 1$", [.range, .suppose]), ("so $a$", [.claim]),
    ("If we add $b$, then $z$", [.newModel, .newModel]), ("$a$ is given; $b$", [nil, nil]),
    ("angenommen, $f = 1$, dann $a$", [.suppose, .claim]),
    ("given $x > 0$, $r = x$", [.suppose, .reason]),
    ("Since $a > 0$, we get $b > 0$", [.reason, .claim]),
    ("choose $a$ such that $b$", [.let, .reason]),
    ("If instead $f_t = 0$, then $a$", [.suppose, .claim]),
    ("If instead $f_t = a$, then $b$", [.newModel, .newModel]),
    ("it follows $a$, as follows: $b$", [.claim, .claim]),
    ("当 $t = T$ 时 $a = b$", [.suppose, .claim]),
    ("当 $t = T$ 且 $a = b$ 时 $c$", [.suppose, .suppose, .claim]),
    ("所有 $a$ 没有 $b$", [nil, nil]), ("其中 $a$", [.where]),
  ])
func cues(text: String, expected: [Cue?]) {
  let sentence = sentence(text)
  #expect(sentence.formulas.map { cue(before: $0.part, in: sentence) } == expected)
}
