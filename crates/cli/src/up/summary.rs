//! The one screen a start ends with.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;

use super::admin::Admin;
use super::offers::Addresses;
use crate::screen;
use crate::servers::{Kind, Kit, clamd};
use crate::state::ServerState;

/// What the screen says.
#[derive(Clone, Debug)]
pub(crate) struct Summary {
    urls: BTreeMap<String, String>,
    broker: Option<(String, String)>,
    admin: Admin,
    secrets: String,
    program: String,
    notes: Vec<String>,
}

impl Summary {
    /// Gathers it.
    pub(crate) fn new(kit: &Kit, addresses: &Addresses, admin: &Admin) -> Result<Self> {
        let gateway = addresses.public_url("gateway")?;
        let sandbox = addresses.public_url("sandbox")?;
        let urls = [
            ("page", format!("{gateway}/")),
            ("api", format!("{gateway}/api/v1/")),
            ("docs", format!("{gateway}/docs")),
            ("health", format!("{gateway}/api/v1/health/")),
            ("sandbox", format!("{sandbox}/")),
        ];
        let mut urls: BTreeMap<String, String> =
            urls.into_iter().map(|(name, url)| (name.to_owned(), url)).collect();
        let broker = match kit.server(Kind::RabbitMq) {
            Ok(ServerState { other_ports, .. }) => other_ports.get("management").map(|port| {
                (format!("http://localhost:{port}/"), crate::servers::rabbitmq::ADMIN.to_owned())
            }),
            Err(_) => None,
        };
        if let Some((url, _)) = &broker {
            urls.insert("rabbitmq".to_owned(), url.clone());
        }
        Ok(Self {
            urls,
            broker,
            admin: admin.clone(),
            secrets: kit.data.root().join("secrets.json").display().to_string(),
            program: program(kit.data.root()),
            notes: notes(kit, addresses),
        })
    }

    /// The addresses, for the state file.
    pub(crate) fn urls(&self) -> BTreeMap<String, String> {
        self.urls.clone()
    }

    /// Shows it.
    pub(crate) fn show(&self, took: Duration) {
        let url = |name: &str| self.urls.get(name).cloned().unwrap_or_default();
        let program = &self.program;
        screen::line(format!("\nKonveksi runs, {:.1} s after the start.\n", took.as_secs_f32()));
        screen::line(format!("  page           {}", url("page")));
        screen::line(format!("  API            {}", url("api")));
        screen::line(format!("  documentation  {}", url("docs")));
        screen::line(format!(
            "  sandbox        {}  (checkout pages, messages sent)",
            url("sandbox")
        ));
        if let Some((url, user)) = &self.broker {
            screen::line(format!("  RabbitMQ       {url}  (user {user})"));
        }
        screen::line(format!("\n  login          {}", self.login()));
        screen::line(format!("  passwords      {}", self.secrets));
        screen::line(format!("  a token        TOKEN=$({program} token)"));
        for note in &self.notes {
            screen::line(format!("  note           {note}"));
        }
        screen::line("\nNext, in another terminal:");
        screen::line("  make demo      one order's whole life, step by step");
        screen::line("  make status    what runs, and where");
        screen::line("  make logs      what it says\n");
        screen::line("Ctrl-C ends it. The data stay.");
    }

    fn login(&self) -> String {
        let username = &self.admin.username;
        match &self.admin.new_password {
            Some(password) => format!("{username} / {password}  (shown this once)"),
            None => format!("{username}  (the password was shown at the first start)"),
        }
    }
}

/// How a person calls this program.
fn program(root: &Path) -> String {
    let copy = root.join("bin/konveksi");
    if copy.is_file() { ".konveksi/bin/konveksi".to_owned() } else { "konveksi".to_owned() }
}

/// What is not as a reader of the documentation expects it.
fn notes(kit: &Kit, addresses: &Addresses) -> Vec<String> {
    let mut notes = Vec::new();
    let moved: Vec<String> = addresses
        .moved()
        .into_iter()
        .map(|(name, usual, port)| format!("{name} {port} instead of {usual}"))
        .collect();
    if !moved.is_empty() {
        notes.push(format!("ports taken by others, so: {}", moved.join(", ")));
    }
    if kit.server(Kind::Clamd).is_ok() && !clamd::has_real_signatures() {
        notes
            .push("the virus scanner knows only the EICAR test file (`sudo freshclam`)".to_owned());
    }
    notes
}
