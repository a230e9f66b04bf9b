//! A customer on the wire.

use chrono::{DateTime, Utc};
use konveksi_kernel::CustomerId;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::customer::CustomerRecord;

/// One customer, for staff.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Customer)]
pub(super) struct CustomerResponse {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: CustomerId,
    /// What they call themselves.
    name: String,
    /// `628…`; null when unknown.
    #[schema(example = "6281234567890")]
    phone: Option<String>,
    /// Lower case; null when unknown.
    email: Option<String>,
    /// Contacts of records that were merged into this one; orders by them find it too.
    other_contacts: Vec<String>,
    /// Staff's own words for sorting.
    tags: Vec<String>,
    /// What staff wrote.
    notes: String,
    /// The customer this record became part of; null while it stands for itself.
    #[schema(value_type = Option<uuid::Uuid>)]
    merged_into: Option<CustomerId>,
    /// Orders, cancelled ones included, deleted ones not.
    total_orders: i64,
    /// Rupiah of the orders that were not cancelled.
    #[schema(example = "7500000.00")]
    total_ordered: String,
    /// Rupiah paid.
    #[schema(example = "4500000.00")]
    total_spent: String,
    /// Rupiah paid for one order on average.
    #[schema(example = "1500000.00")]
    avg_order_value: String,
    /// When the first order was placed; null without orders.
    first_order_at: Option<DateTime<Utc>>,
    /// When the last order was placed.
    last_order_at: Option<DateTime<Utc>>,
    /// When the record was made.
    created_at: DateTime<Utc>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
    /// Only in answer to a search: the fields that were met, the best first.
    #[serde(skip_serializing_if = "Option::is_none")]
    matched_on: Option<Vec<&'static str>>,
}

impl CustomerResponse {
    /// `record` as staff see it.
    pub(super) fn of(
        record: &CustomerRecord,
        matched_on: Option<Vec<&'static str>>,
    ) -> CustomerResponse {
        let (customer, totals) = (&record.customer, &record.totals);
        CustomerResponse {
            id: customer.id,
            name: customer.name.clone(),
            phone: customer.phone.clone(),
            email: customer.email.clone(),
            other_contacts: record.other_contacts.clone(),
            tags: customer.tags.clone(),
            notes: customer.notes.clone(),
            merged_into: customer.merged_into,
            total_orders: totals.orders,
            total_ordered: rupiah(totals.ordered),
            total_spent: rupiah(totals.paid),
            avg_order_value: rupiah(totals.average()),
            first_order_at: totals.first_at,
            last_order_at: totals.last_at,
            created_at: record.created_at,
            updated_at: record.updated_at,
            matched_on,
        }
    }
}

fn rupiah(amount: Decimal) -> String {
    format!("{amount:.2}")
}

/// One page of customers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerList)]
pub(super) struct CustomerListResponse {
    /// Customers found; merged records are not listed.
    pub(super) count: i64,
    /// The page after; null on the last.
    pub(super) next: Option<String>,
    /// The page before; null on the first.
    pub(super) previous: Option<String>,
    /// The customers.
    pub(super) results: Vec<CustomerResponse>,
}

/// A customer and what they ordered last.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerDetail)]
pub(super) struct CustomerDetailResponse {
    /// Who it is.
    #[serde(flatten)]
    pub(super) customer: CustomerResponse,
    /// Their newest orders, ten at most.
    #[schema(value_type = Vec<super::order_shape::OrderResponse>)]
    pub(super) recent_orders: Vec<Value>,
    /// Where all of them are listed.
    pub(super) orders_url: String,
}

/// What staff may change of a customer. Fields that are not sent stay.
#[derive(Debug, ToSchema)]
#[schema(as = CustomerPatch)]
#[expect(dead_code, reason = "only describes")]
pub(super) struct CustomerPatch {
    /// 2 to 255 characters.
    name: Option<String>,
    /// An Indonesian mobile number in any spelling; null takes it away.
    phone: Option<String>,
    /// An e-mail address; null takes it away.
    email: Option<String>,
    /// At most 20 of at most 40 characters; replaces those there are.
    tags: Option<Vec<String>>,
    /// At most 2,000 characters.
    notes: Option<String>,
}

/// Which customer another becomes part of.
#[derive(Debug, ToSchema)]
#[schema(as = CustomerMerge)]
#[expect(dead_code, reason = "only describes")]
pub(super) struct CustomerMerge {
    /// The customer that stays.
    into: uuid::Uuid,
}
