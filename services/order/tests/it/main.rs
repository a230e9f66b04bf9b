//! The service over real HTTP, PostgreSQL and RabbitMQ.
#![cfg(test)]

mod access;
mod arrival;
mod cached;
mod change;
mod create;
mod customers;
mod delete;
mod final_payment;
mod hearing;
mod list;
mod merge;
mod openapi;
mod products;
mod public;
mod rollups;
mod search;
mod support;
mod telling;
