//! The tables as diesel sees them; kept in step with `migrations/` by the integration tests,
//! which read and write every column.

diesel::table! {
    customers (id) {
        id -> Uuid,
        version -> BigInt,
        name -> Text,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        tags -> Array<Nullable<Text>>,
        notes -> Text,
        merged_into -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    products (id) {
        id -> Uuid,
        nama -> Text,
        kategori -> Text,
        deskripsi -> Text,
        harga -> Numeric,
        stok -> Integer,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    orders (id) {
        id -> Uuid,
        version -> BigInt,
        order_code -> Text,
        tracking_token -> Text,
        customer_id -> Uuid,
        customer_name -> Text,
        contact_information -> Text,
        contact_normalised -> Text,
        product_name -> Text,
        quantity -> Integer,
        total_price -> Numeric,
        payment_type -> Text,
        dp_percent -> Nullable<Numeric>,
        notification_channel -> Text,
        design_notes -> Text,
        design_file_id -> Nullable<Uuid>,
        design_url -> Nullable<Text>,
        status_order -> Text,
        production_status -> Text,
        paid_amount -> Numeric,
        money_version -> BigInt,
        payment_overdue -> Bool,
        origin -> Text,
        notify -> Bool,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        promised_on -> Nullable<Date>,
        production_stage -> Nullable<Text>,
        stage_due_on -> Nullable<Date>,
    }
}

diesel::table! {
    status_history (id) {
        id -> Uuid,
        seq -> BigInt,
        order_id -> Uuid,
        change_type -> Text,
        previous_status -> Nullable<Text>,
        new_status -> Nullable<Text>,
        trigger_source -> Text,
        notes -> Nullable<Text>,
        invoice_code -> Nullable<Text>,
        amount -> Nullable<Numeric>,
        subject_id -> Nullable<Uuid>,
        event_id -> Nullable<Uuid>,
        actor -> Nullable<Text>,
        created_at -> Timestamptz,
        visible -> Bool,
    }
}

diesel::table! {
    designs (file_id) {
        file_id -> Uuid,
        order_id -> Uuid,
        url -> Nullable<Text>,
        stored_at -> Nullable<Timestamptz>,
        rejected -> Bool,
    }
}

diesel::table! {
    order_items (order_id, item) {
        order_id -> Uuid,
        item -> SmallInt,
        product_name -> Text,
        colour -> Text,
        unit_price -> Numeric,
    }
}

diesel::table! {
    order_item_sizes (order_id, item, size) {
        order_id -> Uuid,
        item -> SmallInt,
        size -> Text,
        seq -> SmallInt,
        quantity -> Integer,
        surcharge -> Numeric,
    }
}

diesel::table! {
    order_item_decorations (order_id, item, seq) {
        order_id -> Uuid,
        item -> SmallInt,
        seq -> SmallInt,
        kind -> Text,
        place -> Text,
        size -> Text,
        colours -> SmallInt,
        price -> Numeric,
    }
}

diesel::table! {
    order_adjustments (order_id, seq) {
        order_id -> Uuid,
        seq -> SmallInt,
        kind -> Text,
        description -> Text,
        amount -> Numeric,
    }
}

diesel::table! {
    production_stages (position) {
        position -> SmallInt,
        code -> Text,
        name -> Text,
        days -> Nullable<SmallInt>,
    }
}

diesel::table! {
    order_stages (order_id, position) {
        order_id -> Uuid,
        position -> SmallInt,
        code -> Text,
        name -> Text,
        due_on -> Nullable<Date>,
        started_at -> Nullable<Timestamptz>,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    order_stage_counts (order_id, position, item, size) {
        order_id -> Uuid,
        position -> SmallInt,
        item -> SmallInt,
        size -> Text,
        good -> Integer,
        reject -> Integer,
    }
}

diesel::table! {
    production_reports (id) {
        id -> Uuid,
        seq -> BigInt,
        order_id -> Uuid,
        kind -> Text,
        stage -> Text,
        back_to -> Nullable<Text>,
        item -> SmallInt,
        size -> Text,
        good -> Integer,
        reject -> Integer,
        notes -> Nullable<Text>,
        actor -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}
