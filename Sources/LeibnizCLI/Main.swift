import Glibc
import Leibniz

/// The command `leibniz`.
@main
struct Main {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let status = onLargeStack { run(arguments) }
    exit(status.rawValue)
  }

  private static func run(_ arguments: [String]) -> ExitStatus {
    do throws(ArgumentError) {
      return answer(try Call(arguments))
    } catch {
      complain(error.message)
      return .unusable
    }
  }

  private static func answer(_ call: Call) -> ExitStatus {
    switch call {
    case .check(let call): check(call)
    case .derive(let call): derivative(call)
    case .expand(let call): expansion(call)
    case .models(let name): systems(name)
    case .validate(let call): validation(call)
    case .explain(let code): page(code)
    case .help(let command): print(command?.help ?? Command.overview)
    case .version: print("leibniz " + Leibniz.version + "\n")
    }
  }
}
