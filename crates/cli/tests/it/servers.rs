//! The private servers: found again, mended, and gone without a trace.

use crate::support::{kill, konveksi, processes_of, said, state_of, succeeds};

#[test]
fn a_killed_server_is_started_again_where_it_was_and_a_stop_leaves_no_process() {
    let data = tempfile::tempdir().unwrap();
    let start = || succeeds(konveksi(data.path()).args(["servers", "start", "--throwaway"]));
    start();
    let (redis, broker) = (server(&data, "redis"), server(&data, "rabbitmq"));

    kill(&redis["pid"]);
    start();
    assert_eq!(server(&data, "redis")["port"], redis["port"]);
    assert_ne!(server(&data, "redis")["pid"], redis["pid"]);
    assert_eq!(server(&data, "rabbitmq"), broker, "what lives is left alone");

    succeeds(konveksi(data.path()).args(["servers", "stop"]));
    assert_eq!(processes_of(data.path()), Vec::<u32>::new());
    assert!(!data.path().join("servers").exists(), "a throw-away folder is thrown away");
}

#[test]
fn servers_whose_state_was_lost_are_not_left_behind() {
    let data = tempfile::tempdir().unwrap();
    succeeds(konveksi(data.path()).args(["servers", "start", "--throwaway"]));
    let before = processes_of(data.path());
    for name in ["postgres", "redis"] {
        let pid = server(&data, name)["pid"].as_u64().unwrap();
        assert!(before.iter().any(|one| u64::from(*one) == pid), "{name} is not found by its mark");
    }
    std::fs::remove_file(data.path().join("state.json")).unwrap();

    succeeds(konveksi(data.path()).args(["servers", "start", "--throwaway"]));
    let after = processes_of(data.path());
    assert!(after.iter().all(|pid| !before.contains(pid)), "{before:?} and {after:?}");
    succeeds(konveksi(data.path()).args(["servers", "stop"]));
    assert_eq!(processes_of(data.path()), Vec::<u32>::new());
}

#[test]
fn two_folders_have_servers_side_by_side() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    for data in &folders {
        let env_file = data.path().join("env");
        let mut start = konveksi(data.path());
        let output =
            succeeds(start.args(["servers", "start", "--throwaway", "--env-file"]).arg(&env_file));
        assert!(said(&output).contains("servers ready"));
        assert!(std::fs::read_to_string(env_file).unwrap().contains("export TEST_DATABASE_URL="));
    }
    let [one, other] = folders.each_ref().map(|data| server(data, "postgres")["port"].clone());
    assert_ne!(one, other);
    for data in &folders {
        succeeds(konveksi(data.path()).args(["servers", "stop"]));
    }
}

fn server(data: &tempfile::TempDir, name: &str) -> serde_json::Value {
    state_of(data.path(), "servers", name)
}
