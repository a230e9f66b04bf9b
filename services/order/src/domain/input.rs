//! An order as someone wants it: read field by field, all complaints at once (`contract.md`
//! section 5).

use chrono::NaiveDate;
use konveksi_kernel::Money;

use super::contact::Contact;
use super::field::{Complaints, line, paragraph, whole_number};
use super::stage::read_day;
use super::terms::{Channel, DepositPercent, PaymentTerms, PaymentType};

/// The most an order may cost, in rupiah.
pub(crate) const MAX_TOTAL_RUPIAH: u64 = 999_999_999_999;
/// The most pieces of one order.
pub(crate) const MAX_QUANTITY: i32 = 10_000;

/// What was sent, unread. `None` means the field was not sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct OrderDraft {
    /// Who orders.
    pub(crate) customer_name: Option<String>,
    /// What is made.
    pub(crate) product_name: Option<String>,
    /// How many pieces.
    pub(crate) quantity: Option<String>,
    /// What all of them cost together.
    pub(crate) total_price: Option<String>,
    /// `dp` or `full`.
    pub(crate) payment_type: Option<String>,
    /// The deposit's share in per cent.
    pub(crate) dp_percent: Option<String>,
    /// A mobile number or an e-mail address.
    pub(crate) contact_information: Option<String>,
    /// `whatsapp`, `email` or `both`.
    pub(crate) notification_channel: Option<String>,
    /// Wishes for the design.
    pub(crate) design_notes: Option<String>,
    /// The day the goods were promised for; empty takes it back.
    pub(crate) promised_on: Option<String>,
}

/// An order's details, read and found good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OrderDetails {
    /// Who orders, 2 to 255 characters.
    pub(crate) customer_name: String,
    /// What is made, 2 to 255 characters.
    pub(crate) product_name: String,
    /// Pieces, 1 to 10,000.
    pub(crate) quantity: i32,
    /// What all pieces cost together, whole rupiah, more than nothing.
    pub(crate) total: Money,
    /// How it is paid.
    pub(crate) terms: PaymentTerms,
    /// The contact as it was typed.
    pub(crate) contact_information: String,
    /// The contact, normalised.
    pub(crate) contact: Contact,
    /// Where messages go.
    pub(crate) channel: Channel,
    /// Wishes for the design; empty when there are none.
    pub(crate) design_notes: String,
    /// The day in Jakarta the goods were promised for; absent when none was.
    pub(crate) promised_on: Option<NaiveDate>,
}

impl OrderDetails {
    /// Reads a whole order.
    ///
    /// # Errors
    /// Every complaint there is.
    pub(crate) fn read(draft: &OrderDraft) -> Result<OrderDetails, Complaints> {
        let mut wrong = Complaints::default();
        let customer_name =
            wrong.keep("customer_name", line(sent(draft.customer_name.as_deref()), 2, 255));
        let product_name =
            wrong.keep("product_name", line(sent(draft.product_name.as_deref()), 2, 255));
        let quantity =
            wrong.keep("quantity", whole_number(sent(draft.quantity.as_deref()), 1, MAX_QUANTITY));
        let total = wrong.keep("total_price", price(sent(draft.total_price.as_deref())));
        let terms = terms(draft, &mut wrong);
        let contact = wrong.keep(
            "contact_information",
            Contact::parse(sent(draft.contact_information.as_deref())),
        );
        let channel = wrong.keep("notification_channel", channel(draft, contact.as_ref()));
        let design_notes =
            wrong.keep("design_notes", paragraph(sent(draft.design_notes.as_deref()), 1000));
        let promised_on = wrong.keep("promised_on", promised(sent(draft.promised_on.as_deref())));
        let read = || {
            Some(OrderDetails {
                customer_name: customer_name?,
                product_name: product_name?,
                quantity: quantity?,
                total: total?,
                terms: terms?,
                contact_information: sent(draft.contact_information.as_deref()).trim().to_owned(),
                contact: contact?,
                channel: channel?,
                design_notes: design_notes?,
                promised_on: promised_on?,
            })
        };
        // Whatever could not be read has complained.
        read().ok_or(wrong)
    }

