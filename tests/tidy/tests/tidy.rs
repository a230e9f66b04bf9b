//! What may stand where (`CONTRIBUTING.md`): each test is one rule, and names file and line.
#![cfg(test)]

use konveksi_tidy::{Finding, SourceFile, files, finding, root};
use regex::Regex;

const SERVICES: [&str; 6] =
    ["order", "payment", "notification", "media", "analytics", "automation"];

fn none(findings: &[Finding]) {
    let list: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(list.is_empty(), "\n{}", list.join("\n"));
}

fn rust() -> Vec<SourceFile> {
    files(&[".rs"])
}

fn production_rust() -> Vec<SourceFile> {
    rust().into_iter().filter(|file| !is_test(&file.path)).collect()
}

fn is_test(path: &str) -> bool {
    path.starts_with("tests/")
        || path.contains("/tests/")
        || path.contains("/benches/")
        || path.ends_with("_tests.rs")
        || path.ends_with("/tests.rs")
        || path.starts_with("crates/test-support/")
}

fn is_sql(path: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|extension| extension == "sql")
}

/// The room a file of a service stands in: `domain`, `app`, `store`, …
fn room(path: &str) -> Option<&str> {
    let inside =
        SERVICES.iter().find_map(|service| path.strip_prefix(&format!("services/{service}/src/")));
    let inside = inside.or_else(|| path.strip_prefix("gateway/src/"))?;
    Some(inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs"))
}

#[test]
fn every_rust_file_says_what_it_is_for() {
    let missing: Vec<Finding> = rust()
        .iter()
        .filter(|file| !file.text.starts_with("//!") && !file.text.starts_with("#![doc"))
        .filter(|file| !file.path.contains("/gen/"))
        .map(|file| file.finding(1, "begins without a `//!` header"))
        .collect();
    none(&missing);
}

#[test]
fn each_layer_names_only_what_it_may() {
    let forbidden: &[(&str, &[&str])] = &[
        (
            "domain",
            &[
                "actix",
                "diesel",
                "lapin",
                "reqwest",
                "konveksi_db",
                "konveksi_web",
                "konveksi_eventing",
                "konveksi_cache",
                "SystemClock",
                "crate::store",
                "crate::app",
                "crate::api",
                "crate::events",
            ],
        ),
        ("app", &["actix", "diesel", "lapin", "crate::api", "crate::consumers", "HttpResponse"]),
        ("api", &["diesel", "lapin", "crate::store", "crate::providers"]),
        ("consumers", &["actix", "lapin", "crate::api", "reqwest"]),
        ("store", &["actix", "lapin", "reqwest", "crate::api", "crate::app", "crate::events"]),
        ("events", &["actix", "lapin", "reqwest", "crate::api", "crate::app"]),
        ("providers", &["actix", "diesel", "lapin", "crate::api", "crate::app", "crate::store"]),
    ];
    let mut findings = Vec::new();
    for file in production_rust().iter().filter(|file| file.path.starts_with("services/")) {
        let Some((room, words)) =
            forbidden.iter().find(|(name, _)| room(&file.path) == Some(*name))
        else {
            continue;
        };
        for word in *words {
            let pattern = Regex::new(&format!(r"\b{}\b", regex::escape(word))).unwrap();
            let rule = format!("`{room}` names `{word}`");
            findings.extend(file.lines_where(&rule, |line| pattern.is_match(line)));
        }
    }
    none(&findings);
}

#[test]
fn no_service_depends_on_another() {
    let mut findings = Vec::new();
    for file in files(&["Cargo.toml"]) {
        let Some(owner) = file
            .path
            .split('/')
            .next()
            .filter(|top| matches!(*top, "services" | "gateway" | "crates"))
        else {
            continue;
        };
        if file.path.starts_with("crates/cli/") {
            continue;
        }
        for (index, line) in file.text.lines().enumerate() {
            let names_service = SERVICES.iter().chain(&["gateway"]).any(|service| {
                line.starts_with(&format!("konveksi-{service}."))
                    || line.starts_with(&format!("konveksi-{service} "))
            });
            if names_service {
                findings.push(
                    file.finding(index + 1, &format!("{owner} may not import a service's crate")),
                );
            }
        }
    }
    none(&findings);
}

#[test]
fn heavy_libraries_stand_only_where_they_belong() {
    let places: &[(&str, &[&str])] = &[
        ("lapin", &["crates/eventing/", "crates/cli/"]),
        ("deadpool-redis", &["crates/cache/"]),
        ("prost", &["crates/contracts/", "crates/eventing/", "tests/"]),
        ("prost-build", &["crates/contracts/"]),
        ("argon2", &["gateway/"]),
        ("actix-ws", &["gateway/"]),
        ("lettre", &["services/notification/", "crates/sandbox/"]),
        ("clamav-client", &["services/media/"]),
        ("aws-lc-rs", &["crates/identity/", "crates/cli/"]),
    ];
    let mut findings = Vec::new();
    for mut file in files(&["Cargo.toml"]).into_iter().filter(|file| file.path != "Cargo.toml") {
        // Tests may look at what production code may not touch.
        file.text.truncate(file.text.find("[dev-dependencies]").unwrap_or(file.text.len()));
        for (library, allowed) in places {
            if allowed.iter().any(|place| file.path.starts_with(place)) {
                continue;
            }
            let rule = format!("`{library}` belongs to {}", allowed.join(", "));
            findings.extend(file.lines_where(&rule, |line| {
                line.starts_with(&format!("{library}.")) || line.starts_with(&format!("{library} "))
            }));
        }
    }
    none(&findings);
}

/// Rule 1 of the design: a service calls only the world outside, and only from `providers`.
#[test]
fn services_reach_out_only_through_providers() {
    let mut findings = Vec::new();
    for file in production_rust() {
        let service = file.path.starts_with("services/");
        if service && room(&file.path) != Some("providers") {
            findings.extend(file.lines_where("an HTTP client outside `providers`", |line| {
                line.contains("reqwest::")
            }));
        }
        if service {
            findings.extend(file.lines_where(
                "a service names another service's address",
                |line| {
                    ["810", "_ORDER_URL", "_PAYMENT_URL", "_NOTIFICATION_URL", "_MEDIA_URL"]
                        .iter()
                        .any(|word| {
                            line.contains(&format!("127.0.0.1:{word}"))
                                || line.contains(word) && word.starts_with('_')
                        })
                },
            ));
        }
    }
    none(&findings);
}

/// Rule 2: a change and its event are one transaction; nothing is published any other way.
#[test]
fn only_the_relay_publishes_and_only_events_rooms_append() {
    let mut findings = Vec::new();
    for file in production_rust() {
        if !file.path.starts_with("crates/eventing/") {
            findings.extend(
                file.lines_where("only eventing publishes", |line| line.contains("basic_publish")),
            );
            if room(&file.path) != Some("events") {
                findings.extend(file.lines_where("only `events` appends to the outbox", |line| {
                    line.contains("outbox::append")
                }));
            }
        }
    }
    none(&findings);
}

/// The compositions named in settled question 4, each one file; everything else is a pure forward.
#[test]
fn the_gateway_composes_only_what_is_settled() {
    let allowed = [
        "mod",
        "create_order",
        "payment_link",
        "check_order",
        "track_order",
        "final_payment",
        "audit_trail",
        "send_link",
        "invoice_detail",
        "send_notification",
        "manual_payment",
        "verify_manual",
        "payment_proof",
        "proof_file",
        "upload_design",
        "health",
        "live_payload",
        // What several of them share.
        "express",
        "snapshot",
        "order_code",
        "order_form",
        "proof_upload",
        "public_view",
        "sends",
    ];
    let strangers: Vec<Finding> = production_rust()
        .iter()
        .filter_map(|file| {
            let name = file.path.strip_prefix("gateway/src/compose/")?.trim_end_matches(".rs");
            let known = allowed.contains(&name);
            (!known).then(|| file.finding(1, "a composition that settled question 4 does not name"))
        })
        .collect();
    none(&strangers);
}

/// Business time is an argument (settled question 18).
#[test]
fn sql_asks_the_database_for_the_time_only_in_defaults_and_the_outbox() {
    let now =
        Regex::new(r"(?i)(^|[^.:\w])(now\(\)|current_timestamp|clock_timestamp\(\))").unwrap();
    let mut findings = Vec::new();
    for file in files(&[".rs", ".sql"]) {
        let looked_at = is_sql(&file.path) || !is_test(&file.path);
        if !looked_at
            || file.path.starts_with("crates/eventing/")
            || file.path.starts_with("tests/")
        {
            continue;
        }
        findings.extend(file.lines_where("SQL reads the clock", |line| {
            let code = line.split("--").next().unwrap_or_default();
            now.is_match(code)
                && !code.to_ascii_lowercase().contains("default now()")
                && !code.to_ascii_lowercase().contains("default current_timestamp")
                && !code.trim_start().starts_with("fn now")
        }));
    }
    none(&findings);
}

#[test]
fn sql_is_never_put_together_from_text() {
    let built = Regex::new(r"sql_query\(\s*&?format!|sql::<[^>]*>\(\s*&?format!").unwrap();
    let findings: Vec<Finding> = production_rust()
        .iter()
        .flat_map(|file| file.lines_where("SQL built with format!", |line| built.is_match(line)))
        .collect();
    none(&findings);
}

#[test]
fn tests_wait_for_conditions_and_are_never_ignored() {
    let mut findings = Vec::new();
    for file in rust().iter().filter(|file| file.path.contains("tests/")) {
        if file.path.starts_with("crates/test-support/") || file.path.starts_with("tests/tidy/") {
            continue;
        }
        let lines: Vec<&str> = file.text.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            let sleeps = line.contains("thread::sleep") || line.contains("time::sleep");
            // A fault that needs a rhythm, or a peer that takes its time, says so.
            let paces = index > 0 && lines[index - 1].contains("// Pace:");
            if line.contains("#[ignore") || (sleeps && !paces) {
                findings.push(file.finding(index + 1, "sleeps or is ignored"));
            }
        }
    }
    none(&findings);
}

