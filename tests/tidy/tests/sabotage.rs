//! `make sabotage` takes a long time; whether each of its patches still fits takes none.
#![cfg(test)]

use std::process::Command;

use konveksi_tidy::{SourceFile, files, root};

/// What must be taken out and noticed, at the least.
const MECHANISMS: [&str; 10] = [
    "ack-after-commit",
    "callback-token",
    "confirm-wait",
    "csrf-check",
    "default-deny",
    "inbox-insert",
    "login-of-a-route",
    "permission-of-a-route",
    "role-grant",
    "zero-sum-trigger",
];

fn patches() -> Vec<SourceFile> {
    let patches = files(&[".patch"]).into_iter();
    patches.filter(|file| file.path.starts_with("deploy/dev/sabotage.d/")).collect()
}

#[test]
fn every_mechanism_has_a_patch() {
    let patches = patches();
    for name in MECHANISMS {
        let path = format!("deploy/dev/sabotage.d/{name}.patch");
        assert!(patches.iter().any(|patch| patch.path == path), "no {path}");
    }
}

#[test]
fn every_patch_still_applies() {
    for patch in patches() {
        let output = Command::new("git")
            .args(["apply", "--check", &patch.path])
            .current_dir(root())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: make it anew: {said}", patch.path);
    }
}

/// `Test: <package> <module>::<function>`, a test of that package's `tests/it`.
#[test]
fn every_patch_says_what_it_takes_out_and_names_a_test_that_exists() {
    let manifests = files(&["Cargo.toml"]);
    let sources = files(&[".rs"]);
    for patch in patches() {
        let says = |word: &str| {
            let line = patch.text.lines().find_map(|line| line.strip_prefix(word));
            line.unwrap_or_else(|| panic!("{} has no line {word}", patch.path)).trim().to_owned()
        };
        assert!(!says("Safeguard:").is_empty(), "{}", patch.path);
        let named = says("Test:");
        let (package, test) = named.split_once(' ').unwrap();
        let manifest = manifests
            .iter()
            .find(|manifest| manifest.text.contains(&format!("name = \"{package}\"")))
            .unwrap_or_else(|| panic!("{}: there is no package {package}", patch.path));
        let folder = manifest.path.trim_end_matches("Cargo.toml");
        let (module, function) = test.rsplit_once("::").unwrap();
        let file = format!("{folder}tests/it/{}.rs", module.replace("::", "/"));
        let exists = sources
            .iter()
            .any(|source| source.path == file && source.text.contains(&format!("fn {function}(")));
        assert!(exists, "{}: {file} has no test {function}", patch.path);
    }
}
