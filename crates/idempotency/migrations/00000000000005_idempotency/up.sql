-- Answers to requests that carried an Idempotency-Key (settled.md 27).

CREATE TABLE idempotency (
    principal   text NOT NULL,
    route       text NOT NULL,
    key         text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 255),
    -- SHA-256 of what was asked.
    fingerprint text NOT NULL,
    status      smallint NOT NULL CHECK (status BETWEEN 200 AND 299),
    body        jsonb NOT NULL,
    -- Whose data the answer holds.
    customer_id uuid,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL CHECK (expires_at > created_at),
    PRIMARY KEY (principal, route, key)
);
CREATE INDEX idempotency_expires_at ON idempotency (expires_at);
CREATE INDEX idempotency_customer ON idempotency (customer_id) WHERE customer_id IS NOT NULL;
