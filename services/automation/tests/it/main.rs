//! The service over real HTTP, PostgreSQL and RabbitMQ.
#![cfg(test)]

mod access;
mod log;
mod openapi;
mod support;
