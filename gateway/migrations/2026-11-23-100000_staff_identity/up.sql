-- Staff identity: who may come in, which sessions live, which refresh tokens hold, who guesses.

CREATE TABLE users (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username      text        NOT NULL CHECK (username = lower(username) AND length(username) BETWEEN 1 AND 150),
    email         text        NOT NULL DEFAULT '',
    first_name    text        NOT NULL DEFAULT '',
    last_name     text        NOT NULL DEFAULT '',
    role          text        NOT NULL CHECK (role IN ('owner', 'admin', 'finance', 'production', 'viewer')),
    password_hash text        NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
    is_active     boolean     NOT NULL DEFAULT true,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    last_login_at timestamptz,
    CONSTRAINT users_username_key UNIQUE (username)
);

-- One login. The cookie's value is kept only as its SHA-256.
CREATE TABLE sessions (
    id           uuid        PRIMARY KEY,
    user_id      bigint      NOT NULL REFERENCES users (id),
    token_hash   bytea       NOT NULL CHECK (length(token_hash) = 32),
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL CHECK (expires_at > created_at),
    ended_at     timestamptz,
    end_reason   text        CHECK (end_reason IN ('logout', 'replaced', 'disabled', 'password_changed', 'refresh_reused')),
    CONSTRAINT sessions_token_hash_key UNIQUE (token_hash),
    CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE INDEX sessions_user_id_idx ON sessions (user_id);
CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);

-- One line of refresh tokens, each the successor of the one before; `generation` is the live one.
CREATE TABLE refresh_families (
    id         uuid        PRIMARY KEY,
    session_id uuid        NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    generation integer     NOT NULL DEFAULT 0 CHECK (generation >= 0),
    rotated_at timestamptz,
    ended_at   timestamptz,
    CONSTRAINT refresh_families_session_id_key UNIQUE (session_id)
);

-- Failed logins by subject: an account from one network, or an account from anywhere.
CREATE TABLE login_failures (
    subject         text        PRIMARY KEY CHECK (length(subject) <= 300),
    failures        integer     NOT NULL CHECK (failures >= 0),
    first_failed_at timestamptz NOT NULL,
    last_failed_at  timestamptz NOT NULL,
    blocked_until   timestamptz
);
CREATE INDEX login_failures_last_failed_at_idx ON login_failures (last_failed_at);
