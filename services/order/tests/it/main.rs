//! The service over real HTTP, PostgreSQL and RabbitMQ.
#![cfg(test)]

mod access;
mod arrival;
mod board;
mod bulk;
mod cached;
mod change;
mod create;
mod customers;
mod delete;
mod final_payment;
mod garments;
mod hearing;
mod list;
mod merge;
mod notes;
mod openapi;
mod production;
mod products;
mod public;
mod repeats;
mod restore;
mod rollups;
mod search;
mod support;
mod telling;
mod versions;
