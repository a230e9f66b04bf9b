//! The tables of schema `gateway`, as the migrations make them.

diesel::table! {
    users (id) {
        id -> Int8,
        username -> Text,
        email -> Text,
        first_name -> Text,
        last_name -> Text,
        role -> Text,
        password_hash -> Text,
        is_active -> Bool,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        last_login_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Uuid,
        user_id -> Int8,
        token_hash -> Bytea,
        created_at -> Timestamptz,
        last_seen_at -> Timestamptz,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        end_reason -> Nullable<Text>,
    }
}

diesel::table! {
    refresh_families (id) {
        id -> Uuid,
        session_id -> Uuid,
        generation -> Int4,
        rotated_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    login_failures (subject) {
        subject -> Text,
        failures -> Int4,
        first_failed_at -> Timestamptz,
        last_failed_at -> Timestamptz,
        blocked_until -> Nullable<Timestamptz>,
    }
}

diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(refresh_families -> sessions (session_id));
diesel::allow_tables_to_appear_in_same_query!(users, sessions, refresh_families);
