//! Where an order stands, and who may move it (`contract.md` section 4, `settled.md` 19 and 20).

use thiserror::Error;

use super::production::ProductionStatus;

/// `status_order`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum OrderStatus {
    /// `menunggu_link`: no payment link yet.
    AwaitingLink,
    /// `link_dibuat`: a payment link exists.
    LinkCreated,
    /// `dp_dibayar`: the deposit is paid.
    DepositPaid,
    /// `pengerjaan_selesai`: the work is done, the final invoice is being made.
    WorkDone,
    /// `menunggu_pelunasan`: the customer was asked for the rest.
    AwaitingFinalPayment,
    /// `lunas`.
    PaidInFull,
    /// `dibatalkan`.
    Cancelled,
}

/// Something that may move an order besides staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Occasion {
    /// A payment link was made.
    LinkCreated,
    /// The deposit, or money that is not yet all, was paid.
    DepositPaid,
    /// Everything was paid.
    PaidInFull,
    /// The message asking for the rest was sent.
    FinalMessageSent,
}

/// A move that is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum Refusal {
    /// `dp_dibayar` and `lunas` follow money alone.
    #[error("status {} only follows a payment; record one at /api/v1/payment/manual/", .to.as_wire())]
    OnlyByPayment {
        /// What was asked for.
        to: OrderStatus,
    },
    /// `link_dibuat` follows a payment link.
    #[error(
        "status link_dibuat only follows a payment link; make one at /api/v1/order/{{id}}/create-payment-link/"
    )]
    OnlyByLink,
    /// No such move.
    #[error("an order cannot move from {} to {}", .from.as_wire(), .to.as_wire())]
    Status {
        /// Where it stands.
        from: OrderStatus,
        /// What was asked for.
        to: OrderStatus,
    },
    /// No such move of production.
    #[error("production cannot move from {} to {}", .from.as_wire(), .to.as_wire())]
    Production {
        /// Where it stands.
        from: ProductionStatus,
        /// What was asked for.
        to: ProductionStatus,
    },
    /// Work on a cancelled order.
    #[error("the order is cancelled")]
    OrderCancelled,
    /// Total, quantity or payment type of an order that money was paid for.
    #[error("an order that money was paid for keeps its total, quantity and payment type")]
    AlreadyPaid,
    /// Other pieces for an order whose pieces the floor has counted.
    #[error("the pieces of an order cannot change once production has counted some")]
    PiecesCounted,
    /// Other stages for an order whose pieces the floor has counted.
    #[error("the stages of an order cannot change once production has counted pieces")]
    StagesCounted,
    /// A final payment asked for in the wrong state.
    #[error("a final payment can only be asked for while the order is dp_dibayar, not {}", .from.as_wire())]
    FinalPayment {
        /// Where it stands.
        from: OrderStatus,
    },
    /// A final payment asked for although nothing is left to pay.
    #[error("nothing is left to pay")]
    NothingLeftToPay,
}

impl OrderStatus {
    /// Every value.
    pub(crate) const ALL: [OrderStatus; 7] = [
        OrderStatus::AwaitingLink,
        OrderStatus::LinkCreated,
        OrderStatus::DepositPaid,
        OrderStatus::WorkDone,
        OrderStatus::AwaitingFinalPayment,
        OrderStatus::PaidInFull,
        OrderStatus::Cancelled,
    ];

