#![doc = include_str!("../README.md")]
#![expect(
    clippy::panic,
    clippy::expect_used,
    reason = "a test that cannot have its world ends with a clear sentence"
)]

mod broker;
mod database;
mod eventually;
mod identity;
mod permutations;
mod proxy;
mod servers;

pub use broker::{BrokerMessage, TestBroker};
pub use database::{TestDatabase, TestPlan};
pub use eventually::eventually;
pub use identity::TestIdentity;
pub use permutations::permutations;
pub use proxy::TestProxy;
pub use servers::{clamd_addr, key_prefix, random_word, redis_url};

/// The machine's clock, movable: `advance` and `set` travel through business time.
pub type TestClock = konveksi_kernel::SteeredClock;
