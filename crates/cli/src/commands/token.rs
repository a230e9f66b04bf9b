//! `konveksi token`: logs in over HTTP like anybody else and prints the access token.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::{Value, json};

use crate::data::DataFolder;
use crate::up::known;
use crate::vault::Vault;
use crate::{screen, state};

#[derive(Debug, Args)]
pub(crate) struct TokenOptions {
    /// Whose; the first user's without it.
    #[arg(long, requires = "password")]
    username: Option<String>,
    /// That user's password.
    #[arg(long, env = "KONVEKSI_PASSWORD", hide_env_values = true)]
    password: Option<String>,
}

/// Prints the token alone.
pub(crate) async fn run(data: &Path, options: &TokenOptions) -> Result<()> {
    let data = DataFolder::existing(data)
        .context("nothing was started here; `make run` starts the system")?;
    screen::line(fetch(&data, options.username.clone().zip(options.password.clone())).await?);
    Ok(())
}

/// Logs in as `login`, or as the first user.
pub(crate) async fn fetch(data: &DataFolder, login: Option<(String, String)>) -> Result<String> {
    let state = state::read(data)?;
    let api = state.urls.get("api").context("the system does not run; `make run` starts it")?;
    let given = login.is_some();
    let first = || known::admin(&Vault::open(data).ok()?);
    let (username, password) =
        login.or_else(first).context("no login is known; say --username and --password")?;
    let answer = reqwest::Client::builder()
        .no_proxy()
        .build()?
        .post(format!("{api}auth/login/"))
        .json(&json!({ "username": username, "password": password }))
        .send()
        .await?;
    let status = answer.status();
    let body: Value = answer.json().await.unwrap_or_default();
    match body.get("access").and_then(Value::as_str) {
        Some(token) => Ok(token.to_owned()),
        None if given => bail!("{username} cannot log in: {status} {body}"),
        None => bail!(
            "{username} cannot log in with the password that was made at the start ({status}); \
             say --username and --password"
        ),
    }
}
