import Checking
import Reporting
import Testing

@Suite("The page of a code")
struct PageTests {
  @Test("says what it means, with a wrong and a right example", arguments: Code.allCases)
  func complete(code: Code) {
    let page = Page.of(code)
    #expect(!page.title.isEmpty && !page.title.hasSuffix("."))
    #expect(page.meaning.hasSuffix("."))
    #expect(!page.wrong.isEmpty && !page.right.isEmpty)
    #expect(page.wrong != page.right)
    #expect(page.text.hasPrefix(code.rawValue + ": "))
    #expect(explanation(of: code.rawValue) == page.text)
  }

  @Test("no two codes have one title")
  func titles() {
    let titles = Code.allCases.map { Page.of($0).title }
    #expect(Set(titles).count == titles.count)
  }

  @Test("codes are found however they are typed, and others are not")
  func typed() {
    #expect(explanation(of: "l204") == Page.of(.sign).text)
    #expect(explanation(of: "L999") == nil)
    #expect(explanations.contains("L204  a sign is wrong\n"))
  }
}
