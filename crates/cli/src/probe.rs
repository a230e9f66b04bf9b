//! Asking a server whether it answers, in its own words, within two seconds.

use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long a server may take to answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);

/// Whether something accepts connections at `address` (`host:port`).
pub(crate) async fn tcp(address: &str) -> Result<TcpStream> {
    timeout(PATIENCE, TcpStream::connect(address))
        .await
        .map_err(|_elapsed| anyhow!("no answer from {address} within two seconds"))?
        .with_context(|| format!("cannot connect to {address}"))
}

/// Whether a Redis at `address` takes this password and answers `PING`.
pub(crate) async fn redis(address: &str, user: Option<&str>, password: Option<&str>) -> Result<()> {
    let ask = match (user, password) {
        (Some(user), Some(password)) => format!("AUTH {user} {password}\r\nPING\r\n"),
        (None, Some(password)) => format!("AUTH {password}\r\nPING\r\n"),
        (_, None) => "PING\r\n".to_owned(),
    };
    let answer = exchange(address, ask.as_bytes(), b"+PONG").await?;
    if answer.contains("+PONG") { Ok(()) } else { bail!("{address} answered {answer:?} to PING") }
}

/// Whether a clamd at `address` answers `PING`.
pub(crate) async fn clamd(address: &str) -> Result<()> {
    let answer = exchange(address, b"zPING\0", b"PONG").await?;
    if answer.contains("PONG") { Ok(()) } else { bail!("{address} answered {answer:?} to PING") }
}

/// Whether `GET url` answers with a success.
pub(crate) async fn http(url: &str, user: &str, password: &str) -> Result<()> {
    reqwest::Client::builder()
        .timeout(PATIENCE)
        .no_proxy()
        .build()?
        .get(url)
        .basic_auth(user, Some(password))
        .send()
        .await?
        .error_for_status()?;
    Ok(())
}

/// Sends `ask` and reads until `until`, an error line, or the end.
async fn exchange(address: &str, ask: &[u8], until: &[u8]) -> Result<String> {
    let mut stream = tcp(address).await?;
    let talk = async {
        stream.write_all(ask).await?;
        let mut answer = Vec::new();
        let mut chunk = [0_u8; 256];
        loop {
            let count = stream.read(&mut chunk).await?;
            answer.extend_from_slice(chunk.get(..count).unwrap_or_default());
            let done = answer.windows(until.len()).any(|window| window == until);
            if count == 0 || done || answer.first() == Some(&b'-') || answer.len() > 4096 {
                return Ok::<_, std::io::Error>(answer);
            }
        }
    };
    let answer = timeout(PATIENCE, talk)
        .await
        .map_err(|_elapsed| anyhow!("{address} did not answer within two seconds"))??;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
