//! What a list of orders is narrowed to, read from the query (`contract.md` 6.2 A).

use chrono::{DateTime, NaiveDate, Utc};
use konveksi_kernel::{CustomerId, Money, Page, PageError};

use super::field::Complaints;
use super::order_code;
use super::production::ProductionStatus;
use super::search::Search;
use super::status::OrderStatus;
use super::terms::PaymentType;

/// The query's values as they were written; empty counts as absent.
#[derive(Debug, Clone, Default)]
pub(crate) struct RawFilter {
    /// One box over name, code, product and contact.
    pub(crate) search: Option<String>,
    /// Order states, separated by commas.
    pub(crate) status: Option<String>,
    /// Production states, separated by commas.
    pub(crate) production_status: Option<String>,
    /// `dp`, `full` or both, separated by commas.
    pub(crate) payment_type: Option<String>,
    /// First Jakarta day of creation.
    pub(crate) date_from: Option<String>,
    /// Last Jakarta day of creation.
    pub(crate) date_to: Option<String>,
    /// Least total.
    pub(crate) min_amount: Option<String>,
    /// Greatest total.
    pub(crate) max_amount: Option<String>,
    /// Part of the customer's name.
    pub(crate) customer_name: Option<String>,
    /// Exact code.
    pub(crate) order_code: Option<String>,
    /// One customer's.
    pub(crate) customer_id: Option<String>,
    /// Changed after this instant.
    pub(crate) since: Option<String>,
    /// What the list is sorted by.
    pub(crate) ordering: Option<String>,
    /// Which fields of an order are answered.
    pub(crate) fields: Option<String>,
    /// Page number.
    pub(crate) page: Option<String>,
    /// Rows on a page.
    pub(crate) page_size: Option<String>,
}

/// A filter that can be asked for; the default one finds all orders.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Filter {
    /// One box over name, code, product and contact.
    pub(crate) search: Option<Search>,
    /// Only these states; all when empty.
    pub(crate) status: Vec<OrderStatus>,
    /// Only these production states; all when empty.
    pub(crate) production_status: Vec<ProductionStatus>,
    /// Only these ways to pay; all when empty.
    pub(crate) payment_type: Vec<PaymentType>,
    /// Created on this Jakarta day or later.
    pub(crate) date_from: Option<NaiveDate>,
    /// Created on this Jakarta day or earlier.
    pub(crate) date_to: Option<NaiveDate>,
    /// Total of at least this.
    pub(crate) min_amount: Option<Money>,
    /// Total of at most this.
    pub(crate) max_amount: Option<Money>,
    /// The customer's name contains this.
    pub(crate) customer_name: Option<String>,
    /// Exactly this code.
    pub(crate) order_code: Option<String>,
    /// This customer's, and those of records merged into it.
    pub(crate) customer_id: Option<CustomerId>,
    /// Changed after this instant.
    pub(crate) since: Option<DateTime<Utc>>,
}

/// A column lists can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum SortKey {
    /// When it was placed.
    CreatedAt,
    /// When it last changed.
    UpdatedAt,
    /// Its total.
    TotalPrice,
    /// Whose it is.
    CustomerName,
    /// What is made.
    ProductName,
    /// Its code.
    OrderCode,
    /// Its pieces.
    Quantity,
    /// Where it stands, by the word on the wire.
    StatusOrder,
}

impl SortKey {
    /// Every key.
    pub(crate) const ALL: [SortKey; 8] = [
        SortKey::CreatedAt,
        SortKey::UpdatedAt,
        SortKey::TotalPrice,
        SortKey::CustomerName,
        SortKey::ProductName,
        SortKey::OrderCode,
        SortKey::Quantity,
        SortKey::StatusOrder,
    ];

    /// The word on the wire.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            SortKey::CreatedAt => "created_at",
            SortKey::UpdatedAt => "updated_at",
            SortKey::TotalPrice => "total_price",
            SortKey::CustomerName => "customer_name",
            SortKey::ProductName => "product_name",
            SortKey::OrderCode => "order_code",
            SortKey::Quantity => "quantity",
            SortKey::StatusOrder => "status_order",
        }
    }
}

