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
        ended_at -> Nullable<Timestamptz>,
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
        poll_due_at -> Nullable<Timestamptz>,
        polls -> Integer,
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
        part -> Integer,
        method -> Text,
        amount -> Numeric,
        fee -> Numeric,
        unique_code -> Numeric,
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

diesel::table! {
    payment_plans (id) {
        id -> Uuid,
        order_id -> Uuid,
        form -> Text,
        total -> Numeric,
        state -> Text,
        replaces -> Nullable<Uuid>,
        created_by -> Text,
        created_at -> Timestamptz,
        version -> BigInt,
    }
}

diesel::table! {
    installments (id) {
        id -> Uuid,
        plan_id -> Uuid,
        order_id -> Uuid,
        sequence -> Integer,
        amount -> Numeric,
        due_at -> Timestamptz,
        due_on -> Date,
        description -> Text,
        invoice_id -> Uuid,
        waived_at -> Nullable<Timestamptz>,
        waived_by -> Nullable<Text>,
        waived_reason -> Nullable<Text>,
        remind_on -> Nullable<Date>,
    }
}

diesel::table! {
    installment_reminders (installment_id, step_days) {
        installment_id -> Uuid,
        step_days -> Integer,
        told_at -> Timestamptz,
    }
}

diesel::table! {
    invoice_overdue (invoice_id) {
        invoice_id -> Uuid,
        step -> Integer,
        told_at -> Timestamptz,
        next_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    proofs (id) {
        id -> Uuid,
        order_id -> Uuid,
        invoice_id -> Nullable<Uuid>,
        origin -> Text,
        state -> Text,
        amount -> Nullable<Numeric>,
        transferred_at -> Nullable<Timestamptz>,
        bank_name -> Text,
        account_name -> Text,
        reference -> Text,
        notes -> Text,
        file_id -> Nullable<Uuid>,
        file_sha256 -> Nullable<Binary>,
        flags -> Array<Text>,
        requested_by -> Text,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamptz>,
        reason -> Nullable<Text>,
        payment_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    papers (kind, subject_id) {
        kind -> Text,
        subject_id -> Uuid,
        year -> Integer,
        number -> Integer,
        issued_at -> Timestamptz,
    }
}

diesel::table! {
    payment_reversals (payment_id) {
        payment_id -> Uuid,
        reversed_by -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    proof_files (file_id) {
        file_id -> Uuid,
        clean -> Bool,
        heard_at -> Timestamptz,
    }
}

diesel::table! {
    payment_remarks (payment_id) {
        payment_id -> Uuid,
        contact_info -> Text,
        notes -> Nullable<Text>,
        updated_by -> Text,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    unique_amounts (id) {
        id -> Uuid,
        invoice_id -> Uuid,
        bank_account -> Text,
        suffix -> Integer,
        amount -> Numeric,
        state -> Text,
        valid_until -> Timestamptz,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    mutation_inbox (id) {
        id -> Uuid,
        body_hash -> Binary,
        body -> Binary,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    bank_mutations (id) {
        id -> Uuid,
        inbox_id -> Uuid,
        bank_account -> Text,
        reference -> Text,
        direction -> Text,
        amount -> Numeric,
        description -> Text,
        happened_at -> Timestamptz,
        state -> Text,
        attempts -> Integer,
        due_at -> Timestamptz,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    settlements (id) {
        id -> Uuid,
        provider -> Text,
        reference -> Text,
        amount -> Numeric,
        fee -> Numeric,
        settled_on -> Date,
        recorded_by -> Text,
        created_at -> Timestamptz,
        reversed_by -> Nullable<Text>,
        reversed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    unmatched_money (id) {
        id -> Uuid,
        payment_id -> Nullable<Uuid>,
        mutation_id -> Nullable<Uuid>,
        amount -> Numeric,
        reason -> Text,
        state -> Text,
        order_id -> Nullable<Uuid>,
        invoice_id -> Nullable<Uuid>,
        received_at -> Timestamptz,
        became -> Nullable<Uuid>,
        settled_by -> Nullable<Text>,
        settled_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    payment_refunds (payment_id) {
        payment_id -> Uuid,
        captured -> Numeric,
        pending -> Numeric,
        refunded -> Numeric,
        credit_taken -> Numeric,
    }
}

diesel::table! {
    refunds (id) {
        id -> Uuid,
        payment_id -> Uuid,
        invoice_id -> Uuid,
        order_id -> Uuid,
        amount -> Numeric,
        credit_part -> Numeric,
        order_part -> Numeric,
        from_revenue -> Bool,
        reason -> Text,
        method -> Text,
        provider -> Nullable<Text>,
        state -> Text,
        requested_by -> Text,
        needs_second -> Bool,
        approved_by -> Nullable<Text>,
        same_person -> Bool,
        provider_ref -> Nullable<Text>,
        reference -> Nullable<Text>,
        proof_file_id -> Nullable<Uuid>,
        failure -> Nullable<Text>,
        due_at -> Nullable<Timestamptz>,
        attempts -> Integer,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        completed_at -> Nullable<Timestamptz>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    order_projection,
    customer_projection,
    order_money,
    invoices,
    invoice_overdue,
    papers,
    invoice_links,
    payments,
    payment_reversals,
    payment_remarks,
    payment_refunds,
    refunds,
    webhook_inbox,
    payment_plans,
    installments,
);
