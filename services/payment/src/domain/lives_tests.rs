//! Ten thousand random lives of an order's money on the pure rules alone. After every step all that
//! must always hold is looked at; a failing life prints its seed, and `KONVEKSI_LIVES_SEED` replays
//! it (here and on the real service, `tests/it/lives.rs`).

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, TimeZone as _, Utc};
use konveksi_kernel::{
    CustomerId, InstallmentId, InvoiceId, Money, OrderId, PaymentId, PlanId, SystemClock,
};
use rust_decimal::Decimal;

use super::allocation::allocate;
use super::amounts::invoice_amount;
use super::installment::{Installment, Waiver, plan_state};
use super::plan::{PlanState, check, equal};
use super::posting::{self, Parties};
use super::{
    Account, Entry, Invoice, InvoiceCode, InvoiceKind, InvoiceStatus, OrderMoney, Payable,
    RefundParts, RefundTotals,
};

#[path = "../../tests/lives/steps.rs"]
mod steps;

use steps::{RefundEnd, Share, Step, life};

const LIVES: u64 = 10_000;
const LONGEST: u64 = 40;

fn rupiah(amount: u64) -> Money {
    Money::from_rupiah(amount).unwrap()
}

/// A payment, as the books need it.
struct Paid {
    invoice: InvoiceId,
    amount: Money,
    allocated: Money,
    cash: Account,
    totals: RefundTotals,
}

/// One order's money, with everything in memory.
struct Books {
    now: DateTime<Utc>,
    parties: Parties,
    total: Money,
    live: bool,
    invoices: Vec<Invoice>,
    parts: Vec<Installment>,
    plan: Option<PlanState>,
    sums: OrderMoney,
    payments: Vec<Paid>,
    ledger: BTreeMap<String, Decimal>,
    suspended: Vec<Money>,
    /// Refunds that nobody has ended: what each holds, and out of what.
    promised: Vec<(Money, RefundParts)>,
    /// What went back of what the order used.
    returned: Money,
}

impl Books {
    fn open(price: u64) -> Books {
        let order = OrderId::generate(&SystemClock);
        let mut books = Books {
            now: Utc.with_ymd_and_hms(2025, 7, 1, 3, 0, 0).unwrap(),
            parties: Parties { order, customer: CustomerId::generate(&SystemClock) },
            total: rupiah(price),
            live: true,
            invoices: Vec::new(),
            parts: Vec::new(),
            plan: None,
            sums: OrderMoney {
                order_id: order,
                captured: Money::ZERO,
                refunded: Money::ZERO,
                revenue_booked: None,
                money_version: 0,
            },
            payments: Vec::new(),
            ledger: BTreeMap::new(),
            suspended: Vec::new(),
            promised: Vec::new(),
            returned: Money::ZERO,
        };
        books.write(InvoiceKind::Full, books.total, None);
        books
    }

    fn left(&self) -> Money {
        self.total.minus(self.sums.paid()).unwrap_or(Money::ZERO)
    }

    fn write(
        &mut self,
        kind: InvoiceKind,
        amount: Money,
        part: Option<InstallmentId>,
    ) -> InvoiceId {
        let id = InvoiceId::generate(&SystemClock);
        self.invoices.push(Invoice {
            id,
            code: InvoiceCode::from_stored("INV-000001-AAA"),
            order_id: self.parties.order,
            kind,
            seq: 1,
            installment_id: part.map(|id| id.as_uuid()),
            deposit_percent: None,
            amount,
            amount_paid: Money::ZERO,
            status: InvoiceStatus::Unpaid,
            channel: super::Channel::Whatsapp,
            notify: false,
            blast_notification: false,
            late: false,
            created_at: self.now,
            expires_at: self.now + Duration::days(3),
            paid_at: None,
            version: 1,
        });
        id
    }

    fn post(&mut self, entries: Vec<Entry>) {
        let sum: Decimal = entries.iter().map(|entry| entry.amount.as_decimal()).sum();
        assert!(sum.is_zero(), "a transfer that adds up to {sum}");
        for entry in entries {
            *self.ledger.entry(entry.account.to_string()).or_default() += entry.amount.as_decimal();
        }
    }

    /// What an account holds, seen from its own side.
    fn balance(&self, account: Account) -> Money {
        let debit = self.ledger.get(&account.to_string()).copied().unwrap_or_default();
        let is_debit = matches!(account, Account::Receivable(_) | Account::Bank);
        Money::from_decimal(if is_debit { debit } else { -debit }).unwrap()
    }

    fn place(&self, place: usize) -> Option<usize> {
        (!self.invoices.is_empty()).then(|| place % self.invoices.len())
    }

