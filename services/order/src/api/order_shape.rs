//! An order on the wire (`contract.md` section 5), and as another service's composition needs it.

use chrono::{DateTime, NaiveDate, Utc};
use konveksi_kernel::{CustomerId, Money, OrderId};
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use super::garment_shape::{AdjustmentInput, AdjustmentResponse, ItemInput, ItemResponse};
use super::links::absolute;
use crate::app::Whole;
use crate::domain::order::Order;
use crate::domain::terms::DepositPercent;

/// The keys of [`OrderResponse`], for `fields=`.
pub(super) const FIELDS: [&str; 21] = [
    "id",
    "order_code",
    "customer_name",
    "product_name",
    "quantity",
    "total_price",
    "payment_type",
    "dp_percent",
    "design",
    "contact_information",
    "notification_channel",
    "design_notes",
    "paid_amount",
    "is_fully_paid",
    "payment_overdue",
    "status_order",
    "production_status",
    "promised_on",
    "version",
    "created_at",
    "updated_at",
];

/// One order, for staff.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Order)]
pub(super) struct OrderResponse {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: OrderId,
    /// The code customers hold.
    #[schema(example = "ORD-20250630-A1B")]
    order_code: String,
    /// Who ordered.
    customer_name: String,
    /// What is made.
    product_name: String,
    /// Pieces.
    quantity: i32,
    /// Rupiah with two decimals.
    #[schema(value_type = String, example = "7500000.00")]
    total_price: Money,
    /// `dp` or `full`.
    payment_type: &'static str,
    /// The deposit's share with two decimals; null for full payment.
    #[schema(example = "60.00")]
    dp_percent: Option<String>,
    /// The design's URL; null until one was found clean.
    design: Option<String>,
    /// The contact as it was typed.
    contact_information: String,
    /// `whatsapp`, `email` or `both`.
    notification_channel: &'static str,
    /// Wishes for the design.
    design_notes: String,
    /// Rupiah with two decimals: captured, less refunds.
    #[schema(value_type = String, example = "0.00")]
    paid_amount: Money,
    /// Whether everything is paid.
    is_fully_paid: bool,
    /// Whether an invoice was due and is not paid.
    payment_overdue: bool,
    /// Where it stands.
    status_order: &'static str,
    /// Where the work stands.
    production_status: &'static str,
    /// The day it was promised for, in Jakarta; null when none was.
    #[schema(example = "2025-07-14")]
    promised_on: Option<NaiveDate>,
    /// Rises with every change; a change may insist on it with `If-Match` or `version`.
    version: i64,
    /// When it was placed.
    created_at: DateTime<Utc>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
}

impl OrderResponse {
    /// `order` as staff see it; file URLs are made absolute under `base`.
    pub(super) fn of(order: &Order, base: &str) -> OrderResponse {
        let details = &order.details;
        OrderResponse {
            id: order.id,
            order_code: order.code.clone(),
            customer_name: details.customer_name.clone(),
            product_name: details.product_name.clone(),
            quantity: details.quantity,
            total_price: details.total,
            payment_type: details.terms.payment_type().as_wire(),
            dp_percent: details.terms.deposit_percent().map(percent),
            design: order.design_url.as_deref().map(|url| absolute(base, url)),
            contact_information: details.contact_information.clone(),
            notification_channel: details.channel.as_wire(),
            design_notes: details.design_notes.clone(),
            paid_amount: order.standing.paid(),
            is_fully_paid: order.is_fully_paid(),
            payment_overdue: order.standing.is_overdue(),
            status_order: order.standing.status().as_wire(),
            production_status: order.standing.production().as_wire(),
            promised_on: details.promised_on,
            version: order.version,
            created_at: order.created_at,
            updated_at: order.updated_at,
        }
    }
}

/// One order with everything about it: what lists leave out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderDetail)]
pub(super) struct DetailResponse {
    #[serde(flatten)]
    order: OrderResponse,
    /// Where the customer can follow it without knowing its code.
    #[schema(example = "http://localhost:8000/api/v1/track/0f9c2d7b5e8a4c11b3d6e7f8091a2b3c/")]
    tracking_url: String,
    /// What it is made of; empty for a plain order.
    items: Vec<ItemResponse>,
    /// Discounts and fees that the garments' prices are adjusted by.
    adjustments: Vec<AdjustmentResponse>,
}

impl DetailResponse {
    /// `whole` as staff see it; URLs are made absolute under `base`.
    pub(super) fn of(whole: &Whole, base: &str) -> DetailResponse {
        let Whole { order, garments } = whole;
        DetailResponse {
            order: OrderResponse::of(order, base),
            tracking_url: format!("{base}/api/v1/track/{}/", order.tracking_token),
            items: (1..).zip(&garments.items).map(ItemResponse::of).collect(),
            adjustments: garments.adjustments.iter().map(AdjustmentResponse::from).collect(),
        }
    }
}

fn percent(percent: DepositPercent) -> String {
    let decimal: Decimal = percent.as_decimal();
    format!("{decimal:.2}")
}

