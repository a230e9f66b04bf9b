-- What providers paid out to the bank of what they hold for us, as staff read it on the bank's
-- statement or the provider's report.
CREATE TABLE settlements (
    id          uuid PRIMARY KEY,
    provider    text NOT NULL CHECK (provider IN ('xendit', 'midtrans')),
    -- The provider's or the bank's name for it.
    reference   text NOT NULL CHECK (char_length(reference) BETWEEN 1 AND 100),
    -- What reached the bank, and what the provider kept.
    amount      numeric(18, 2) NOT NULL CHECK (amount > 0),
    fee         numeric(18, 2) NOT NULL CHECK (fee >= 0),
    settled_on  date NOT NULL,
    recorded_by text NOT NULL,
    created_at  timestamptz NOT NULL,
    reversed_by text,
    reversed_at timestamptz,
    CONSTRAINT reversed_by_somebody CHECK ((reversed_by IS NULL) = (reversed_at IS NULL))
);
-- One that was a mistake may be recorded anew.
CREATE UNIQUE INDEX settlements_reference_key ON settlements (provider, reference)
    WHERE reversed_at IS NULL;
CREATE INDEX settlements_settled_on_idx ON settlements (settled_on DESC, id DESC);
REVOKE DELETE, TRUNCATE ON settlements FROM payment_svc;
