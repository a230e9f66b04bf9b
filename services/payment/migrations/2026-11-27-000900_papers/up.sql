-- Numbers of papers (invoices, receipts, credit notes): without gaps within a year, and the same
-- paper keeps its number.
CREATE TABLE paper_counters (
    kind text NOT NULL CHECK (kind IN ('invoice', 'receipt', 'credit_note')),
    year integer NOT NULL CHECK (year BETWEEN 2000 AND 9999),
    last integer NOT NULL CHECK (last > 0),
    PRIMARY KEY (kind, year)
);
CREATE TABLE papers (
    kind       text NOT NULL CHECK (kind IN ('invoice', 'receipt', 'credit_note')),
    -- The invoice, payment or refund.
    subject_id uuid NOT NULL,
    year       integer NOT NULL,
    number     integer NOT NULL CHECK (number > 0),
    issued_at  timestamptz NOT NULL,
    PRIMARY KEY (kind, subject_id),
    CONSTRAINT papers_number_key UNIQUE (kind, year, number)
);
REVOKE UPDATE, DELETE, TRUNCATE ON papers FROM payment_svc;
REVOKE DELETE, TRUNCATE ON paper_counters FROM payment_svc;
