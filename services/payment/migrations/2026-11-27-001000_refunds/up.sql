-- Money that goes back (contract row 55, reliability.md part C).

-- What of one payment went back or is about to: the row that parallel refunds wait for. A pending
-- refund holds its amount; the CHECK is the last word.
CREATE TABLE payment_refunds (
    payment_id   uuid PRIMARY KEY REFERENCES payments,
    captured     numeric(18, 2) NOT NULL CHECK (captured > 0),
    pending      numeric(18, 2) NOT NULL DEFAULT 0 CHECK (pending >= 0),
    refunded     numeric(18, 2) NOT NULL DEFAULT 0 CHECK (refunded >= 0),
    -- What of both was taken out of the customer's credit that this payment had left over.
    credit_taken numeric(18, 2) NOT NULL DEFAULT 0 CHECK (credit_taken >= 0),
    CONSTRAINT refunds_never_exceed_the_payment CHECK (pending + refunded <= captured),
    CONSTRAINT credit_is_part_of_the_refunds CHECK (credit_taken <= pending + refunded)
);

CREATE TABLE refunds (
    id            uuid PRIMARY KEY,
    payment_id    uuid NOT NULL REFERENCES payments,
    invoice_id    uuid NOT NULL REFERENCES invoices,
    order_id      uuid NOT NULL REFERENCES order_projection,
    amount        numeric(18, 2) NOT NULL CHECK (amount > 0 AND amount = trunc(amount)),
    -- Out of the customer's credit, and out of the order's deposits (its revenue once delivered).
    credit_part   numeric(18, 2) NOT NULL CHECK (credit_part >= 0),
    order_part    numeric(18, 2) NOT NULL CHECK (order_part >= 0),
    from_revenue  boolean NOT NULL,
    reason        text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 500),
    method        text NOT NULL CHECK (method IN ('bank_transfer', 'cash', 'original')),
    -- The provider that pays it back; absent when staff do.
    provider      text CHECK (provider IN ('xendit', 'midtrans')),
    state         text NOT NULL CHECK (state IN (
        'requested', 'approved', 'processing', 'completed', 'failed', 'cancelled')),
    requested_by  text NOT NULL,
    -- Above the limit: somebody else has to agree.
    needs_second  boolean NOT NULL,
    approved_by   text,
    -- The owner confirmed a refund of their own, because there is no second person.
    same_person   boolean NOT NULL DEFAULT false,
    -- The provider's id; the bank's reference of a transfer by hand.
    provider_ref  text,
    reference     text CHECK (char_length(reference) <= 100),
    proof_file_id uuid,
    failure       text CHECK (char_length(failure) <= 500),
    -- When the provider is asked (again); absent when there is nothing to ask.
    due_at        timestamptz,
    attempts      integer NOT NULL DEFAULT 0,
    version       bigint NOT NULL CHECK (version > 0),
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    completed_at  timestamptz,
    CONSTRAINT refund_is_its_parts CHECK (credit_part + order_part = amount),
    CONSTRAINT the_provider_pays_the_original_way CHECK ((method = 'original') = (provider IS NOT NULL)),
    CONSTRAINT completed_has_its_time CHECK ((state = 'completed') = (completed_at IS NOT NULL)),
    CONSTRAINT approved_has_its_people
        CHECK (state IN ('requested', 'cancelled') OR NOT needs_second OR approved_by IS NOT NULL),
    CONSTRAINT refunds_provider_ref_key UNIQUE (provider, provider_ref)
);
CREATE INDEX refunds_created_at_idx ON refunds (created_at DESC, id DESC);
CREATE INDEX refunds_state_idx ON refunds (state, created_at DESC, id DESC);
CREATE INDEX refunds_payment_idx ON refunds (payment_id, created_at);
CREATE INDEX refunds_order_idx ON refunds (order_id, created_at DESC);
CREATE INDEX refunds_invoice_idx ON refunds (invoice_id);
CREATE INDEX refunds_due_idx ON refunds (due_at) WHERE due_at IS NOT NULL;
REVOKE DELETE, TRUNCATE ON refunds, payment_refunds FROM payment_svc;
