//! Who orders: one record per normalised contact, until staff find two of them to be one.

use chrono::{DateTime, Utc};
use konveksi_kernel::CustomerId;
use rust_decimal::{Decimal, RoundingStrategy};

use super::contact::Contact;
use super::field::{Complaints, line, paragraph};
use super::order::Origin;

/// The most tags of a customer.
const MOST_TAGS: usize = 20;
/// The longest note about a customer, in characters.
const NOTES_LENGTH: usize = 2_000;

/// One customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Customer {
    /// Its id.
    pub(crate) id: CustomerId,
    /// Rises with every change that is told.
    pub(crate) version: i64,
    /// What they call themselves.
    pub(crate) name: String,
    /// `628…`; absent when unknown.
    pub(crate) phone: Option<String>,
    /// Lower case; absent when unknown.
    pub(crate) email: Option<String>,
    /// Staff's own words for sorting, lower case.
    pub(crate) tags: Vec<String>,
    /// What staff wrote about them; never told.
    pub(crate) notes: String,
    /// The record that took this one over; absent while it stands for itself.
    pub(crate) merged_into: Option<CustomerId>,
}

/// What staff may change; what is absent stays.
#[derive(Debug, Clone, Default)]
pub(crate) struct CustomerDraft {
    /// Another name.
    pub(crate) name: Option<String>,
    /// Another phone; empty takes it away.
    pub(crate) phone: Option<String>,
    /// Another e-mail address; empty takes it away.
    pub(crate) email: Option<String>,
    /// All tags there are then.
    pub(crate) tags: Option<Vec<String>>,
    /// Another note.
    pub(crate) notes: Option<String>,
}

/// Two records that cannot become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MergeRefusal {
    /// They are one already.
    Itself,
    /// This one was taken over by a third.
    TakenOver(CustomerId),
}

impl Customer {
    /// A new customer, known by this contact.
    pub(crate) fn new(id: CustomerId, name: &str, contact: &Contact) -> Customer {
        let (phone, email) = match contact {
            Contact::Phone(phone) => (Some(phone.clone()), None),
            Contact::Email(email) => (None, Some(email.clone())),
        };
        Customer {
            id,
            version: 1,
            name: name.to_owned(),
            phone,
            email,
            tags: Vec::new(),
            notes: String::new(),
            merged_into: None,
        }
    }

    /// Takes the name given with an order; answers whether it changed. Only staff rename: anyone
    /// can type somebody else's number into the public form.
    pub(crate) fn rename(&mut self, name: &str, origin: Origin) -> bool {
        let renamed = origin == Origin::Admin && self.name != name;
        if renamed {
            name.clone_into(&mut self.name);
            self.version += 1;
        }
        renamed
    }

