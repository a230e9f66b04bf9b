//! Reads typed values from the environment, or says which one is wrong and why.
//!
//! Every service lists its settings in one table, so that `konveksi doctor --settings` can show
//! them all; a value can only be read by a name of that table.

mod reader;

pub use reader::{Reader, SettingsError};
pub use secrecy::{ExposeSecret, SecretString};

/// One environment variable a process understands.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The variable's name; its unit is the name's last word.
    pub name: &'static str,
    /// Used when the variable is absent; `None` means it must be given or may be absent,
    /// as `required` says.
    pub default: Option<&'static str>,
    /// Another variable that is read when this one is absent.
    pub fallback: Option<&'static str>,
    /// Whether the process refuses to start without it.
    pub required: bool,
    /// Whether its value is never shown.
    pub secret: bool,
    /// What it means.
    pub doc: &'static str,
}

impl Setting {
    /// A variable the process cannot do without.
    pub const fn required(name: &'static str, doc: &'static str) -> Setting {
        Setting { name, default: None, fallback: None, required: true, secret: false, doc }
    }

    /// A variable that may be absent without a value taking its place.
    pub const fn optional(name: &'static str, doc: &'static str) -> Setting {
        Setting { required: false, ..Setting::required(name, doc) }
    }

    /// A variable with a default, written as it would be in the environment.
    pub const fn with_default(
        name: &'static str,
        default: &'static str,
        doc: &'static str,
    ) -> Setting {
        Setting { default: Some(default), ..Setting::optional(name, doc) }
    }

    /// The same setting, its value never shown.
    #[must_use]
    pub const fn secret(self) -> Setting {
        Setting { secret: true, ..self }
    }

    /// The same setting, read from `name` when its own variable is absent.
    #[must_use]
    pub const fn fallback(self, name: &'static str) -> Setting {
        Setting { fallback: Some(name), ..self }
    }
}
