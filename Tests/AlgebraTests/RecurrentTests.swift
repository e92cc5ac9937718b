// swift-format-ignore-file: AlwaysUseLowerCamelCase

// Matrices and last times are capital letters here as in the formulas.
import Expressions
import Testing

@testable import Algebra

@Suite("Backpropagation through time")
struct RecurrentTests {
  @Test("1 - h² is the slope of tanh, h(1 - h) that of σ", arguments: [true, false])
  func slopes(isTanh: Bool) {
    let net = Network(isTanh ? .tanh : .sigmoid)
    net.page.domain = [net.t - 1, Time(net.T) - Time(net.t)]
    let (a, b) = (net.slope(Time(net.t)), net.writtenSlope(Time(net.t)))
    #expect(net.page.equal(a, b))
    let wrong = net.writtenSlope(net.t - 1)
    #expect(net.page.different(a, wrong))
  }

  @Test("the order of a double sum may be changed, its inner bound may not")
  func doubleSum() {
    let net = Network(from: 0)
    net.page.domain = [Time(net.T)]
    let (t, k, T) = (net.t, net.k, net.T)
    func term(_ net: Network) -> Expression {
      let loss = net.lossSlope(Time(t))
      let path = net.path(Time(k), Time(t))
      let last = net.immediate(Time(k))
      return net.page.product(loss, path, last)
    }
    let a = net.page.sum(t, Time(0), Time(T), net.page.sum(k, Time(0), Time(t), term(net)))
    let b = net.page.sum(k, Time(0), Time(T), net.page.sum(t, Time(k), Time(T), term(net)))
    let c = net.page.sum(k, Time(0), Time(T), net.page.sum(t, k + 1, Time(T), term(net)))
    let d = net.page.sum(t, Time(0), Time(T), net.page.sum(k, Time(1), Time(t), term(net)))
    #expect(net.page.equal(a, b))
    #expect(net.page.different(a, c))
    #expect(net.page.different(a, d))
    let first = net.page.product(
      net.lossSlope(Time(t)), net.path(Time(0), Time(t)), net.immediate(Time(0)))
    let missing = net.page.sum(t, Time(0), Time(T), first)
    guard case .different(let remainder?) = net.page.outcome(a, d) else {
      Issue.record("nothing is said of the difference")
      return
    }
    #expect(net.page.equal(remainder, missing))
    guard case .timeSum(_, Time(0), Time(T), _) = net.page.w[remainder] else {
      Issue.record("not one sum: \(net.page.text(remainder))")
      return
    }
  }

  @Test("what arrives at a state is its own loss and what the next state hands back")
  func adjoint() {
    let net = Network()
    let (t, s, T) = (net.t, net.s, net.T)
    net.page.domain = [t - 1, Time(T) - Time(t) - 1]
    func adjoint(_ net: Network, _ time: Time) -> Expression {
      let body = net.page.product(net.lossSlope(Time(s)), net.path(time, Time(s)))
      return net.page.sum(s, time, Time(T), body)
    }
    let left = adjoint(net, Time(t))
    let later = net.page.product(adjoint(net, t + 1), net.path(Time(t), t + 1))
    let right = net.page.plus(net.lossSlope(Time(t)), later)
    #expect(net.page.equal(left, right))
    let written = net.page.product(
      adjoint(net, t + 1), net.writtenSlope(t + 1), net.page.v(net.W))
    let second = net.page.plus(net.lossSlope(Time(t)), written)
    #expect(net.page.equal(left, second))
    let wrong = net.page.plus(net.lossSlope(Time(t)), adjoint(net, t + 1))
    #expect(net.page.different(left, wrong))
    let shifted = net.page.product(
      adjoint(net, t + 1), net.writtenSlope(Time(t)), net.page.v(net.W))
    let third = net.page.plus(net.lossSlope(Time(t)), shifted)
    #expect(net.page.different(left, third))
  }

  @Test("forward accumulation: the derivative by the bias, by its predecessor and as a sum")
  func forward() {
    let net = Network()
    let (t, k, T) = (net.t, net.k, net.T)
    net.page.domain = [t - 1, Time(T) - Time(t)]
    func total(_ net: Network, _ time: Time) -> Expression {
      let body = net.page.product(net.path(Time(k), time), net.slope(Time(k)))
      return net.page.sum(k, Time(1), time, body)
    }
    let left = total(net, Time(t))
    let before = net.page.product(net.page.v(net.W), total(net, t - 1))
    let identity = net.page.e(.identity(net.page.n))
    let right = net.page.product(
      net.writtenSlope(Time(t)), net.page.plus(identity, before))
    #expect(net.page.equal(left, right))
    let i = net.page.time("i")
    let factor = net.page.product(net.writtenSlope(Time(i)), net.page.v(net.W))
    let ordered = net.page.e(
      .timeProduct(i, from: k + 1, through: Time(t), factor, .descending))
    let closed = net.page.sum(
      k, Time(1), Time(t), net.page.product(ordered, net.writtenSlope(Time(k))))
    #expect(net.page.equal(left, closed))
    let ascending = net.page.e(
      .timeProduct(i, from: k + 1, through: Time(t), factor, .ascending))
    let wrong = net.page.sum(
      k, Time(1), Time(t), net.page.product(ascending, net.writtenSlope(Time(k))))
    #expect(net.page.different(left, wrong))
    let long = net.page.e(
      .timeProduct(i, from: Time(k), through: Time(t), factor, .descending))
    let off = net.page.sum(
      k, Time(1), Time(t), net.page.product(long, net.writtenSlope(Time(k))))
    #expect(net.page.different(left, off))
  }