    /// Reads changes to these details: a field that was not sent stays as it is.
    ///
    /// # Errors
    /// Every complaint about the result.
    pub(crate) fn changed_by(&self, draft: OrderDraft) -> Result<OrderDetails, Complaints> {
        let percent = self.terms.deposit_percent().map(|percent| percent.as_decimal().to_string());
        let or = |sent: Option<String>, kept: &str| Some(sent.unwrap_or_else(|| kept.to_owned()));
        OrderDetails::read(&OrderDraft {
            customer_name: or(draft.customer_name, &self.customer_name),
            product_name: or(draft.product_name, &self.product_name),
            quantity: or(draft.quantity, &self.quantity.to_string()),
            total_price: or(draft.total_price, &self.total.to_string()),
            payment_type: or(draft.payment_type, self.terms.payment_type().as_wire()),
            dp_percent: draft.dp_percent.or(percent),
            contact_information: or(draft.contact_information, &self.contact_information),
            notification_channel: or(draft.notification_channel, self.channel.as_wire()),
            design_notes: or(draft.design_notes, &self.design_notes),
            promised_on: draft.promised_on.or(self.promised_on.map(|day| day.to_string())),
        })
    }

    /// The names of the fields in which these details differ from `older`.
    pub(crate) fn fields_changed_since(&self, older: &OrderDetails) -> Vec<&'static str> {
        [
            ("customer_name", self.customer_name != older.customer_name),
            ("product_name", self.product_name != older.product_name),
            ("quantity", self.quantity != older.quantity),
            ("total_price", self.total != older.total),
            ("payment_type", self.terms.payment_type() != older.terms.payment_type()),
            ("dp_percent", self.terms.deposit_percent() != older.terms.deposit_percent()),
            ("contact_information", self.contact_information != older.contact_information),
            ("notification_channel", self.channel != older.channel),
            ("design_notes", self.design_notes != older.design_notes),
            ("promised_on", self.promised_on != older.promised_on),
        ]
        .into_iter()
        .filter_map(|(field, differs)| differs.then_some(field))
        .collect()
    }

    /// Whether these details ask for other money than `older`: total, quantity or terms.
    pub(crate) fn asks_other_money_than(&self, older: &OrderDetails) -> bool {
        self.quantity != older.quantity || self.total != older.total || self.terms != older.terms
    }
}

fn sent(field: Option<&str>) -> &str {
    field.unwrap_or_default()
}

/// An amount a customer is asked for: whole rupiah, more than nothing, at most 999,999,999,999.
///
/// # Errors
/// What is wrong, in Indonesian.
pub(crate) fn price(text: &str) -> Result<Money, String> {
    if text.trim().is_empty() {
        return Err("Wajib diisi.".to_owned());
    }
    let amount = Money::parse(text).map_err(|_why| "Harus berupa jumlah rupiah.".to_owned())?;
    let amount =
        amount.whole_rupiah().map_err(|_why| "Harus rupiah bulat, tanpa sen.".to_owned())?;
    if amount.is_zero() {
        return Err("Harus lebih dari 0.".to_owned());
    }
    if Money::from_rupiah(MAX_TOTAL_RUPIAH).is_ok_and(|most| amount > most) {
        return Err("Maksimal 999999999999.".to_owned());
    }
    Ok(amount)
}

fn promised(text: &str) -> Result<Option<NaiveDate>, String> {
    if text.trim().is_empty() { Ok(None) } else { read_day(text).map(Some) }
}

fn terms(draft: &OrderDraft, wrong: &mut Complaints) -> Option<PaymentTerms> {
    let text = sent(draft.payment_type.as_deref()).trim();
    match PaymentType::from_wire(text) {
        None if text.is_empty() => {
            wrong.add("payment_type", "Wajib diisi.");
            None
        }
        None => {
            wrong.add("payment_type", "Harus dp atau full.");
            None
        }
        Some(PaymentType::Full) => Some(PaymentTerms::Full),
        Some(PaymentType::Deposit) => {
            let percent = match sent(draft.dp_percent.as_deref()) {
                "" => Err("Wajib diisi untuk payment_type dp.".to_owned()),
                text => DepositPercent::parse(text),
            };
            wrong.keep("dp_percent", percent).map(PaymentTerms::Deposit)
        }
    }
}

