//! The system that is measured: servers of its own, and `konveksi up` upon them, in a folder that
//! is removed afterwards.
//!
//! The servers are started apart from the services and outlive them, so that a start of the
//! services alone can be timed, and several of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::say;

/// The database and the virtual host.
pub(crate) const NAME: &str = "konveksi_bench";
/// How long the services may take to start, and to stop.
const START: Duration = Duration::from_mins(3);
const STOP: Duration = Duration::from_secs(40);
/// How long servers may take to start or stop.
const SERVERS: Duration = Duration::from_mins(3);

/// What `state.json` says; only what is needed here.
#[derive(Debug, Default, Deserialize)]
struct State {
    up: Option<Entry>,
    #[serde(default)]
    children: BTreeMap<String, Entry>,
    #[serde(default)]
    servers: BTreeMap<String, Entry>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Entry {
    pid: u32,
    #[serde(default)]
    port: u16,
}

/// The processes of a running system.
#[derive(Debug)]
pub(crate) struct Parts {
    services: BTreeMap<String, Entry>,
    supervisor: u32,
    servers: BTreeMap<String, Entry>,
}

impl Parts {
    /// Name, process id, and whether its helpers count for it.
    pub(crate) fn processes(&self) -> impl Iterator<Item = (&str, u32, bool)> {
        let own = self.own().map(|(name, pid)| (name, pid, false));
        own.chain(self.servers.iter().map(|(name, entry)| (name.as_str(), entry.pid, true)))
    }

    /// Our own processes: the services, the sandbox and the supervisor.
    pub(crate) fn own(&self) -> impl Iterator<Item = (&str, u32)> {
        let services = self.services.iter().map(|(name, entry)| (name.as_str(), entry.pid));
        services.chain([("konveksi up", self.supervisor)])
    }

    /// Where a service listens.
    ///
    /// # Errors
    /// When there is none of that name.
    pub(crate) fn base(&self, name: &str) -> Result<String> {
        Ok(format!("http://127.0.0.1:{}", self.service(name)?.port))
    }

    fn service(&self, name: &str) -> Result<Entry> {
        self.services.get(name).copied().with_context(|| format!("there is no {name}"))
    }
}

/// The system, whole or in part.
pub(crate) struct System {
    program: PathBuf,
    servers: PathBuf,
    data: PathBuf,
    durable: bool,
    up: Option<Child>,
    /// What runs in place of the system's own order service, and where it listens.
    order: Option<(Child, u16)>,
    paused: Mutex<BTreeSet<u32>>,
}

impl System {
    /// Nothing runs yet. `durable` servers survive a power cut, as those of `make run` do.
    pub(crate) fn new(program: &Path, data: &Path, durable: bool) -> System {
        System {
            program: program.to_path_buf(),
            servers: data.join("servers"),
            data: data.join("system"),
            durable,
            up: None,
            order: None,
            paused: Mutex::default(),
        }
    }

    /// Starts PostgreSQL, RabbitMQ, Redis and clamd.
    ///
    /// # Errors
    /// When one does not come up.
    pub(crate) async fn start_servers(&self) -> Result<()> {
        std::fs::create_dir_all(&self.servers)?;
        let mut command = self.konveksi(&self.servers);
        command.args(["servers", "start", "--env-file"]).arg(self.servers.join("env"));
        if !self.durable {
            command.arg("--throwaway");
        }
        finish(command, SERVERS).await
    }