    /// What the app does with money that came for the invoice at `at`.
    fn receive(&mut self, at: usize, amount: Money, cash: Account) {
        let first = self.invoices[at].clone();
        let others: Vec<Invoice> = if first.installment_id.is_some()
            && self.plan.is_some_and(PlanState::is_live)
        {
            let open = |part: &&Installment| part.waived.is_none() && part.invoice_id != first.id;
            let invoice =
                |part: &Installment| self.invoices.iter().find(|i| i.id == part.invoice_id);
            let found = self.parts.iter().filter(open).filter_map(invoice);
            found.filter(|invoice| invoice.status.is_open()).cloned().collect()
        } else {
            Vec::new()
        };
        for share in allocate(amount, self.now, first, others).unwrap() {
            let receivable = self
                .sums
                .is_delivered()
                .then(|| self.balance(Account::Receivable(self.parties.order)));
            let excess = share.amount.minus(share.allocated).unwrap();
            let lines =
                posting::payment_received(cash, self.parties, share.allocated, excess, receivable);
            self.post(lines);
            self.sums.capture(share.allocated).unwrap();
            let (invoice, amount, allocated) = (share.invoice.id, share.amount, share.allocated);
            let totals = RefundTotals {
                payment_id: PaymentId::generate(&SystemClock),
                captured: amount,
                pending: Money::ZERO,
                refunded: Money::ZERO,
                credit_taken: Money::ZERO,
            };
            // What waited in suspense goes back the way it came.
            let cash = if cash == Account::Suspense { Account::XenditClearing } else { cash };
            self.payments.push(Paid { invoice, amount, allocated, cash, totals });
            let stored = self.invoices.iter_mut().find(|one| one.id == invoice).unwrap();
            *stored = share.invoice;
        }
        self.follow();
    }

    /// Open invoices outside a plan ask for what is left; the plan's state follows.
    fn follow(&mut self) {
        let (total, paid, now) = (self.total, self.sums.paid(), self.now);
        for invoice in &mut self.invoices {
            if !invoice.status.is_open() || invoice.installment_id.is_some() {
                continue;
            }
            let by_others = paid.minus(invoice.amount_paid).unwrap_or(Money::ZERO);
            let amount = invoice_amount(invoice.kind, total, by_others, None).unwrap();
            if amount.is_zero() && invoice.amount_paid.is_zero() {
                invoice.cancel().unwrap();
            } else if amount != invoice.amount {
                invoice.change_amount(amount, now).unwrap();
            }
        }
        if self.plan.is_some_and(PlanState::is_live) {
            self.plan = Some(plan_state(&self.pairs(), self.left()).unwrap());
        }
        if let Some(booked) = self.sums.revenue_booked
            && booked != self.total
        {
            let owed = self.balance(Account::Receivable(self.parties.order));
            let lines = posting::delivery_adjusted(self.parties, booked, self.total, owed);
            self.post(lines);
            self.sums.revenue_booked = Some(self.total);
        }
    }

    fn pairs(&self) -> Vec<(Installment, Invoice)> {
        let invoice = |part: &Installment| {
            self.invoices.iter().find(|one| one.id == part.invoice_id).unwrap().clone()
        };
        self.parts.iter().map(|part| (part.clone(), invoice(part))).collect()
    }

    fn cancel_open(&mut self) {
        for invoice in self.invoices.iter_mut().filter(|one| one.status.is_open()) {
            invoice.cancel().unwrap();
        }
    }

    fn make_plan(&mut self, count: usize) {
        let left = self.left();
        if !self.live || left.is_zero() || left < rupiah(12) {
            return;
        }
        let days: Vec<_> = (0..i64::try_from(count).unwrap())
            .map(|at| self.now + Duration::days(at * 7))
            .collect();
        let parts = equal(left, &days).unwrap();
        check(&parts, left, self.now).unwrap();
        self.cancel_open();
        self.parts.clear();
        let plan = PlanId::generate(&SystemClock);
        for (sequence, part) in (1..).zip(parts) {
            let id = InstallmentId::generate(&SystemClock);
            let invoice_id = self.write(InvoiceKind::Deposit, part.amount, Some(id));
            self.parts.push(Installment {
                id,
                plan_id: plan,
                order_id: self.parties.order,
                sequence,
                amount: part.amount,
                due_at: part.due_at,
                description: part.description,
                invoice_id,
                waived: None,
                remind_on: None,
            });
        }
        self.plan = Some(PlanState::Active);
    }

