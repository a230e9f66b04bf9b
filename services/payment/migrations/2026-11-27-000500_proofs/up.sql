-- Proofs of transfers: what staff verify, and what customers send in and staff decide.

CREATE TABLE proofs (
    id             uuid PRIMARY KEY,
    order_id       uuid NOT NULL REFERENCES order_projection,
    -- Absent until staff say which invoice a customer's proof is for.
    invoice_id     uuid REFERENCES invoices,
    origin         text NOT NULL CHECK (origin IN ('staff', 'customer')),
    state          text NOT NULL CHECK (state IN ('quarantined', 'in_review', 'verified', 'rejected')),
    amount         numeric(18, 2) CHECK (amount > 0),
    transferred_at timestamptz,
    bank_name      text NOT NULL CHECK (char_length(bank_name) <= 100),
    -- Personal; blank once the customer is erased, like the notes.
    account_name   text NOT NULL CHECK (char_length(account_name) <= 255),
    reference      text NOT NULL CHECK (char_length(reference) <= 255),
    notes          text NOT NULL CHECK (char_length(notes) <= 1000),
    -- The file at media, and the hash of its content.
    file_id        uuid CONSTRAINT proofs_file_id_key UNIQUE,
    file_sha256    bytea CHECK (octet_length(file_sha256) = 32),
    -- What staff should look at: possible_duplicate, before_invoice, self_approved, amount_changed.
    flags          text[] NOT NULL,
    requested_by   text NOT NULL,
    decided_by     text,
    decided_at     timestamptz,
    reason         text CHECK (char_length(reason) <= 500),
    payment_id     uuid CONSTRAINT proofs_payment_key UNIQUE REFERENCES payments,
    created_at     timestamptz NOT NULL,
    CONSTRAINT a_proofs_file_has_a_hash CHECK ((file_id IS NULL) = (file_sha256 IS NULL)),
    CONSTRAINT verified_means_paid CHECK ((state = 'verified') = (payment_id IS NOT NULL)),
    CONSTRAINT decided_means_by_whom CHECK (
        (state IN ('verified', 'rejected')) = (decided_by IS NOT NULL AND decided_at IS NOT NULL))
);
-- One file proves one transfer; after a rejection it may be shown again.
CREATE UNIQUE INDEX proofs_file_sha256_key ON proofs (file_sha256) WHERE state <> 'rejected';
CREATE INDEX proofs_queue_idx ON proofs (state, created_at DESC, id DESC);
CREATE INDEX proofs_created_at_idx ON proofs (created_at DESC, id DESC);
CREATE INDEX proofs_order_idx ON proofs (order_id);
CREATE INDEX proofs_invoice_idx ON proofs (invoice_id);
CREATE INDEX proofs_alike_idx ON proofs (amount, transferred_at);

-- What media said of files that prove something. It may say so before the proof is written here.
CREATE TABLE proof_files (
    file_id  uuid PRIMARY KEY,
    clean    boolean NOT NULL,
    heard_at timestamptz NOT NULL
);
CREATE INDEX proof_files_heard_idx ON proof_files (heard_at);

-- For forgetting a customer.
CREATE INDEX order_projection_customer_idx ON order_projection (customer_id);
