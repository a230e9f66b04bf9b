//! `konveksi user`: staff users, through the gateway's own code and with its own role.

use std::io::BufRead as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use konveksi_gateway::users::{self, NewUser};
use konveksi_identity::Role;
use konveksi_kernel::SystemClock;
use konveksi_settings::SecretString;

use crate::screen;
use crate::up::admin::readable_password;
use crate::up::known::Known;

#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Makes one; the password is made up unless it comes from standard input.
    Create(CreateOptions),
    /// All of them.
    List,
    /// Ends a user's sessions and lets nobody in under that name.
    Disable {
        /// The login.
        username: String,
    },
    /// Lets a disabled user in again.
    Enable {
        /// The login.
        username: String,
    },
    /// Gives a user another password and ends the sessions.
    Password {
        /// The login.
        username: String,
        /// Reads it as the first line of standard input.
        #[arg(long)]
        password_stdin: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct CreateOptions {
    /// The login.
    username: String,
    /// owner, admin, finance, production or viewer.
    #[arg(long, default_value = "admin", value_parser = role)]
    role: Role,
    /// Where to write to.
    #[arg(long, default_value = "")]
    email: String,
    /// Given name.
    #[arg(long, default_value = "")]
    first_name: String,
    /// Family name.
    #[arg(long, default_value = "")]
    last_name: String,
    /// Reads the password as the first line of standard input.
    #[arg(long)]
    password_stdin: bool,
}

/// Does what was asked.
pub(crate) async fn run(data: &Path, command: UserCommand) -> Result<()> {
    let mut conn = Known::of_path(data)?.connect(konveksi_gateway::ROLE).await?;
    let clock = &SystemClock;
    match command {
        UserCommand::Create(options) => create(&mut conn, options).await?,
        UserCommand::List => {
            for user in users::list(&mut conn).await? {
                let state = if user.is_active { "" } else { "disabled" };
                let (id, name, role) = (user.id, user.username, user.role.as_wire());
                screen::line(format!("{id:<6} {name:<24} {role:<12} {state}"));
            }
        }
        UserCommand::Disable { username } => {
            users::disable(&mut conn, clock, &username).await?;
            screen::note(format!("{username} is not let in any more"));
        }
        UserCommand::Enable { username } => {
            users::enable(&mut conn, clock, &username).await?;
            screen::note(format!("{username} is let in again"));
        }
        UserCommand::Password { username, password_stdin } => {
            let password = Password::choose(password_stdin)?;
            users::set_password(&mut conn, clock, &username, &password.secret()).await?;
            password.show();
            screen::note(format!("{username} has another password; the sessions are ended"));
        }
    }
    Ok(())
}

async fn create(conn: &mut konveksi_db::Connection, options: CreateOptions) -> Result<()> {
    let password = Password::choose(options.password_stdin)?;
    let new = NewUser {
        username: options.username,
        email: options.email,
        first_name: options.first_name,
        last_name: options.last_name,
        role: options.role,
        password: password.secret(),
    };
    let user = users::create(conn, &SystemClock, new).await?;
    password.show();
    screen::note(format!("made {} ({})", user.username, user.role.as_wire()));
    Ok(())
}

/// A role by the word users see.
fn role(word: &str) -> Result<Role> {
    Role::from_wire(word).with_context(|| {
        let words: Vec<&str> = Role::ALL.into_iter().map(Role::as_wire).collect();
        format!("a role is one of {}", words.join(", "))
    })
}

/// From standard input, or made up.
struct Password {
    text: String,
    is_made_up: bool,
}

impl Password {
    fn choose(from_stdin: bool) -> Result<Password> {
        if from_stdin {
            let line =
                std::io::stdin().lock().lines().next().context("no password on standard input")?;
            return Ok(Password { text: line?, is_made_up: false });
        }
        Ok(Password { text: readable_password(), is_made_up: true })
    }

    fn secret(&self) -> SecretString {
        SecretString::from(self.text.clone())
    }

    /// Shows one that nobody knows yet, once it holds.
    fn show(&self) {
        if self.is_made_up {
            screen::line(&self.text);
        }
    }
}
