#![doc = include_str!("../README.md")]

mod paper;

pub use paper::{DocumentError, Paper};