/// The channel that was asked for, else the one the contact is made for.
fn channel(draft: &OrderDraft, contact: Option<&Contact>) -> Result<Channel, String> {
    match sent(draft.notification_channel.as_deref()).trim() {
        "" => Ok(match contact {
            Some(Contact::Email(_)) => Channel::Email,
            Some(Contact::Phone(_)) | None => Channel::Whatsapp,
        }),
        text => {
            Channel::from_wire(text).ok_or_else(|| "Harus whatsapp, email, atau both.".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> OrderDraft {
        let text = |text: &str| Some(text.to_owned());
        OrderDraft {
            customer_name: text("Budi Santoso"),
            product_name: text("Kaos Custom"),
            quantity: text("24"),
            total_price: text("7500000.00"),
            payment_type: text("dp"),
            dp_percent: text("60"),
            contact_information: text("0812 3456 7890"),
            notification_channel: None,
            design_notes: None,
            promised_on: None,
        }
    }

    fn complaints(draft: &OrderDraft) -> Vec<&'static str> {
        let errors = OrderDetails::read(draft).unwrap_err().into_errors();
        errors.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn a_good_order_is_read() {
        let details = OrderDetails::read(&draft()).unwrap();
        assert_eq!(details.total, Money::from_rupiah(7_500_000).unwrap());
        assert_eq!(details.channel, Channel::Whatsapp);
        assert_eq!(details.contact.normalised(), "6281234567890");
        assert_eq!(details.contact_information, "0812 3456 7890");
    }

    #[test]
    fn all_required_fields_complain_at_once() {
        assert_eq!(
            complaints(&OrderDraft::default()),
            [
                "customer_name",
                "product_name",
                "quantity",
                "total_price",
                "payment_type",
                "contact_information"
            ]
        );
    }

    #[test]
    fn a_deposit_needs_its_share_and_full_payment_ignores_it() {
        assert_eq!(complaints(&OrderDraft { dp_percent: None, ..draft() }), ["dp_percent"]);
        let full = OrderDraft {
            payment_type: Some("full".into()),
            dp_percent: Some("nonsense".into()),
            ..draft()
        };
        assert_eq!(OrderDetails::read(&full).unwrap().terms, PaymentTerms::Full);
        assert_eq!(
            complaints(&OrderDraft { payment_type: Some("lunas".into()), ..draft() }),
            ["payment_type"]
        );
    }

    #[test]
    fn prices_are_whole_positive_rupiah() {
        for text in ["0", "-1", "10.50", "1000000000000", "abc", ""] {
            assert!(price(text).is_err(), "{text}");
        }
        assert!(price("999999999999.00").is_ok());
    }

    #[test]
    fn an_address_is_written_to_by_email_unless_told_otherwise() {
        let by_mail = OrderDraft { contact_information: Some("budi@contoh.com".into()), ..draft() };
        assert_eq!(OrderDetails::read(&by_mail).unwrap().channel, Channel::Email);
        let both = OrderDraft { notification_channel: Some("both".into()), ..by_mail };
        assert_eq!(OrderDetails::read(&both).unwrap().channel, Channel::Both);
    }

    #[test]
    fn a_change_keeps_what_was_not_sent() {
        let before = OrderDetails::read(&draft()).unwrap();
        let after = before
            .changed_by(OrderDraft { quantity: Some("30".into()), ..OrderDraft::default() })
            .unwrap();
        assert_eq!(after.fields_changed_since(&before), ["quantity"]);
        assert!(after.asks_other_money_than(&before));
        let full = before
            .changed_by(OrderDraft { payment_type: Some("full".into()), ..OrderDraft::default() })
            .unwrap();
        assert_eq!(full.fields_changed_since(&before), ["payment_type", "dp_percent"]);
    }
}
