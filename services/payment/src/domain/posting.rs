//! What is booked when (`settled.md` 25): money moves or goods leave, never when an invoice is
//! written, expires or is replaced. Each rule answers the lines of one transfer.

use konveksi_kernel::{CustomerId, Money, OrderId};

use super::{Account, Entry, RefundParts, SignedAmount};

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

/// Money that came into `cash` beside what is ours: the provider's `fee`, and the rupiah of a unique
/// amount.
pub(crate) fn beside(cash: Account, fee: Money, unique_code: Money) -> Vec<Entry> {
    lines([
        (cash, SignedAmount::debit(fee)),
        (Account::Fees, SignedAmount::credit(fee)),
        (cash, SignedAmount::debit(unique_code)),
        (Account::UniqueCode, SignedAmount::credit(unique_code)),
    ])
}

/// Money that waited in suspense is the customer's credit.
pub(crate) fn suspense_credited(customer: CustomerId, amount: Money) -> Vec<Entry> {
    lines([
        (Account::Suspense, SignedAmount::debit(amount)),
        (Account::Credit(customer), SignedAmount::credit(amount)),
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

/// A refund was asked for: its parts are promised. What the order used is a deposit, or lowers
/// revenue once the goods have left.
pub(crate) fn refund_requested(parties: Parties, amount: Money, parts: RefundParts) -> Vec<Entry> {
    lines([
        (Account::Credit(parties.customer), SignedAmount::debit(parts.credit)),
        (source_of(parties, parts), SignedAmount::debit(parts.order)),
        (Account::RefundsPayable, SignedAmount::credit(amount)),
    ])
}

/// What was promised left `cash`.
pub(crate) fn refund_paid(cash: Account, amount: Money) -> Vec<Entry> {
    lines([
        (Account::RefundsPayable, SignedAmount::debit(amount)),
        (cash, SignedAmount::credit(amount)),
    ])
}

/// What was promised is not paid: its parts return where they were. When the goods left meanwhile
/// (`receivable` is present exactly when they have), the deposit it was is no deposit any more:
/// it settles what is still owed, and the rest is the customer's credit.
pub(crate) fn refund_failed(
    parties: Parties,
    amount: Money,
    parts: RefundParts,
    receivable: Option<Money>,
) -> Vec<Entry> {
    let back = match receivable {
        Some(open) if !parts.from_revenue => parts.order.min(open),
        Some(_) | None => parts.order,
    };
    let account = match receivable {
        Some(_) if !parts.from_revenue => Account::Receivable(parties.order),
        Some(_) | None => source_of(parties, parts),
    };
    lines([
        (Account::RefundsPayable, SignedAmount::debit(amount)),
        (account, SignedAmount::credit(back)),
        (Account::Credit(parties.customer), SignedAmount::credit(rest(parts.order, back))),
        (Account::Credit(parties.customer), SignedAmount::credit(parts.credit)),
    ])
}

/// A payment that never was is taken back out of `cash`: what its invoice used is owed again, as
/// no deposit before delivery and as a receivable after it.
pub(crate) fn payment_reversed(
    cash: Account,
    parties: Parties,
    allocated: Money,
    excess: Money,
    delivered: bool,
) -> Vec<Entry> {
    let account = if delivered {
        Account::Receivable(parties.order)
    } else {
        Account::Deposits(parties.order)
    };
    lines([
        (account, SignedAmount::debit(allocated)),
        (Account::Credit(parties.customer), SignedAmount::debit(excess)),
        (cash, SignedAmount::credit(allocated)),
        (cash, SignedAmount::credit(excess)),
    ])
}

/// What came beside such a payment is taken back out of `cash` too.
pub(crate) fn beside_reversed(cash: Account, fee: Money, unique_code: Money) -> Vec<Entry> {
    lines([
        (Account::Fees, SignedAmount::debit(fee)),
        (Account::UniqueCode, SignedAmount::debit(unique_code)),
        (cash, SignedAmount::credit(fee)),
        (cash, SignedAmount::credit(unique_code)),
    ])
}

/// A provider paid out what it held in `clearing`: `amount` is in the bank, it kept `fee`.
pub(crate) fn settled(clearing: Account, amount: Money, fee: Money) -> Vec<Entry> {
    lines([
        (Account::Bank, SignedAmount::debit(amount)),
        (Account::Fees, SignedAmount::debit(fee)),
        (clearing, SignedAmount::credit(amount)),
        (clearing, SignedAmount::credit(fee)),
    ])
}

/// It did not: that was a mistake.
pub(crate) fn settlement_reversed(clearing: Account, amount: Money, fee: Money) -> Vec<Entry> {
    lines([
        (clearing, SignedAmount::debit(amount)),
        (clearing, SignedAmount::debit(fee)),
        (Account::Bank, SignedAmount::credit(amount)),
        (Account::Fees, SignedAmount::credit(fee)),
    ])
}

const fn source_of(parties: Parties, parts: RefundParts) -> Account {
    if parts.from_revenue { Account::Revenue } else { Account::Deposits(parties.order) }
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
