//! `konveksi up` on the test servers: what a crash leaves is cleaned up, and an end leaves nothing.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::{kill, konveksi, processes_of, state_of, succeeds};

#[test]
fn a_killed_run_is_cleaned_up_by_the_next_and_a_stop_leaves_no_process() {
    let data = tempfile::tempdir().unwrap();
    let name = format!("cli_it_{}", std::process::id());
    let mut first = up(data.path(), &name);
    let order = state_of(data.path(), "children", "order")["pid"].clone();
    let runs_already = started(data.path(), &name).spawn().unwrap().wait().unwrap();
    assert!(!runs_already.success(), "two on one folder");

    kill(&first.id().into());
    first.wait().unwrap();
    assert!(alive(&order), "children outlive a killed supervisor");

    let mut second = up(data.path(), &name);
    assert!(!alive(&order), "the wreck is gone");
    succeeds(konveksi(data.path()).arg("status"));

    succeeds(konveksi(data.path()).arg("stop"));
    assert!(second.wait().unwrap().success());
    assert_eq!(processes_of(data.path()), Vec::<u32>::new());
    assert!(!data.path().join("servers").exists(), "it started none of its own");
}

/// Starts a system and waits for its screen.
fn up(data: &Path, name: &str) -> Child {
    let mut child = started(data, name).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let shown = lines.any(|line| line.unwrap().contains("Konveksi runs"));
    assert!(shown, "it did not come up");
    // The rest is read, so that a full pipe stops nobody.
    std::thread::spawn(move || lines.for_each(drop));
    child
}

#[expect(clippy::disallowed_methods, reason = "where the test runner says its servers are")]
fn started(data: &Path, name: &str) -> Command {
    let mut command = konveksi(data);
    command.args(["up", "--ports", "auto", "--name", name]);
    for (own, shared) in [
        ("DATABASE_URL", "TEST_DATABASE_URL"),
        ("AMQP_URL", "TEST_AMQP_URL"),
        ("AMQP_MANAGEMENT_URL", "TEST_AMQP_MANAGEMENT_URL"),
        ("REDIS_URL", "TEST_REDIS_URL"),
        ("CLAMD_ADDR", "TEST_CLAMD_ADDR"),
    ] {
        command.env(own, std::env::var(shared).expect("run `make test`, which starts the servers"));
    }
    command
}

fn alive(pid: &serde_json::Value) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, fields)| !fields.trim_start().starts_with('Z'))
}