/// How a list is sorted; equal rows by id, so that pages never overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ordering {
    /// By what.
    pub(crate) key: SortKey,
    /// Greatest or newest first.
    pub(crate) descending: bool,
}

/// A list that can be answered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ListRequest {
    /// Which orders.
    pub(crate) filter: Filter,
    /// In which order.
    pub(crate) ordering: Ordering,
    /// Best matches first, then as `ordering` says: a search that names no order of its own.
    pub(crate) ranked: bool,
    /// Which page of them.
    pub(crate) page: Page,
    /// Which fields of each; all when empty.
    pub(crate) fields: Vec<String>,
    /// The filters in force, in the words of the wire.
    pub(crate) applied: Vec<(&'static str, String)>,
}

impl ListRequest {
    /// Reads a query; `known_fields` are the names `fields=` may list.
    ///
    /// # Errors
    /// Every complaint there is, each naming its parameter.
    pub(crate) fn read(raw: &RawFilter, known_fields: &[&str]) -> Result<ListRequest, Complaints> {
        let mut wrong = Complaints::default();
        let filter = Filter::read(raw, &mut wrong);
        let ordering = wrong.keep("ordering", ordering(given(raw.ordering.as_deref())));
        let fields = wrong.keep("fields", fields(given(raw.fields.as_deref()), known_fields));
        let page = match Page::parse(given(raw.page.as_deref()), given(raw.page_size.as_deref())) {
            Ok(page) => Some(page),
            Err(error) => {
                let field = match error {
                    PageError::Number => "page",
                    PageError::Size => "page_size",
                };
                wrong.add(field, "Harus bilangan bulat mulai dari 1.");
                None
            }
        };
        let read = || {
            Some(ListRequest {
                ranked: filter.search.is_some() && given(raw.ordering.as_deref()).is_none(),
                filter,
                ordering: ordering?,
                page: page?,
                fields: fields?,
                applied: applied(raw),
            })
        };
        if wrong.is_empty() { read().ok_or(wrong) } else { Err(wrong) }
    }
}

impl Filter {
    /// Reads what it can; the rest complains, and then the filter is not used.
    fn read(raw: &RawFilter, wrong: &mut Complaints) -> Filter {
        let filter = Filter {
            search: text(raw.search.as_deref(), "search", wrong)
                .and_then(|text| wrong.keep("search", Search::read(&text))),
            status: words(raw.status.as_deref(), "status", OrderStatus::from_wire, wrong),
            production_status: words(
                raw.production_status.as_deref(),
                "production_status",
                ProductionStatus::from_wire,
                wrong,
            ),
            payment_type: words(
                raw.payment_type.as_deref(),
                "payment_type",
                PaymentType::from_wire,
                wrong,
            ),
            date_from: day(raw.date_from.as_deref(), "date_from", wrong),
            date_to: day(raw.date_to.as_deref(), "date_to", wrong),
            min_amount: amount(raw.min_amount.as_deref(), "min_amount", wrong),
            max_amount: amount(raw.max_amount.as_deref(), "max_amount", wrong),
            customer_name: text(raw.customer_name.as_deref(), "customer_name", wrong),
            order_code: text(raw.order_code.as_deref(), "order_code", wrong)
                .map(|text| order_code::canonical(&text)),
            customer_id: given(raw.customer_id.as_deref()).and_then(|text| {
                let id = text.parse().map_err(|_not_an_id| "Bukan id pelanggan.".to_owned());
                wrong.keep("customer_id", id)
            }),
            since: since(raw.since.as_deref(), wrong),
        };
        if filter.date_from.zip(filter.date_to).is_some_and(|(from, to)| from > to) {
            wrong.add("date_to", "Tidak boleh sebelum date_from.");
        }
        if filter.min_amount.zip(filter.max_amount).is_some_and(|(min, max)| min > max) {
            wrong.add("max_amount", "Tidak boleh kurang dari min_amount.");
        }
        filter
    }
}

impl Filter {
    /// Whether only states, ways to pay and days are asked for: what roll-ups are kept by.
    pub(crate) const fn is_of_rollups(&self) -> bool {
        self.search.is_none() && self.customer_name.is_none() && !self.asks_for_single_orders()
    }