/// An order as payment and notification take it from a composition; private, never for the public.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderSnapshot)]
pub(super) struct SnapshotResponse {
    #[schema(value_type = uuid::Uuid)]
    order_id: OrderId,
    order_code: String,
    /// The order's version; a projection takes it only if it has an older one.
    version: i64,
    #[schema(value_type = uuid::Uuid)]
    customer_id: CustomerId,
    customer_name: String,
    contact_information: String,
    product_name: String,
    quantity: i32,
    #[schema(value_type = String)]
    total_price: Money,
    #[schema(value_type = String)]
    paid_amount: Money,
    payment_type: &'static str,
    dp_percent: Option<String>,
    notification_channel: &'static str,
    status_order: &'static str,
    production_status: &'static str,
    is_fully_paid: bool,
    created_at: DateTime<Utc>,
}

impl From<&Order> for SnapshotResponse {
    fn from(order: &Order) -> SnapshotResponse {
        let details = &order.details;
        SnapshotResponse {
            order_id: order.id,
            order_code: order.code.clone(),
            version: order.version,
            customer_id: order.customer_id,
            customer_name: details.customer_name.clone(),
            contact_information: details.contact_information.clone(),
            product_name: details.product_name.clone(),
            quantity: details.quantity,
            total_price: details.total,
            paid_amount: order.standing.paid(),
            payment_type: details.terms.payment_type().as_wire(),
            dp_percent: details.terms.deposit_percent().map(percent),
            notification_channel: details.channel.as_wire(),
            status_order: order.standing.status().as_wire(),
            production_status: order.standing.production().as_wire(),
            is_fully_paid: order.is_fully_paid(),
            created_at: order.created_at,
        }
    }
}

/// An order with its snapshot, for the gateway's compositions.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderWithSnapshot)]
pub(super) struct WithSnapshotResponse {
    order: DetailResponse,
    snapshot: SnapshotResponse,
    /// Whether the order stood there before it was asked for; only in the final payment's answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    already: Option<bool>,
}

impl WithSnapshotResponse {
    /// Both shapes of an order.
    pub(super) fn of(whole: &Whole, base: &str) -> WithSnapshotResponse {
        WithSnapshotResponse {
            order: DetailResponse::of(whole, base),
            snapshot: (&whole.order).into(),
            already: None,
        }
    }

    /// The same, saying whether the order stood there before.
    #[must_use]
    pub(super) fn already(self, already: bool) -> WithSnapshotResponse {
        WithSnapshotResponse { already: Some(already), ..self }
    }
}

/// What an order may be placed or changed with. For the API's document: fields are read one by
/// one, numbers also from texts.
#[derive(Debug, ToSchema)]
#[schema(as = OrderInput)]
#[expect(dead_code, reason = "only describes")]
pub(super) struct OrderInput {
    /// 2 to 255 characters.
    customer_name: String,
    /// 2 to 255 characters.
    product_name: String,
    /// 1 to 10,000.
    quantity: i32,
    /// Whole rupiah, more than nothing; a text or a number.
    total_price: String,
    /// `dp` or `full`.
    payment_type: String,
    /// 50 to 100; needed for `dp`.
    dp_percent: Option<String>,
    /// An Indonesian mobile number or an e-mail address.
    contact_information: String,
    /// `whatsapp`, `email` or `both`; chosen by the contact when absent.
    notification_channel: Option<String>,
    /// At most 1,000 characters.
    design_notes: Option<String>,
    /// The day the goods are promised for, `YYYY-MM-DD`; only staff promise.
    promised_on: Option<String>,
    /// What it is made of; absent for a plain order. Pieces and prices must add up to `quantity`
    /// and `total_price`, which may then be absent.
    items: Option<Vec<ItemInput>>,
    /// Discounts and fees beside `items`.
    adjustments: Option<Vec<AdjustmentInput>>,
}

/// What staff may change. Fields that are not sent stay; `paid_amount`, `is_fully_paid` and
/// unknown keys are ignored.
#[derive(Debug, ToSchema)]
#[schema(as = OrderPatch)]
#[expect(dead_code, reason = "only describes")]
pub(super) struct OrderPatch {
    customer_name: Option<String>,
    product_name: Option<String>,
    /// Only while nothing is paid.
    quantity: Option<i32>,
    /// Only while nothing is paid.
    total_price: Option<String>,
    /// Only while nothing is paid.
    payment_type: Option<String>,
    /// Only while nothing is paid.
    dp_percent: Option<String>,
    contact_information: Option<String>,
    notification_channel: Option<String>,
    design_notes: Option<String>,
    /// `YYYY-MM-DD`; null or an empty text takes it back.
    promised_on: Option<String>,
    /// Replaces what it is made of; an empty list makes it a plain order. Without `quantity` and
    /// `total_price` those follow.
    items: Option<Vec<ItemInput>>,
    /// Replaces discounts and fees.
    adjustments: Option<Vec<AdjustmentInput>>,
    /// The version the caller saw; 412 when the order has another one, as with `If-Match`.
    version: Option<i64>,
    /// `pengerjaan_selesai`, `menunggu_pelunasan` or `dibatalkan`; the others follow payments.
    status_order: Option<String>,
    /// `menunggu`, `diproses`, `selesai`, `dikirim` or `dibatalkan`.
    production_status: Option<String>,
    /// A note for the history.
    notes: Option<String>,
}
