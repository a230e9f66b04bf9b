//! One running system: `konveksi up` as a child process, with every service a process of its own.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use konveksi_test_support::eventually;
use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::{Admin, World};

/// How long a start may take on a busy machine.
const UP_WITHIN: Duration = Duration::from_mins(3);
/// Two systems at once are what two cores carry.
static PLACES: Semaphore = Semaphore::const_new(2);
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// How a system differs from the ordinary one.
#[derive(Default)]
pub struct StackOptions {
    /// Starts a PostgreSQL, RabbitMQ, Redis and clamd of its own, so that a test may stop them.
    pub own_servers: bool,
    /// Further environment for every process.
    pub env: Vec<(&'static str, String)>,
}

/// What `state.json` says; only what tests need.
#[derive(Debug, Default, Deserialize)]
struct State {
    #[serde(default)]
    children: BTreeMap<String, ChildState>,
    #[serde(default)]
    servers: BTreeMap<String, ChildState>,
}

/// One process of it.
#[derive(Debug, Clone, Copy, Deserialize)]
struct ChildState {
    pid: u32,
    port: u16,
}

/// A running system. Dropping it stops everything it started.
pub struct Stack {
    up: Child,
    data: TempDir,
    http: reqwest::Client,
    admin_password: String,
    /// The name of its database and virtual host.
    pub name: String,
    _place: SemaphorePermit<'static>,
}

impl Stack {
    /// Starts the ordinary system and waits until it is healthy.
    ///
    /// # Errors
    /// What `konveksi up` said when it does not come up.
    pub async fn start() -> Result<Stack> {
        Stack::start_with(StackOptions::default()).await
    }

    /// Starts a system and waits until it is healthy.
    ///
    /// # Errors
    /// What `konveksi up` said when it does not come up.
    pub async fn start_with(options: StackOptions) -> Result<Stack> {
        let place = PLACES.acquire().await?;
        let data = tempfile::Builder::new().prefix("konveksi-e2e-").tempdir_in("/var/tmp")?;
        open_to_servers(data.path())?;
        let name = format!("e2e_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let admin_password = "kata-sandi-uji-e2e".to_owned();
        let mut command = Command::new(binary()?);
        command
            .args(["up", "--ports", "auto", "--stop-on-stdin-close", "--name", &name, "--data"])
            .arg(data.path())
            .env("KONVEKSI_ADMIN_USERNAME", "admin")
            .env("KONVEKSI_ADMIN_PASSWORD", &admin_password)
            .env("KONVEKSI_PAYMENT_EXPIRY_SWEEP_SECONDS", "1")
            .envs(options.env)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true);
        for class in ["PUBLIC", "ADMIN", "UPLOAD", "TRACK", "LOGIN"] {
            command.env(format!("KONVEKSI_GATEWAY_LIMIT_{class}_PER_HOUR"), "1000000");
        }
        if options.own_servers {
            command.arg("--throwaway");
        } else {
            for (own, shared) in [
                ("DATABASE_URL", "TEST_DATABASE_URL"),
                ("AMQP_URL", "TEST_AMQP_URL"),
                ("AMQP_MANAGEMENT_URL", "TEST_AMQP_MANAGEMENT_URL"),
                ("REDIS_URL", "TEST_REDIS_URL"),
                ("CLAMD_ADDR", "TEST_CLAMD_ADDR"),
            ] {
                command.env(own, environment(shared)?);
            }
        }
        let up = command.spawn().context("konveksi up could not be started")?;
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(30))
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let mut stack = Stack { up, data, http, admin_password, name, _place: place };
        stack.wait_until_up().await?;
        Ok(stack)
    }

    /// `up` prints its screen when every part is healthy, or ends.
    async fn wait_until_up(&mut self) -> Result<()> {
        let stdout = self.up.stdout.take().context("no output")?;
        let mut lines = BufReader::new(stdout).lines();
        let mut heard = Vec::new();
        let ready = async {
            while let Some(line) = lines.next_line().await? {
                let done = line.contains("/docs");
                heard.push(line);
                if done {
                    return Ok::<bool, std::io::Error>(true);
                }
            }
            Ok(false)
        };
        let up = tokio::time::timeout(UP_WITHIN, ready).await;
        ensure!(matches!(up, Ok(Ok(true))), "the system did not come up:\n{}", heard.join("\n"));
        // Nobody reads on; a full pipe must not stop the supervisor.
        tokio::spawn(async move { while let Ok(Some(_line)) = lines.next_line().await {} });
        Ok(())
    }

    fn state(&self) -> Result<State> {
        let text = std::fs::read_to_string(self.data.path().join("state.json"))?;
        Ok(serde_json::from_str(&text)?)
    }

    fn child(&self, name: &str) -> Result<ChildState> {
        let state = self.state()?;
        let found = state.children.get(name).or_else(|| state.servers.get(name)).copied();
        found.with_context(|| format!("state.json knows no {name}"))
    }

    /// Where a process listens, as `http://127.0.0.1:<port>`.
    ///
    /// # Errors
    /// When there is no such process.
    pub fn base(&self, name: &str) -> Result<String> {
        Ok(format!("http://127.0.0.1:{}", self.child(name)?.port))
    }

    /// A URL of the public API.
    ///
    /// # Errors
    /// When the gateway is not there.
    pub fn api(&self, path: &str) -> Result<String> {
        Ok(format!("{}/api/v1{path}", self.base("gateway")?))
    }

