//! What a person found behind each figure. The program measures; this is read and judged by hand,
//! and is to be looked at again when a figure moves.

pub(crate) const START: &str = "";
pub(crate) const RESTING: &str = "";
pub(crate) const DETOUR: &str = "";
pub(crate) const SUSTAINED: &str = "\
An order's whole life, told to everybody, is some three hundred and fifty statements in forty-five
transactions (counted by `pg_stat_statements`), so PostgreSQL is what is short, not one of the services:
from 25 orders a second on it takes one of the two cores. Keeping the plans of the fixed statements of
outbox, inbox and queues brought 50 a second from the edge into reach. What would help next: one
transaction for the events of one order that arrive together, and fewer re-reads of invoice and order
within one transaction of payment (fourteen for each order). Among the slowest statements are those that
wait: an order's own event and the answer of its composition meet in payment's projection and in
order's inbox.";
pub(crate) const LAG: &str = "";
pub(crate) const BACKLOG: &str = "";
pub(crate) const CREATE: &str = "";
pub(crate) const COMPOSED: &str = "";
pub(crate) const BALANCE: &str = "";
pub(crate) const INTEGRITY: &str = "";
pub(crate) const ACCEPTED: &str = "";
pub(crate) const BOOKED: &str = "\
Everything shares two cores: the sandbox calling back, payment asking it again, four services that hear
of each payment, and the messages that are sent for it. PostgreSQL takes half of them. Payment works on
eight callbacks at once, and every statement of the way is prepared once for a connection
(`docs/decisions/0013-fixed-sql-keeps-its-plan.md`).";
pub(crate) const MONEY_LISTS: &str = "\
A page is found by the days it lies in, which are counted ahead (`docs/decisions/0012-lists-are-versioned-and-counted-ahead.md`).";
