-- Invoices, their payment links, the payments that came in and the callbacks that told of them.
-- Literals are the wire's (contract.md section 4); amounts are rupiah.

-- What this service knows of an order; written by order's events and by compositions.
CREATE TABLE order_projection (
    order_id          uuid PRIMARY KEY,
    version           bigint NOT NULL,
    order_code        text NOT NULL,
    customer_id       uuid NOT NULL,
    product_name      text NOT NULL,
    quantity          bigint NOT NULL CHECK (quantity > 0),
    total             numeric(18, 2) NOT NULL CHECK (total > 0),
    payment_plan      text NOT NULL CHECK (payment_plan IN ('dp', 'full')),
    deposit_percent   numeric(5, 2) CHECK (deposit_percent > 0 AND deposit_percent <= 100),
    channel           text NOT NULL CHECK (channel IN ('whatsapp', 'email', 'both')),
    status            text NOT NULL CHECK (status IN (
        'menunggu_link', 'link_dibuat', 'dp_dibayar', 'pengerjaan_selesai', 'menunggu_pelunasan',
        'lunas', 'dibatalkan')),
    production_status text NOT NULL CHECK (production_status IN (
        'menunggu', 'diproses', 'selesai', 'dikirim', 'dibatalkan')),
    deleted           boolean NOT NULL DEFAULT false,
    created_at        timestamptz NOT NULL
);

-- Names of customers, for the public view of an invoice; blank once erased. Nothing else about a
-- person is kept here.
CREATE TABLE customer_projection (
    customer_id uuid PRIMARY KEY,
    version     bigint NOT NULL,
    name        text NOT NULL
);

-- One row an order: the lock every money use case takes first, and the ledger's sums kept ready.
CREATE TABLE order_money (
    order_id        uuid PRIMARY KEY REFERENCES order_projection,
    captured        numeric(18, 2) NOT NULL DEFAULT 0 CHECK (captured >= 0),
    refunded        numeric(18, 2) NOT NULL DEFAULT 0 CHECK (refunded >= 0),
    -- Sales revenue booked when the goods left; absent before that.
    revenue_booked  numeric(18, 2) CHECK (revenue_booked > 0),
    -- Rises with every change of captured or refunded.
    money_version   bigint NOT NULL DEFAULT 0,
    CONSTRAINT refunds_never_exceed_captures CHECK (refunded <= captured)
);

CREATE TABLE invoices (
    id                 uuid PRIMARY KEY,
    code               text NOT NULL CONSTRAINT invoices_code_key UNIQUE,
    order_id           uuid NOT NULL REFERENCES order_projection,
    kind               text NOT NULL CHECK (kind IN ('dp', 'pelunasan', 'full')),
    -- Counts invoices of one kind for one order from 1 (a cancelled one is followed by the next).
    seq                integer NOT NULL CHECK (seq > 0),
    -- The part of a payment plan this asks for; absent for invoices outside a plan.
    installment_id     uuid,
    deposit_percent    numeric(5, 2) CHECK (deposit_percent > 0 AND deposit_percent <= 100),
    amount             numeric(18, 2) NOT NULL,
    amount_paid        numeric(18, 2) NOT NULL DEFAULT 0,
    status             text NOT NULL CHECK (status IN (
        'belum dibayar', 'sudah dibayar', 'kadaluarsa', 'dibatalkan')),
    channel            text NOT NULL CHECK (channel IN ('whatsapp', 'email', 'both')),
    -- Whether the customer is to be written to when the next link is ready.
    notify             boolean NOT NULL,
    blast_notification boolean NOT NULL DEFAULT false,
    -- Paid after it had expired.
    late               boolean NOT NULL DEFAULT false,
    created_at         timestamptz NOT NULL,
    expires_at         timestamptz NOT NULL,
    paid_at            timestamptz,
    version            bigint NOT NULL CHECK (version > 0),
    CONSTRAINT invoices_order_kind_seq_key UNIQUE (order_id, kind, seq),
    CONSTRAINT invoice_asks_for_whole_rupiah CHECK (amount > 0 AND amount = trunc(amount)),
    CONSTRAINT invoice_is_never_overpaid CHECK (amount_paid >= 0 AND amount_paid <= amount),
    CONSTRAINT paid_means_all_of_it
        CHECK ((status = 'sudah dibayar') = (paid_at IS NOT NULL)
            AND (status <> 'sudah dibayar' OR amount_paid = amount))
);
-- The first from the brief; the second for the expiry sweep, the third for lists.
CREATE INDEX invoices_status_idx ON invoices (status);
CREATE INDEX invoices_open_until_idx ON invoices (expires_at) WHERE status = 'belum dibayar';
CREATE INDEX invoices_created_at_idx ON invoices (created_at DESC, id DESC);

