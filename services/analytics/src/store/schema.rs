//! The tables as diesel sees them.

diesel::table! {
    /// The newest known state of each order.
    order_facts (order_id) {
        order_id -> Uuid,
        version -> Int8,
        order_code -> Text,
        customer_id -> Uuid,
        total_rupiah -> Numeric,
        paid_rupiah -> Numeric,
        status -> Text,
        production_status -> Text,
        created_at -> Timestamptz,
        created_on -> Date,
        is_deleted -> Bool,
    }
}

diesel::table! {
    /// Orders that are not deleted, by status.
    status_counts (status) {
        status -> Text,
        orders -> Int8,
    }
}

diesel::table! {
    /// Who ordered.
    customers (customer_id) {
        customer_id -> Uuid,
        version -> Int8,
        name -> Text,
    }
}

diesel::table! {
    /// Every payment heard of.
    payments (payment_id) {
        payment_id -> Uuid,
        order_id -> Uuid,
        amount_rupiah -> Numeric,
        paid_at -> Timestamptz,
        paid_on -> Date,
    }
}

diesel::table! {
    /// Every refund heard of.
    refunds (refund_id) {
        refund_id -> Uuid,
        payment_id -> Uuid,
        amount_rupiah -> Numeric,
    }
}

diesel::table! {
    /// Money in per Jakarta day.
    daily_revenue (day) {
        day -> Date,
        payments -> Int8,
        revenue_rupiah -> Numeric,
    }
}

diesel::allow_tables_to_appear_in_same_query!(order_facts, customers);
