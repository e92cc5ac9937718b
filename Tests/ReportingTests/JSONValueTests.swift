import Reporting
import Testing

@Suite("JSON values")
struct JSONValueTests {
  @Test(
    "are written exactly",
    arguments: [
      (JSONValue.string("a\"b\\c\n\t\u{1}é∂"), #""a\"b\\c\n\t\u0001é∂""#),
      (.integer(-3), "-3"), (.boolean(true), "true"),
      (.number(2), "2"), (.number(0.1), "0.1"), (.number(3.1e-11), "3.1e-11"),
      (.number(1e300), "1e+300"), (.number(-0.5), "-0.5"), (.number(.nan), "null"),
      (.number(.infinity), "null"), (.array([]), "[]"), (.object([]), "{}"),
      (.array([.array([.number(1), .number(2)]), .array([.number(3)])]), "[[1, 2], [3]]"),
      (.object([.init("b", .integer(1)), .init("a", .string("x"))]), #"{"b": 1, "a": "x"}"#),
      (
        .object([.init("a", .object([.init("b", .array([]))]))]),
        "{\n  \"a\": {\"b\": []}\n}"
      ),
    ])
  func exact(value: JSONValue, text: String) {
    #expect(value.text == text + "\n")
  }

  @Test("a list that is too long for a line stands in several")
  func long() {
    let value = JSONValue.array((0..<40).map { .integer($0 * 100) })
    #expect(value.text.hasPrefix("[\n  0,\n  100,\n"))
  }
}
