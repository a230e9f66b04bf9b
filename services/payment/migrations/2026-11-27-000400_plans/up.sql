-- Payment plans: what an order still owes, in parts, each with an invoice of its own. And what
-- payments need for it: one payment may pay several parts, and may carry money beside the invoice's.

CREATE TABLE payment_plans (
    id         uuid PRIMARY KEY,
    order_id   uuid NOT NULL REFERENCES order_projection,
    form       text NOT NULL CHECK (form IN ('custom', 'two_step', 'equal')),
    -- The sum of the parts: what was left to pay when the plan was made.
    total      numeric(18, 2) NOT NULL CHECK (total > 0 AND total = trunc(total)),
    state      text NOT NULL CHECK (state IN (
        'active', 'out_of_step', 'completed', 'replaced', 'cancelled')),
    -- The plan it took the place of.
    replaces   uuid CONSTRAINT payment_plans_replaces_key UNIQUE REFERENCES payment_plans,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    version    bigint NOT NULL CHECK (version > 0)
);
CREATE UNIQUE INDEX payment_plans_one_live_key ON payment_plans (order_id)
    WHERE state IN ('active', 'out_of_step');
CREATE INDEX payment_plans_order_idx ON payment_plans (order_id, created_at DESC, id DESC);
CREATE INDEX payment_plans_created_at_idx ON payment_plans (created_at DESC, id DESC);

CREATE TABLE installments (
    id            uuid PRIMARY KEY,
    plan_id       uuid NOT NULL REFERENCES payment_plans,
    order_id      uuid NOT NULL REFERENCES order_projection,
    sequence      integer NOT NULL CHECK (sequence BETWEEN 1 AND 12),
    amount        numeric(18, 2) NOT NULL CHECK (amount > 0 AND amount = trunc(amount)),
    due_at        timestamptz NOT NULL,
    -- The day of due_at in Jakarta.
    due_on        date NOT NULL,
    description   text NOT NULL CHECK (char_length(description) <= 200),
    invoice_id    uuid NOT NULL CONSTRAINT installments_invoice_key UNIQUE REFERENCES invoices,
    waived_at     timestamptz,
    waived_by     text,
    waived_reason text,
    -- The day on which it is told next that it is due; absent when nothing is to be told any more.
    remind_on     date,
    CONSTRAINT installments_sequence_key UNIQUE (plan_id, sequence),
    CONSTRAINT installments_due_key UNIQUE (plan_id, due_on) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT a_waiver_says_who_and_why
        CHECK ((waived_at IS NULL) = (waived_by IS NULL) AND (waived_at IS NULL) = (waived_reason IS NULL))
);
CREATE INDEX installments_remind_idx ON installments (remind_on) WHERE remind_on IS NOT NULL;

-- One row for each time it was told that an instalment is due: never twice for one step.
CREATE TABLE installment_reminders (
    installment_id uuid NOT NULL REFERENCES installments,
    -- Days before the due day for which the step stands.
    step_days      integer NOT NULL CHECK (step_days >= 0),
    told_at        timestamptz NOT NULL,
    PRIMARY KEY (installment_id, step_days)
);

ALTER TABLE payments
    -- Money that pays several invoices is several rows with one reference.
    ADD COLUMN part integer NOT NULL DEFAULT 1 CHECK (part > 0),
    -- What the provider added on top for itself: not the customer's, so no overpayment.
    ADD COLUMN fee numeric(18, 2) NOT NULL DEFAULT 0 CHECK (fee >= 0),
    -- The few rupiah by which a transfer with a unique amount was more than its invoice.
    ADD COLUMN unique_code numeric(18, 2) NOT NULL DEFAULT 0 CHECK (unique_code BETWEEN 0 AND 999),
    DROP CONSTRAINT payments_provider_ref_key,
    ADD CONSTRAINT payments_provider_ref_key UNIQUE (source, provider_ref, part),
    DROP CONSTRAINT payments_source_check,
    ADD CONSTRAINT payments_source_check CHECK (source IN (
        'xendit', 'midtrans', 'manual', 'mutation',
        -- The customer's own credit, spent on an invoice.
        'credit'));