    /// Changes what `draft` names; answers whether anything is another thing now.
    ///
    /// # Errors
    /// Every complaint there is; the customer is then unchanged.
    pub(crate) fn edit(&mut self, draft: &CustomerDraft) -> Result<bool, Complaints> {
        let mut wrong = Complaints::default();
        let mut edited = self.clone();
        if let Some(name) = &draft.name {
            edited.name = wrong.keep("name", line(name, 2, 255)).unwrap_or_default();
        }
        if let Some(phone) = &draft.phone {
            edited.phone = wrong.keep("phone", phone_or_none(phone)).flatten();
        }
        if let Some(email) = &draft.email {
            edited.email = wrong.keep("email", email_or_none(email)).flatten();
        }
        if let Some(tags) = &draft.tags {
            edited.tags = wrong.keep("tags", read_tags(tags)).unwrap_or_default();
        }
        if let Some(notes) = &draft.notes {
            edited.notes = wrong.keep("notes", paragraph(notes, NOTES_LENGTH)).unwrap_or_default();
        }
        if wrong.is_empty() && edited.phone.is_none() && edited.email.is_none() {
            wrong.add("phone", "Pelanggan harus punya nomor HP atau alamat e-mail.");
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let changed = edited != *self;
        if changed {
            *self = edited;
            self.version += 1;
        }
        Ok(changed)
    }

    /// Takes `other` over: this record stays and `other` points to it. A contact this one lacks
    /// moves here; one it has already stays with `other`, under which it is still found.
    ///
    /// # Errors
    /// [`MergeRefusal`]; both are then unchanged.
    pub(crate) fn take_over(&mut self, other: &mut Customer) -> Result<(), MergeRefusal> {
        if self.id == other.id {
            return Err(MergeRefusal::Itself);
        }
        for record in [&*self, &*other] {
            if let Some(id) = record.merged_into {
                return Err(MergeRefusal::TakenOver(id));
            }
        }
        if self.phone.is_none() {
            self.phone = other.phone.take();
        }
        if self.email.is_none() {
            self.email = other.email.take();
        }
        for tag in &other.tags {
            if self.tags.len() < MOST_TAGS && !self.tags.contains(tag) {
                self.tags.push(tag.clone());
            }
        }
        if !other.notes.is_empty() {
            let both = if self.notes.is_empty() {
                other.notes.clone()
            } else {
                format!("{}\n{}", self.notes, other.notes)
            };
            // The other record keeps its own notes whole.
            self.notes = both.chars().take(NOTES_LENGTH).collect();
        }
        other.merged_into = Some(self.id);
        self.version += 1;
        other.version += 1;
        Ok(())
    }
}

fn phone_or_none(text: &str) -> Result<Option<String>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    match Contact::parse(text)? {
        Contact::Phone(phone) => Ok(Some(phone)),
        Contact::Email(_) => Err("Isi nomor HP Indonesia, contoh 081234567890.".to_owned()),
    }
}

fn email_or_none(text: &str) -> Result<Option<String>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    match Contact::parse(text)? {
        Contact::Email(email) => Ok(Some(email)),
        Contact::Phone(_) => Err("Isi alamat e-mail, contoh budi@contoh.com.".to_owned()),
    }
}

/// Lower case, each once, in the order they were written.
fn read_tags(tags: &[String]) -> Result<Vec<String>, String> {
    let mut read: Vec<String> = Vec::new();
    for tag in tags {
        let tag = read_tag(tag)?;
        if !read.contains(&tag) {
            read.push(tag);
        }
    }
    if read.len() > MOST_TAGS { Err(format!("Maksimal {MOST_TAGS} tag.")) } else { Ok(read) }
}

/// One tag as it is kept.
///
/// # Errors
/// What is wrong, in Indonesian.
pub(crate) fn read_tag(tag: &str) -> Result<String, String> {
    line(tag, 1, 40).map(|tag| tag.to_lowercase())
}

/// What a customer ordered, over all their orders that were not deleted. Plain decimals: sums may
/// exceed what one amount may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    /// Orders, cancelled ones included.
    pub(crate) orders: i64,
    /// Rupiah of the orders that were not cancelled.
    pub(crate) ordered: Decimal,
    /// Rupiah paid.
    pub(crate) paid: Decimal,
    /// When the first was placed; absent when there is none.
    pub(crate) first_at: Option<DateTime<Utc>>,
    /// When the last was placed.
    pub(crate) last_at: Option<DateTime<Utc>>,
}

impl Totals {
    /// Rupiah paid for one order on average, halves to even; nothing when there are none.
    pub(crate) fn average(&self) -> Decimal {
        let mean = self.paid.checked_div(Decimal::from(self.orders)).unwrap_or_default();
        mean.round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven)
    }
}

/// A customer with all that is known of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CustomerRecord {
    /// Who it is.
    pub(crate) customer: Customer,
    /// Contacts of records it took over, under which it is found too.
    pub(crate) other_contacts: Vec<String>,
    /// What they ordered.
    pub(crate) totals: Totals,
    /// When the record was made.
    pub(crate) created_at: DateTime<Utc>,
    /// When it last changed.
    pub(crate) updated_at: DateTime<Utc>,
}

#[cfg(test)]
#[path = "customer_tests.rs"]
mod tests;
