//! One message that staff ask for: a link, a reminder, any template (`contract.md` rows 24, 40, 42).

use konveksi_db::Connection;
use konveksi_kernel::{CustomerId, InvoiceId, NotificationId, OrderId, TemplateId};

use super::write::{Accepted, Announcement, UsedTemplate, Written, find_default, insist_payable};
use super::{App, AppError};
use crate::domain::channel::ChannelChoice;
use crate::domain::facts::{Contact, Order};
use crate::domain::invoice::Invoice;
use crate::domain::message::{Origin, StoredTemplate};
use crate::domain::recipient::Recipient;
use crate::domain::template::Values;
use crate::domain::template_type::TemplateType;
use crate::domain::variables;
use crate::store;

/// Which template is meant.
#[derive(Debug, Clone, Copy)]
pub(crate) enum TemplateChoice {
    /// The default of this type for each channel.
    OfType(TemplateType),
    /// The link message that fits the invoice.
    OfInvoice,
    /// This very one.
    One(TemplateId),
}

/// What staff ask for.
#[derive(Debug, Clone)]
pub(crate) struct Send {
    /// Which template.
    pub(crate) template: TemplateChoice,
    /// The order; may be left out when the invoice is named.
    pub(crate) order_id: Option<OrderId>,
    /// The invoice; a message that asks for payment takes the newest unpaid one when it is left out.
    pub(crate) invoice_id: Option<InvoiceId>,
    /// Where it goes; the invoice's or the order's choice when it is left out.
    pub(crate) channel: Option<ChannelChoice>,
    /// Further values; they cannot replace what we know ourselves.
    pub(crate) custom: Values,
}

/// What was taken, and the values it was written with.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    /// The messages.
    pub(crate) written: Written,
    /// Every value a template could have used.
    pub(crate) values: Values,
    /// Whom it is for.
    pub(crate) customer_id: CustomerId,
}

/// Writes the messages, within `tx`; the worker sends them once it has committed.
///
/// # Errors
/// [`AppError`].
pub(crate) async fn send_template(
    app: &App,
    tx: &mut Connection,
    send: &Send,
) -> Result<Sent, AppError> {
    let matter = Matter::load(app, tx, send).await?;
    let now = app.clock.now();
    let mut values =
        variables::of_order(&matter.order, &matter.contact, matter.invoice.as_ref(), now);
    values.fill_from(send.custom.clone());
    // Asked for again, without an idempotency key, means another message.
    let key = format!("asked:{}", NotificationId::generate(&*app.clock));
    let announcement = Announcement {
        order: &matter.order,
        contact: &matter.contact,
        invoice: matter.invoice.as_ref(),
        values: &values,
        key: &key,
        origin: Origin::Asked,
    };
    let mut messages = Vec::new();
    let mut first: Option<UsedTemplate> = None;
    for (template, recipient) in matter.pairs(tx, send).await? {
        first.get_or_insert_with(|| UsedTemplate::from(&template));
        messages.push(announcement.write(&*app.clock, &template, recipient)?);
    }
    let (Some(template), Some(head)) = (first, messages.first()) else {
        return Err(matter.nothing_to_send());
    };
    let written = Written {
        accepted: messages
            .iter()
            .map(|new| Accepted { channel: new.channel, id: new.id })
            .collect(),
        template,
        subject: head.subject.clone(),
        body: head.body.clone(),
    };
    store::messages::insert(tx, &messages).await?;
    Ok(Sent { written, values, customer_id: matter.contact.customer_id })
}

/// What the request is about, loaded and checked.
struct Matter {
    order: Order,
    contact: Contact,
    invoice: Option<Invoice>,
    template: Option<StoredTemplate>,
    template_type: TemplateType,
    choice: ChannelChoice,
}