    fn waive(&mut self, place: usize) {
        if !self.plan.is_some_and(PlanState::is_live) || self.parts.is_empty() {
            return;
        }
        let at = place % self.parts.len();
        let id = self.parts[at].invoice_id;
        let invoice = self.invoices.iter_mut().find(|one| one.id == id).unwrap();
        if self.parts[at].waived.is_none() && invoice.status.is_open() {
            invoice.cancel().unwrap();
            let (by, reason) = ("staff:7".to_owned(), "goodwill".to_owned());
            self.parts[at].waived = Some(Waiver { at: self.now, by, reason });
            self.follow();
        }
    }

    fn ship(&mut self) {
        if self.sums.is_delivered() {
            return;
        }
        let deposits = self.balance(Account::Deposits(self.parties.order));
        let lines = posting::delivered(self.parties, self.total, deposits);
        self.post(lines);
        self.sums.revenue_booked = Some(self.total);
    }

    fn refund(&mut self, place: usize, percent: u64, end: RefundEnd) {
        if self.payments.is_empty() {
            return;
        }
        let (delivered, parties) = (self.sums.is_delivered(), self.parties);
        let credit_balance = self.balance(Account::Credit(parties.customer));
        let at = place % self.payments.len();
        let paid = &mut self.payments[at];
        let percent = Decimal::from(percent);
        let amount = paid.amount.percent_whole_rupiah(percent).unwrap().max(rupiah(1));
        let payable = Payable { allocated: paid.allocated, credit_balance, delivered };
        let before = paid.totals;
        let Ok(parts) = paid.totals.hold(amount, payable) else {
            assert_eq!(paid.totals, before, "a refused refund holds nothing");
            return;
        };
        let cash = paid.cash;
        self.post(posting::refund_requested(parties, amount, parts));
        match end {
            RefundEnd::Paid => {
                self.payments[at].totals.settle(amount).unwrap();
                self.sums.refund(parts.order).unwrap();
                self.returned = self.returned.plus(parts.order).unwrap();
                self.post(posting::refund_paid(cash, amount));
                if self.live {
                    self.follow();
                }
            }
            RefundEnd::Failed => {
                self.payments[at].totals.release(amount, parts).unwrap();
                let receivable =
                    delivered.then(|| self.balance(Account::Receivable(parties.order)));
                self.post(posting::refund_failed(parties, amount, parts, receivable));
            }
            RefundEnd::Open => self.promised.push((amount, parts)),
        }
    }

    fn due(&self, at: usize) -> u64 {
        u64::try_from(self.invoices[at].amount_due().to_sen() / 100).unwrap()
    }

    fn callback(&mut self, at: usize, share: Share) {
        // A link asks for what was due when it was made: less than that waits in suspense.
        let amount = rupiah(share.of(self.due(at)));
        if matches!(share, Share::Part(_)) && amount < self.invoices[at].amount_due() {
            let lines = posting::payment_suspended(Account::XenditClearing, amount);
            self.post(lines);
            self.suspended.push(amount);
        } else {
            self.receive(at, amount, Account::XenditClearing);
        }
    }

    fn take(&mut self, step: Step) {
        self.now += Duration::hours(5);
        match step {
            Step::Pay { place, share } => {
                let Some(at) = self.place(place) else { return };
                if self.invoices[at].status.is_open() {
                    self.receive(at, rupiah(share.of(self.due(at))), Account::Bank);
                }
            }
            Step::Callback { place, share, times: _ } => {
                // However often it is told, its reference is booked once.
                let Some(at) = self.place(place) else { return };
                self.callback(at, share);
            }
            Step::Expire { place } => {
                let Some(at) = self.place(place) else { return };
                let before = self.invoices[at].clone();
                if self.invoices[at].expire().is_err() {
                    assert_eq!(self.invoices[at], before, "an expiry never un-pays");
                }
            }
            Step::Plan { parts } => self.make_plan(parts),
            Step::Waive { place } => self.waive(place),
            Step::CancelPlan => {
                if self.plan.is_some_and(PlanState::is_live) {
                    for invoice in &mut self.invoices {
                        if invoice.installment_id.is_some() && invoice.status.is_open() {
                            invoice.cancel().unwrap();
                        }
                    }
                    self.plan = Some(PlanState::Cancelled);
                }
            }
            Step::Reprice { percent } => {
                let percent = Decimal::from(percent);
                let price = self.total.percent_whole_rupiah(percent).unwrap();
                self.total = price.max(rupiah(1));
                self.follow();
            }
            Step::Ship => self.ship(),
            Step::UseCredit { place } => {
                let Some(at) = self.place(place) else { return };
                let account = Account::Credit(self.parties.customer);
                let amount = self.balance(account).min(self.invoices[at].amount_due());
                if self.invoices[at].status.is_open() && !amount.is_zero() {
                    self.receive(at, amount, account);
                }
            }
            Step::Match { place } => {
                let Some(at) = self.place(place) else { return };
                if self.invoices[at].status.is_open()
                    && let Some(amount) = self.suspended.pop()
                {
                    self.receive(at, amount, Account::Suspense);
                }
            }
            Step::Refund { place, percent, end } => self.refund(place, percent, end),
            Step::CancelOrder => {
                self.live = false;
                self.cancel_open();
                if self.plan.is_some_and(PlanState::is_live) {
                    self.plan = Some(PlanState::Cancelled);
                }
            }
        }
    }

