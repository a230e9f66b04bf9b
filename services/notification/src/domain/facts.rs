//! What this service keeps of orders and customers to be able to write about them.

use konveksi_kernel::{CustomerId, Money, OrderId};

use crate::domain::channel::{Channel, ChannelChoice};
use crate::domain::email_address::EmailAddress;
use crate::domain::order_status::OrderStatus;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::recipient::Recipient;

/// The facts of one order that messages speak of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    /// Which order.
    pub(crate) id: OrderId,
    /// How new these facts are; higher replaces lower.
    pub(crate) version: i64,
    /// `ORD-…`.
    pub(crate) code: String,
    /// Who ordered.
    pub(crate) customer_id: CustomerId,
    /// What is made.
    pub(crate) product_name: String,
    /// How many pieces.
    pub(crate) quantity: i64,
    /// The price of it all, in rupiah.
    pub(crate) total: Money,
    /// Captured so far, less refunds, in rupiah.
    pub(crate) paid: Money,
    /// Whether a deposit comes first.
    pub(crate) has_deposit: bool,
    /// Where its messages go.
    pub(crate) channel: ChannelChoice,
    /// How it stands.
    pub(crate) status: OrderStatus,
    /// Whether it was deleted; nobody is written to about it any more.
    pub(crate) deleted: bool,
    /// Whether it is a seed's story; no event causes a message about it.
    pub(crate) quiet: bool,
}

impl Order {
    /// What is left to pay; nothing when more was paid than asked.
    pub(crate) fn remaining(&self) -> Money {
        self.total.minus(self.paid).unwrap_or(Money::ZERO)
    }
}

/// Who is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contact {
    /// Which customer.
    pub(crate) customer_id: CustomerId,
    /// How new these facts are; higher replaces lower.
    pub(crate) version: i64,
    /// How the customer is addressed; empty once erased.
    pub(crate) name: String,
    /// Where WhatsApp messages go, if known.
    pub(crate) phone: Option<PhoneNumber>,
    /// Where e-mail goes, if known.
    pub(crate) email: Option<EmailAddress>,
    /// Whether the customer asked to be forgotten; never written to again.
    pub(crate) erased: bool,
}

impl Contact {
    /// The customer's address on `channel`, or `None` when there is none or they were erased.
    pub(crate) fn recipient(&self, channel: Channel) -> Option<Recipient> {
        if self.erased {
            return None;
        }
        match channel {
            Channel::Whatsapp => self.phone.clone().map(Recipient::Phone),
            Channel::Email => self.email.clone().map(Recipient::Email),
        }
    }

    /// The addresses `choice` reaches. One of two is enough: a customer who gave only a phone
    /// number and chose "both" is not a failure.
    pub(crate) fn recipients(&self, choice: ChannelChoice) -> Vec<Recipient> {
        choice.channels().iter().filter_map(|channel| self.recipient(*channel)).collect()
    }
}
