//! No provider at all: the customer transfers by hand and staff record it. A link is the address
//! where the invoice can be read; nothing is ever asked of anybody.

use async_trait::async_trait;

use super::{
    FeesOnTop, MadeLink, NewLink, NewRefund, PaymentProvider, ProviderError, ProviderInvoice,
    ProviderRefund, ProviderStatus,
};
use konveksi_kernel::Money;

/// Money that only people move.
#[derive(Debug, Clone)]
pub(crate) struct Manual {
    public_url: String,
}

impl Manual {
    /// Links lead to `public_url`, without a slash at its end.
    pub(crate) fn new(public_url: &str) -> Manual {
        Manual { public_url: public_url.to_owned() }
    }
}

#[async_trait]
impl PaymentProvider for Manual {
    async fn create(&self, link: &NewLink) -> Result<MadeLink, ProviderError> {
        // A later generation's name is its invoice's code and a number; the code reads alone.
        let code: Vec<&str> = link.external_id.splitn(4, '-').take(3).collect();
        let url = format!("{}/api/v1/invoice/detail/{}/", self.public_url, code.join("-"));
        Ok(MadeLink { id: link.external_id.clone(), url })
    }

    async fn get(&self, id: &str) -> Result<ProviderInvoice, ProviderError> {
        Ok(ProviderInvoice {
            id: id.to_owned(),
            external_id: id.to_owned(),
            status: ProviderStatus::Pending,
            amount: Money::ZERO,
            fees: FeesOnTop::Named(Money::ZERO),
            paid_at: None,
            currency: "IDR".to_owned(),
            method: None,
            url: String::new(),
        })
    }

    async fn find(&self, _external_id: &str) -> Result<Option<ProviderInvoice>, ProviderError> {
        Ok(None)
    }

    async fn expire(&self, _id: &str) -> Result<(), ProviderError> {
        Ok(())
    }

    async fn refund(&self, _refund: &NewRefund) -> Result<ProviderRefund, ProviderError> {
        Err(ProviderError::NotSetUp)
    }

    async fn find_refund(
        &self,
        _refund: &NewRefund,
    ) -> Result<Option<ProviderRefund>, ProviderError> {
        Ok(None)
    }
}
