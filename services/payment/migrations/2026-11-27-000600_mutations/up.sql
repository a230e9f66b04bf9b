-- Lines of the bank's own list, the unique amounts by which they are recognised, and money that
-- nobody could place yet.

-- An amount that one invoice holds for one account while its window lasts.
CREATE TABLE unique_amounts (
    id           uuid PRIMARY KEY,
    invoice_id   uuid NOT NULL REFERENCES invoices,
    bank_account text NOT NULL,
    suffix       integer NOT NULL CHECK (suffix BETWEEN 1 AND 999),
    -- What the customer is asked to transfer: what is due and the suffix.
    amount       numeric(18, 2) NOT NULL CHECK (amount > suffix),
    state        text NOT NULL CHECK (state IN ('held', 'used', 'released')),
    valid_until  timestamptz NOT NULL,
    created_at   timestamptz NOT NULL
);
-- Two sums with different suffixes can be equal, so each of the two is unique by itself.
CREATE UNIQUE INDEX unique_amounts_suffix_key ON unique_amounts (bank_account, suffix) WHERE state = 'held';
CREATE UNIQUE INDEX unique_amounts_amount_key ON unique_amounts (bank_account, amount) WHERE state = 'held';
CREATE UNIQUE INDEX unique_amounts_invoice_key ON unique_amounts (invoice_id) WHERE state = 'held';
CREATE INDEX unique_amounts_until_idx ON unique_amounts (valid_until) WHERE state = 'held';

-- What mutation services sent, byte for byte.
CREATE TABLE mutation_inbox (
    id         uuid PRIMARY KEY,
    body_hash  bytea NOT NULL CONSTRAINT mutation_inbox_body_key UNIQUE,
    body       bytea NOT NULL CHECK (length(body) <= 262144),
    created_at timestamptz NOT NULL
);

CREATE TABLE bank_mutations (
    id           uuid PRIMARY KEY,
    inbox_id     uuid NOT NULL REFERENCES mutation_inbox,
    bank_account text NOT NULL,
    -- The service's id of the line; a hash of it where it has none.
    reference    text NOT NULL CHECK (char_length(reference) <= 200),
    direction    text NOT NULL CHECK (direction IN ('credit', 'debit')),
    amount       numeric(18, 2) NOT NULL CHECK (amount > 0),
    description  text NOT NULL CHECK (char_length(description) <= 500),
    happened_at  timestamptz NOT NULL,
    state        text NOT NULL CHECK (state IN ('received', 'settled', 'unmatched', 'ignored')),
    attempts     integer NOT NULL DEFAULT 0,
    due_at       timestamptz NOT NULL,
    created_at   timestamptz NOT NULL,
    CONSTRAINT bank_mutations_reference_key UNIQUE (bank_account, reference)
);
CREATE INDEX bank_mutations_due_idx ON bank_mutations (due_at) WHERE state = 'received';
CREATE INDEX bank_mutations_inbox_idx ON bank_mutations (inbox_id);

-- Money in suspense: less than its link asked for, or a transfer nobody recognised.
CREATE TABLE unmatched_money (
    id          uuid PRIMARY KEY,
    -- The suspended payment, or the line of the bank's list, that it came as.
    payment_id  uuid CONSTRAINT unmatched_money_payment_key UNIQUE REFERENCES payments,
    mutation_id uuid CONSTRAINT unmatched_money_mutation_key UNIQUE REFERENCES bank_mutations,
    amount      numeric(18, 2) NOT NULL CHECK (amount > 0),
    reason      text NOT NULL CHECK (reason IN ('amount_too_low', 'no_such_amount', 'invoice_closed')),
    state       text NOT NULL CHECK (state IN ('waiting', 'matched', 'credited')),
    -- What it was for, where that is known.
    order_id    uuid REFERENCES order_projection,
    invoice_id  uuid REFERENCES invoices,
    received_at timestamptz NOT NULL,
    -- The payment it became.
    became      uuid CONSTRAINT unmatched_money_became_key UNIQUE REFERENCES payments,
    settled_by  text,
    settled_at  timestamptz,
    created_at  timestamptz NOT NULL,
    CONSTRAINT unmatched_money_came_from_one_place CHECK ((payment_id IS NULL) <> (mutation_id IS NULL)),
    CONSTRAINT matched_means_a_payment CHECK ((state = 'matched') = (became IS NOT NULL)),
    CONSTRAINT settled_means_by_whom CHECK ((state = 'waiting') = (settled_by IS NULL))
);
CREATE INDEX unmatched_money_queue_idx ON unmatched_money (state, created_at DESC, id DESC);
CREATE INDEX unmatched_money_created_at_idx ON unmatched_money (created_at DESC, id DESC);