    /// Whether, beside the search, at most states and ways to pay are asked for.
    pub(crate) const fn is_search_of_states(&self) -> bool {
        self.search.is_some()
            && self.customer_name.is_none()
            && !self.has_days()
            && !self.asks_for_single_orders()
    }

    /// Whether nothing but a part of the customer's name is asked for.
    pub(crate) const fn is_only_name(&self) -> bool {
        self.search.is_none()
            && self.customer_name.is_some()
            && !self.has_states()
            && !self.has_days()
            && !self.asks_for_single_orders()
    }

    /// Whether states or ways to pay are asked for.
    pub(crate) const fn has_states(&self) -> bool {
        !self.status.is_empty()
            || !self.production_status.is_empty()
            || !self.payment_type.is_empty()
    }

    const fn has_days(&self) -> bool {
        self.date_from.is_some() || self.date_to.is_some()
    }

    /// What no roll-up knows.
    const fn asks_for_single_orders(&self) -> bool {
        self.min_amount.is_some()
            || self.max_amount.is_some()
            || self.order_code.is_some()
            || self.customer_id.is_some()
            || self.since.is_some()
    }
}

fn given(value: Option<&str>) -> Option<&str> {
    value.map(str::trim).filter(|text| !text.is_empty())
}

fn text(value: Option<&str>, field: &'static str, wrong: &mut Complaints) -> Option<String> {
    let text = given(value)?;
    wrong.keep(field, super::field::line(text, 1, 255))
}

fn words<T>(
    value: Option<&str>,
    field: &'static str,
    read: fn(&str) -> Option<T>,
    wrong: &mut Complaints,
) -> Vec<T> {
    let mut known = Vec::new();
    for word in given(value).unwrap_or_default().split(',').map(str::trim) {
        match read(word) {
            Some(value) => known.push(value),
            None if word.is_empty() => {}
            None => wrong.add(field, "Berisi nilai yang tidak dikenal."),
        }
    }
    known
}

fn day(value: Option<&str>, field: &'static str, wrong: &mut Complaints) -> Option<NaiveDate> {
    let text = given(value)?;
    // Far years would leave the calendar when a day is added or turned into an instant.
    let read = NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .filter(|day| (1900..=9998).contains(&chrono::Datelike::year(day)))
        .ok_or_else(|| "Harus tanggal berbentuk YYYY-MM-DD.".to_owned());
    wrong.keep(field, read)
}

fn amount(value: Option<&str>, field: &'static str, wrong: &mut Complaints) -> Option<Money> {
    let read = Money::parse(given(value)?).map_err(|_why| "Harus berupa jumlah rupiah.".to_owned());
    wrong.keep(field, read)
}

fn since(value: Option<&str>, wrong: &mut Complaints) -> Option<DateTime<Utc>> {
    // A plus sign that a client forgot to escape arrives as a blank.
    let text = given(value)?.replace(' ', "+");
    let read = DateTime::parse_from_rfc3339(&text)
        .map(|instant| instant.with_timezone(&Utc))
        .map_err(|_why| "Harus waktu RFC 3339, contoh 2025-06-30T10:30:00Z.".to_owned());
    wrong.keep("since", read)
}

fn ordering(text: Option<&str>) -> Result<Ordering, String> {
    let text = text.unwrap_or("-created_at");
    let (descending, word) = text.strip_prefix('-').map_or((false, text), |word| (true, word));
    SortKey::ALL
        .into_iter()
        .find(|key| key.as_wire() == word)
        .map(|key| Ordering { key, descending })
        .ok_or_else(|| "Urutan tidak dikenal.".to_owned())
}

fn fields(text: Option<&str>, known: &[&str]) -> Result<Vec<String>, String> {
    let asked = text.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty());
    asked
        .map(|name| {
            let found = known.iter().find(|known| **known == name);
            found
                .map(|name| (*name).to_owned())
                .ok_or_else(|| "Berisi nama yang tidak dikenal.".to_owned())
        })
        .collect()
}

