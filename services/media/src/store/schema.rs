//! The tables as diesel sees them.

diesel::table! {
    /// Every file this service holds or is about to hold.
    files (id) {
        id -> Uuid,
        version -> Int8,
        order_id -> Nullable<Uuid>,
        purpose -> Text,
        state -> Text,
        original_filename -> Text,
        description -> Text,
        format -> Text,
        size_bytes -> Int8,
        width_px -> Nullable<Int4>,
        height_px -> Nullable<Int4>,
        sha256 -> Binary,
        storage_key -> Text,
        public_path -> Text,
        created_at -> Timestamptz,
        scan_due_at -> Timestamptz,
        scan_attempts -> Int4,
        purged_at -> Nullable<Timestamptz>,
    }
}
