//! What the binary says without anything running.

use crate::support::{konveksi, said, succeeds};

#[test]
fn every_setting_of_every_process_is_listed() {
    let data = tempfile::tempdir().unwrap();
    let listed = said(&succeeds(konveksi(data.path()).args(["doctor", "--settings"])));
    for name in ["KONVEKSI_ORDER_DATABASE_URL", "XENDIT_WEBHOOK_TOKEN", "RUST_LOG"] {
        assert!(listed.contains(name), "{name} is not in\n{listed}");
    }
}

#[test]
fn stopping_what_never_ran_is_no_error() {
    let data = tempfile::tempdir().unwrap();
    succeeds(konveksi(&data.path().join("nothing")).arg("stop"));
}

#[test]
fn the_status_of_nothing_is_an_error() {
    let data = tempfile::tempdir().unwrap();
    assert!(!konveksi(data.path()).arg("status").output().unwrap().status.success());
}

#[test]
fn a_named_server_that_does_not_answer_is_not_replaced_by_a_private_one() {
    let data = tempfile::tempdir().unwrap();
    let mut up = konveksi(data.path());
    let output = up.arg("up").env("REDIS_URL", "redis://127.0.0.1:1").output().unwrap();
    assert!(!output.status.success());
    assert!(said(&output).contains("REDIS_URL is set, but"), "{}", said(&output));
}

#[test]
fn data_are_removed_only_on_a_clear_word() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("secrets.json");
    std::fs::write(&file, "{}").unwrap();
    assert!(!konveksi(data.path()).arg("reset").output().unwrap().status.success());
    assert!(file.exists());
    succeeds(konveksi(data.path()).args(["reset", "--yes"]));
    assert!(!file.exists());
}
