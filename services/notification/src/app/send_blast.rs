//! One mail to many, each as a message of its own (`contract.md` row 68).

use konveksi_db::Connection;
use konveksi_kernel::{NotificationId, OrderId};

use super::{App, AppError};
use crate::domain::channel::Channel;
use crate::domain::email_address::EmailAddress;
use crate::domain::message::{NewMessage, Origin, Subject};
use crate::domain::recipient::Recipient;
use crate::domain::template::{Template, Values};
use crate::domain::template_type::TemplateType;
use crate::domain::variables;
use crate::store;

/// What is mailed to whom.
#[derive(Debug, Clone)]
pub(crate) struct Blast {
    /// Everybody, each once.
    pub(crate) recipients: Vec<EmailAddress>,
    /// The subject.
    pub(crate) subject: Template,
    /// The text.
    pub(crate) body: Template,
    /// What it is about.
    pub(crate) template_type: TemplateType,
    /// The order whose values the text may name.
    pub(crate) order_id: Option<OrderId>,
    /// Further values; they cannot replace the order's.
    pub(crate) custom: Values,
}

/// Stores the mails, within `tx`; the worker sends them once it has committed. Answers how many.
///
/// # Errors
/// [`AppError`].
pub(crate) async fn send_blast(
    app: &App,
    tx: &mut Connection,
    blast: &Blast,
) -> Result<usize, AppError> {
    let (mut values, order) = match blast.order_id {
        None => (Values::new(), None),
        Some(id) => {
            let order = store::orders::find(tx, id)
                .await?
                .filter(|order| !order.deleted)
                .ok_or(AppError::OrderNotFound(id))?;
            let contact = store::contacts::find(tx, order.customer_id)
                .await?
                .ok_or(AppError::ContactUnknown(id))?;
            let invoice = store::invoices::find_unpaid_of_order(tx, id).await?;
            let values = variables::of_order(&order, &contact, invoice.as_ref(), app.clock.now());
            (values, Some(order))
        }
    };
    values.fill_from(blast.custom.clone());
    let about = Subject {
        // The recipients need not be the order's customer, so nobody's id is noted.
        customer_id: None,
        order_id: order.as_ref().map(|order| order.id),
        order_code: order.map(|order| order.code).unwrap_or_default(),
        ..Subject::default()
    };
    let subject = blast.subject.render_line(&values, Channel::Email)?;
    let body = blast.body.render(&values, Channel::Email)?;
    let key = format!("blast:{}", NotificationId::generate(&*app.clock));
    let mails: Vec<NewMessage> = blast
        .recipients
        .iter()
        .map(|address| NewMessage {
            id: NotificationId::generate(&*app.clock),
            dedup_key: format!("{key}:{}", address.as_str()),
            template_id: None,
            template_name: blast.template_type.label().to_owned(),
            template_type: blast.template_type,
            channel: Channel::Email,
            recipient: Some(Recipient::Email(address.clone())),
            subject: subject.clone(),
            body: body.clone(),
            about: about.clone(),
            origin: Origin::Blast,
            refused: None,
            created_at: app.clock.now(),
        })
        .collect();
    Ok(store::messages::insert(tx, &mails).await?.len())
}
