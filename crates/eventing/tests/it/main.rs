//! Messaging against real servers: a teller, a hearer, a broker between them, and what can go
//! wrong on each side.

mod dead_letters;
mod express;
mod housekeeping;
mod listener;
mod outages;
mod replay;
mod retries;
mod support;
mod telling;
mod topology;
mod traces;

mod hearing;
