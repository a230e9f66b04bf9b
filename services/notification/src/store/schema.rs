//! The tables as diesel sees them; in step with `migrations/`.

diesel::table! {
    templates (id) {
        id -> Uuid,
        name -> Text,
        #[sql_name = "type"]
        template_type -> Text,
        channel -> Text,
        subject -> Text,
        body -> Text,
        variables -> Jsonb,
        is_active -> Bool,
        is_default -> Bool,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    contacts (customer_id) {
        customer_id -> Uuid,
        version -> BigInt,
        name -> Text,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        erased -> Bool,
    }
}

diesel::table! {
    orders (order_id) {
        order_id -> Uuid,
        version -> BigInt,
        code -> Text,
        customer_id -> Uuid,
        product_name -> Text,
        quantity -> BigInt,
        total -> Numeric,
        paid -> Numeric,
        has_deposit -> Bool,
        channel -> Text,
        status -> Text,
        deleted -> Bool,
        quiet -> Bool,
    }
}

diesel::table! {
    invoices (invoice_id) {
        invoice_id -> Uuid,
        version -> BigInt,
        code -> Text,
        order_id -> Uuid,
        kind -> Text,
        amount -> Numeric,
        amount_paid -> Numeric,
        status -> Text,
        payment_url -> Text,
        expires_at -> Nullable<Timestamptz>,
        channel -> Nullable<Text>,
    }
}

diesel::table! {
    messages (id) {
        id -> Uuid,
        dedup_key -> Text,
        template_id -> Nullable<Uuid>,
        template_name -> Text,
        template_type -> Text,
        channel -> Text,
        customer_id -> Nullable<Uuid>,
        recipient -> Text,
        subject -> Text,
        body -> Text,
        order_id -> Nullable<Uuid>,
        order_code -> Text,
        invoice_id -> Nullable<Uuid>,
        invoice_kind -> Nullable<Text>,
        origin -> Text,
        status -> Text,
        attempts -> Integer,
        due_at -> Timestamptz,
        lease_until -> Nullable<Timestamptz>,
        maybe_duplicate -> Bool,
        provider_id -> Nullable<Text>,
        error_kind -> Nullable<Text>,
        error_detail -> Nullable<Text>,
        trace -> Jsonb,
        created_at -> Timestamptz,
        sent_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    attempts (message_id, number) {
        message_id -> Uuid,
        number -> Integer,
        started_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
        provider_id -> Nullable<Text>,
        error_kind -> Nullable<Text>,
        error_detail -> Nullable<Text>,
    }
}
