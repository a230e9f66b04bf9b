//! One message to one person over one channel.

use chrono::{DateTime, Utc};
use konveksi_kernel::{CustomerId, InvoiceId, NotificationId, OrderId, TemplateId};

use crate::domain::channel::{Channel, ChannelChoice};
use crate::domain::delivery::ErrorKind;
use crate::domain::invoice::InvoiceKind;
use crate::domain::recipient::Recipient;
use crate::domain::template_type::TemplateType;

/// A stored template, as staff wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredTemplate {
    /// Which template.
    pub(crate) id: TemplateId,
    /// What staff call it.
    pub(crate) name: String,
    /// What it is about.
    pub(crate) template_type: TemplateType,
    /// The channels it is made for.
    pub(crate) channel: ChannelChoice,
    /// The mail's subject; empty for WhatsApp.
    pub(crate) subject: String,
    /// The text.
    pub(crate) body: String,
    /// The variables it declares.
    pub(crate) variables: Vec<String>,
    /// Whether it may be used.
    pub(crate) is_active: bool,
    /// Whether it is taken when nobody names a template.
    pub(crate) is_default: bool,
    /// When it was written.
    pub(crate) created_at: DateTime<Utc>,
    /// When it was last changed.
    pub(crate) updated_at: DateTime<Utc>,
}

/// Why a message exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// An event asked for it.
    Event,
    /// A staff member asked for this one message.
    Asked,
    /// A staff member wrote to many.
    Blast,
}

impl Origin {
    /// As it is written in the database.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            Origin::Event => "event",
            Origin::Asked => "asked",
            Origin::Blast => "blast",
        }
    }
}

/// What a message is about, as far as it is about something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Subject {
    /// Whom it is for; absent for addresses that are no customer's.
    pub(crate) customer_id: Option<CustomerId>,
    /// The order.
    pub(crate) order_id: Option<OrderId>,
    /// The order's code; empty when it is about no order.
    pub(crate) order_code: String,
    /// The invoice.
    pub(crate) invoice_id: Option<InvoiceId>,
    /// What that invoice asks for.
    pub(crate) invoice_kind: Option<InvoiceKind>,
}

/// A message to be stored.
#[derive(Debug, Clone)]
pub(crate) struct NewMessage {
    /// Our own id; providers get it as reference.
    pub(crate) id: NotificationId,
    /// What makes it the same message when it is asked for twice.
    pub(crate) dedup_key: String,
    /// The template it was written with; absent for free texts.
    pub(crate) template_id: Option<TemplateId>,
    /// That template's name at the time, or what stands for it.
    pub(crate) template_name: String,
    /// What it is about.
    pub(crate) template_type: TemplateType,
    /// The channel.
    pub(crate) channel: Channel,
    /// The address; absent when the customer cannot be reached this way.
    pub(crate) recipient: Option<Recipient>,
    /// The mail's subject.
    pub(crate) subject: String,
    /// The text, as it is sent.
    pub(crate) body: String,
    /// What it is about.
    pub(crate) about: Subject,
    /// Why it exists.
    pub(crate) origin: Origin,
    /// Set when it is stored as given up from the start.
    pub(crate) refused: Option<ErrorKind>,
    /// When it was asked for.
    pub(crate) created_at: DateTime<Utc>,
}

/// A stored message, with what its sending needs.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// Our own id.
    pub(crate) id: NotificationId,
    /// What it is about.
    pub(crate) template_type: TemplateType,
    /// The channel.
    pub(crate) channel: Channel,
    /// The address; blank once its owner was erased.
    pub(crate) recipient: String,
    /// The mail's subject.
    pub(crate) subject: String,
    /// The text.
    pub(crate) body: String,
    /// What it is about.
    pub(crate) about: Subject,
    /// How often it was tried, the running attempt included.
    pub(crate) attempts: u32,
    /// Whether the person may get it twice, because an outcome was lost.
    pub(crate) maybe_duplicate: bool,
}
