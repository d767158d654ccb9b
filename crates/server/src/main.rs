//! The node: `alongside`.

use std::process::ExitCode;

fn main() -> ExitCode {
    alongside::commands::main()
}
