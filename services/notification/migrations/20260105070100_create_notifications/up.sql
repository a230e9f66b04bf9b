-- What messages are made of, and every message with each attempt to send it.

CREATE TABLE templates (
    id          uuid PRIMARY KEY,
    name        text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    type        text NOT NULL CHECK (type IN (
                    'order_created', 'payment_received', 'production_complete', 'payment_reminder',
                    'order_cancelled', 'dp_invoice', 'pelunasan_invoice', 'full_invoice',
                    'payment_confirmation', 'order_status_update', 'marketing_blast', 'custom')),
    channel     text NOT NULL CHECK (channel IN ('whatsapp', 'email', 'both')),
    subject     text NOT NULL DEFAULT '',
    body        text NOT NULL CHECK (octet_length(body) BETWEEN 1 AND 65536),
    variables   jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(variables) = 'array'),
    is_active   boolean NOT NULL DEFAULT true,
    is_default  boolean NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT templates_mail_has_subject CHECK (channel = 'whatsapp' OR subject <> '')
);
-- One default for each type and channel.
CREATE UNIQUE INDEX templates_one_default ON templates (type, channel) WHERE is_default;
CREATE INDEX templates_created_at ON templates (created_at DESC, id DESC);

-- Copies of what other services told; `version` keeps the newest whatever order events come in.

CREATE TABLE contacts (
    customer_id uuid PRIMARY KEY,
    version     bigint NOT NULL,
    name        text NOT NULL,
    phone       text,
    email       text,
    erased      boolean NOT NULL DEFAULT false,
    CONSTRAINT contacts_erased_is_blank
        CHECK (NOT erased OR (name = '' AND phone IS NULL AND email IS NULL))
);

CREATE TABLE orders (
    order_id     uuid PRIMARY KEY,
    version      bigint NOT NULL,
    code         text NOT NULL,
    customer_id  uuid NOT NULL,
    product_name text NOT NULL,
    quantity     bigint NOT NULL,
    total        numeric(18, 2) NOT NULL CHECK (total >= 0),
    paid         numeric(18, 2) NOT NULL CHECK (paid >= 0),
    has_deposit  boolean NOT NULL,
    channel      text NOT NULL CHECK (channel IN ('whatsapp', 'email', 'both')),
    status       text NOT NULL CHECK (status IN (
                     'menunggu_link', 'link_dibuat', 'dp_dibayar', 'pengerjaan_selesai',
                     'menunggu_pelunasan', 'lunas', 'dibatalkan')),
    deleted      boolean NOT NULL DEFAULT false
);

CREATE TABLE invoices (
    invoice_id  uuid PRIMARY KEY,
    version     bigint NOT NULL,
    code        text NOT NULL,
    order_id    uuid NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('dp', 'pelunasan', 'full')),
    amount      numeric(18, 2) NOT NULL CHECK (amount >= 0),
    amount_paid numeric(18, 2) NOT NULL CHECK (amount_paid >= 0),
    status      text NOT NULL
                CHECK (status IN ('belum dibayar', 'sudah dibayar', 'kadaluarsa', 'dibatalkan')),
    payment_url text NOT NULL DEFAULT '',
    expires_at  timestamptz,
    channel     text CHECK (channel IN ('whatsapp', 'email', 'both'))
);
CREATE INDEX invoices_order_id ON invoices (order_id);

CREATE TABLE messages (
    id              uuid PRIMARY KEY,
    dedup_key       text NOT NULL CONSTRAINT messages_dedup_key UNIQUE,
    template_id     uuid,
    template_name   text NOT NULL,
    template_type   text NOT NULL CHECK (template_type IN (
                        'order_created', 'payment_received', 'production_complete',
                        'payment_reminder', 'order_cancelled', 'dp_invoice', 'pelunasan_invoice',
                        'full_invoice', 'payment_confirmation', 'order_status_update',
                        'marketing_blast', 'custom')),
    channel         text NOT NULL CHECK (channel IN ('whatsapp', 'email')),
    customer_id     uuid,
    recipient       text NOT NULL,
    subject         text NOT NULL,
    body            text NOT NULL CHECK (octet_length(body) <= 65536),
    order_id        uuid,
    order_code      text NOT NULL,
    invoice_id      uuid,
    invoice_kind    text CHECK (invoice_kind IN ('dp', 'pelunasan', 'full')),
    origin          text NOT NULL CHECK (origin IN ('event', 'asked', 'blast')),
    status          text NOT NULL
                    CHECK (status IN ('queued', 'sending', 'sent', 'failed', 'unknown')),
    attempts        integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    due_at          timestamptz NOT NULL,
    lease_until     timestamptz,
    maybe_duplicate boolean NOT NULL DEFAULT false,
    provider_id     text,
    error_kind      text,
    error_detail    text,
    trace           jsonb NOT NULL,
    created_at      timestamptz NOT NULL,
    sent_at         timestamptz,
    CONSTRAINT messages_sending_is_leased CHECK ((status = 'sending') = (lease_until IS NOT NULL)),
    CONSTRAINT messages_sent_has_time CHECK ((status = 'sent') = (sent_at IS NOT NULL))
);
-- A worker looks for these many times a second, so the indexes hold only what waits.
CREATE INDEX messages_due ON messages (due_at, id) WHERE status = 'queued';
CREATE INDEX messages_leased ON messages (lease_until) WHERE status = 'sending';
CREATE INDEX messages_created_at ON messages (created_at DESC, id DESC);
CREATE INDEX messages_order_code ON messages (order_code) WHERE order_code <> '';
CREATE INDEX messages_customer_id ON messages (customer_id);
CREATE INDEX messages_recipient ON messages (recipient);

CREATE TABLE attempts (
    message_id  uuid NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    number      integer NOT NULL CHECK (number > 0),
    started_at  timestamptz NOT NULL,
    finished_at timestamptz,
    provider_id text,
    error_kind  text,
    error_detail text,
    PRIMARY KEY (message_id, number)
);

-- The queue's rows change five times in a second of life.
ALTER TABLE messages SET (autovacuum_vacuum_scale_factor = 0.02, fillfactor = 80);
