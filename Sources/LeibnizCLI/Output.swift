import Glibc

/// Writes a text to standard output.
func print(_ text: String) -> ExitStatus {
  if let failure = write(Array(text.utf8), to: STDOUT_FILENO) {
    complain("standard output: " + failure)
    return .unusable
  }
  return .good
}

/// Standard output, written to in large pieces.
final class BufferedOutput {
  private var bytes: [UInt8] = []
  private var failure: String?

  func write(_ text: String) {
    bytes += text.utf8
    if bytes.count >= 1 << 16 { _ = flush() }
  }

  /// Writes what is left.
  func flush() -> ExitStatus {
    if failure == nil {
      failure = LeibnizCLI.write(bytes, to: STDOUT_FILENO)
      if let failure { complain("standard output: " + failure) }
    }
    bytes = []
    return failure == nil ? .good : .unusable
  }
}

/// Says on standard error what is wrong.
func complain(_ message: String) {
  _ = write(Array(("leibniz: " + message + "\n").utf8), to: STDERR_FILENO)
}

/// Whether a person reads standard output and colours are wanted.
var isColorWanted: Bool {
  guard isatty(STDOUT_FILENO) == 1 else { return false }
  if let wish = getenv("NO_COLOR"), wish.pointee != 0 { return false }
  guard let terminal = getenv("TERM") else { return false }
  return strcmp(terminal, "dumb") != 0
}

/// Shows on a terminal how far the work has come, in place of what was shown before; nil clears it.
func showProgress(_ text: String?) {
  guard isatty(STDERR_FILENO) == 1 else { return }
  _ = write(Array(("\r\u{1B}[K" + (text ?? "")).utf8), to: STDERR_FILENO)
}

/// Writes a file in one step: what stood there stays whole until the new text does. What is no
/// plain file (`/dev/stdout`, a pipe) is written to directly.
///
/// - Returns: what went wrong.
func write(_ text: String, toFile path: String) -> FileProblem? {
  let bytes = Array(text.utf8)
  var status = stat()
  let exists = stat(path, &status) == 0
  if exists, status.st_mode & S_IFMT == S_IFDIR {
    return FileProblem(path: path, reason: "is a folder")
  }
  if exists, status.st_mode & S_IFMT != S_IFREG {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return FileProblem(path: path, reason: lastError()) }
    defer { close(descriptor) }
    return write(bytes, to: descriptor).map { FileProblem(path: path, reason: $0) }
  }
  // A link keeps pointing to its file.
  let target = exists ? resolved(path) ?? path : path
  let temporary = target + ".\(getpid()).tmp"
  let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else { return FileProblem(path: path, reason: lastError()) }
  var failure = write(bytes, to: descriptor)
  if failure == nil, exists, fchmod(descriptor, status.st_mode & 0o7777) != 0 {
    failure = lastError()
  }
  if failure == nil, fsync(descriptor) != 0 { failure = lastError() }
  if close(descriptor) != 0, failure == nil { failure = lastError() }
  if failure == nil, rename(temporary, target) != 0 { failure = lastError() }
  if failure != nil { unlink(temporary) }
  return failure.map { FileProblem(path: path, reason: $0) }
}

/// - Returns: what went wrong.
private func write(_ bytes: [UInt8], to descriptor: Int32) -> String? {
  var start = 0
  while start < bytes.count {
    let count = bytes[start...].withUnsafeBytes {
      Glibc.write(descriptor, $0.baseAddress, $0.count)
    }
    if count < 0 {
      if errno == EINTR { continue }
      return lastError()
    }
    start += count
  }
  return nil
}

/// The path without links and dots; nil if there is no such file.
func resolved(_ path: String) -> String? {
  guard let real = realpath(path, nil) else { return nil }
  defer { free(real) }
  return String(cString: real)
}

/// What the system says of its last failure.
func lastError() -> String {
  let number = errno
  if number == ENOENT { return "there is no such file or folder" }
  if number == EACCES { return "may not be read or written by you" }
  return strerror(number).map { String(cString: $0) } ?? "error \(number)"
}
