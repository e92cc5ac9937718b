import Expressions
import Notation
import Testing

@testable import Documents

@Test(
  "dots are what the members around them share",
  arguments: [
    ("$x \\in \\mathbb{R}^n$, $y = x_1 + x_2 + \\cdots + x_n$", "sum[i](x[i])"),
    ("$x \\in \\mathbb{R}^n$, $y = x_1 + \\cdots + x_n$", "sum[i](x[i])"),
    ("$x \\in \\mathbb{R}^n$, $y = x_1 + x_2 + \\ldots x_n$", "sum[i](x[i])"),
    ("$J_t = J_{t-1}$, $y = J_t J_{t-1} \\cdots J_{k+1}$", "prod[i=k+1..t down](J@i)"),
    ("$J_t = J_{t-1}$, $y = J_1 \\cdots J_T$", "prod[i=1..T up](J@i)"),
    (
      "$J_t = J_{t-1}$, $y = A J_t \\cdot J_{t-1} \\cdot \\ldots \\cdot J_1 B$",
      "(A prod[i=1..t down](J@i) B)"
    ),
    (
      "$f_t = f_{t-1}$, $y = f_t \\odot f_{t-1} \\odot \\cdots \\odot f_1$",
      "diag(prod[i=1..t down](diag(f@i)))"
    ),
    ("$x \\in \\mathbb{R}^n$, $y = \\mathrm{diag}(x_1, \\dots, x_n)$", "diag(table(x[i]))"),
    (
      "$x \\in \\mathbb{R}^n$, $y = \\begin{pmatrix} x_1 \\\\ \\vdots \\\\ x_n \\end{pmatrix}$",
      "table(x[i])"
    ),
    (
      "$x \\in \\mathbb{R}^n$, $y = \\begin{pmatrix} x_1 & \\cdots & 0 \\\\ \\vdots & \\ddots & \\vdots \\\\ 0 & \\cdots & x_n \\end{pmatrix}$",
      "diag(table(x[i]))"
    ),
    (
      "$W \\in \\mathbb{R}^{n\\times d}$, $y = \\begin{pmatrix} w_{11} & \\cdots & w_{1d} \\\\ \\vdots & & \\vdots \\\\ w_{n1} & \\cdots & w_{nd} \\end{pmatrix}$",
      "table(W[i,j])"
    ),
    (
      "$a_t = a_{t-1}$, $y = J_t a_t + J_{t-1} a_{t-1} + \\cdots + J_1 a_1$",
      "sum[i=1..t]((J@i a@i))"
    ),
    (
      "$J_t = J_{t-1}$, $a_t = a_{t-1}$, $y = a_t + J_t a_{t-1} + \\cdots + J_t \\cdots J_2 a_1$",
      "sum[i=1..t]((prod[j=i+1..t down](J@j) a@i))"
    ),
  ])
func dots(text: String, spelled: String) throws {
  #expect(try lastRightSide(text) == spelled)
}

@Test(
  "dots without a rule of their own are refused",
  arguments: [
    "$x \\in \\mathbb{R}^n$, $y = x_1 + x_3 + \\cdots + x_n$",
    "$x \\in \\mathbb{R}^n$, $y = x_1 + x_2 + x_4 + \\cdots + x_n$",
    "$x \\in \\mathbb{R}^n$, $y = x_1 + \\cdots$",
    "$x \\in \\mathbb{R}^n$, $y = x_1 + \\cdots + z_n$",
    "$y = a + \\cdots + z$",
    "$J_t = J_{t-1}$, $y = J_t J_{t-2} \\cdots J_{k+1}$",
    "$J_t = J_{t-1}$, $y = J_p \\cdots J_q$",
    "$x \\in \\mathbb{R}^n$, $y = \\begin{pmatrix} x_1 \\\\ x_2 \\\\ \\vdots \\\\ z_n \\end{pmatrix}$",
    "$x \\in \\mathbb{R}^n$, $y = \\begin{pmatrix} x_1 & \\cdots & 1 \\\\ \\vdots & & \\vdots \\\\ 0 & \\cdots & x_n \\end{pmatrix}$",
    "$W \\in \\mathbb{R}^{n\\times d}$, $y = \\begin{pmatrix} w_{11} & \\cdots & w_{1d} \\\\ \\vdots & & \\vdots \\\\ w_{n1} & \\cdots & w_{dn} \\end{pmatrix}$",
  ])
func refusedDots(text: String) {
  #expect(throws: (any Error).self) { try lastRightSide(text) }
}
