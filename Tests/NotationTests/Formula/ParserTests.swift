import Testing

@testable import Notation

@Suite struct ParserTests {
  @Test("a formula is read as its tree", arguments: ParserTests.cases)
  func tree(text: String, expected: String) {
    #expect(Formula(parsing: text).description == expected)
  }

  static let cases: [(String, String)] =
    [
      (#"W x"#, #"(· W x)"#),
      (#"Wx"#, #"(· W x)"#),
      (#"\sigma'(W x)"#, #"(· (sigma ') (paren (· W x)))"#),
      (#"\sigma^\prime(z)"#, #"(· (sigma ') (paren z))"#),
      (
        #"tanh^{'}(z^{(k)}) = diag(1-(z^{(k)})^2) \leq 1"#,
        #"((· (upright:tanh ') (paren (z ^ (paren k)))) equal (· upright:diag (paren (+ 1 -((paren (z ^ (paren k))) ^ 2)))) lessOrEqual 1)"#
      ),
      (#"h_{t-1}^{(l)}"#, #"(h _ (+ t -1) ^ (paren l))"#),
      (#"h^{(t)\top}"#, #"(h ^ (· (paren t) top))"#),
      (#"h^{(t)}^\top"#, #"((h ^ (paren t)) ^ top)"#),
      (#"W^{\mathsf T}"#, #"(W ^ top)"#),
      (#"W^T"#, #"(W ^ T)"#),
      (#"W^{-\top}"#, #"(W ^ (+ -top))"#),
      (#"\partial^+ y"#, #"(· (partial ^ +) y)"#),
      (#"∂⁺y/∂x"#, #"(/ (· (partial ^ +) y) (· partial x))"#),
      (#"x²"#, #"(x ^ 2)"#),
      (#"W⁻¹"#, #"(W ^ (+ -1))"#),
      (#"hₜ₋₁"#, #"(h _ (+ t -1))"#),
      (#"\mathbf 1^\top \mathbf{x}"#, #"(· (bold:1 ^ top) bold:x)"#),
      (#"\mathbb{R}^{n\times d}"#, #"(blackboard:R ^ (times n d))"#),
      (#"x, y \in \mathbb R^d"#, #"((list x y) elementOf (blackboard:R ^ d))"#),
      (
        #"y \in \mathbb{R}^n, x \in \mathbb{R}^d"#,
        #"(list (y elementOf (blackboard:R ^ n)) (x elementOf (blackboard:R ^ d)))"#
      ),
      (#"t = 0, 1, \dots, T"#, #"(t equal (list 0 1 …low T))"#),
      (#"f_t = 1,\ i_t = 0"#, #"(list ((f _ t) equal 1) ((i _ t) equal 0))"#),
      (#"a = b, \quad c = d"#, #"(list (a equal b) (c equal d))"#),
      (#"i = 1, 2, \dots, n \quad (3)"#, #"(i equal (list 1 2 …low n))"#),
      (#"\frac12 x"#, #"(· (/ 1 2) x)"#),
      (#"\frac{\partial}{\partial W} L"#, #"(· (/ partial (· partial W)) L)"#),
      (#"∂L/∂h ∂h/∂W"#, #"(· (/ (· partial L) (· partial h)) (/ (· partial h) (· partial W)))"#),
      (#"dL/dh_t"#, #"(/ (· d L) (· d (h _ t)))"#),
      (#"d(loss)/d(c_t)"#, #"(/ (· d (paren (· l o s s))) (· d (paren (c _ t))))"#),
      (#"\partial L/\partial h_t = a"#, #"((/ (· partial L) (· partial (h _ t))) equal a)"#),
      (
        #"(\partial f/\partial Y)_{ij} = \partial f/\partial Y_{ij}"#,
        #"(((paren (/ (· partial f) (· partial Y))) _ (· i j)) equal (/ (· partial f) (· partial (Y _ (· i j)))))"#
      ),
      (#"∂²f/∂x∂y"#, #"(/ (· (partial ^ 2) f) (· partial x partial y))"#),
      (
        #"∂y/∂x = diag(σ'(W x)) W"#,
        #"((/ (· partial y) (· partial x)) equal (· upright:diag (paren (· (sigma ') (paren (· W x)))) W))"#
      ),
      (
        #"\sum_{t=0}^{T=3} \sum_{k=1}^t a_k b_t + c"#,
        #"(+ (sum _ (t equal 0) ^ (T equal 3) (sum _ (k equal 1) ^ t (· (a _ k) (b _ t)))) c)"#
      ),
      (#"\sum\limits_{k} x_k \cdot y_k = 1"#, #"((sum _ k (dot (x _ k) (y _ k))) equal 1)"#),
      (#"|x| + \|W x\|"#, #"(+ (bars x) (doubleBars (· W x)))"#),
      (#"|a||b|"#, #"(· (bars a) (bars b))"#),
      (#"||x||"#, #"(doubleBars x)"#),
      (#"(0, 1]"#, #"((,] (list 0 1))"#),
      (#"]0,1["#, #"((,) (list 0 1))"#),
      (#"[0,1)"#, #"([,) (list 0 1))"#),
      (#"\left( a + b \right. \\ \left. + c \right)"#, #"(paren (+ a b c))"#),
      (
        #"x = \begin{bmatrix} 1 & 0 \\ 0 & 1 \end{bmatrix} y"#,
        #"(x equal (· (brackets-matrix [1 0] [0 1]) y))"#
      ),
      (#"\left(\begin{array}{c} a \\ b \end{array}\right)"#, #"(parentheses-matrix [a] [b])"#),
      (#"\left(\begin{array}{l} a \\ + b \end{array}\right)"#, #"(paren (+ a b))"#),
      (
        #"f(x) = \begin{cases} 0 & \text{if } x < 0 \\ x & \text{otherwise} \end{cases}"#,
        #"((· f (paren x)) equal (cases-matrix [0 (list "if" (x less 0))] [x "otherwise"]))"#
      ),
      (
        #"\left\{ \begin{array}{l} a = b \\ c = d \end{array} \right."#,
        #"(list (a equal b) (c equal d))"#
      ),
      (
        #"\begin{aligned} a &= b \\ &= c + d \\ &\quad + e \end{aligned} \quad (24)"#,
        #"(a equal b equal (+ c d e))"#
      ),
      (#"\begin{aligned} a &= b \\ c &= d \end{aligned}"#, #"(list (a equal b) (c equal d))"#),
      (#"\stackrel{def}{=} x"#, #"(() defines x)"#),
      (#"a \overset{!}{=} b"#, #"(a equal b)"#),
      (#"\frac{a}{b}\overset{(2)}{=}c"#, #"((/ a b) equal c)"#),
      (#"\frac{a}{b}\stackrel{\text{by (1)}}{\le}c"#, #"((/ a b) lessOrEqual c)"#),
      (#"\frac{a}{b}\underset{(3)}{=}c"#, #"((/ a b) equal c)"#),
      (#"\frac{a}{b}\overunderset{!}{(3)}{=}c"#, #"((/ a b) equal c)"#),
      (#"\frac{a}{b}\mathop{=}\limits^{(1)}c"#, #"((/ a b) equal c)"#),
      (#"\frac{a}{b}\mathrel{=}c"#, #"((/ a b) equal c)"#),
      (#"\frac{a}{b}\xlongequal[x]{y}c"#, #"((/ a b) equal c)"#),
      (#"\underset{u}{V}"#, #"(V _ u)"#),
      (#"\begin{array}{rcl} a&=&b \\ c&=&d\end{array}"#, #"(list (a equal b) (c equal d))"#),
      (#"V\begin{array}{c} a \\ b\end{array}"#, #"(· V (plain-matrix [a] [b]))"#),
      (#"\begin{align} a &= b & c &= d\end{align}"#, #"(list (a equal b) (c equal d))"#),
      (
        #"\begin{align} a &= \sum_{k=1}^n b & + c\end{align}"#,
        #"(a equal (+ (sum _ (k equal 1) ^ n b) c))"#
      ),
      (#"\begin{IEEEeqnarray}{rCl} a &=& b\end{IEEEeqnarray}"#, #"(a equal b)"#),
      (#"\underbrace{a + b}_{c} d"#, #"(· (+ a b) d)"#),
      (#"\cancel{x} + y"#, #"(+ (struck x) y)"#),
      (#"\textcolor{red}{x}"#, #"x"#),
      (#"W_fh_{t-1}"#, #"(· (W _ f) (h _ (+ t -1)))"#),
      (#"1.153e-12 + .5 + 1{,}000"#, #"(+ 1.153e-12 .5 1000)"#),
      (#"1.153e - 12"#, #"(+ (· 1.153 e) -12)"#),
      (#"½ x"#, #"(· (/ 1 2) x)"#),
      (
        #"\frac{\partial y}{\partial x = \mathrm{diag}(1 - y \odot y)\, W"#,
        #"((/ (· partial y) (· (unread missingClosing(}) {) partial x)) equal (· upright:diag (paren (+ 1 -(hadamard y y))) W))"#
      ),
      (#"\frac{\partial y}{}"#, #"(/ (· partial y) ())"#),
      (#"a ="#, #"(a equal ())"#),
      (#"= b"#, #"(() equal b)"#),
      (#"+ b"#, #"(+ b)"#),
      (#"\cdot b"#, #"(dot () b)"#),
      (#"a \cdot"#, #"(dot a (unread missingOperand ))"#),
      (#"\foldover{W} x"#, #"(· (unread unknownCommand \foldover) W x)"#),
      (
        #"rac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(1)"#,
        #"((/ (· partial (h _ t)) (· partial (h _ (+ t -1)))) equal (· upright:diag (paren 1)))"#
      ),
      (
        #"egin{bmatrix} y_1 \ y_2 \ . \ . \ y_n \end{bmatrix} = x"#,
        #"((brackets-matrix [(y _ 1)] [(y _ 2)] […low] […low] [(y _ n)]) equal x)"#
      ),
      (#"\hat\imath_t"#, #"(hat:imath _ t)"#),
      (#"\tilde{\boldsymbol{C}}_t"#, #"(tilde:bold:C _ t)"#),
      (#"1/2 x^T A x"#, #"(· (/ 1 2) (x ^ T) A x)"#),
      (#"\sigma'(\cdot)"#, #"(· (sigma ') (paren cdot))"#),
      (#"a^{<t>}"#, #"(a ^ (angle t))"#),
      (
        #"\nabla_x \Bigl( \tfrac12 x^\top A x - b^\top x \Bigr) = A x + b"#,
        #"((· (nabla _ x) (paren (+ (· (/ 1 2) (x ^ top) A x) -(· (b ^ top) x)))) equal (+ (· A x) b))"#
      ),
      (#"\max(0, x)"#, #"(· upright:max (paren (list 0 x)))"#),
      (#"\max_i x_i"#, #"(maximum _ i (x _ i))"#),
      (#"\lim_{n \to \infty} A^n = 0"#, #"((limit _ (n arrow infty) (A ^ n)) equal 0)"#),
      (#"\tanh W x"#, #"(· upright:tanh W x)"#),
      (
        #"f \colon \mathbb{R}^n \to \mathbb{R}"#,
        #"(f colon (blackboard:R ^ n) arrow blackboard:R)"#
      ),
      (#"t \in \{1,\dots,T\}"#, #"(t elementOf (brace (list 1 …low T)))"#),
      (#"k > t"#, #"(k greater t)"#),
      (#"J_t J_{t-1} \cdots J_1"#, #"(· (J _ t) (J _ (+ t -1)) …centered (J _ 1))"#),
      (#"a_1 + a_2 + \cdots + a_n"#, #"(+ (a _ 1) (a _ 2) …centered (a _ n))"#),
      (#"\Delta W"#, #"(· Delta W)"#),
      (#"\text{where } x = 1"#, #"(list "where" (x equal 1))"#),
      (
        #"h_t = 1, \text{ where } \sigma(z) = 2."#,
        #"(list ((h _ t) equal 1) "where" ((· sigma (paren z)) equal 2))"#
      ),
      (#"x_t \text{ for all } t"#, #"(list (x _ t) "for all" t)"#),
      (#"1> \frac{a}{b} = c"#, #"((/ a b) equal c)"#),
      (
        #"\mathrm d (X^\top X) = (\mathrm d X)^\top X"#,
        #"((· upright:d (paren (· (X ^ top) X))) equal (· ((paren (· upright:d X)) ^ top) X))"#
      ),
      (#"p(x | y)"#, #"(· p (paren (x divides y)))"#),
      (#"\{ x | x > 0 \}"#, #"(brace (x divides x greater 0))"#),
      (#"\left. \frac{a}{b} \right|_{x=0}"#, #"((evaluated (/ a b)) _ (x equal 0))"#),
      (#"a \not= b"#, #"(a notEqual b)"#),
      (#"\overline{x + y}"#, #"(unread unknownCommand \overline{x + y})"#),
      (#"sum_{t=0}^T x_t"#, #"(sum _ (t equal 0) ^ T (x _ t))"#),
      (#"W^30"#, #"(W ^ 30)"#),
      (#"a)"#, #"(· a (unread unexpectedClosing )))"#),
      (#"(a"#, #"(· (unread missingClosing()) () a)"#),
      (#"(a]"#, #"(· (unread missingClosing()) () a (unread unexpectedClosing ]))"#),
      (#"{a"#, #"(· (unread missingClosing(}) {) a)"#),
      (#"\sqrt[3]{x} + √(y) + sqrt(z)"#, #"(+ (root 3 x) (root y) (root z))"#),
      (#"x̂ + ŷ"#, #"(+ hat:x hat:y)"#),
      (#"𝐖 𝑥"#, #"(· bold:W x)"#),
      (#"v_{ij}'"#, #"(v _ (· i j) ')"#),
      (#"x'_t"#, #"(x _ t ')"#),
      (#"e_i^\top"#, #"(e _ i ^ top)"#),
      (#"\mathrm{Ux_i}"#, #"(· U (x _ i))"#),
      (#"\text{diag}(\sigma')W"#, #"(· upright:diag (paren (sigma ')) W)"#),
      (#"\log_2 x"#, #"(· (upright:log _ 2) x)"#),
      (#"\operatorname*{argmax}_x f"#, #"(· (upright:argmax _ x) f)"#),
      (#"a \pm b"#, #"(· a (unread unknownCommand \pm) b)"#),
      (#"\arg\max_x f(x)"#, #"(· upright:arg (maximum _ x (· f (paren x))))"#),
      (
        #"\begin{align*} a &= b \tag{1} \\ c &= d \label{x} \end{align*}"#,
        #"(list (a equal b) (c equal d))"#
      ),
      (#"x_1, x_2"#, #"(list (x _ 1) (x _ 2))"#),
      (#"a \odot b \cdot c / d"#, #"(/ (dot (hadamard a b) c) d)"#),
      (#"-\sum_k -x_k"#, #"(+ -(sum _ k (+ -(x _ k))))"#),
      (#"x = ]0, 1["#, #"(x equal ((,) (list 0 1)))"#),
      (
        #"C^{(k)} = W_c*o^{(k-1)}tanh^{'}(\cdot)"#,
        #"((C ^ (paren k)) equal (asterisk (W _ c) (· (o ^ (paren (+ k -1))) (upright:tanh ') (paren cdot))))"#
      ),
      (
        #"\frac{\partial h^{(T)}}{\partial h^{(T-1)}} ...\frac{\partial h^{(t+1)}}{\partial h^{(t)}}"#,
        #"(· (/ (· partial (h ^ (paren T))) (· partial (h ^ (paren (+ T -1))))) …low (/ (· partial (h ^ (paren (+ t 1)))) (· partial (h ^ (paren t)))))"#
      ),
      (
        #"\frac{dL}{dW_h} = h_{t-1}^T \frac{dL}{du} \quad \rightarrow \text{remark}"#,
        #"((/ (· d L) (· d (W _ h))) equal (· (h _ (+ t -1) ^ T) (/ (· d L) (· d u))) arrow upright:remark)"#
      ),
      (#"\prod_{i=1}^n M"#, #"(product _ (i equal 1) ^ n M)"#),
      (
        #"\hat{y}^{(t)} = \sigma(Vh^{(t)}+c)"#,
        #"((hat:y ^ (paren t)) equal (· sigma (paren (+ (· V (h ^ (paren t))) c))))"#
      ),
      (#"h_t ∈ ℝ^n"#, #"((h _ t) elementOf (blackboard:R ^ n))"#),
      (
        #"∂θ_t/∂u_t = diag(1 − θ_{t−1} ⊙ θ_{t−1}) Ψ"#,
        #"((/ (· partial (theta _ t)) (· partial (u _ t))) equal (· upright:diag (paren (+ 1 -(hadamard (theta _ (+ t -1)) (theta _ (+ t -1))))) Psi))"#
      ),
      (
        #"\frac{\partial{L_{3}}}{\partial{W_{s}}}"#,
        #"(/ (· partial (L _ 3)) (· partial (W _ s)))"#
      ),
      (
        #"\mathrm{vec}(A X B) = (A \otimes B^\top)\, \mathrm{vec}(X)"#,
        #"((· upright:vec (paren (· A X B))) equal (· (paren (kronecker A (B ^ top))) upright:vec (paren X)))"#
      ),
      (#"C_{3} \rightarrow f_3 \rightarrow h_2"#, #"((C _ 3) arrow (f _ 3) arrow (h _ 2))"#),
      (
        #"\lVert A B \rVert \le \lVert A \rVert\, \lVert B \rVert"#,
        #"((doubleBars (· A B)) lessOrEqual (· (doubleBars A) (doubleBars B)))"#
      ),
      (#"n = t-1"#, #"(n equal (+ t -1))"#),
      (#"1 \times 1 \times \dots \times 1 = 1"#, #"((times (times (times 1 1) …low) 1) equal 1)"#),
      (#"c_{t-1}、h_t（t<T）"#, #"(list (c _ (+ t -1)) (· (h _ t) (paren (t less T))))"#),
      (#"∂(Wx)/∂x"#, #"(/ (· partial (paren (· W x))) (· partial x))"#),
      (#"d f(x)/d x"#, #"(/ (· d f (paren x)) (· d x))"#),
      (#"t ∈ {1, …, T}"#, #"(t elementOf (brace (list 1 …low T)))"#),
      (
        #"\frac{\partial L}{\partial W}\Big|_{W^{(2)}}"#,
        #"((evaluated (/ (· partial L) (· partial W))) _ (W ^ (paren 2)))"#
      ),
      (#"\left. \frac{a}{b} \right|_{x=0} + c"#, #"(+ ((evaluated (/ a b)) _ (x equal 0)) c)"#),
      (
        #"\left\| W \right\|_2 \|A\|\|B\|"#,
        #"(· ((doubleBars W) _ 2) (doubleBars A) (doubleBars B))"#
      ),
      (#"x \mathrel{\mathop:}= y"#, #"(x defines y)"#),
      (#"\sum_{\substack{i \\ j}} x_{ij}"#, #"(sum _ (list i j) (x _ (· i j)))"#),
      (#"{\rm d}x"#, #"(· upright:d x)"#),
      (#"\frac{\mathrm{d}y}{\mathrm{d}x}"#, #"(/ (· upright:d y) (· upright:d x))"#),
      (#"| |x| - |y| |"#, #"(bars (+ (bars x) -(bars y)))"#),
      (#"\|x\|^2 = x^\top x"#, #"(((doubleBars x) ^ 2) equal (· (x ^ top) x))"#),
      (#"\bigl\| \tfrac{a}{b} \bigr\|"#, #"(doubleBars (/ a b))"#),
      (#"\begin{vmatrix} a & b \\ c & d \end{vmatrix}"#, #"(bars-matrix [a b] [c d])"#),
      (#"\left|\begin{matrix} a & b \\ c & d \end{matrix}\right|"#, #"(bars-matrix [a b] [c d])"#),
      (
        #"h_t=\tanh(Wh_{t-1}+Ux_t),\ t=1,2,\ldots,T"#,
        #"(list ((h _ t) equal (· upright:tanh (paren (+ (· W (h _ (+ t -1))) (· U (x _ t)))))) (t equal (list 1 2 …low T)))"#
      ),
      (#"-a &= b \\ c &= d"#, #"(list ((+ -a) equal b) (c equal d))"#),
      (#"a = b \\ + c \\ = d"#, #"(a equal (+ b c) equal d)"#),
      (#"a = b + \\ & + c"#, #"(a equal (+ b c))"#),
      (#"a = \\ b"#, #"(a equal b)"#),
      (
        #"A \in \mathbb{R}^{m \times n}, B, C \in \mathbb{R}^{n \times p}"#,
        #"(list (A elementOf (blackboard:R ^ (times m n))) ((list B C) elementOf (blackboard:R ^ (times n p))))"#
      ),
      (#"f'(x) g''(x)"#, #"(· (f ') (paren x) (g '') (paren x))"#),
      (#"\log p_i"#, #"(· upright:log (p _ i))"#),
      (#"-\log(1 - y)"#, #"(+ -(· upright:log (paren (+ 1 -y))))"#),
      (
        #"\prod_{j=k+1}^{t} \mathrm{diag}(f_j) W"#,
        #"(product _ (j equal (+ k 1)) ^ t (· upright:diag (paren (f _ j)) W))"#
      ),
      (
        #"\frac{1}{2} \sum_{t} (y_t - \hat y_t)^2"#,
        #"(· (/ 1 2) (sum _ t ((paren (+ (y _ t) -(hat:y _ t))) ^ 2)))"#
      ),
      (#"W_{lim}"#, #"(W _ upright:lim)"#),
      (#"A odot B"#, #"(hadamard A B)"#),
      (#"∂/∂W L"#, #"(· (/ partial (· partial W)) L)"#),
      (#"x^{1/2}"#, #"(x ^ (/ 1 2))"#),
      (
        #"\sigma(z) = 1/(1 + e^{-z})"#,
        #"((· sigma (paren z)) equal (/ 1 (paren (+ 1 (e ^ (+ -z))))))"#
      ),
      (
        #"\left(\frac{\partial h}{\partial x}\right)^\top"#,
        #"((paren (/ (· partial h) (· partial x))) ^ top)"#
      ),
      (#"\nabla_{h^{(t)}} L"#, #"(· (nabla _ (h ^ (paren t))) L)"#),
      (#"P(A \mid B)"#, #"(· P (paren (A divides B)))"#),
      (#"(\odot \text{ 是乘法})"#, #"(paren (list odot "是乘法"))"#),
      (#"\mathbf{C_t}"#, #"(bold:C _ t)"#),
      (#"\begin{align} a &= b \nonumber \\ &{}= c \end{align}"#, #"(a equal b equal c)"#),
      (#"[W, U] [h; x]"#, #"(· (bracket (list W U)) (brackets-matrix [h] [x]))"#),
      (#"[h_{t-1}, x_t]"#, #"(bracket (list (h _ (+ t -1)) (x _ t)))"#),
      (#"\begin{eqnarray} a &=& b \\ &=& c \end{eqnarray}"#, #"(a equal b equal c)"#),
      (#"\mathrm{d}L/\mathrm{d}W = x"#, #"((/ (· upright:d L) (· upright:d W)) equal x)"#),
      (
        #"f: \mathbb{R}^n \to \mathbb{R}^m, x \mapsto Wx"#,
        #"(list (f colon (blackboard:R ^ n) arrow (blackboard:R ^ m)) (x mapsTo (· W x)))"#
      ),
      (#"\mathbf{1}_{\{i=j\}}"#, #"(bold:1 _ (brace (i equal j)))"#),
      (#"{}^T"#, #"(() ^ T)"#),
      (#"x{}"#, #"x"#),
    ]
}
