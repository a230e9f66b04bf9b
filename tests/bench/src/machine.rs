//! What the figures were measured on.

use std::process::Command;

use anyhow::Result;
use konveksi_kernel::{Clock as _, SystemClock};

use crate::database::Database;
use crate::figures::tenths;

/// The machine and the versions, as a list.
///
/// # Errors
/// When PostgreSQL does not answer.
pub(crate) async fn describe(database: &mut Database) -> Result<String> {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let postgres = database
        .words(
            "SELECT 'PostgreSQL ' || current_setting('server_version') || ' (fsync '
                 || current_setting('fsync') || ', synchronous_commit '
                 || current_setting('synchronous_commit') || ', full_page_writes '
                 || current_setting('full_page_writes') || ', shared_buffers '
                 || current_setting('shared_buffers') || ')' AS words",
        )
        .await?;
    let lines = [
        format!("- {cores} cores: {}", cpu_model()),
        format!("- {} GB of memory", memory_gb()),
        format!("- Linux {}, {}", first_line("/proc/sys/kernel/osrelease"), distribution()),
        format!("- {postgres}"),
        format!("- RabbitMQ {}", package("rabbitmq-server")),
        format!("- Redis {}, clamd {}", package("redis-server"), package("clamav-daemon")),
        format!("- {}, release profile", said("rustc", &["--version"])),
        format!(
            "- measured {} at commit {}",
            SystemClock.now().format("%Y-%m-%d %H:%M UTC"),
            said("git", &["rev-parse", "--short", "HEAD"])
        ),
    ];
    Ok(lines.join("\n"))
}

/// The load average of the last minute.
pub(crate) fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or("unknown").to_owned()
}

fn cpu_model() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name"));
    model.map_or_else(
        || "unknown".to_owned(),
        |model| model.trim_start_matches(['\t', ' ', ':']).to_owned(),
    )
}

fn memory_gb() -> String {
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kb = text
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:")?.split_whitespace().next()?.parse().ok());
    tenths(kb.unwrap_or(0_u64) * 10 / (1024 * 1024))
}

fn distribution() -> String {
    let text = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    name.unwrap_or("unknown").trim_matches('"').to_owned()
}

fn first_line(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_default().trim().to_owned()
}

fn package(name: &str) -> String {
    said("dpkg-query", &["--show", "--showformat=${Version}", name])
}

/// What a program prints; "unknown" when it is not there.
fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().ok();
    let output = output.filter(|output| output.status.success());
    output.map_or_else(
        || "unknown".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}
