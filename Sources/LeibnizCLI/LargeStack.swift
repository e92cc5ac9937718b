import Glibc

/// Work to be done on another thread, and its result.
private final class Work: @unchecked Sendable {
  let body: () -> ExitStatus
  var status = ExitStatus.good
  init(_ body: @escaping () -> ExitStatus) { self.body = body }
}

/// Runs the body on a thread whose stack deeply nested formulas cannot overflow, and waits for it.
func onLargeStack(_ body: @escaping () -> ExitStatus) -> ExitStatus {
  let work = Work(body)
  // Address space only: pages that are not touched cost nothing.
  for megabytes in [512, 64] {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    guard pthread_attr_setstacksize(&attributes, megabytes << 20) == 0 else { continue }
    var thread = pthread_t()
    let context = Unmanaged.passUnretained(work).toOpaque()
    let failure = pthread_create(
      &thread, &attributes,
      { context in
        if let context {
          let work = Unmanaged<Work>.fromOpaque(context).takeUnretainedValue()
          work.status = work.body()
        }
        return nil
      }, context)
    if failure == 0 {
      pthread_join(thread, nil)
      return work.status
    }
  }
  return body()
}
