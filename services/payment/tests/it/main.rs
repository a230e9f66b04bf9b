//! The service over real HTTP, PostgreSQL, RabbitMQ, and the sandbox as its payment provider.
#![cfg(test)]

mod access;
mod corrections;
mod expiry;
mod first_invoice;
mod idempotency;
mod integrity;
mod invoices;
mod janitor;
mod ledger;
mod lives;
mod manual_payment;
mod midtrans;
mod mutations;
mod openapi;
mod order_events;
mod overdue;
mod papers;
mod payment_link;
mod plan_corrections;
mod plans;
mod proofs;
mod provider_refunds;
mod provider_trouble;
mod refunds;
mod reminders;
mod returns;
mod settlements;
mod support;
mod unmatched;
mod verification;
mod webhook;
