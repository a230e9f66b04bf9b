//! What a person found behind each figure. The program measures; this is read and judged by hand,
//! and is to be looked at again when a figure moves.

pub(crate) const START: &str = "";
pub(crate) const RESTING: &str = "";
pub(crate) const DETOUR: &str = "";
pub(crate) const SUSTAINED: &str = "\
An order's whole life, told to everybody, is some three hundred statements in forty-five transactions
(counted by `pg_stat_statements`), so PostgreSQL is what is short, not one of the services: at 50 orders
a second it takes more than one of the two cores. A fifth of its time is spent on planning: diesel does
not keep the plan of a query written as text. Asking each pooled connection whether it lives before
every transaction was another fifth; only idle ones are asked now. What would help next, in this order:
kept plans for the statements of outbox and inbox; one transaction for the events of one order that
arrive together; fewer re-reads of invoice and order within one transaction of payment.";
pub(crate) const LAG: &str = "";
pub(crate) const BACKLOG: &str = "";
pub(crate) const CREATE: &str = "";
pub(crate) const COMPOSED: &str = "";
pub(crate) const BALANCE: &str = "";
pub(crate) const INTEGRITY: &str = "";
pub(crate) const ACCEPTED: &str = "";
pub(crate) const BOOKED: &str = "\
Everything shares two cores: the sandbox calling back, payment asking it again, four services that hear
of each payment, and the messages that are sent for it. PostgreSQL is what is short, for the reasons
given under the sustained full path; payment by itself waits for it most of the time.";
pub(crate) const MONEY_LISTS: &str = "";
