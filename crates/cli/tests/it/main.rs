//! The binary from outside: its words, its private servers, and what `up` leaves behind.
//!
//! Also the reason why `cargo test` builds the `konveksi` program that the end-to-end tests start.
#![cfg(test)]

mod db_schema;
mod migrate;
mod servers;
mod support;
mod up;
mod words;