/// The filters in force, as the client wrote them.
fn applied(raw: &RawFilter) -> Vec<(&'static str, String)> {
    let single = [
        ("search", raw.search.as_deref()),
        ("status", raw.status.as_deref()),
        ("production_status", raw.production_status.as_deref()),
        ("payment_type", raw.payment_type.as_deref()),
        ("customer_name", raw.customer_name.as_deref()),
        ("order_code", raw.order_code.as_deref()),
        ("customer_id", raw.customer_id.as_deref()),
        ("since", raw.since.as_deref()),
    ];
    let mut applied: Vec<_> = single
        .into_iter()
        .filter_map(|(name, value)| Some((name, given(value)?.to_owned())))
        .collect();
    let ranges = [
        ("date_range", raw.date_from.as_deref(), raw.date_to.as_deref()),
        ("amount_range", raw.min_amount.as_deref(), raw.max_amount.as_deref()),
    ];
    applied.extend(ranges.into_iter().filter_map(|(name, from, to)| {
        let range = match (given(from), given(to)) {
            (Some(from), Some(to)) => format!("{from} to {to}"),
            (Some(from), None) => format!("from {from}"),
            (None, Some(to)) => format!("to {to}"),
            (None, None) => return None,
        };
        Some((name, range))
    }));
    applied
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &RawFilter) -> ListRequest {
        ListRequest::read(raw, &["id", "order_code"]).unwrap()
    }

    fn complaints(raw: &RawFilter) -> Vec<&'static str> {
        let errors = ListRequest::read(raw, &["id"]).unwrap_err().into_errors();
        errors.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn without_parameters_everything_comes_newest_first() {
        let request = read(&RawFilter { status: Some(String::new()), ..RawFilter::default() });
        assert_eq!(request.ordering, Ordering { key: SortKey::CreatedAt, descending: true });
        assert!(request.applied.is_empty() && request.filter.status.is_empty());
    }

    #[test]
    fn the_filters_in_force_are_told_as_written() {
        let request = read(&RawFilter {
            status: Some("dp_dibayar,lunas".into()),
            date_from: Some("2025-01-01".into()),
            date_to: Some("2025-12-31".into()),
            min_amount: Some("1000000".into()),
            max_amount: Some("10000000".into()),
            ..RawFilter::default()
        });
        assert_eq!(
            request.applied,
            [
                ("status", "dp_dibayar,lunas".to_owned()),
                ("date_range", "2025-01-01 to 2025-12-31".to_owned()),
                ("amount_range", "1000000 to 10000000".to_owned()),
            ]
        );
        assert_eq!(request.filter.status, [OrderStatus::DepositPaid, OrderStatus::PaidInFull]);
    }

    #[test]
    fn everything_wrong_is_named() {
        let raw = RawFilter {
            status: Some("lunas,foo".into()),
            production_status: Some("x".into()),
            payment_type: Some("cicil".into()),
            date_from: Some("2025-13-01".into()),
            min_amount: Some("banyak".into()),
            since: Some("kemarin".into()),
            ordering: Some("password".into()),
            fields: Some("id,secret".into()),
            page: Some("0".into()),
            ..RawFilter::default()
        };
        assert_eq!(
            complaints(&raw),
            [
                "status",
                "production_status",
                "payment_type",
                "date_from",
                "min_amount",
                "since",
                "ordering",
                "fields",
                "page"
            ]
        );
    }

    #[test]
    fn ranges_the_wrong_way_round_are_refused() {
        let raw = RawFilter {
            date_from: Some("2025-02-01".into()),
            date_to: Some("2025-01-01".into()),
            min_amount: Some("2".into()),
            max_amount: Some("1".into()),
            ..RawFilter::default()
        };
        assert_eq!(complaints(&raw), ["date_to", "max_amount"]);
    }

    #[test]
    fn a_blank_in_since_is_a_forgotten_plus() {
        let request = read(&RawFilter {
            since: Some("2025-06-30T10:30:00 07:00".into()),
            ..RawFilter::default()
        });
        assert_eq!(request.filter.since.unwrap().to_rfc3339(), "2025-06-30T03:30:00+00:00");
    }
}