    /// Starts the services upon the servers and waits until all are healthy. Answers how long
    /// that took, from the start of the program.
    ///
    /// # Errors
    /// What it said when it does not come up.
    pub(crate) async fn start(&mut self) -> Result<Duration> {
        let mut command = self.konveksi(&self.data);
        command
            .args(["up", "--ports", "auto", "--stop-on-stdin-close", "--name", NAME])
            .env("KONVEKSI_ADMIN_PASSWORD", "kata-sandi-tolok-ukur")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        for (name, value) in self.addresses()? {
            if let Some(name) = name.strip_prefix("TEST_") {
                command.env(name, value);
            }
        }
        for class in ["PUBLIC", "ADMIN", "UPLOAD", "TRACK", "LOGIN"] {
            command.env(format!("KONVEKSI_GATEWAY_LIMIT_{class}_PER_HOUR"), "10000000");
        }
        let began = Instant::now();
        let mut child = command.spawn().context("konveksi up could not be started")?;
        let stdout = child.stdout.take().context("no output")?;
        self.up = Some(child);
        let mut lines = BufReader::new(stdout).lines();
        let screen = async {
            while let Some(line) = lines.next_line().await? {
                if line.contains("/docs") {
                    return Ok::<bool, std::io::Error>(true);
                }
            }
            Ok(false)
        };
        let healthy = matches!(timeout(START, screen).await, Ok(Ok(true)));
        let took = began.elapsed();
        ensure!(healthy, "konveksi up did not come up; its logs are in {}", self.data.display());
        // Nobody reads on; a full pipe must not stop the supervisor.
        tokio::spawn(async move { while let Ok(Some(_line)) = lines.next_line().await {} });
        Ok(took)
    }

    /// Freezes the order service and starts `program` in its place, with its environment, on
    /// another port. Only those who ask [`System::parts`] find it.
    ///
    /// # Errors
    /// When the service does not run or `program` cannot be started.
    pub(crate) fn replace_order(&mut self, program: &Path) -> Result<()> {
        let own = self.parts()?.service("order")?;
        let environment = std::fs::read(format!("/proc/{}/environ", own.pid))?;
        self.pause(&["order"])?;
        let socket = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        let port = socket.local_addr()?.port();
        drop(socket);
        let mut command = Command::new(program);
        command.env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        for pair in environment.split(|byte| *byte == 0) {
            let text = String::from_utf8_lossy(pair);
            if let Some((name, value)) = text.split_once('=') {
                command.env(name, value);
            }
        }
        command.env("KONVEKSI_ORDER_PORT", port.to_string()).kill_on_drop(true);
        let child = command.spawn().context("the other order service could not be started")?;
        self.order = Some((child, port));
        Ok(())
    }

    /// Stops the services; the servers stay.
    ///
    /// # Errors
    /// When they cannot be waited for.
    pub(crate) async fn stop(&mut self) -> Result<()> {
        if let Some((mut order, _)) = self.order.take() {
            order.kill().await?;
        }
        self.resume_all();
        let Some(mut up) = self.up.take() else { return Ok(()) };
        drop(up.stdin.take());
        if timeout(STOP, up.wait()).await.is_err() {
            say::step("konveksi up does not end, so it is killed");
            up.kill().await?;
        }
        Ok(())
    }

    /// Stops everything and removes what it left.
    ///
    /// # Errors
    /// When the servers do not stop.
    pub(crate) async fn end(&mut self) -> Result<()> {
        let stopped = self.stop().await;
        let mut command = self.konveksi(&self.servers);
        command.args(["servers", "stop"]);
        let servers = finish(command, SERVERS).await;
        // What servers without --throwaway keep lies outside the folder when root runs them.
        let mut command = self.konveksi(&self.servers);
        command.args(["reset", "--yes"]);
        stopped.and(servers).and(finish(command, SERVERS).await)
    }

    /// The processes as they are now; a restarted one has another id.
    ///
    /// # Errors
    /// When the state files cannot be read.
    pub(crate) fn parts(&self) -> Result<Parts> {
        let state = state(&self.data)?;
        let servers = state_servers(&self.servers)?;
        let supervisor = state.up.context("konveksi up does not run")?.pid;
        let mut services = state.children;
        if let Some((pid, port)) =
            self.order.as_ref().and_then(|(child, port)| Some((child.id()?, *port)))
        {
            services.insert("order".to_owned(), Entry { pid, port });
        }
        Ok(Parts { services, supervisor, servers })
    }