impl Matter {
    async fn load(app: &App, tx: &mut Connection, send: &Send) -> Result<Matter, AppError> {
        let template = match send.template {
            TemplateChoice::OfType(_) | TemplateChoice::OfInvoice => None,
            TemplateChoice::One(id) => Some(usable(tx, id).await?),
        };
        let named = match send.invoice_id {
            None => None,
            Some(id) => {
                Some(store::invoices::find(tx, id).await?.ok_or(AppError::InvoiceNotFound(id))?)
            }
        };
        let order_id = send
            .order_id
            .or(named.as_ref().map(|invoice| invoice.order_id))
            .ok_or(AppError::OrderCodeNotFound)?;
        let order = store::orders::find(tx, order_id)
            .await?
            .filter(|order| !order.deleted)
            .ok_or(AppError::OrderNotFound(order_id))?;
        if let Some(invoice) = named.as_ref().filter(|invoice| invoice.order_id != order.id) {
            return Err(AppError::InvoiceOfOtherOrder { invoice: invoice.id, order: order.id });
        }
        let contact = store::contacts::find(tx, order.customer_id)
            .await?
            .ok_or(AppError::ContactUnknown(order_id))?;
        let (invoice, template_type) =
            Self::invoice_and_type(tx, send, named, &order, template.as_ref()).await?;
        if let Some(invoice) = &invoice {
            insist_payable(template_type, invoice, app.clock.now())?;
        }
        let choice = send
            .channel
            .or(template.as_ref().map(|template| template.channel))
            .or(invoice.as_ref().and_then(|invoice| invoice.channel))
            .unwrap_or(order.channel);
        Ok(Matter { order, contact, invoice, template, template_type, choice })
    }

    /// A message that asks for payment without naming the invoice means the newest unpaid one.
    async fn invoice_and_type(
        tx: &mut Connection,
        send: &Send,
        named: Option<Invoice>,
        order: &Order,
        template: Option<&StoredTemplate>,
    ) -> Result<(Option<Invoice>, TemplateType), AppError> {
        let asked = match (send.template, template) {
            (TemplateChoice::OfType(known), _) => Some(known),
            (TemplateChoice::One(_), Some(template)) => Some(template.template_type),
            (TemplateChoice::One(_), None) | (TemplateChoice::OfInvoice, _) => None,
        };
        let needs_invoice = asked.is_none_or(TemplateType::asks_for_payment);
        let invoice = match named {
            Some(invoice) => Some(invoice),
            None if needs_invoice => {
                let found = store::invoices::find_unpaid_of_order(tx, order.id).await?;
                Some(found.ok_or(AppError::NothingToPay(order.id))?)
            }
            None => None,
        };
        let by_invoice = invoice.as_ref().map(|invoice| TemplateType::for_invoice(invoice.kind));
        let template_type = asked.or(by_invoice).unwrap_or(TemplateType::Custom);
        Ok((invoice, template_type))
    }

    /// Each address with the template that is written for it.
    async fn pairs(
        &self,
        tx: &mut Connection,
        send: &Send,
    ) -> Result<Vec<(StoredTemplate, Recipient)>, AppError> {
        let recipients = self.contact.recipients(self.choice);
        if recipients.is_empty() {
            return Err(AppError::NoContact(self.choice));
        }
        if let (Some(template), Some(wanted)) = (&self.template, send.channel)
            && !wanted.channels().iter().any(|channel| template.channel.covers(*channel))
        {
            return Err(AppError::OtherChannel { template: template.id, channel: wanted });
        }
        let mut pairs = Vec::new();
        for recipient in recipients {
            let channel = recipient.channel();
            let template = match &self.template {
                Some(one) => one.channel.covers(channel).then(|| one.clone()),
                None => find_default(tx, &[self.template_type], channel).await?,
            };
            pairs.extend(template.map(|template| (template, recipient)));
        }
        Ok(pairs)
    }

    /// Why no message came of it although the customer can be reached.
    fn nothing_to_send(&self) -> AppError {
        match &self.template {
            Some(_) => AppError::NoContact(self.choice),
            None => AppError::NoDefault(self.template_type),
        }
    }
}

async fn usable(tx: &mut Connection, id: TemplateId) -> Result<StoredTemplate, AppError> {
    let template = store::templates::find(tx, id).await?.ok_or(AppError::TemplateNotFound(id))?;
    if template.is_active { Ok(template) } else { Err(AppError::TemplateInactive(id)) }
}
