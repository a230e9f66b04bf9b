//! The sandbox from outside: each protocol over real sockets.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test's helpers stop at the first surprise, as its tests do"
)]

mod callbacks;
mod checkout;
mod expiry;
mod fonnte;
mod mail;
mod merchant;
mod pages;
mod restart;
mod support;
mod switches;
mod xendit;