    /// Where the servers are, by the names their program gives them.
    ///
    /// # Errors
    /// When the file is not there.
    pub(crate) fn addresses(&self) -> Result<BTreeMap<String, String>> {
        let text = std::fs::read_to_string(self.servers.join("env"))?;
        let lines = text.lines().filter_map(|line| {
            let (name, value) = line.strip_prefix("export ")?.split_once('=')?;
            Some((name.to_owned(), value.trim_matches('\'').to_owned()))
        });
        Ok(lines.collect())
    }

    /// The system's database, as PostgreSQL's own superuser.
    ///
    /// # Errors
    /// When the address is not known.
    pub(crate) fn database_url(&self) -> Result<String> {
        let addresses = self.addresses()?;
        let url = addresses.get("TEST_DATABASE_URL").context("no address of PostgreSQL")?;
        let (server, _database) = url.rsplit_once('/').context("not a database's address")?;
        Ok(format!("{server}/{NAME}"))
    }

    /// Where the servers keep their logs and state.
    pub(crate) fn servers(&self) -> &Path {
        &self.servers
    }

    /// A folder for files of the moment.
    pub(crate) fn scratch(&self) -> &Path {
        &self.data
    }

    /// One of the system's generated secrets.
    ///
    /// # Errors
    /// When there is none at that place.
    pub(crate) fn secret(&self, pointer: &str) -> Result<String> {
        let text = std::fs::read_to_string(self.data.join("secrets.json"))?;
        let secrets: Value = serde_json::from_str(&text)?;
        let secret = secrets.pointer(pointer).and_then(Value::as_str);
        Ok(secret.with_context(|| format!("secrets.json has no {pointer}"))?.to_owned())
    }

    /// Freezes services, as if they were not there, without their queues going away.
    ///
    /// # Errors
    /// When one does not run.
    pub(crate) fn pause(&self, names: &[&str]) -> Result<()> {
        let parts = self.parts()?;
        for name in names {
            let pid = parts.service(name)?.pid;
            self.paused.lock().unwrap_or_else(PoisonError::into_inner).insert(pid);
            signal("STOP", pid)?;
        }
        Ok(())
    }

    /// Lets one service go on.
    ///
    /// # Errors
    /// When it does not run.
    pub(crate) fn resume(&self, name: &str) -> Result<()> {
        let pid = self.parts()?.service(name)?.pid;
        self.paused.lock().unwrap_or_else(PoisonError::into_inner).remove(&pid);
        signal("CONT", pid)
    }

    /// Lets all go on.
    pub(crate) fn resume_all(&self) {
        let paused =
            std::mem::take(&mut *self.paused.lock().unwrap_or_else(PoisonError::into_inner));
        for pid in paused {
            if let Err(error) = signal("CONT", pid) {
                say::failure(&error);
            }
        }
    }

    fn konveksi(&self, data: &Path) -> Command {
        let mut command = Command::new(&self.program);
        // A group of its own: Ctrl-C reaches us alone, and we end the rest in order.
        command.arg("--data").arg(data).process_group(0).kill_on_drop(true);
        command
    }
}

fn state(data: &Path) -> Result<State> {
    let path = data.join("state.json");
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(serde_json::from_str(&text)?)
}

fn state_servers(data: &Path) -> Result<BTreeMap<String, Entry>> {
    Ok(state(data)?.servers)
}

/// Runs a command to its end.
async fn finish(mut command: Command, patience: Duration) -> Result<()> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let output = timeout(patience, command.output()).await.context("it takes too long")??;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}

/// The shell's own `kill`: the program of that name is not on every machine.
fn signal(name: &str, pid: u32) -> Result<()> {
    let status = std::process::Command::new("sh")
        .args(["-c", "kill -s \"$0\" \"$1\"", name, &pid.to_string()])
        .status()
        .context("cannot run sh to send a signal")?;
    ensure!(status.success(), "process {pid} is not there");
    Ok(())
}
