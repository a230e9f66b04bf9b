-- Payments are append-only: what is said about one later stands beside it.

-- A manual entry that was a mistake, taken back by a transfer of its own.
CREATE TABLE payment_reversals (
    payment_id  uuid PRIMARY KEY REFERENCES payments,
    reversed_by text NOT NULL,
    created_at  timestamptz NOT NULL
);

-- What staff wrote about a payment since.
CREATE TABLE payment_remarks (
    payment_id   uuid PRIMARY KEY REFERENCES payments,
    contact_info text NOT NULL CHECK (char_length(contact_info) <= 255),
    notes        text CHECK (char_length(notes) <= 1000),
    updated_by   text NOT NULL,
    updated_at   timestamptz NOT NULL
);
REVOKE UPDATE, DELETE, TRUNCATE ON payment_reversals FROM payment_svc;
REVOKE DELETE, TRUNCATE ON payment_remarks FROM payment_svc;

-- Lists by state, date, customer and order; the names the brief recommends.
CREATE INDEX idx_payment_date ON payments (paid_at DESC, id DESC);
DROP INDEX payments_paid_at_idx;
CREATE INDEX payments_status_idx ON payments (status, created_at DESC, id DESC);
CREATE INDEX payments_order_created_idx ON payments (order_id, created_at DESC, id DESC);
DROP INDEX payments_order_idx;
CREATE INDEX idx_invoice_status ON invoices (status, created_at DESC, id DESC);
DROP INDEX invoices_status_idx;
CREATE INDEX invoices_order_created_idx ON invoices (order_id, created_at DESC, id DESC);