#[test]
fn long_files_say_why_they_are_one_thing() {
    let findings: Vec<Finding> = production_rust()
        .iter()
        .filter(|file| !file.path.contains("/gen/") && file.production().lines().count() > 500)
        .filter(|file| !file.text.lines().take(12).any(|line| line.contains("one thing")))
        .map(|file| file.finding(1, "over 500 lines without a word on why it is one thing"))
        .collect();
    none(&findings);
}

#[test]
fn no_room_is_a_junk_drawer() {
    let findings: Vec<Finding> = rust()
        .iter()
        .filter(|file| {
            let name = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
            ["common", "utils", "util", "helpers", "core", "misc"].contains(&name)
        })
        .map(|file| file.finding(1, "a name that says nothing"))
        .collect();
    none(&findings);
}

#[test]
fn every_service_has_the_same_rooms() {
    let mut findings = Vec::new();
    for service in SERVICES {
        for part in [
            "README.md",
            "openapi.json",
            "migrations",
            "src/main.rs",
            "src/lib.rs",
            "tests/it/main.rs",
        ] {
            let path = format!("services/{service}/{part}");
            if !root().join(&path).exists() {
                findings.push(finding(&path, "is missing"));
            }
        }
    }
    none(&findings);
}

#[test]
fn documents_name_only_what_exists() {
    let quoted = Regex::new(r"`([a-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+/?)`").unwrap();
    let tops = ["crates/", "services/", "gateway/", "proto/", "deploy/", "k8s/", "tests/", "docs/"];
    let mut findings = Vec::new();
    for file in files(&[".md"]) {
        let top_level = !file.path.contains('/') || file.path.starts_with("docs/");
        if !top_level || file.path == "CHANGELOG.md" {
            continue;
        }
        for (index, line) in file.text.lines().enumerate() {
            for found in quoted.captures_iter(line) {
                let path = &found[1];
                if tops.iter().any(|top| path.starts_with(top)) && !root().join(path).exists() {
                    findings.push(
                        file.finding(index + 1, &format!("names `{path}`, which does not exist")),
                    );
                }
            }
        }
    }
    none(&findings);
}

#[test]
fn nothing_names_the_machine_it_was_written_on() {
    let path = Regex::new(
        r"/(work|root|home/[a-z]+)/|index\.crates\.io|static\.crates\.io|deb\.debian\.org",
    )
    .unwrap();
    let mut findings = Vec::new();
    for file in files(&[
        ".rs",
        ".md",
        ".toml",
        ".sql",
        ".sh",
        ".yaml",
        ".yml",
        ".json",
        "Makefile",
        "Dockerfile",
        "run",
    ]) {
        if file.path.starts_with("tests/tidy/") || file.path == "Cargo.lock" {
            continue;
        }
        for (index, line) in file.text.lines().enumerate() {
            if path.is_match(line) {
                findings.push(file.finding(index + 1, "a path or host of one machine"));
            }
        }
    }
    none(&findings);
}
