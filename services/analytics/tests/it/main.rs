//! The service over real HTTP, PostgreSQL and RabbitMQ.
#![cfg(test)]

mod access;
mod dashboard;
mod openapi;
mod order_of_arrival;
mod support;
