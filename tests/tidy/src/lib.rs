//! Reads the tree as text, so that the checks in `tests/tidy.rs` can say what may stand where.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// One text file of the project.
pub struct SourceFile {
    /// Its path from the project's top, with `/`.
    pub path: String,
    /// Its whole text.
    pub text: String,
}

/// A line that breaks a rule.
pub struct Finding {
    place: String,
    rule: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.rule)
    }
}

impl SourceFile {
    /// The text before its unit tests: what runs in production.
    pub fn production(&self) -> &str {
        self.text.split("#[cfg(test)]\nmod ").next().unwrap_or_default()
    }

    /// A finding for each production line that `is_wrong`; comment lines are passed over.
    pub fn lines_where(&self, rule: &str, is_wrong: impl Fn(&str) -> bool) -> Vec<Finding> {
        self.production()
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim_start().starts_with("//") && is_wrong(line))
            .map(|(index, _)| self.finding(index + 1, rule))
            .collect()
    }

    /// A finding at a line of this file.
    pub fn finding(&self, line: usize, rule: &str) -> Finding {
        Finding { place: format!("{}:{line}", self.path), rule: rule.to_owned() }
    }
}

/// A finding about the tree as a whole.
pub fn finding(place: &str, rule: &str) -> Finding {
    Finding { place: place.to_owned(), rule: rule.to_owned() }
}

/// The project's top folder: Cargo runs a test in its package's folder. Not a path that is compiled
/// in, because several checkouts may share what they compile.
///
/// # Panics
/// Run from elsewhere: nothing would be looked at then.
pub fn root() -> PathBuf {
    let root = PathBuf::from("../..");
    assert!(root.join("Cargo.lock").exists(), "run by `cargo test`, or from tests/tidy");
    root
}

/// Every file below the project's top whose name ends in one of `endings`, build output and
/// run-time data left out.
pub fn files(endings: &[&str]) -> Vec<SourceFile> {
    let mut found = Vec::new();
    collect(&root(), "", endings, &mut found);
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

fn collect(folder: &Path, prefix: &str, endings: &[&str], found: &mut Vec<SourceFile>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        if entry.path().is_dir() {
            if !matches!(name.as_str(), ".git" | "target" | ".konveksi" | "node_modules") {
                collect(&entry.path(), &path, endings, found);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending))
            && let Ok(text) = std::fs::read_to_string(entry.path())
        {
            found.push(SourceFile { path, text });
        }
    }
}

/// Each part's settings and whether they are required, read from its table in the source.
///
/// # Errors
/// When the pattern they are found by is not one.
pub fn settings_by_part() -> Result<BTreeMap<String, BTreeMap<String, bool>>, regex::Error> {
    let setting =
        regex::Regex::new(r#"Setting::(required|optional|with_default)\(\s*"([A-Z0-9_]+)""#)?;
    let mut known: BTreeMap<String, BTreeMap<String, bool>> = BTreeMap::new();
    for file in files(&[".rs"]) {
        let part = match file.path.split('/').collect::<Vec<_>>().as_slice() {
            ["services" | "crates", part, "src", ..] => (*part).to_owned(),
            ["gateway", "src", ..] => "gateway".to_owned(),
            _ => continue,
        };
        for (_, [kind, name]) in setting.captures_iter(file.production()).map(|one| one.extract()) {
            known.entry(part.clone()).or_default().insert(name.to_owned(), kind == "required");
        }
    }
    Ok(known)
}
