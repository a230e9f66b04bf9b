//! Looks values up by the table of settings and names the variable in every complaint.

use std::collections::HashMap;
use std::str::FromStr;

use secrecy::SecretString;
use thiserror::Error;

use crate::Setting;

/// What is wrong with the environment.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SettingsError {
    /// A required variable is absent.
    #[error("{name} is not set: {doc}")]
    Missing {
        /// The variable.
        name: &'static str,
        /// What it is for.
        doc: &'static str,
    },
    /// The value has the wrong form. A secret's value is not shown.
    #[error("{name} is {value}, which is not {wanted}: {doc}")]
    Malformed {
        /// The variable.
        name: &'static str,
        /// What was found.
        value: String,
        /// The Rust type that was wanted.
        wanted: &'static str,
        /// What it is for.
        doc: &'static str,
    },
    /// The program asked for a variable that its table does not list.
    #[error("{0} is not in the table of settings")]
    Unlisted(String),
}

/// The values of one process, read once. No `Debug`: some of them are secret.
pub struct Reader {
    table: &'static [Setting],
    values: HashMap<&'static str, String>,
}

impl Reader {
    /// Reads every variable of `table` from the process's environment. Empty counts as absent.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn from_env(table: &'static [Setting]) -> Reader {
        Reader::from_lookup(table, |name| std::env::var(name).ok())
    }

    /// Reads every variable of `table` with `lookup`; for tests and tools.
    pub fn from_lookup(
        table: &'static [Setting],
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Reader {
        let found = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let values = table
            .iter()
            .filter_map(|setting| {
                let value = found(setting.name)
                    .or_else(|| setting.fallback.and_then(found))
                    .or_else(|| setting.default.map(str::to_owned))?;
                Some((setting.name, value))
            })
            .collect();
        Reader { table, values }
    }

    fn setting(&self, name: &str) -> Result<&'static Setting, SettingsError> {
        self.table
            .iter()
            .find(|setting| setting.name == name)
            .ok_or_else(|| SettingsError::Unlisted(name.to_owned()))
    }

    /// The value as text.
    ///
    /// # Errors
    /// [`SettingsError::Missing`], [`SettingsError::Unlisted`].
    pub fn text(&self, name: &str) -> Result<String, SettingsError> {
        let setting = self.setting(name)?;
        self.values
            .get(setting.name)
            .cloned()
            .ok_or(SettingsError::Missing { name: setting.name, doc: setting.doc })
    }

    /// The value as text, or `None` when it is absent and has no default.
    ///
    /// # Errors
    /// [`SettingsError::Unlisted`].
    pub fn optional(&self, name: &str) -> Result<Option<String>, SettingsError> {
        let setting = self.setting(name)?;
        Ok(self.values.get(setting.name).cloned())
    }

    /// The value as a `T`.
    ///
    /// # Errors
    /// [`SettingsError::Malformed`] when the text is not a `T`, else as [`Reader::text`].
    pub fn parse<T: FromStr>(&self, name: &str) -> Result<T, SettingsError> {
        let setting = self.setting(name)?;
        let value = self.text(name)?;
        value.parse().map_err(|_source: T::Err| SettingsError::Malformed {
            name: setting.name,
            value: if setting.secret { "(hidden)".to_owned() } else { format!("{value:?}") },
            wanted: std::any::type_name::<T>(),
            doc: setting.doc,
        })
    }

    /// The value as a secret that no `Debug` shows.
    ///
    /// # Errors
    /// As [`Reader::text`].
    pub fn secret(&self, name: &str) -> Result<SecretString, SettingsError> {
        self.text(name).map(SecretString::from)
    }

    /// The value split at commas, blanks trimmed, empty parts dropped.
    ///
    /// # Errors
    /// [`SettingsError::Unlisted`].
    pub fn list(&self, name: &str) -> Result<Vec<String>, SettingsError> {
        let text = self.optional(name)?.unwrap_or_default();
        Ok(text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static TABLE: &[Setting] = &[
        Setting::required("KONVEKSI_TEST_DATABASE_URL", "where the database is").secret(),
        Setting::with_default("KONVEKSI_TEST_POOL_SIZE", "8", "most connections"),
        Setting::required("KONVEKSI_TEST_AMQP_URL", "the broker").fallback("AMQP_URL"),
        Setting::optional("KONVEKSI_TEST_ORIGINS", "who may call"),
    ];

    fn reader(pairs: &'static [(&str, &str)]) -> Reader {
        Reader::from_lookup(TABLE, |wanted| {
            pairs.iter().find(|(name, _)| *name == wanted).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_default_stands_in_for_an_absent_value() {
        assert_eq!(reader(&[]).parse::<u32>("KONVEKSI_TEST_POOL_SIZE"), Ok(8));
    }

    #[test]
    fn a_missing_value_is_named() {
        let error = reader(&[]).text("KONVEKSI_TEST_DATABASE_URL").unwrap_err();
        assert!(error.to_string().contains("KONVEKSI_TEST_DATABASE_URL"));
    }

    #[test]
    fn a_malformed_value_is_named_and_shown() {
        let error = reader(&[("KONVEKSI_TEST_POOL_SIZE", "many")])
            .parse::<u32>("KONVEKSI_TEST_POOL_SIZE")
            .unwrap_err();
        assert!(error.to_string().contains("KONVEKSI_TEST_POOL_SIZE is \"many\""));
    }

    #[test]
    fn the_shared_name_is_read_when_the_own_one_is_absent() {
        assert_eq!(
            reader(&[("AMQP_URL", "amqp://x")]).text("KONVEKSI_TEST_AMQP_URL").unwrap(),
            "amqp://x"
        );
    }

    #[test]
    fn a_secret_is_not_in_debug() {
        let secret = reader(&[("KONVEKSI_TEST_DATABASE_URL", "hush")])
            .secret("KONVEKSI_TEST_DATABASE_URL")
            .unwrap();
        assert!(!format!("{secret:?}").contains("hush"));
    }

    #[test]
    fn lists_are_split_at_commas() {
        assert_eq!(
            reader(&[("KONVEKSI_TEST_ORIGINS", "a, b,,c")]).list("KONVEKSI_TEST_ORIGINS").unwrap(),
            ["a", "b", "c"]
        );
    }

    #[test]
    fn only_listed_names_can_be_read() {
        assert!(matches!(reader(&[]).text("HOME"), Err(SettingsError::Unlisted(_))));
    }
}