  @Test("a path product splits at every time between its ends")
  func splitting() {
    let net = Network(from: nil)
    let m = net.page.time("m")
    let (t, k) = (net.t, net.k)
    net.page.domain = [
      Time(m) - Time(k), Time(t) - Time(m), Time(net.T) - Time(t),
    ]
    let whole = net.path(Time(k), Time(t))
    let parts = net.page.product(net.path(Time(m), Time(t)), net.path(Time(k), Time(m)))
    #expect(net.page.equal(whole, parts))
    let wrong = net.page.product(net.path(m - 1, Time(t)), net.path(Time(k), Time(m)))
    #expect(net.page.different(whole, wrong))
  }

  @Test("three steps written out are the sum over k")
  func expanded() {
    let net = Network(.sigmoid, from: 0)
    net.page.domain = [Time(net.T) - 3, Time(3) - Time(net.T)]
    let k = net.k
    let body = net.page.product(
      net.lossSlope(Time(3)), net.path(Time(k), Time(3)), net.immediate(Time(k)))
    let left = net.page.sum(k, Time(0), Time(3), body)
    var terms: [Expression] = []
    for start in 0...3 {
      var factors = [net.lossSlope(Time(3))]
      for j in stride(from: 3, to: start, by: -1) {
        factors.append(net.writtenSlope(Time(j)))
        factors.append(net.page.v(net.W))
      }
      factors.append(net.immediate(Time(start)))
      terms.append(net.page.e(.product(factors)))
    }
    let right = net.page.e(.sum(terms))
    #expect(net.page.equal(left, right))
    let wrong = net.page.e(.sum(Array(terms.dropFirst())))
    #expect(net.page.different(left, wrong))
  }

  @Test("a node is found where its formula is written")
  func folding() {
    let net = Network()
    let t = net.t
    net.page.domain = [t - 1, Time(net.T) - Time(t)]
    let node = net.page.v(net.h, Time(t))
    let formula = net.page.apply(.tanh, net.argument(Time(t)))
    #expect(net.page.equal(node, formula))
    let other = net.page.apply(.tanh, net.argument(t - 1))
    #expect(net.page.different(node, other))
  }

  @Test("the first member of a sum taken out")
  func takenOut() {
    let net = Network()
    let (t, k) = (net.t, net.k)
    net.page.domain = [t - 1, Time(net.T) - Time(t)]
    func member(_ net: Network) -> Expression {
      net.page.product(net.path(Time(k), Time(t)), net.immediate(Time(k)))
    }
    let all = net.page.sum(k, Time(1), Time(t), member(net))
    let rest = net.page.plus(
      net.immediate(Time(t)), net.page.sum(k, Time(1), t - 1, member(net)))
    #expect(net.page.equal(all, rest))
    let wrong = net.page.plus(
      net.immediate(Time(t)), net.page.sum(k, Time(0), t - 1, member(net)))
    #expect(net.page.different(all, wrong))
  }

  @Test("a step written beside a product whose end the sum binds")
  func boundEnd() {
    let net = Network()
    let (t, k) = (net.t, net.k)
    net.page.domain = [t - 1, Time(net.T) - Time(t)]
    let left = net.page.sum(
      k, Time(1), Time(t), net.page.product(net.path(Time(k), Time(t)), net.immediate(Time(k))))
    let member = net.page.product(
      net.path(k + 1, Time(t)), net.writtenSlope(k + 1), net.page.v(net.W),
      net.immediate(Time(k)))
    let right = net.page.plus(
      net.immediate(Time(t)), net.page.sum(k, Time(1), t - 1, member))
    #expect(net.page.equal(left, right))
    let off = net.page.product(
      net.path(k + 1, Time(t)), net.writtenSlope(Time(k)), net.page.v(net.W),
      net.immediate(Time(k)))
    let wrong = net.page.plus(net.immediate(Time(t)), net.page.sum(k, Time(1), t - 1, off))
    #expect(net.page.different(left, wrong))
  }

  @Test("two names of one state are the same node")
  func twoNames() {
    let net = Network()
    let own = net.page.time("υ")
    let y = net.page.family("y", .vector(net.page.n))
    net.page.define(
      y, own, from: Time(1), through: Time(net.T),
      net.page.apply(net.function, net.argument(Time(own))))
    net.page.domain = [net.t - 1, Time(net.T) - Time(net.t)]
    #expect(
      net.page.equal(net.page.v(y, Time(net.t)), net.page.v(net.h, Time(net.t))))
  }

  @Test("a domain without times proves nothing")
  func emptyDomain() {
    let net = Network()
    net.page.domain = [net.t - 1, Time(0) - Time(net.t)]
    guard
      case .unknown(.emptyDomain) = net.page.outcome(net.page.number(1), net.page.number(2))
    else {
      Issue.record("not refused")
      return
    }
  }
}
