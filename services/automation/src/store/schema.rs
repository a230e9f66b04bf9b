//! The tables as diesel sees them.

diesel::table! {
    /// What this service heard.
    heard_events (event_id) {
        event_id -> Uuid,
        event_type -> Text,
        subject_id -> Uuid,
        subject_version -> Int8,
        occurred_at -> Timestamptz,
        heard_at -> Timestamptz,
        order_id -> Nullable<Uuid>,
        order_code -> Nullable<Text>,
    }
}
