//! The service over real HTTP, PostgreSQL, RabbitMQ and clamd.
#![cfg(test)]

mod drafts;
mod openapi;
mod proofs;
mod quarantine;
mod refusals;
mod serving;
mod support;
mod upload;
