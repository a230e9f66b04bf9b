//! Where the test servers are.

use konveksi_settings::{Reader, Setting};
use rand::RngExt as _;

const SETTINGS: &[Setting] = &[
    Setting::optional("TEST_DATABASE_URL", "A PostgreSQL superuser's URL.").secret(),
    Setting::optional("TEST_AMQP_URL", "A RabbitMQ administrator's URL.").secret(),
    Setting::optional("TEST_AMQP_MANAGEMENT_URL", "RabbitMQ's management API.").secret(),
    Setting::optional("TEST_REDIS_URL", "A Redis URL.").secret(),
    Setting::optional("TEST_CLAMD_ADDR", "clamd's host and port."),
];

/// The value of one of the variables above.
pub(crate) fn server(name: &str) -> String {
    let value = Reader::from_env(SETTINGS).optional(name).expect("the table above has this name");
    value.unwrap_or_else(|| panic!("{name} is not set: run the tests by `make test`"))
}

/// The Redis server's URL; use [`key_prefix`] with it.
///
/// # Panics
/// When `TEST_REDIS_URL` is not set.
pub fn redis_url() -> String {
    server("TEST_REDIS_URL")
}

/// clamd's host and port.
///
/// # Panics
/// When `TEST_CLAMD_ADDR` is not set.
pub fn clamd_addr() -> String {
    server("TEST_CLAMD_ADDR")
}

/// A key prefix that no other test uses.
pub fn key_prefix() -> String {
    format!("test:{}", random_word())
}

/// Sixteen random letters, for names that must not meet another test's.
pub fn random_word() -> String {
    let mut random = rand::rng();
    (0..16).map(|_| char::from(random.random_range(b'a'..=b'z'))).collect()
}
