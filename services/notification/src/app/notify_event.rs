//! Messages that events ask for. Each runs within the transaction that notes its event as heard.
//!
//! The deduplication key names the fact, not the event, so a fact that is told twice is written
//! about once. What is not known yet (the customer, the order) makes the event wait for it.

use konveksi_db::Connection;
use konveksi_kernel::{InstallmentId, InvoiceId, OrderId, PaymentId, RefundId, TemplateId};
use uuid::Uuid;

use super::write::{Announcement, find_default};
use super::{App, AppError};
use crate::domain::channel::{Channel, ChannelChoice};
use crate::domain::facts::{Contact, Order};
use crate::domain::invoice::Invoice;
use crate::domain::message::{Message, NewMessage, Origin, StoredTemplate};
use crate::domain::template::Values;
use crate::domain::template_type::TemplateType;
use crate::domain::variables::{self, Receipt};
use crate::{events, store};

/// A new order, if the workshop wants a message about it beside the one with the link.
///
/// # Errors
/// [`AppError::ContactUnknown`], [`AppError::Db`] and what writing a template refuses.
pub(crate) async fn announce_order(
    app: &App,
    tx: &mut Connection,
    order_id: OrderId,
) -> Result<(), AppError> {
    if !app.send_order_created {
        return Ok(());
    }
    let known = Known::of_order(tx, order_id).await?;
    let key = format!("order_created:{order_id}");
    known.announce(app, tx, &[TemplateType::OrderCreated], &key).await
}

/// An invoice with its payment link: the message a customer gets for an order. Nothing is sent
/// for one that can no longer be paid, since the event may be hours late.
///
/// # Errors
/// As [`announce_order`], and [`AppError::InvoiceNotFound`].
pub(crate) async fn announce_invoice(
    app: &App,
    tx: &mut Connection,
    invoice_id: InvoiceId,
    version: i64,
) -> Result<(), AppError> {
    let invoice = store::invoices::find(tx, invoice_id)
        .await?
        .ok_or(AppError::InvoiceNotFound(invoice_id))?;
    let known = Known::of_order(tx, invoice.order_id).await?;
    if !invoice.is_payable(app.clock.now()) {
        tracing::info!(invoice.id = %invoice_id, "no link is sent for an invoice nobody can pay");
        return Ok(());
    }
    let template_type = TemplateType::for_invoice(invoice.kind);
    // A regenerated invoice is told with a higher version and a link of its own.
    let key = format!("invoice_created:{invoice_id}:{version}");
    known.with_invoice(invoice).announce(app, tx, &[template_type], &key).await
}

/// Money that arrived (`contract.md` section 12 row 17).
///
/// # Errors
/// As [`announce_order`], and [`AppError::InvoiceNotFound`].
pub(crate) async fn announce_payment(
    app: &App,
    tx: &mut Connection,
    invoice_id: InvoiceId,
    payment_id: PaymentId,
    receipt: &Receipt,
) -> Result<(), AppError> {
    let invoice = store::invoices::find(tx, invoice_id)
        .await?
        .ok_or(AppError::InvoiceNotFound(invoice_id))?;
    let known = Known::of_order(tx, invoice.order_id).await?;
    let types = [TemplateType::PaymentReceived, TemplateType::PaymentConfirmation];
    let key = format!("payment_received:{payment_id}");
    let mut known = known.with_invoice(invoice);
    known.receipt = Some(*receipt);
    known.announce(app, tx, &types, &key).await
}

/// A part of a payment plan that is due. Nothing is sent for one that can no longer be paid; a part
/// whose day was moved is reminded of anew.
///
/// # Errors
/// As [`announce_order`], and [`AppError::InvoiceNotFound`].
pub(crate) async fn announce_installment(
    app: &App,
    tx: &mut Connection,
    invoice_id: InvoiceId,
    (part, due_on, days_left): (InstallmentId, &str, i32),
) -> Result<(), AppError> {
    let invoice = store::invoices::find(tx, invoice_id)
        .await?
        .ok_or(AppError::InvoiceNotFound(invoice_id))?;
    let known = Known::of_order(tx, invoice.order_id).await?;
    if !invoice.is_payable(app.clock.now()) {
        tracing::info!(invoice.id = %invoice_id, "nobody is reminded of what cannot be paid");
        return Ok(());
    }
    let key = format!("installment_due:{part}:{due_on}:{days_left}");
    known.with_invoice(invoice).announce(app, tx, &[TemplateType::PaymentReminder], &key).await
}

/// Money that went back. Written with the workshop's refund templates; none when staff switched
/// them off.
///
/// # Errors
/// As [`announce_order`], and [`AppError::InvoiceNotFound`].
pub(crate) async fn announce_refund(
    app: &App,
    tx: &mut Connection,
    invoice_id: InvoiceId,
    refund_id: RefundId,
    receipt: &Receipt,
) -> Result<(), AppError> {
    let invoice = store::invoices::find(tx, invoice_id)
        .await?
        .ok_or(AppError::InvoiceNotFound(invoice_id))?;
    let mut known = Known::of_order(tx, invoice.order_id).await?.with_invoice(invoice);
    known.receipt = Some(*receipt);
    known.fixed = true;
    let key = format!("refund_completed:{refund_id}");
    known.announce(app, tx, &[TemplateType::Custom], &key).await
}

