//! What a use case can answer instead of its result.

use konveksi_db::DbError;
use konveksi_documents::DocumentError;
use konveksi_idempotency::Refused;
use konveksi_kernel::{Money, MoneyError};
use thiserror::Error;

use crate::domain::plan::PlanError;
use crate::domain::{HoldError, InvoiceError, InvoiceStatus, RefundError};
use crate::providers::ProviderError;

/// Why a use case did not do what it was asked.
#[derive(Debug, Error)]
pub(crate) enum AppError {
    /// Nobody told this service of such an order.
    #[error("the order is not known here")]
    OrderNotFound,
    /// There is no such invoice.
    #[error("no such invoice")]
    InvoiceNotFound,
    /// There is no such payment.
    #[error("no such payment")]
    PaymentNotFound,
    /// There is no such refund.
    #[error("no such refund")]
    RefundNotFound,
    /// Money that waits in suspense, or was taken back, is not given back.
    #[error("the payment waits in suspense or was taken back")]
    NotRefundable,
    /// Its provider does not pay back what came this way.
    #[error("the provider cannot pay this payment back the way it came")]
    NoRefundThatWay,
    /// The same refund was asked for a moment ago, without a key.
    #[error("the same refund was asked for within the last minute")]
    RefundSuspectedDouble,
    /// The payment does not give that much back.
    #[error(transparent)]
    Hold(HoldError),
    /// The refund's state forbids it.
    #[error(transparent)]
    Refund(#[from] RefundError),
    /// Only what a clerk recorded is taken back.
    #[error("only payments recorded by hand can be taken back")]
    NotManual,
    /// Some of it went back, or what it left over was spent.
    #[error("money of this payment went back or was used already")]
    PaymentInUse,
    /// There is no receipt for it.
    #[error("money that was not accepted has no receipt")]
    NoReceipt,
    /// There is no credit note yet.
    #[error("a refund that has not been paid has no credit note")]
    NoCreditNote,
    /// A paper could not be printed.
    #[error("a paper could not be printed")]
    Document(#[source] DocumentError),
    /// Printing ended without an answer.
    #[error("printing stopped")]
    PrintingStopped,
    /// Its `Idempotency-Key` is in the way.
    #[error(transparent)]
    Key(#[from] Refused),
    /// The order is cancelled or deleted: nothing is asked for it any more.
    #[error("the order is cancelled or deleted")]
    OrderClosed,
    /// The order's deposit was paid already.
    #[error("the deposit was paid already")]
    DepositPaid,
    /// Part of the order was paid, so the whole cannot be asked for at once.
    #[error("part of the order was paid already; ask for the rest (pelunasan)")]
    PartlyPaid,
    /// Everything was paid.
    #[error("nothing is left to pay")]
    NothingLeft,
    /// The order's final invoice waits for its money.
    #[error("the final invoice {code} waits for its money")]
    FinalExists {
        /// The invoice's code.
        code: String,
    },
    /// The invoice's state forbids it.
    #[error("invoice {code}: {source}")]
    Refused {
        /// The invoice's code.
        code: String,
        /// Where it stands.
        status: InvoiceStatus,
        /// The rule that refuses.
        #[source]
        source: InvoiceError,
    },
    /// There is no such plan.
    #[error("no such payment plan")]
    PlanNotFound,
    /// There is no such part of the plan.
    #[error("the plan has no such part")]
    PartNotFound,
    /// The order has a plan already.
    #[error("the order has a payment plan; replan it instead")]
    PlanExists,
    /// Nothing of the plan is asked for any more.
    #[error("the plan is completed, replaced or cancelled")]
    PlanClosed,
    /// The part is paid, waived or cancelled.
    #[error("the part is not open any more")]
    PartSettled,
    /// The invoice asks for a part of a plan.
    #[error("the invoice belongs to a payment plan; change the plan instead")]
    PartOfPlan,
    /// The parts make no plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// There is no such proof.
    #[error("no such proof")]
    ProofNotFound,
    /// It was decided the other way.
    #[error("the proof was decided already")]
    ProofDecided,
    /// Its file has not been scanned yet.
    #[error("the proof's file has not been scanned yet")]
    ProofQuarantined,
    /// Its file is infected.
    #[error("the proof's file is infected")]
    InfectedProof,
    /// Its file proves something else already.
    #[error("the same file was used as a proof before")]
    DuplicateProof,
    /// The order has enough proofs that wait.
    #[error("too many proofs of this order wait for a decision")]
    TooManyProofs,
    /// An equal request came within the last minute, and neither has a key.
    #[error("an equal request came within the last 60 seconds; send an Idempotency-Key")]
    SuspectedDouble,
    /// The transfer is not what the invoice asks for.
    #[error("the amount is not what is due ({due})")]
    AmountMismatch {
        /// What is due, in rupiah.
        due: Money,
    },
    /// Neither the proof nor who approves it names an amount.
    #[error("the amount is missing")]
    AmountMissing,
    /// The transfer lies ahead.
    #[error("the transfer's date lies in the future")]
    TransferInFuture,
    /// Somebody else has to say so too.
    #[error("above this amount a second person has to approve")]
    NeedsSecondPerson,
    /// No invoice of the order waits for money.
    #[error("no invoice of the order waits for money")]
    NoOpenInvoice,
    /// The invoice belongs to another order.
    #[error("the invoice belongs to another order")]
    InvoiceOfOtherOrder,
    /// There is no such bank account of ours.
    #[error("no such bank account is configured")]
    UnknownBankAccount,
    /// Every unique amount is taken.
    #[error("every unique amount of the account is taken")]
    NoFreeAmount,
    /// There is no such money in suspense.
    #[error("no such unmatched money")]
    UnmatchedNotFound,
    /// It was settled another way.
    #[error("the money was settled already")]
    UnmatchedSettled,
    /// There is no such payout.
    #[error("there is no such settlement")]
    SettlementNotFound,
    /// The provider's payout of this reference is recorded.
    #[error("a settlement of this reference is recorded")]
    SettlementKnown,
    /// It reached the bank on a day that has not come.
    #[error("the settlement's day is in the future")]
    SettlementInFuture,
    /// The provider holds less.
    #[error("the provider holds {held}")]
    SettlementTooLarge {
        /// What it holds, in rupiah.
        held: Money,
    },
    /// The customer has less to their credit.
    #[error("the customer's credit is {credit}")]
    NotEnoughCredit {
        /// What they have, in rupiah.
        credit: Money,
    },
    /// The invoice asks for less.
    #[error("only {due} is due")]
    MoreThanDue {
        /// What is due, in rupiah.
        due: Money,
    },
    /// The new expiry does not lie ahead.
    #[error("the expiry must lie ahead")]
    ExpiryPassed,
    /// Somebody else is asking the provider for the link, and has not finished in time.
    #[error("the payment link is still being made")]
    LinkPending,
    /// The provider did not make the link.
    #[error("the payment link could not be made")]
    Provider(#[source] ProviderError),
    /// The callback's token is missing or wrong.
    #[error("the callback's token is missing or wrong")]
    WrongToken,
    /// The callback's body is not what the provider sends.
    #[error("the callback cannot be read: {0}")]
    UnreadableCallback(String),
    /// An amount left the range of money.
    #[error("an amount is out of range")]
    Amount(#[from] MoneyError),
    /// Every code that was tried is taken.
    #[error("no free invoice code was found")]
    NoFreeCode,
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<InvoiceError> for AppError {
    fn from(error: InvoiceError) -> AppError {
        match error {
            InvoiceError::Amount(amount) => AppError::Amount(amount),
            InvoiceError::Refused { from, wanted } => AppError::Refused {
                code: String::new(),
                status: from,
                source: InvoiceError::Refused { from, wanted },
            },
        }
    }
}

impl From<HoldError> for AppError {
    fn from(error: HoldError) -> AppError {
        match error {
            HoldError::Amount(amount) => AppError::Amount(amount),
            HoldError::TooMuch(_) | HoldError::CreditUsed => AppError::Hold(error),
        }
    }
}

impl AppError {
    /// The same refusal, naming the invoice.
    pub(super) fn of(invoice: &crate::domain::Invoice, error: InvoiceError) -> AppError {
        match AppError::from(error) {
            AppError::Refused { status, source, .. } => {
                AppError::Refused { code: invoice.code.to_string(), status, source }
            }
            other => other,
        }
    }
}
