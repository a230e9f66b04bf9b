-- How far an unpaid invoice was told to be overdue: once an invoice and step.
CREATE TABLE invoice_overdue (
    invoice_id uuid PRIMARY KEY REFERENCES invoices,
    -- The highest step that was told, from 1.
    step       integer NOT NULL CHECK (step > 0),
    told_at    timestamptz NOT NULL,
    -- When the next step comes; absent after the last.
    next_at    timestamptz
);
CREATE INDEX invoices_unpaid_until_idx ON invoices (expires_at)
    WHERE status IN ('belum dibayar', 'kadaluarsa');
