//! What a list of customers is narrowed to, read from the query.

use konveksi_kernel::{Page, PageError};

use super::customer::{CustomerRecord, read_tag};
use super::field::{Complaints, line};
use super::search::{Field, Search};

/// The query's values as they were written; empty counts as absent.
#[derive(Debug, Clone, Default)]
pub(crate) struct RawCustomerFilter {
    /// One box over name, phone and e-mail.
    pub(crate) search: Option<String>,
    /// One tag.
    pub(crate) tag: Option<String>,
    /// What the list is sorted by.
    pub(crate) ordering: Option<String>,
    /// Page number.
    pub(crate) page: Option<String>,
    /// Rows on a page.
    pub(crate) page_size: Option<String>,
}

/// How customers are sorted; equal ones by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CustomerOrdering {
    /// Newest record first.
    Newest,
    /// Oldest record first.
    Oldest,
    /// Last changed first.
    LastChanged,
    /// By name.
    Name,
    /// By name, the other way round.
    NameBackwards,
}

impl CustomerOrdering {
    fn from_wire(text: &str) -> Option<CustomerOrdering> {
        match text {
            "-created_at" => Some(CustomerOrdering::Newest),
            "created_at" => Some(CustomerOrdering::Oldest),
            "-updated_at" => Some(CustomerOrdering::LastChanged),
            "name" => Some(CustomerOrdering::Name),
            "-name" => Some(CustomerOrdering::NameBackwards),
            _ => None,
        }
    }
}

/// A list of customers that can be answered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CustomerListRequest {
    /// One box over name, phone and e-mail.
    pub(crate) search: Option<Search>,
    /// Only with this tag.
    pub(crate) tag: Option<String>,
    /// How it is sorted; absent: best matches first, newest first without a search.
    pub(crate) ordering: Option<CustomerOrdering>,
    /// Which page.
    pub(crate) page: Page,
}

impl CustomerListRequest {
    /// Reads a query.
    ///
    /// # Errors
    /// Every complaint there is, each naming its parameter.
    pub(crate) fn read(raw: &RawCustomerFilter) -> Result<CustomerListRequest, Complaints> {
        let mut wrong = Complaints::default();
        let given = |value: &Option<String>| {
            value.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let search = given(&raw.search).and_then(|text| {
            wrong.keep("search", line(&text, 1, 255).and_then(|text| Search::read(&text)))
        });
        let tag = given(&raw.tag).and_then(|text| wrong.keep("tag", read_tag(&text)));
        let ordering = given(&raw.ordering).and_then(|text| {
            let known = CustomerOrdering::from_wire(&text);
            wrong.keep("ordering", known.ok_or_else(|| "Urutan tidak dikenal.".to_owned()))
        });
        let page = Page::parse(given(&raw.page).as_deref(), given(&raw.page_size).as_deref());
        if let Err(error) = &page {
            let field = match error {
                PageError::Number => "page",
                PageError::Size => "page_size",
            };
            wrong.add(field, "Harus bilangan bulat mulai dari 1.");
        }
        match page {
            Ok(page) if wrong.is_empty() => Ok(CustomerListRequest { search, tag, ordering, page }),
            Ok(_) | Err(_) => Err(wrong),
        }
    }

    /// The fields of `record` that the search meets, best first; absent without a search.
    pub(crate) fn matched_on(&self, record: &CustomerRecord) -> Option<Vec<&'static str>> {
        let search = self.search.as_ref()?;
        let customer = &record.customer;
        let contacts = [("phone", &customer.phone), ("email", &customer.email)];
        let own: Vec<(&'static str, &str)> = contacts
            .into_iter()
            .filter_map(|(field, contact)| Some((field, contact.as_deref()?)))
            .chain(record.other_contacts.iter().map(|contact| ("other_contacts", contact.as_str())))
            .collect();
        let mut fields = Vec::new();
        for (field, contact) in &own {
            let met = search.matched_contact_or_name(&customer.name, contact);
            fields.extend(met.into_iter().map(|(place, met)| match met {
                Field::CustomerName => (place, "name"),
                Field::Contact | Field::OrderCode | Field::ProductName => (place, *field),
            }));
        }
        fields.sort_by_key(|(place, _)| *place);
        let mut named: Vec<&'static str> = Vec::new();
        for (_, field) in fields {
            if !named.contains(&field) {
                named.push(field);
            }
        }
        Some(named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_is_named() {
        let raw = RawCustomerFilter {
            search: Some("\u{0}".into()),
            tag: Some("x".repeat(41)),
            ordering: Some("password".into()),
            page: Some("0".into()),
            page_size: None,
        };
        let fields: Vec<_> = CustomerListRequest::read(&raw)
            .unwrap_err()
            .into_errors()
            .iter()
            .map(|error| error.field)
            .collect();
        assert_eq!(fields, ["search", "tag", "ordering", "page"]);
    }

    #[test]
    fn tags_are_searched_in_any_case() {
        let raw = RawCustomerFilter { tag: Some(" VIP ".into()), ..RawCustomerFilter::default() };
        assert_eq!(CustomerListRequest::read(&raw).unwrap().tag.as_deref(), Some("vip"));
    }
}