-- Every link ever asked of a provider. `asked` waits for the provider's answer, `ready` can be
-- paid on, `superseded` was replaced, `failed` was refused for good.
CREATE TABLE invoice_links (
    id            uuid PRIMARY KEY,
    invoice_id    uuid NOT NULL REFERENCES invoices,
    generation    integer NOT NULL CHECK (generation > 0),
    provider      text NOT NULL,
    -- Our name for it at the provider; asked for after a crash before creating again.
    external_id   text NOT NULL CONSTRAINT invoice_links_external_id_key UNIQUE,
    provider_id   text,
    url           text,
    amount        numeric(18, 2) NOT NULL CHECK (amount > 0 AND amount = trunc(amount)),
    state         text NOT NULL CHECK (state IN ('asked', 'ready', 'superseded', 'failed')),
    -- Who asks the provider holds the row until then.
    lease_until   timestamptz,
    due_at        timestamptz NOT NULL,
    attempts      integer NOT NULL DEFAULT 0,
    last_error    text,
    -- When the provider is to be told that the link is dead; absent when there is nothing to tell.
    kill_due_at   timestamptz,
    kill_attempts integer NOT NULL DEFAULT 0,
    -- The trace that asked for it, continued by the worker and linked by callbacks.
    trace         jsonb NOT NULL,
    created_at    timestamptz NOT NULL,
    CONSTRAINT invoice_links_generation_key UNIQUE (invoice_id, generation),
    CONSTRAINT invoice_links_provider_id_key UNIQUE (provider, provider_id),
    CONSTRAINT ready_link_has_an_address
        CHECK (state <> 'ready' OR (provider_id IS NOT NULL AND url IS NOT NULL))
);
CREATE UNIQUE INDEX invoice_links_one_live_key ON invoice_links (invoice_id)
    WHERE state IN ('asked', 'ready');
CREATE INDEX invoice_links_asked_idx ON invoice_links (due_at) WHERE state = 'asked';
CREATE INDEX invoice_links_kill_idx ON invoice_links (kill_due_at) WHERE kill_due_at IS NOT NULL;

-- Money that came in. Rows are only ever appended.
CREATE TABLE payments (
    id           uuid PRIMARY KEY,
    invoice_id   uuid NOT NULL REFERENCES invoices,
    order_id     uuid NOT NULL REFERENCES order_projection,
    source       text NOT NULL CHECK (source IN ('xendit', 'manual')),
    -- The provider's id of the paid link: one link is paid once.
    provider_ref text,
    method       text NOT NULL,
    amount       numeric(18, 2) NOT NULL CHECK (amount > 0),
    -- What of it went to the invoice; the rest is the customer's credit.
    allocated    numeric(18, 2) NOT NULL,
    status       text NOT NULL CHECK (status IN ('success', 'suspended')),
    late         boolean NOT NULL DEFAULT false,
    contact_info text NOT NULL DEFAULT '',
    notes        text,
    paid_at      timestamptz NOT NULL,
    created_at   timestamptz NOT NULL,
    CONSTRAINT payments_provider_ref_key UNIQUE (source, provider_ref),
    CONSTRAINT manual_payments_have_no_provider CHECK ((source = 'manual') = (provider_ref IS NULL)),
    CONSTRAINT payment_allocates_at_most_itself CHECK (allocated >= 0 AND allocated <= amount),
    CONSTRAINT suspended_money_is_not_allocated CHECK (status = 'success' OR allocated = 0)
);
CREATE INDEX payments_paid_at_idx ON payments (paid_at);
CREATE INDEX payments_created_at_idx ON payments (created_at DESC, id DESC);
CREATE INDEX payments_invoice_idx ON payments (invoice_id);
CREATE INDEX payments_order_idx ON payments (order_id);
REVOKE UPDATE, DELETE, TRUNCATE ON payments FROM payment_svc;

-- Callbacks as they came; one row a distinct body.
CREATE TABLE webhook_inbox (
    id           uuid PRIMARY KEY,
    source       text NOT NULL,
    -- SHA-256 of the raw body.
    body_hash    bytea NOT NULL,
    body         bytea NOT NULL CHECK (length(body) <= 262144),
    webhook_type text NOT NULL,
    status       text NOT NULL CHECK (status IN ('received', 'processed', 'ignored', 'failed')),
    reason       text,
    order_id     uuid,
    invoice_id   uuid,
    attempts     integer NOT NULL DEFAULT 0,
    due_at       timestamptz NOT NULL,
    trace        jsonb NOT NULL,
    created_at   timestamptz NOT NULL,
    CONSTRAINT webhook_inbox_body_key UNIQUE (source, body_hash)
);
CREATE INDEX webhook_inbox_due_idx ON webhook_inbox (due_at) WHERE status = 'received';
CREATE INDEX webhook_inbox_order_idx ON webhook_inbox (order_id) WHERE order_id IS NOT NULL;