    /// Everything that must always hold.
    fn check(&self, paid_before: &[(InvoiceId, Money)]) {
        let ledger: Decimal = self.ledger.values().sum();
        assert!(ledger.is_zero(), "the ledger adds up to {ledger}");
        for account in ["deposits", "credit", "suspense"] {
            let below = |(code, sum): &(&String, &Decimal)| {
                code.starts_with(account) && sum.is_sign_positive()
            };
            let found = self.ledger.iter().find(|one| below(one) && !one.1.is_zero());
            assert!(found.is_none(), "below zero: {found:?}");
        }
        let sum = |amounts: Vec<Money>| {
            amounts.into_iter().fold(Money::ZERO, |sum, one| sum.plus(one).unwrap())
        };
        let allocated = sum(self.payments.iter().map(|one| one.allocated).collect());
        let of_invoices = sum(self.invoices.iter().map(|one| one.amount_paid).collect());
        assert_eq!(allocated, self.sums.captured, "captured is what payments brought");
        assert_eq!(allocated, of_invoices, "and what invoices say");
        assert!(self.payments.iter().all(|one| one.allocated <= one.amount));
        for invoice in &self.invoices {
            assert!(invoice.amount_paid <= invoice.amount, "{invoice:?}");
            let brought = self.payments.iter().filter(|one| one.invoice == invoice.id);
            let brought = sum(brought.map(|one| one.allocated).collect());
            assert_eq!(brought, invoice.amount_paid);
            let paid = invoice.status == InvoiceStatus::Paid;
            assert_eq!(paid, invoice.paid_at.is_some());
            assert!(!paid || invoice.amount_due().is_zero());
        }
        for (id, amount) in paid_before {
            let invoice = self.invoices.iter().find(|one| one.id == *id).unwrap();
            assert_eq!(invoice.status, InvoiceStatus::Paid, "what is paid stays paid");
            assert_eq!(invoice.amount, *amount, "and is never edited");
        }
        if self.sums.revenue_booked.is_none() {
            let held = self.balance(Account::Deposits(self.parties.order));
            let promised = sum(self.promised.iter().map(|(_, parts)| parts.order).collect());
            let gone = promised.plus(self.returned).unwrap();
            let kept = self.sums.captured.minus(gone).unwrap();
            assert_eq!(held, kept, "a deposit is a liability until delivery");
        }
        if self.plan == Some(PlanState::Active) {
            let open = self.pairs().into_iter().filter(|(part, _)| part.waived.is_none());
            let due = sum(open
                .filter(|(_, invoice)| invoice.status.is_open())
                .map(|(_, invoice)| invoice.amount_due())
                .collect());
            assert!(due <= self.left(), "an active plan asks for {due} of {}", self.left());
        }
        for paid in &self.payments {
            let taken = paid.totals.pending.plus(paid.totals.refunded).unwrap();
            assert!(taken <= paid.amount, "more goes back than came");
        }
        let promised = sum(self.promised.iter().map(|(amount, _)| *amount).collect());
        assert_eq!(self.balance(Account::RefundsPayable), promised);
        assert_eq!(self.sums.refunded, self.returned);
        let held = sum(self.suspended.clone());
        assert_eq!(self.balance(Account::Suspense), held);
    }

    fn paid(&self) -> Vec<(InvoiceId, Money)> {
        let paid = self.invoices.iter().filter(|one| one.status == InvoiceStatus::Paid);
        paid.map(|one| (one.id, one.amount)).collect()
    }
}

fn live(seed: u64) {
    let (price, steps) = life(seed, LONGEST);
    let mut books = Books::open(price);
    for step in steps {
        let paid = books.paid();
        books.take(step);
        books.check(&paid);
    }
}

#[test]
fn ten_thousand_lives_keep_every_promise() {
    let (seeds, _) = steps::seeds(LIVES);
    for seed in seeds {
        let outcome = std::panic::catch_unwind(|| live(seed));
        assert!(outcome.is_ok(), "KONVEKSI_LIVES_SEED={seed} replays this");
    }
}
