//! The node: `alongside`.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// A seventh of the node's time went into the allocator of the C library (see `docs/performance.md`).
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    alongside::commands::main()
}
