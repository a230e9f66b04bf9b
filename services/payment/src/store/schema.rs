//! The tables as diesel knows them; the migrations are the truth.

diesel::table! {
    order_projection (order_id) {
        order_id -> Uuid,
        version -> BigInt,
        order_code -> Text,
        customer_id -> Uuid,
        product_name -> Text,
        quantity -> BigInt,
        total -> Numeric,
        payment_plan -> Text,
        deposit_percent -> Nullable<Numeric>,
        channel -> Text,
        status -> Text,
        production_status -> Text,
        deleted -> Bool,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    customer_projection (customer_id) {
        customer_id -> Uuid,
        version -> BigInt,
        name -> Text,
    }
}

diesel::table! {
    order_money (order_id) {
        order_id -> Uuid,
        captured -> Numeric,
        refunded -> Numeric,
        revenue_booked -> Nullable<Numeric>,
        money_version -> BigInt,
    }
}

diesel::table! {
    invoices (id) {
        id -> Uuid,
        code -> Text,
        order_id -> Uuid,
        kind -> Text,
        seq -> Integer,
        installment_id -> Nullable<Uuid>,
        deposit_percent -> Nullable<Numeric>,
        amount -> Numeric,
        amount_paid -> Numeric,
        status -> Text,
        channel -> Text,
        notify -> Bool,
        blast_notification -> Bool,
        late -> Bool,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        paid_at -> Nullable<Timestamptz>,
        version -> BigInt,
    }
}

diesel::table! {
    invoice_links (id) {
        id -> Uuid,
        invoice_id -> Uuid,
        generation -> Integer,
        provider -> Text,
        external_id -> Text,
        provider_id -> Nullable<Text>,
        url -> Nullable<Text>,
        amount -> Numeric,
        state -> Text,
        lease_until -> Nullable<Timestamptz>,
        due_at -> Timestamptz,
        attempts -> Integer,
        last_error -> Nullable<Text>,
        kill_due_at -> Nullable<Timestamptz>,
        kill_attempts -> Integer,
        trace -> Jsonb,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    payments (id) {
        id -> Uuid,
        invoice_id -> Uuid,
        order_id -> Uuid,
        source -> Text,
        provider_ref -> Nullable<Text>,
        method -> Text,
        amount -> Numeric,
        allocated -> Numeric,
        status -> Text,
        late -> Bool,
        contact_info -> Text,
        notes -> Nullable<Text>,
        paid_at -> Timestamptz,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    webhook_inbox (id) {
        id -> Uuid,
        source -> Text,
        body_hash -> Binary,
        body -> Binary,
        webhook_type -> Text,
        status -> Text,
        reason -> Nullable<Text>,
        order_id -> Nullable<Uuid>,
        invoice_id -> Nullable<Uuid>,
        attempts -> Integer,
        due_at -> Timestamptz,
        trace -> Jsonb,
        created_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    order_projection,
    customer_projection,
    order_money,
    invoices,
    invoice_links,
    payments,
    webhook_inbox,
);
