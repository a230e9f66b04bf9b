//! What is booked when (`settled.md` 25): money moves or goods leave, never when an invoice is
//! written, expires or is replaced. Each rule answers the lines of one transfer.

use konveksi_kernel::{CustomerId, Money, OrderId};

use super::{Account, Entry, SignedAmount};

/// Whose books a posting touches.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parties {
    /// The order.
    pub(crate) order: OrderId,
    /// Its customer.
    pub(crate) customer: CustomerId,
}

/// Money came into `cash`: `allocated` for an invoice, `excess` beyond it.
///
/// Before delivery the allocated part is a deposit, which we owe in goods. Afterwards it settles
/// what is `receivable` (present exactly when the goods have left); what that cannot take is the
/// customer's credit, like the excess.
pub(crate) fn payment_received(
    cash: Account,
    parties: Parties,
    allocated: Money,
    excess: Money,
    receivable: Option<Money>,
) -> Vec<Entry> {
    let (settled_account, settled) = match receivable {
        None => (Account::Deposits(parties.order), allocated),
        Some(open) => (Account::Receivable(parties.order), allocated.min(open)),
    };
    let beyond = rest(allocated, settled);
    lines([
        (cash, SignedAmount::debit(allocated)),
        (cash, SignedAmount::debit(excess)),
        (settled_account, SignedAmount::credit(settled)),
        (Account::Credit(parties.customer), SignedAmount::credit(beyond)),
        (Account::Credit(parties.customer), SignedAmount::credit(excess)),
    ])
}

/// Money came into `cash` that is less than its link asked for: it waits for staff.
pub(crate) fn payment_suspended(cash: Account, amount: Money) -> Vec<Entry> {
    lines([(cash, SignedAmount::debit(amount)), (Account::Suspense, SignedAmount::credit(amount))])
}

/// The goods of an order of `total` left while `deposits` were held for it: they become revenue;
/// what is missing is owed by the customer, what is too much is owed to them.
pub(crate) fn delivered(parties: Parties, total: Money, deposits: Money) -> Vec<Entry> {
    lines([
        (Account::Deposits(parties.order), SignedAmount::debit(deposits)),
        (Account::Receivable(parties.order), SignedAmount::debit(rest(total, deposits))),
        (Account::Revenue, SignedAmount::credit(total)),
        (Account::Credit(parties.customer), SignedAmount::credit(rest(deposits, total))),
    ])
}

/// The price changed from `booked` to `total` after the goods had left, while `receivable` was
/// still owed. Empty when it did not change.
pub(crate) fn delivery_adjusted(
    parties: Parties,
    booked: Money,
    total: Money,
    receivable: Money,
) -> Vec<Entry> {
    let lowered = rest(booked, total);
    let forgiven = lowered.min(receivable);
    lines([
        (Account::Receivable(parties.order), SignedAmount::debit(rest(total, booked))),
        (Account::Revenue, SignedAmount::credit(rest(total, booked))),
        (Account::Revenue, SignedAmount::debit(lowered)),
        (Account::Receivable(parties.order), SignedAmount::credit(forgiven)),
        (Account::Credit(parties.customer), SignedAmount::credit(rest(lowered, forgiven))),
    ])
}

/// What is left of `amount` after `part`; nothing when `part` is more.
fn rest(amount: Money, part: Money) -> Money {
    amount.minus(part).unwrap_or(Money::ZERO)
}

/// The lines that book something.
fn lines<const N: usize>(lines: [(Account, SignedAmount); N]) -> Vec<Entry> {
    lines
        .into_iter()
        .filter(|(_, amount)| !amount.is_zero())
        .map(|(account, amount)| Entry { account, amount })
        .collect()
}

#[cfg(test)]
#[path = "posting_tests.rs"]
mod tests;
