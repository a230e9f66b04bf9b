//! Calling the binary, and counting the processes that belong to a data folder.

use std::path::Path;
use std::process::{Command, Output};

/// The binary, with a data folder and without the caller's own servers.
pub(crate) fn konveksi(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_konveksi"));
    command.arg("--data").arg(data);
    for name in ["DATABASE_URL", "AMQP_URL", "AMQP_MANAGEMENT_URL", "REDIS_URL", "CLAMD_ADDR"] {
        command.env_remove(name);
    }
    command
}

/// Runs it to its end and demands success.
#[track_caller]
pub(crate) fn succeeds(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", said(&output));
    output
}

/// Both streams as text.
pub(crate) fn said(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    format!("{out}{err}")
}

/// The living processes that were started for this data folder.
pub(crate) fn processes_of(data: &Path) -> Vec<u32> {
    let mark = format!("KONVEKSI_PROCESS_OF={}", data.canonicalize().unwrap().display());
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid: &u32| {
        // A zombie has no environment any more.
        let environ = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environ.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes())
    })
    .collect()
}

/// What the state file says of one process.
pub(crate) fn state_of(data: &Path, kind: &str, name: &str) -> serde_json::Value {
    let text = std::fs::read_to_string(data.join("state.json")).unwrap();
    serde_json::from_str::<serde_json::Value>(&text).unwrap()[kind][name].clone()
}

/// Ends a process as a crash would.
pub(crate) fn kill(pid: &serde_json::Value) {
    let killed = Command::new("kill").args(["-KILL", &pid.to_string()]).status().unwrap();
    assert!(killed.success());
}
