//! One binary for the whole system on one machine.
//!
//! It starts and stops processes and asks services to do things; it holds no rule of its own.
//! Everything it knows between two calls is in the data folder: `state.json` (what runs, on which
//! port) and `secrets.json` (what it generated).

mod api;
mod commands;
mod data;
mod probe;
mod process;
mod screen;
mod servers;
mod services;
mod state;
mod up;
mod vault;

use std::process::ExitCode;

use clap::Parser as _;

/// Reads the command line, does what it says, and answers with the exit status.
pub fn main() -> ExitCode {
    let cli = commands::Cli::parse();
    // Either provider may be installed by a library first; the result only says which was.
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        screen::note("a TLS provider was already installed");
    }
    // Two threads, as each service's own binary has; eight processes share the machine.
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            screen::failure(&anyhow::Error::new(error).context("cannot start the async runtime"));
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(commands::run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            screen::failure(&error);
            ExitCode::FAILURE
        }
    }
}