    /// The client every call is made with.
    pub const fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// The outside world: what the sandbox received, and its switches.
    ///
    /// # Errors
    /// When the sandbox is not there.
    pub fn world(&self) -> Result<World> {
        Ok(World::new(self.http.clone(), self.base("sandbox")?))
    }

    /// A logged-in owner.
    ///
    /// # Errors
    /// When login does not succeed.
    pub async fn admin(&self) -> Result<Admin> {
        Admin::log_in(self, "admin", &self.admin_password).await
    }

    /// GET of the public API as anybody; the status and the JSON.
    ///
    /// # Errors
    /// When there is no answer or it is not JSON.
    pub async fn get(&self, path: &str) -> Result<(u16, Value)> {
        let answer = self.http.get(self.api(path)?).send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    /// POST of JSON to the public API as anybody; the status and the JSON.
    ///
    /// # Errors
    /// When there is no answer or it is not JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Result<(u16, Value)> {
        let answer = self.http.post(self.api(path)?).json(body).send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    /// Kills a process as `kill -9` does; the supervisor starts it again.
    ///
    /// # Errors
    /// When there is no such process.
    pub fn kill(&self, name: &str) -> Result<()> {
        signal("-KILL", self.child(name)?.pid)
    }

    /// Waits until a process that was killed serves again under another process id.
    ///
    /// # Errors
    /// When it does not come back.
    pub async fn wait_until_back(&self, name: &str, old_pid: u32) -> Result<()> {
        eventually(crate::SOON, async || {
            let child = self.child(name).ok().filter(|child| child.pid != old_pid)?;
            let url = format!("http://127.0.0.1:{}/internal/health/live", child.port);
            let answer = self.http.get(url).send().await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
        Ok(())
    }

    /// The process id of a part.
    ///
    /// # Errors
    /// When there is no such process.
    pub fn pid(&self, name: &str) -> Result<u32> {
        Ok(self.child(name)?.pid)
    }

    /// Moves the business clock of every service and of the sandbox.
    ///
    /// # Errors
    /// When one of them refuses.
    pub async fn advance(&self, seconds: i64) -> Result<()> {
        for name in self.state()?.children.keys() {
            let url = format!("{}/internal/v1/clock", self.base(name)?);
            let answer =
                self.http.post(url).json(&json!({ "advance_seconds": seconds })).send().await?;
            ensure!(answer.status().is_success(), "{name} did not move its clock");
        }
        Ok(())
    }

    /// The database URL of one service's own role.
    ///
    /// # Errors
    /// When the system wrote none down.
    pub fn database_url(&self, service: &str) -> Result<String> {
        let path = self.data.path().join("secrets.json");
        let secrets: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
        let url = secrets.pointer(&format!("/database_urls/{service}")).and_then(Value::as_str);
        Ok(url.context("no database URL was written down")?.to_owned())
    }

    /// The program with this system's data folder, as a person would type it.
    ///
    /// # Errors
    /// When the test runner did not say where the program is.
    pub fn program(&self) -> Result<String> {
        Ok(format!("{} --data {}", binary()?.display(), self.data.path().display()))
    }

    /// Runs a command of the program on this system to its end; answers what it printed.
    ///
    /// # Errors
    /// With everything it said when it does not succeed.
    pub async fn run(&self, arguments: &str) -> Result<String> {
        let output = Command::new(binary()?)
            .args(arguments.split_whitespace())
            .arg("--data")
            .arg(self.data.path())
            .stdin(Stdio::null())
            .output()
            .await?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let noted = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "konveksi {arguments}: {said}{noted}");
        Ok(format!("{said}{noted}"))
    }

    /// Stops one of its own servers (`rabbitmq`, `redis`, …) as a crash would, or starts it again.
    ///
    /// # Errors
    /// When the command fails; only with [`StackOptions::own_servers`].
    pub async fn server(&self, action: &str, name: &str) -> Result<()> {
        let status = Command::new(binary()?)
            .args(["servers", action, "--only", name, "--data"])
            .arg(self.data.path())
            .stdout(Stdio::null())
            .status()
            .await?;
        ensure!(status.success(), "konveksi servers {action} --only {name} failed");
        Ok(())
    }
}

impl Drop for Stack {
    /// Ends the supervisor gently, and waits, so that nothing is left behind.
    fn drop(&mut self) {
        if let Some(pid) = self.up.id()
            && signal("-TERM", pid).is_ok()
        {
            let deadline = std::time::Instant::now() + Duration::from_secs(20);
            while self.up.try_wait().ok().flatten().is_none()
                && std::time::Instant::now() < deadline
            {
                std::thread::yield_now();
            }
        }
    }
}

fn signal(which: &str, pid: u32) -> Result<()> {
    let status = std::process::Command::new("kill").args([which, &pid.to_string()]).status()?;
    if !status.success() {
        bail!("process {pid} is not there");
    }
    Ok(())
}

/// The database's own user must reach its folder below this one.
fn open_to_servers(folder: &std::path::Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))?)
}

fn binary() -> Result<PathBuf> {
    environment("KONVEKSI_BIN").map(PathBuf::from)
}

#[expect(clippy::disallowed_methods, reason = "where the test runner says its servers are")]
fn environment(name: &str) -> Result<String> {
    std::env::var(name).with_context(|| format!("{name} is not set: run `make test`"))
}
