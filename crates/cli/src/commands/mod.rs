//! The commands: one file each, and the words that reach them.

mod servers;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Konveksi: orders, payments and messages of a workshop.
#[derive(Debug, Parser)]
#[command(name = "konveksi", version, about)]
pub(crate) struct Cli {
    /// The folder that holds data, logs, passwords and the state of what runs.
    #[arg(long, global = true, env = "KONVEKSI_DATA", default_value = ".konveksi")]
    data: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The private PostgreSQL, RabbitMQ, Redis and clamd.
    #[command(subcommand)]
    Servers(servers::ServersCommand),
}

/// Does what the command line says.
///
/// # Errors
/// The command's own, for a person to read.
pub(crate) async fn run(cli: Cli) -> Result<()> {
    match cli.command {
        Command::Servers(command) => servers::run(&cli.data, command).await,
    }
}
