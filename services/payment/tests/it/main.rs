//! The service over real HTTP, PostgreSQL, RabbitMQ, and the sandbox as its payment provider.
#![cfg(test)]

mod access;
mod expiry;
mod first_invoice;
mod invoices;
mod ledger;
mod manual_payment;
mod openapi;
mod order_events;
mod payment_link;
mod provider_trouble;
mod returns;
mod support;
mod webhook;
