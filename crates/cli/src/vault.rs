//! What was generated once and is needed again: passwords, keys, tokens.
//!
//! One JSON file in the data folder, readable by its owner only. What is generated is hexadecimal
//! or base64, so that none needs escaping.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result};
use serde_json::{Map, Value};

use crate::data::{DataFolder, write_private};

/// The generated secrets of one data folder.
#[derive(Debug)]
pub(crate) struct Vault {
    path: PathBuf,
    values: Mutex<Map<String, Value>>,
}

impl Vault {
    /// Reads what earlier runs kept.
    pub(crate) fn open(data: &DataFolder) -> Result<Self> {
        let path = data.root().join("secrets.json");
        let values = match std::fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text)
                .with_context(|| format!("{} is not readable as JSON", path.display()))?,
            Err(_) => Map::new(),
        };
        Ok(Self { path, values: Mutex::new(values) })
    }

    /// The secret of this name; made of 24 random bytes the first time it is asked for.
    pub(crate) fn password(&self, name: &str) -> Result<String> {
        self.kept_or(name, || hex::encode(rand::random::<[u8; 24]>()))
    }

    /// What is kept under this name.
    pub(crate) fn kept(&self, name: &str) -> Option<Value> {
        self.values.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// The text kept under this name.
    pub(crate) fn kept_text(&self, name: &str) -> Option<String> {
        self.kept(name)?.as_str().map(str::to_owned)
    }

    /// Keeps this value under this name, whatever was there.
    pub(crate) fn keep(&self, name: &str, value: Value) -> Result<()> {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.insert(name.to_owned(), value);
        self.write(&values)
    }

    /// The secret of this name; made by `make` the first time it is asked for.
    pub(crate) fn kept_or(&self, name: &str, make: impl FnOnce() -> String) -> Result<String> {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Value::String(kept)) = values.get(name) {
            return Ok(kept.clone());
        }
        let secret = make();
        values.insert(name.to_owned(), Value::String(secret.clone()));
        self.write(&values)?;
        Ok(secret)
    }

    fn write(&self, values: &Map<String, Value>) -> Result<()> {
        write_private(&self.path, &serde_json::to_string_pretty(values)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_the_same_after_reopening() {
        let scratch = tempfile::tempdir().unwrap();
        let data = DataFolder::open(scratch.path()).unwrap();
        let first = Vault::open(&data).unwrap().password("redis").unwrap();
        assert_eq!(first.len(), 48);
        assert_eq!(Vault::open(&data).unwrap().password("redis").unwrap(), first);
    }
}
