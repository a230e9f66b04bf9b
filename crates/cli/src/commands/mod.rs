//! The commands: one file each, and the words that reach them.

mod demo;
mod doctor;
mod events;
mod logs;
mod migrate;
mod reset;
mod seed;
mod serve;
mod servers;
mod status;
mod stop;
pub(crate) mod token;
mod user;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::up;

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
    /// Runs the whole system on this machine until Ctrl-C.
    Up(Box<up::UpOptions>),
    /// Runs one service in this process; its settings come from the environment.
    Serve {
        /// order, payment, notification, media, analytics, automation, gateway or sandbox.
        service: String,
    },
    /// What runs, and where.
    Status(status::StatusOptions),
    /// The last lines of the logs.
    Logs(logs::LogsOptions),
    /// Ends what `up` started.
    Stop,
    /// Ends it and removes its data.
    Reset(reset::ResetOptions),
    /// What is wrong with this machine or this run, and how to mend it.
    Doctor(doctor::DoctorOptions),
    /// Brings the database and the broker to their newest shape.
    Migrate(Box<migrate::MigrateOptions>),
    /// Staff users.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Logs in and prints an access token.
    Token(token::TokenOptions),
    /// One order's whole life, step by step, against the running system.
    Demo,
    /// Fills the running system with a story: orders in every state, and no message sent.
    Seed,
    /// Events: what waits, what is dead, telling again.
    #[command(subcommand)]
    Events(events::EventsCommand),
    /// The private PostgreSQL, RabbitMQ, Redis and clamd on their own.
    #[command(subcommand)]
    Servers(servers::ServersCommand),
}

/// Does what the command line says.
///
/// # Errors
/// The command's own, for a person to read.
pub(crate) async fn run(cli: Cli) -> Result<()> {
    let data = &cli.data;
    match cli.command {
        Command::Up(options) => up::run(data, &options).await,
        Command::Serve { service } => serve::run(&service).await,
        Command::Status(options) => status::run(data, &options).await,
        Command::Logs(options) => logs::run(data, &options).await,
        Command::Stop => stop::run(data).await,
        Command::Reset(options) => reset::run(data, &options).await,
        Command::Doctor(options) => doctor::run(data, &options).await,
        Command::Migrate(options) => migrate::run(data, &options).await,
        Command::User(command) => user::run(data, command).await,
        Command::Token(options) => token::run(data, &options).await,
        Command::Demo => demo::run(data).await,
        Command::Seed => seed::run(data).await,
        Command::Events(command) => events::run(data, command).await,
        Command::Servers(command) => servers::run(data, command).await,
    }
}
