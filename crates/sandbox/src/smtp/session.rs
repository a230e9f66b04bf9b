//! One conversation with a mail client.

use std::io;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use konveksi_settings::ExposeSecret as _;
use serde_json::json;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, BufStream};

use super::command::{self, Command};
use super::lines::{self, Body, Line};
use super::mail;
use crate::requests::Arrival;
use crate::switches::Api;
use crate::world::World;

/// The largest mail, in bytes.
const LARGEST_MAIL: usize = 10 * 1024 * 1024;
/// The most recipients of one mail.
const MOST_RECIPIENTS: usize = 100;

/// What the client has said so far.
pub(crate) struct Session<'a, S> {
    stream: BufStream<S>,
    world: &'a World,
    greeted: bool,
    authenticated: bool,
    sender: Option<String>,
    recipients: Vec<String>,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin> Session<'a, S> {
    /// A conversation not yet begun.
    pub(crate) fn new(stream: S, world: &'a World) -> Self {
        Session {
            stream: BufStream::new(stream),
            world,
            greeted: false,
            authenticated: world.config.smtp_login.is_none(),
            sender: None,
            recipients: Vec::new(),
        }
    }

    /// Talks until the client leaves.
    ///
    /// # Errors
    /// [`io::Error`] when the connection breaks.
    pub(crate) async fn converse(mut self) -> io::Result<()> {
        self.reply("220 sandbox.konveksi ESMTP, tidak mengirim apa pun").await?;
        while let Some(line) = lines::next(&mut self.stream).await? {
            let command = match line {
                Line::TooLong => {
                    self.reply("500 Line too long").await?;
                    continue;
                }
                Line::Whole(line) => command::parse(&line),
            };
            match command {
                Command::Quit => return self.reply("221 Bye").await,
                Command::Ehlo => self.ehlo().await?,
                Command::AuthPlain(initial) => self.auth_plain(initial).await?,
                Command::AuthLogin(initial) => self.auth_login(initial).await?,
                Command::Data => {
                    if !self.data().await? {
                        return Ok(());
                    }
                }
                Command::Helo
                | Command::Mail(..)
                | Command::Rcpt(_)
                | Command::Rset
                | Command::Noop
                | Command::Malformed
                | Command::Unknown => {
                    let reply = self.simple(command);
                    self.reply(reply).await?;
                }
            }
        }
        Ok(())
    }

    /// Commands that are one line and one answer.
    fn simple(&mut self, command: Command) -> &'static str {
        match command {
            Command::Helo => {
                self.greeted = true;
                "250 sandbox.konveksi"
            }
            Command::Mail(sender, size) => self.mail(sender, size),
            Command::Rcpt(recipient) => self.rcpt(recipient),
            Command::Rset => {
                self.forget_mail();
                "250 OK"
            }
            Command::Noop => "250 OK",
            Command::Malformed => "501 Syntax error in parameters or arguments",
            Command::Unknown
            | Command::Ehlo
            | Command::AuthPlain(_)
            | Command::AuthLogin(_)
            | Command::Data
            | Command::Quit => "502 Command not implemented",
        }
    }

    async fn reply(&mut self, line: &str) -> io::Result<()> {
        self.stream.write_all(line.as_bytes()).await?;
        self.stream.write_all(b"\r\n").await?;
        self.stream.flush().await
    }

    async fn ehlo(&mut self) -> io::Result<()> {
        self.greeted = true;
        self.forget_mail();
        self.reply("250-sandbox.konveksi").await?;
        self.reply("250-PIPELINING").await?;
        self.reply("250-8BITMIME").await?;
        self.reply("250-SMTPUTF8").await?;
        self.reply(&format!("250-SIZE {LARGEST_MAIL}")).await?;
        self.reply("250 AUTH PLAIN LOGIN").await
    }

    fn mail(&mut self, sender: String, size: Option<u64>) -> &'static str {
        if !self.greeted {
            return "503 Say EHLO first";
        }
        if !self.authenticated {
            return "530 Authentication required";
        }
        if self.sender.is_some() {
            return "503 A mail is already begun";
        }
        let largest = u64::try_from(LARGEST_MAIL).unwrap_or(u64::MAX);
        if size.is_some_and(|size| size > largest) {
            return "552 Message exceeds the largest size";
        }
        self.sender = Some(sender);
        "250 OK"
    }

    fn rcpt(&mut self, recipient: String) -> &'static str {
        if self.sender.is_none() {
            return "503 Say MAIL first";
        }
        if self.recipients.len() >= MOST_RECIPIENTS {
            return "452 Too many recipients";
        }
        self.recipients.push(recipient);
        "250 OK"
    }

    /// Takes the mail; false when the client has gone in the middle of it.
    async fn data(&mut self) -> io::Result<bool> {
        if self.recipients.is_empty() {
            self.reply("503 Say MAIL and RCPT first").await?;
            return Ok(true);
        }
        self.reply("354 End with a dot on a line of its own").await?;
        let Some(body) = lines::body(&mut self.stream, LARGEST_MAIL).await? else {
            return Ok(false);
        };
        match body {
            Body::TooLarge => self.reply("552 Message exceeds the largest size").await?,
            Body::Whole(raw) => self.take(&raw).await?,
        }
        self.forget_mail();
        Ok(true)
    }

    /// Keeps a whole mail and answers as the switches say.
    async fn take(&mut self, raw: &[u8]) -> io::Result<()> {
        let in_flight = self.world.requests.begin(Arrival {
            api: Api::Smtp,
            method: "DATA".to_owned(),
            path: String::new(),
            body: json!({ "from": self.sender, "to": self.recipients, "bytes": raw.len() }),
            received_at: self.world.now(),
        });
        // Without switches of its own there is nothing to be malformed.
        let turn = self.world.switches.turn(Api::Smtp, None).unwrap_or_default();
        let (code, reply) = match turn.failure {
            Some(failure) => {
                if failure.after_effect {
                    self.keep(raw);
                }
                let code = failure.status.unwrap_or(451);
                (code, format!("{code} The sandbox was told to refuse"))
            }
            None => (250, format!("250 OK queued as {}", self.keep(raw))),
        };
        tokio::time::sleep(Duration::from_millis(turn.delay_ms)).await;
        self.reply(&reply).await?;
        in_flight.finish(code);
        Ok(())
    }

    fn keep(&self, raw: &[u8]) -> String {
        let sender = self.sender.as_deref().unwrap_or_default();
        let now = self.world.now();
        let messages = mail::decode(raw, sender, &self.recipients, now);
        messages
            .into_iter()
            .map(|message| self.world.messages.add(message))
            .last()
            .unwrap_or_default()
    }

    fn forget_mail(&mut self) {
        self.sender = None;
        self.recipients.clear();
    }

    async fn auth_plain(&mut self, initial: Option<String>) -> io::Result<()> {
        let Some(answer) = self.answer_to("334 ", initial).await? else { return Ok(()) };
        // RFC 4616: authorisation identity, user, password, separated by NUL.
        let mut parts = answer.split('\0').skip(1);
        let (user, password) = (parts.next(), parts.next());
        self.check(user.unwrap_or_default(), password.unwrap_or_default()).await
    }

    async fn auth_login(&mut self, initial: Option<String>) -> io::Result<()> {
        let Some(user) = self.answer_to("334 VXNlcm5hbWU6", initial).await? else {
            return Ok(());
        };
        let Some(password) = self.answer_to("334 UGFzc3dvcmQ6", None).await? else {
            return Ok(());
        };
        self.check(&user, &password).await
    }

    /// The client's decoded answer to `challenge`, unless it was given already; `None` after an
    /// answer that cannot be decoded, which is told to the client.
    async fn answer_to(
        &mut self,
        challenge: &str,
        given: Option<String>,
    ) -> io::Result<Option<String>> {
        let encoded = if let Some(given) = given {
            given
        } else {
            self.reply(challenge).await?;
            match lines::next(&mut self.stream).await? {
                Some(Line::Whole(line)) => String::from_utf8_lossy(&line).trim().to_owned(),
                Some(Line::TooLong) | None => String::from("*"),
            }
        };
        let decoded = STANDARD.decode(encoded).ok().and_then(|raw| String::from_utf8(raw).ok());
        if decoded.is_none() {
            self.reply("501 Cannot decode the answer").await?;
        }
        Ok(decoded)
    }

    async fn check(&mut self, user: &str, password: &str) -> io::Result<()> {
        let right =
            self.world.config.smtp_login.as_ref().is_none_or(|login| {
                login.user == user && login.password.expose_secret() == password
            });
        self.authenticated |= right;
        let reply = if right {
            "235 Authentication succeeded"
        } else {
            "535 Authentication credentials invalid"
        };
        self.reply(reply).await
    }
}
