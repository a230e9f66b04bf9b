//! The private RabbitMQ, with its management plug-in and an epmd of its own.
//!
//! Debian's wrapper refuses other users, so the script below it is called. The node's name comes
//! from the data folder, not from the port: data lie under that name, and ports move.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::process::Command;

use super::launch::{Account, detached, until_ready};
use super::{Kind, Kit, install};
use crate::probe;
use crate::process::{Process, Signal};
use crate::state::ServerState;

/// The administrator of the private broker.
pub(crate) const ADMIN: &str = "konveksi_admin";

const MANAGEMENT: &str = "management";
const EPMD: &str = "epmd";
const DISTRIBUTION: &str = "distribution";

struct Node {
    account: Account,
    home: PathBuf,
    port: u16,
    management: u16,
    distribution: u16,
    epmd: u16,
}

/// Starts it.
pub(crate) async fn start(kit: &Kit) -> Result<()> {
    let node = Node {
        account: Account::of("rabbitmq")?,
        home: kit.home.join("rabbitmq"),
        port: kit.port(Kind::RabbitMq)?,
        management: kit.other_port(Kind::RabbitMq, MANAGEMENT, 15_674)?,
        distribution: kit.other_port(Kind::RabbitMq, DISTRIBUTION, 35_673)?,
        epmd: kit.other_port(Kind::RabbitMq, EPMD, 14_369)?,
    };
    let program = install::program(Kind::RabbitMq, "rabbitmq-server")?;
    write_settings(kit, &node)?;
    let log = kit.data.log("rabbitmq");
    let mut command = node.account.command(kit.data.root(), &program);
    environment(&mut command, kit, &node);
    let process = detached(command, &log)?;
    kit.started(
        Kind::RabbitMq,
        process,
        node.port,
        [(MANAGEMENT, node.management), (DISTRIBUTION, node.distribution), (EPMD, node.epmd)],
    )?;
    until_ready("RabbitMQ", process, &log, Duration::from_mins(2), async || {
        answers(kit, node.port, node.management).await
    })
    .await
}

/// Its URL for the administrator, for the vhost `/` or another.
pub(crate) fn url(kit: &Kit, server: &ServerState, vhost: &str) -> Result<String> {
    let password = kit.vault.password("rabbitmq")?;
    let vhost = vhost.replace('/', "%2f");
    Ok(format!("amqp://{ADMIN}:{password}@127.0.0.1:{}/{vhost}", server.port))
}

/// The URL of its management API, with the administrator's login in it.
pub(crate) fn management_url(kit: &Kit, server: &ServerState) -> Result<String> {
    let password = kit.vault.password("rabbitmq")?;
    Ok(format!("http://{ADMIN}:{password}@127.0.0.1:{}", management_port(server)?))
}

/// Whether it answers.
pub(crate) async fn healthy(kit: &Kit, server: &ServerState) -> Result<()> {
    answers(kit, server.port, management_port(server)?).await
}

/// Ends the node and its epmd. The script we started would take the slow way (`rabbitmqctl`), so
/// the node itself is asked; it may also have outlived the script.
pub(crate) async fn stop(kit: &Kit, server: &ServerState, at_once: bool) -> Result<()> {
    let node = std::fs::read_to_string(kit.home.join("rabbitmq/pid"))
        .ok()
        .and_then(|pid| pid.trim().parse().ok())
        .and_then(Process::find)
        .filter(|node| node.is_marked(kit.data.root()));
    let signal = if at_once { Signal::Kill } else { Signal::Terminate };
    if let Some(node) = node {
        node.stop(signal, Duration::from_secs(20)).await?;
    }
    server.process.stop(signal, Duration::from_secs(5)).await?;
    if let Some(port) = server.other_ports.get(EPMD) {
        Command::new("epmd")
            .args(["-port", &port.to_string(), "-kill"])
            .output()
            .await
            .context("cannot run epmd to end it")?;
    }
    Ok(())
}

async fn answers(kit: &Kit, port: u16, management: u16) -> Result<()> {
    let password = kit.vault.password("rabbitmq")?;
    let check = format!("http://127.0.0.1:{management}/api/health/checks/port-listener/{port}");
    probe::http(&check, ADMIN, &password).await
}

fn management_port(server: &ServerState) -> Result<u16> {
    server.other_ports.get(MANAGEMENT).copied().context("RabbitMQ's management port is not known")
}

fn write_settings(kit: &Kit, node: &Node) -> Result<()> {
    let Node { account, home, port, management, .. } = node;
    for folder in ["", "home", "mnesia", "log", "etc", "schema"] {
        account.make_folder(&home.join(folder))?;
    }
    let password = kit.vault.password("rabbitmq")?;
    let cookie = home.join("home/.erlang.cookie");
    if !cookie.exists() {
        account.write(&cookie, &kit.vault.password("erlang-cookie")?)?;
    }
    let memory = if kit.throwaway { "1GiB" } else { "512MiB" };
    account.write(
        &home.join("etc/rabbitmq.conf"),
        &format!(
            "listeners.tcp.1 = 127.0.0.1:{port}\nmanagement.tcp.ip = 127.0.0.1\n\
             management.tcp.port = {management}\ndefault_user = {ADMIN}\n\
             default_pass = {password}\nlog.console = true\nlog.console.level = warning\n\
             log.file = false\nvm_memory_high_watermark.absolute = {memory}\n\
             disk_free_limit.absolute = 50MB\nchannel_max = 2047\n"
        ),
    )?;
    account.write(&home.join("etc/enabled_plugins"), "[rabbitmq_management].\n")?;
    account.write(&home.join("etc/env.conf"), "")
}

fn environment(command: &mut Command, kit: &Kit, node: &Node) {
    let home = &node.home;
    let erlang = "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2";
    command
        .current_dir(home)
        .env("HOME", home.join("home"))
        .env("RABBITMQ_NODENAME", format!("konveksi-{}@localhost", kit.data.short_hash()))
        .env("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1")
        .env("RABBITMQ_NODE_PORT", node.port.to_string())
        .env("RABBITMQ_DIST_PORT", node.distribution.to_string())
        .env("RABBITMQ_MNESIA_BASE", home.join("mnesia"))
        .env("RABBITMQ_LOG_BASE", home.join("log"))
        .env("RABBITMQ_PID_FILE", home.join("pid"))
        .env("RABBITMQ_SCHEMA_DIR", home.join("schema"))
        .env("RABBITMQ_ENABLED_PLUGINS_FILE", home.join("etc/enabled_plugins"))
        .env("RABBITMQ_CONFIG_FILE", home.join("etc/rabbitmq.conf"))
        .env("RABBITMQ_ADVANCED_CONFIG_FILE", home.join("etc/advanced.config"))
        .env("RABBITMQ_CONF_ENV_FILE", home.join("etc/env.conf"))
        .env("RABBITMQ_GENERATED_CONFIG_DIR", home.join("etc"))
        .env("ERL_EPMD_ADDRESS", "127.0.0.1")
        .env("ERL_EPMD_PORT", node.epmd.to_string())
        .env("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", erlang);
}