    /// The word on the wire and in the table.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            OrderStatus::AwaitingLink => "menunggu_link",
            OrderStatus::LinkCreated => "link_dibuat",
            OrderStatus::DepositPaid => "dp_dibayar",
            OrderStatus::WorkDone => "pengerjaan_selesai",
            OrderStatus::AwaitingFinalPayment => "menunggu_pelunasan",
            OrderStatus::PaidInFull => "lunas",
            OrderStatus::Cancelled => "dibatalkan",
        }
    }

    /// Reads the word on the wire.
    pub(crate) fn from_wire(text: &str) -> Option<OrderStatus> {
        OrderStatus::ALL.into_iter().find(|value| value.as_wire() == text)
    }

    /// What people read.
    pub(crate) const fn display(self) -> &'static str {
        match self {
            OrderStatus::AwaitingLink => "Menunggu Link",
            OrderStatus::LinkCreated => "Link Dibuat",
            OrderStatus::DepositPaid => "DP Dibayar",
            OrderStatus::WorkDone => "Pengerjaan Selesai",
            OrderStatus::AwaitingFinalPayment => "Menunggu Pelunasan",
            OrderStatus::PaidInFull => "Lunas",
            OrderStatus::Cancelled => "Dibatalkan",
        }
    }

    /// Whether staff may move an order from here to `to`. Standing still is not a move: callers
    /// ask only for a different state.
    ///
    /// # Errors
    /// [`Refusal::OnlyByPayment`], [`Refusal::OnlyByLink`], [`Refusal::Status`].
    pub(crate) const fn staff_move(self, to: OrderStatus) -> Result<(), Refusal> {
        let allowed = match to {
            OrderStatus::DepositPaid | OrderStatus::PaidInFull => {
                return Err(Refusal::OnlyByPayment { to });
            }
            OrderStatus::LinkCreated => return Err(Refusal::OnlyByLink),
            OrderStatus::AwaitingLink => false,
            OrderStatus::WorkDone => matches!(self, OrderStatus::DepositPaid),
            OrderStatus::AwaitingFinalPayment => matches!(self, OrderStatus::WorkDone),
            OrderStatus::Cancelled => {
                !matches!(self, OrderStatus::PaidInFull | OrderStatus::Cancelled)
            }
        };
        if allowed { Ok(()) } else { Err(Refusal::Status { from: self, to }) }
    }

    /// Where `occasion` leaves an order that stands here. Never a step back, so that facts may
    /// arrive in any order; a cancelled or settled order stays what it is.
    pub(crate) const fn after(self, occasion: Occasion) -> OrderStatus {
        match (occasion, self) {
            (Occasion::LinkCreated, OrderStatus::AwaitingLink) => OrderStatus::LinkCreated,
            (Occasion::DepositPaid, OrderStatus::AwaitingLink | OrderStatus::LinkCreated) => {
                OrderStatus::DepositPaid
            }
            (
                Occasion::PaidInFull,
                OrderStatus::AwaitingLink
                | OrderStatus::LinkCreated
                | OrderStatus::DepositPaid
                | OrderStatus::WorkDone
                | OrderStatus::AwaitingFinalPayment,
            ) => OrderStatus::PaidInFull,
            (Occasion::FinalMessageSent, OrderStatus::WorkDone) => {
                OrderStatus::AwaitingFinalPayment
            }
            (
                Occasion::LinkCreated
                | Occasion::DepositPaid
                | Occasion::PaidInFull
                | Occasion::FinalMessageSent,
                unmoved,
            ) => unmoved,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use OrderStatus::{
        AwaitingFinalPayment, AwaitingLink, Cancelled, DepositPaid, LinkCreated, PaidInFull,
        WorkDone,
    };

    #[test]
    fn every_word_round_trips() {
        for value in OrderStatus::ALL {
            assert_eq!(OrderStatus::from_wire(value.as_wire()), Some(value));
        }
        assert_eq!(OrderStatus::from_wire("payment_overdue"), None);
    }

    #[test]
    fn every_pair_of_states_is_decided_for_staff() {
        let allowed = [
            (AwaitingLink, vec![Cancelled]),
            (LinkCreated, vec![Cancelled]),
            (DepositPaid, vec![WorkDone, Cancelled]),
            (WorkDone, vec![AwaitingFinalPayment, Cancelled]),
            (AwaitingFinalPayment, vec![Cancelled]),
            (PaidInFull, vec![]),
            (Cancelled, vec![]),
        ];
        for (from, targets) in allowed {
            for to in OrderStatus::ALL {
                assert_eq!(
                    from.staff_move(to).is_ok(),
                    targets.contains(&to),
                    "{from:?} to {to:?}"
                );
            }
        }
    }

    #[test]
    fn paid_states_are_refused_to_staff_and_name_the_way_to_them() {
        for from in OrderStatus::ALL {
            for to in [DepositPaid, PaidInFull] {
                let refusal = from.staff_move(to).unwrap_err();
                assert!(refusal.to_string().contains("/payment/manual/"), "{refusal}");
            }
        }
    }

    #[test]
    fn every_state_answers_every_occasion() {
        let moves = [
            (
                Occasion::LinkCreated,
                [
                    LinkCreated,
                    LinkCreated,
                    DepositPaid,
                    WorkDone,
                    AwaitingFinalPayment,
                    PaidInFull,
                    Cancelled,
                ],
            ),
            (
                Occasion::DepositPaid,
                [
                    DepositPaid,
                    DepositPaid,
                    DepositPaid,
                    WorkDone,
                    AwaitingFinalPayment,
                    PaidInFull,
                    Cancelled,
                ],
            ),
            (
                Occasion::PaidInFull,
                [PaidInFull, PaidInFull, PaidInFull, PaidInFull, PaidInFull, PaidInFull, Cancelled],
            ),
            (
                Occasion::FinalMessageSent,
                [
                    AwaitingLink,
                    LinkCreated,
                    DepositPaid,
                    AwaitingFinalPayment,
                    AwaitingFinalPayment,
                    PaidInFull,
                    Cancelled,
                ],
            ),
        ];
        for (occasion, results) in moves {
            for (from, to) in OrderStatus::ALL.into_iter().zip(results) {
                assert_eq!(from.after(occasion), to, "{from:?} after {occasion:?}");
            }
        }
    }
}
