import Glibc
import Testing

/// Compares a text with the file of that name beside the tests; `LEIBNIZ_RECORD=1` writes the file
/// anew, to be reviewed as text.
func expectGolden(
  _ text: String, _ name: String, filePath: String = #filePath,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let folder = filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
  let path = folder.joined(separator: "/") + "/Golden/" + name
  if getenv("LEIBNIZ_RECORD") != nil {
    guard let file = fopen(path, "w") else {
      Issue.record("cannot write \(path)", sourceLocation: sourceLocation)
      return
    }
    let bytes = Array(text.utf8)
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
    return
  }
  guard let file = fopen(path, "r") else {
    Issue.record(
      "there is no \(path); LEIBNIZ_RECORD=1 writes it", sourceLocation: sourceLocation)
    return
  }
  var bytes: [UInt8] = []
  while case let byte = fgetc(file), byte != EOF { bytes.append(UInt8(byte)) }
  fclose(file)
  #expect(text == String(decoding: bytes, as: UTF8.self), sourceLocation: sourceLocation)
}
