//! The one shape of a payment provider, and which of them are in use. One suite of tests
//! (`contract_tests.rs`) says what every provider keeps to.

use std::sync::Arc;

use async_trait::async_trait;

use super::{
    MadeLink, Manual, Midtrans, NewLink, NewRefund, ProviderError, ProviderInvoice, ProviderRefund,
    Xendit,
};
use crate::domain::PaymentSource;

/// A payment provider. Every call may be repeated: asked again with the same names, it has one
/// effect.
#[async_trait]
pub(crate) trait PaymentProvider: Send + Sync {
    /// Makes a link.
    ///
    /// # Errors
    /// [`ProviderError`]; after [`ProviderError::Unreachable`] it may exist all the same:
    /// [`PaymentProvider::find`] tells.
    async fn create(&self, link: &NewLink) -> Result<MadeLink, ProviderError>;

    /// Reads a link by the provider's id.
    ///
    /// # Errors
    /// [`ProviderError`].
    async fn get(&self, id: &str) -> Result<ProviderInvoice, ProviderError>;

    /// Looks a link up by our name for it, so that it is not made twice; `None` also where making
    /// it again is harmless.
    ///
    /// # Errors
    /// [`ProviderError`].
    async fn find(&self, external_id: &str) -> Result<Option<ProviderInvoice>, ProviderError>;

    /// Takes a link down, so that it can no longer be paid.
    ///
    /// # Errors
    /// [`ProviderError::NotFound`] when it is unknown, paid or expired already, else as above.
    async fn expire(&self, id: &str) -> Result<(), ProviderError>;

    /// Pays back.
    ///
    /// # Errors
    /// [`ProviderError`]; after one that can be repeated it may be paid all the same:
    /// [`PaymentProvider::find_refund`] tells.
    async fn refund(&self, refund: &NewRefund) -> Result<ProviderRefund, ProviderError>;

    /// Where a refund stands; `None` when the provider never took it in.
    ///
    /// # Errors
    /// [`ProviderError`].
    async fn find_refund(
        &self,
        refund: &NewRefund,
    ) -> Result<Option<ProviderRefund>, ProviderError>;
}

/// Whether the provider of a payment can pay it back the way it came: virtual accounts and
/// counters only take money.
pub(crate) fn refunds_method(source: PaymentSource, method: &str) -> bool {
    match source {
        PaymentSource::Xendit => {
            matches!(method, "CREDIT_CARD" | "EWALLET" | "QR_CODE" | "DIRECT_DEBIT" | "PAYLATER")
        }
        PaymentSource::Midtrans => {
            matches!(method, "credit_card" | "gopay" | "shopeepay" | "qris")
        }
        PaymentSource::Manual | PaymentSource::Mutation | PaymentSource::Credit => false,
    }
}

/// The providers there are, and the one that new links are made at. Links that exist stay with
/// theirs.
#[derive(Clone)]
pub(crate) struct Providers {
    /// Where new links are made.
    pub(crate) chosen: PaymentSource,
    xendit: Arc<Xendit>,
    midtrans: Option<Arc<Midtrans>>,
    manual: Arc<Manual>,
}

impl Providers {
    /// These, with `chosen` for new links.
    ///
    /// # Errors
    /// [`ProviderError::NotSetUp`] when the chosen one makes no links or is not there.
    pub(crate) fn new(
        chosen: PaymentSource,
        xendit: Xendit,
        midtrans: Option<Midtrans>,
        manual: Manual,
    ) -> Result<Providers, ProviderError> {
        let providers = Providers {
            chosen,
            xendit: Arc::new(xendit),
            midtrans: midtrans.map(Arc::new),
            manual: Arc::new(manual),
        };
        providers.of(chosen)?;
        Ok(providers)
    }

    /// The provider of that name.
    ///
    /// # Errors
    /// [`ProviderError::NotSetUp`] when its keys are not set any more.
    pub(crate) fn of(&self, source: PaymentSource) -> Result<&dyn PaymentProvider, ProviderError> {
        match source {
            PaymentSource::Xendit => Ok(&*self.xendit),
            PaymentSource::Midtrans => {
                let midtrans = self.midtrans.as_deref().ok_or(ProviderError::NotSetUp)?;
                Ok(midtrans)
            }
            PaymentSource::Manual => Ok(&*self.manual),
            // No links are made there.
            PaymentSource::Mutation | PaymentSource::Credit => Err(ProviderError::NotSetUp),
        }
    }

    /// Midtrans, which also knows the signatures of its notifications.
    pub(crate) fn midtrans(&self) -> Option<&Midtrans> {
        self.midtrans.as_deref()
    }
}
