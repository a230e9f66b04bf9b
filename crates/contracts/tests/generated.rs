//! The checked-in Rust is what the proto files say. `REGENERATE=1` (by `make proto`) rewrites it.
#![cfg(test)]

use std::path::{Path, PathBuf};

/// Cargo runs a test in its package's folder.
fn crate_dir() -> PathBuf {
    PathBuf::from(".")
}

fn generate() -> String {
    let root = crate_dir().join("../../proto");
    let files: Vec<_> = ["common", "order", "payment", "notification", "media"]
        .iter()
        .map(|name| root.join(format!("konveksi/events/v1/{name}.proto")))
        .collect();
    let on_disk = std::fs::read_dir(root.join("konveksi/events/v1")).unwrap().count();
    assert_eq!(on_disk, files.len(), "a proto file is not in the list above");
    let descriptors = protox::compile(&files, [&root]).unwrap();
    let out = tempdir();
    prost_build::Config::new().out_dir(&out).compile_fds(descriptors).unwrap();
    let text = std::fs::read_to_string(out.join("konveksi.events.v1.rs")).unwrap();
    std::fs::remove_dir_all(out).unwrap();
    text
}

fn tempdir() -> PathBuf {
    let dir = std::env::temp_dir().join(format!("konveksi-proto-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a tool's switch, not a setting")]
fn the_generated_rust_is_what_the_proto_files_say() {
    let wanted = generate();
    let path: &Path = &crate_dir().join("src/gen/konveksi.events.v1.rs");
    if std::env::var("REGENERATE").is_ok() {
        std::fs::write(path, &wanted).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), wanted, "run `make proto`");
}
