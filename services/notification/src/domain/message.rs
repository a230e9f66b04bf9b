//! One message to one person over one channel.

use chrono::{DateTime, Utc};
use konveksi_kernel::{CustomerId, InvoiceId, NotificationId, OrderId, TemplateId};

use crate::domain::channel::{Channel, ChannelChoice};
use crate::domain::delivery::{ErrorKind, Status};
use crate::domain::invoice::InvoiceKind;
use crate::domain::recipient::Recipient;
use crate::domain::template_type::TemplateType;

/// A stored template, as staff wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTemplate {
    /// Which template.
    pub id: TemplateId,
    /// What staff call it.
    pub name: String,
    /// What it is about.
    pub template_type: TemplateType,
    /// The channels it is made for.
    pub channel: ChannelChoice,
    /// The mail's subject; empty for WhatsApp.
    pub subject: String,
    /// The text.
    pub body: String,
    /// The variables it declares.
    pub variables: Vec<String>,
    /// Whether it may be used.
    pub is_active: bool,
    /// Whether it is taken when nobody names a template.
    pub is_default: bool,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// Why a message exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// An event asked for it.
    Event,
    /// A staff member asked for this one message.
    Asked,
    /// A staff member wrote to many.
    Blast,
}

impl Origin {
    /// Every origin.
    pub const ALL: [Origin; 3] = [Origin::Event, Origin::Asked, Origin::Blast];

    /// As it is written in the database.
    pub const fn as_wire(self) -> &'static str {
        match self {
            Origin::Event => "event",
            Origin::Asked => "asked",
            Origin::Blast => "blast",
        }
    }
}

/// What a message is about, as far as it is about something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// Whom it is for; absent for addresses that are no customer's.
    pub customer_id: Option<CustomerId>,
    /// The order.
    pub order_id: Option<OrderId>,
    /// The order's code; empty when it is about no order.
    pub order_code: String,
    /// The invoice.
    pub invoice_id: Option<InvoiceId>,
    /// What that invoice asks for.
    pub invoice_kind: Option<InvoiceKind>,
}

/// A message to be stored.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// Our own id; providers get it as reference.
    pub id: NotificationId,
    /// What makes it the same message when it is asked for twice.
    pub dedup_key: String,
    /// The template it was written with; absent for free texts.
    pub template_id: Option<TemplateId>,
    /// That template's name at the time, or what stands for it.
    pub template_name: String,
    /// What it is about.
    pub template_type: TemplateType,
    /// The channel.
    pub channel: Channel,
    /// The address; absent when the customer cannot be reached this way.
    pub recipient: Option<Recipient>,
    /// The mail's subject.
    pub subject: String,
    /// The text, as it is sent.
    pub body: String,
    /// What it is about.
    pub about: Subject,
    /// Why it exists.
    pub origin: Origin,
    /// Set when it is stored as given up from the start.
    pub refused: Option<ErrorKind>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
}

/// A stored message, with what its sending needs.
#[derive(Debug, Clone)]
pub struct Message {
    /// Our own id.
    pub id: NotificationId,
    /// What it is about.
    pub template_type: TemplateType,
    /// The channel.
    pub channel: Channel,
    /// The address; blank once its owner was erased.
    pub recipient: String,
    /// The mail's subject.
    pub subject: String,
    /// The text.
    pub body: String,
    /// What it is about.
    pub about: Subject,
    /// Where it stands.
    pub status: Status,
    /// How often it was tried, the running attempt included.
    pub attempts: u32,
    /// Whether the person may get it twice, because an outcome was lost.
    pub maybe_duplicate: bool,
}
