//! The `konveksi` binary: hands its arguments to the library and turns the outcome into an exit status.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    konveksi_cli::main()
}
