//! Brings two events together: payment says what was paid, order says when it has taken it in.
//! Only then do sockets hear of it, with an order that shows it. Either may come first.

use std::collections::HashMap;

use konveksi_contracts::v1::{OrderState, PaymentReceived};

/// Orders remembered; beyond it the memory starts afresh, and at worst a frame is not sent.
const REMEMBERED: usize = 10_000;

/// Payments that order has not taken in yet, and what order has taken in.
#[derive(Default)]
pub(super) struct Payments {
    waiting: HashMap<String, Vec<PaymentReceived>>,
    taken_in_sen: HashMap<String, i64>,
}

impl Payments {
    /// Money came; answers it at once when order knows it already.
    pub(super) fn received(&mut self, payment: PaymentReceived) -> Option<PaymentReceived> {
        let order_id = payment.invoice.as_ref()?.order_id.clone();
        if self.taken_in_sen.get(&order_id).is_some_and(|sen| *sen >= payment.order_paid_sen) {
            return Some(payment);
        }
        if self.waiting.len() >= REMEMBERED {
            self.waiting.clear();
        }
        self.waiting.entry(order_id).or_default().push(payment);
        None
    }

    /// Order told its state; answers the payments it now shows.
    pub(super) fn taken_in(&mut self, order: &OrderState) -> Vec<PaymentReceived> {
        if order.paid_sen == 0 {
            return Vec::new();
        }
        if self.taken_in_sen.len() >= REMEMBERED {
            self.taken_in_sen.clear();
        }
        self.taken_in_sen.insert(order.order_id.clone(), order.paid_sen);
        let Some(waiting) = self.waiting.remove(&order.order_id) else { return Vec::new() };
        let (shown, later): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|payment| payment.order_paid_sen <= order.paid_sen);
        if !later.is_empty() {
            self.waiting.insert(order.order_id.clone(), later);
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use konveksi_contracts::v1::InvoiceState;

    fn payment(order_paid_sen: i64) -> PaymentReceived {
        let invoice = InvoiceState { order_id: "o".to_owned(), ..InvoiceState::default() };
        PaymentReceived { invoice: Some(invoice), order_paid_sen, ..PaymentReceived::default() }
    }

    fn order(paid_sen: i64) -> OrderState {
        OrderState { order_id: "o".to_owned(), paid_sen, ..OrderState::default() }
    }

    #[test]
    fn a_payment_is_told_once_when_both_have_spoken() {
        let mut payments = Payments::default();
        assert!(payments.received(payment(100)).is_none());
        assert!(payments.taken_in(&order(0)).is_empty());
        assert_eq!(payments.taken_in(&order(100)).len(), 1);
        assert!(payments.taken_in(&order(100)).is_empty());
        assert!(payments.received(payment(250)).is_none());
        assert_eq!(payments.taken_in(&order(250)).len(), 1);
    }

    #[test]
    fn order_may_speak_first() {
        let mut payments = Payments::default();
        assert!(payments.taken_in(&order(100)).is_empty());
        assert!(payments.received(payment(100)).is_some());
    }
}