/// The refund template of a channel; its migration wrote it under this id.
fn refund_template(channel: Channel) -> TemplateId {
    TemplateId::from_uuid(Uuid::from_u128(match channel {
        Channel::Whatsapp => 0x0194_0000_0000_7000_8000_0000_0000_0021,
        Channel::Email => 0x0194_0000_0000_7000_8000_0000_0000_0022,
    }))
}

/// Production that is finished. Told once an order, however often staff move it back and forth.
///
/// # Errors
/// As [`announce_order`].
pub(crate) async fn announce_finished(
    app: &App,
    tx: &mut Connection,
    order_id: OrderId,
) -> Result<(), AppError> {
    let known = Known::of_order(tx, order_id).await?;
    let key = format!("production_complete:{order_id}");
    known.announce(app, tx, &[TemplateType::ProductionComplete], &key).await
}

/// An order that will not be made.
///
/// # Errors
/// As [`announce_order`].
pub(crate) async fn announce_cancelled(
    app: &App,
    tx: &mut Connection,
    order_id: OrderId,
) -> Result<(), AppError> {
    let known = Known::of_order(tx, order_id).await?;
    let key = format!("order_cancelled:{order_id}");
    known.announce(app, tx, &[TemplateType::OrderCancelled], &key).await
}

/// What is known about the thing an event is about.
struct Known {
    order: Order,
    contact: Contact,
    invoice: Option<Invoice>,
    receipt: Option<Receipt>,
    /// Whether the refund templates are meant, and not a default of a type.
    fixed: bool,
}

impl Known {
    async fn of_order(tx: &mut Connection, order_id: OrderId) -> Result<Known, AppError> {
        let order =
            store::orders::find(tx, order_id).await?.ok_or(AppError::OrderNotFound(order_id))?;
        let contact = store::contacts::find(tx, order.customer_id)
            .await?
            .ok_or(AppError::ContactUnknown(order_id))?;
        Ok(Known { order, contact, invoice: None, receipt: None, fixed: false })
    }

    fn with_invoice(self, invoice: Invoice) -> Known {
        Known { invoice: Some(invoice), ..self }
    }

    /// The invoice's channel if it has one, else the order's.
    fn choice(&self) -> ChannelChoice {
        self.invoice.as_ref().and_then(|invoice| invoice.channel).unwrap_or(self.order.channel)
    }

    /// Writes a message to every address that has a default template of one of `types`.
    async fn announce(
        &self,
        app: &App,
        tx: &mut Connection,
        types: &[TemplateType],
        key: &str,
    ) -> Result<(), AppError> {
        if self.contact.erased || self.order.deleted || self.order.quiet {
            return Ok(());
        }
        let values = self.values(app);
        let announcement = Announcement {
            order: &self.order,
            contact: &self.contact,
            invoice: self.invoice.as_ref(),
            values: &values,
            key,
            origin: Origin::Event,
        };
        let mut written = Vec::new();
        for recipient in self.contact.recipients(self.choice()) {
            // No default for this channel: the workshop does not want this message.
            if let Some(template) = self.template(tx, types, recipient.channel()).await? {
                written.push(announcement.write(&*app.clock, &template, recipient)?);
            }
        }
        if written.is_empty() && self.contact.recipients(self.choice()).is_empty() {
            written.extend(self.nobody(app, tx, &announcement, types).await?);
        }
        let fresh = store::messages::insert(tx, &written).await?;
        for message in written.iter().filter(|message| fresh.contains(&message.id)) {
            tell_refused(app, tx, message).await?;
        }
        Ok(())
    }

    async fn template(
        &self,
        tx: &mut Connection,
        types: &[TemplateType],
        channel: Channel,
    ) -> Result<Option<StoredTemplate>, AppError> {
        if !self.fixed {
            return find_default(tx, types, channel).await;
        }
        let found = store::templates::find(tx, refund_template(channel)).await?;
        Ok(found.filter(|template| template.is_active))
    }

    async fn nobody(
        &self,
        app: &App,
        tx: &mut Connection,
        announcement: &Announcement<'_>,
        types: &[TemplateType],
    ) -> Result<Option<NewMessage>, AppError> {
        let Some(channel) = self.choice().channels().first().copied() else {
            return Ok(None);
        };
        let template = self.template(tx, types, channel).await?;
        Ok(template.map(|template| announcement.unreachable(&*app.clock, &template, channel)))
    }

    fn values(&self, app: &App) -> Values {
        let now = app.clock.now();
        let mut values =
            variables::of_order(&self.order, &self.contact, self.invoice.as_ref(), now);
        if let Some(receipt) = &self.receipt {
            variables::add_receipt(&mut values, receipt);
        }
        values
    }
}

/// A message that was given up before it was tried is told like any other that failed.
async fn tell_refused(app: &App, tx: &mut Connection, new: &NewMessage) -> Result<(), AppError> {
    let Some(error) = new.refused else {
        return Ok(());
    };
    let message = Message {
        id: new.id,
        template_type: new.template_type,
        channel: new.channel,
        recipient: String::new(),
        subject: String::new(),
        body: String::new(),
        about: new.about.clone(),
        attempts: 0,
        maybe_duplicate: false,
    };
    events::failed(tx, app.clock.now(), &message, error).await?;
    Ok(())
}
