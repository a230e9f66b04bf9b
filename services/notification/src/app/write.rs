//! Writing messages about an order: a template, the values, one message for each address.

use chrono::{DateTime, Utc};
use konveksi_db::Connection;
use konveksi_kernel::{Clock, NotificationId, TemplateId};

use super::AppError;
use crate::domain::channel::{Channel, ChannelChoice};
use crate::domain::delivery::ErrorKind;
use crate::domain::facts::{Contact, Order};
use crate::domain::invoice::Invoice;
use crate::domain::message::{NewMessage, Origin, StoredTemplate, Subject};
use crate::domain::recipient::Recipient;
use crate::domain::template::{Template, Values};
use crate::domain::template_type::TemplateType;
use crate::store;

/// Everything one announcement is made of.
pub(crate) struct Announcement<'a> {
    /// The order it is about.
    pub(crate) order: &'a Order,
    /// Who gets it.
    pub(crate) contact: &'a Contact,
    /// The invoice it is about.
    pub(crate) invoice: Option<&'a Invoice>,
    /// What the template can name.
    pub(crate) values: &'a Values,
    /// What makes it the same announcement when it is asked for again; the channel is added.
    pub(crate) key: &'a str,
    /// Why it exists.
    pub(crate) origin: Origin,
}

/// The template a message was written with, as answers name it.
#[derive(Debug, Clone)]
pub(crate) struct UsedTemplate {
    /// Which template.
    pub(crate) id: TemplateId,
    /// Its name.
    pub(crate) name: String,
    /// What it is about.
    pub(crate) template_type: TemplateType,
    /// The channels it is made for.
    pub(crate) channel: ChannelChoice,
}

impl From<&StoredTemplate> for UsedTemplate {
    fn from(template: &StoredTemplate) -> UsedTemplate {
        UsedTemplate {
            id: template.id,
            name: template.name.clone(),
            template_type: template.template_type,
            channel: template.channel,
        }
    }
}

/// A message that was taken for a channel.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Accepted {
    /// The channel.
    pub(crate) channel: Channel,
    /// The message.
    pub(crate) id: NotificationId,
}

/// What was written for one announcement.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    /// The messages.
    pub(crate) accepted: Vec<Accepted>,
    /// The template of the first of them.
    pub(crate) template: UsedTemplate,
    /// The subject of the first of them.
    pub(crate) subject: String,
    /// The text of the first of them.
    pub(crate) body: String,
}

impl Announcement<'_> {
    /// What the message is about.
    fn about(&self) -> Subject {
        Subject {
            customer_id: Some(self.contact.customer_id),
            order_id: Some(self.order.id),
            order_code: self.order.code.clone(),
            invoice_id: self.invoice.map(|invoice| invoice.id),
            invoice_kind: self.invoice.map(|invoice| invoice.kind),
        }
    }

    /// Writes `template` for `recipient`.
    ///
    /// # Errors
    /// [`AppError::TemplateBroken`], [`AppError::TooLong`].
    pub(crate) fn write(
        &self,
        clock: &dyn Clock,
        template: &StoredTemplate,
        recipient: Recipient,
    ) -> Result<NewMessage, AppError> {
        let channel = recipient.channel();
        let subject = match channel {
            Channel::Whatsapp => String::new(),
            Channel::Email => {
                Template::parse(&template.subject)?.render_line(self.values, channel)?
            }
        };
        Ok(NewMessage {
            id: NotificationId::generate(clock),
            dedup_key: dedup_key(self.key, channel),
            template_id: Some(template.id),
            template_name: template.name.clone(),
            template_type: template.template_type,
            channel,
            recipient: Some(recipient),
            subject,
            body: Template::parse(&template.body)?.render(self.values, channel)?,
            about: self.about(),
            origin: self.origin,
            refused: None,
            created_at: clock.now(),
        })
    }

    /// The record that nobody could be reached: without it, silence would look like success.
    pub(crate) fn unreachable(
        &self,
        clock: &dyn Clock,
        template: &StoredTemplate,
        channel: Channel,
    ) -> NewMessage {
        NewMessage {
            id: NotificationId::generate(clock),
            dedup_key: dedup_key(self.key, channel),
            template_id: Some(template.id),
            template_name: template.name.clone(),
            template_type: template.template_type,
            channel,
            recipient: None,
            subject: String::new(),
            body: String::new(),
            about: self.about(),
            origin: self.origin,
            refused: Some(ErrorKind::NoContact),
            created_at: clock.now(),
        }
    }
}

/// The key under which the message of one announcement to one channel is stored once.
pub(crate) fn dedup_key(key: &str, channel: Channel) -> String {
    format!("{key}:{}", channel.as_wire())
}

/// The active default for `channel` of the first of `types` that has one.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn find_default(
    conn: &mut Connection,
    types: &[TemplateType],
    channel: Channel,
) -> Result<Option<StoredTemplate>, AppError> {
    for template_type in types {
        let found = store::templates::find_default(conn, *template_type, channel).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Refuses to ask for money that `invoice` no longer wants at `now`.
///
/// # Errors
/// [`AppError::NotPayable`].
pub(crate) fn insist_payable(
    template_type: TemplateType,
    invoice: &Invoice,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    if template_type.asks_for_payment() && !invoice.is_payable(now) {
        return Err(AppError::NotPayable(invoice.id));
    }
    Ok(())
}
