-- Customers, the catalogue, orders and everything that happened to them.
-- Names are unqualified: the migrator's search_path is the schema. Business times come from the
-- service's clock, so no column here has now() as a default.

-- One person or business, found again by a normalised contact.
CREATE TABLE customers (
    id         uuid PRIMARY KEY,
    version    bigint NOT NULL CHECK (version > 0),
    name       text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 255),
    phone      text CONSTRAINT customers_phone_key UNIQUE
                    CHECK (phone ~ '^628[1-9][0-9]{7,12}$'),
    email      text CONSTRAINT customers_email_key UNIQUE
                    CHECK (email = lower(email) AND char_length(email) <= 255),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL CHECK (updated_at >= created_at)
);

-- What the public page offers.
CREATE TABLE products (
    id         uuid PRIMARY KEY,
    nama       text NOT NULL CHECK (char_length(nama) BETWEEN 3 AND 100),
    kategori   text NOT NULL CHECK (char_length(kategori) BETWEEN 3 AND 100),
    deskripsi  text NOT NULL CHECK (char_length(deskripsi) <= 5000),
    harga      numeric(18,2) NOT NULL CHECK (harga > 0 AND harga = trunc(harga)),
    stok       integer NOT NULL CHECK (stok >= 0),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL CHECK (updated_at >= created_at)
);

CREATE INDEX products_newest ON products (created_at DESC, id DESC);

CREATE TABLE orders (
    id                   uuid PRIMARY KEY,
    -- Rises with every change that is told; events carry it.
    version              bigint NOT NULL CHECK (version > 0),
    order_code           text NOT NULL CONSTRAINT orders_code_key UNIQUE
                              CHECK (order_code = upper(order_code)
                                     AND char_length(order_code) BETWEEN 1 AND 32),
    tracking_token       text NOT NULL CONSTRAINT orders_tracking_token_key UNIQUE
                              CHECK (char_length(tracking_token) = 32),
    customer_id          uuid NOT NULL REFERENCES customers (id),
    customer_name        text NOT NULL CHECK (char_length(customer_name) BETWEEN 2 AND 255),
    -- As it was typed, and as it is searched.
    contact_information  text NOT NULL CHECK (char_length(contact_information) BETWEEN 1 AND 255),
    contact_normalised   text NOT NULL,
    product_name         text NOT NULL CHECK (char_length(product_name) BETWEEN 2 AND 255),
    quantity             integer NOT NULL CHECK (quantity BETWEEN 1 AND 10000),
    total_price          numeric(18,2) NOT NULL
                              CHECK (total_price > 0 AND total_price <= 999999999999
                                     AND total_price = trunc(total_price)),
    payment_type         text NOT NULL CHECK (payment_type IN ('dp', 'full')),
    dp_percent           numeric(5,2) CHECK (dp_percent BETWEEN 50 AND 100),
    notification_channel text NOT NULL CHECK (notification_channel IN ('whatsapp', 'email', 'both')),
    design_notes         text NOT NULL CHECK (char_length(design_notes) <= 1000),
    design_file_id       uuid,
    design_url           text,
    status_order         text NOT NULL
                              CHECK (status_order IN ('menunggu_link', 'link_dibuat', 'dp_dibayar',
                                     'pengerjaan_selesai', 'menunggu_pelunasan', 'lunas',
                                     'dibatalkan')),
    production_status    text NOT NULL
                              CHECK (production_status IN ('menunggu', 'diproses', 'selesai',
                                     'dikirim', 'dibatalkan')),
    -- A copy of what payment's ledger holds, and how new the copy is.
    paid_amount          numeric(18,2) NOT NULL CHECK (paid_amount >= 0),
    money_version        bigint NOT NULL CHECK (money_version >= 0),
    origin               text NOT NULL CHECK (origin IN ('public', 'admin')),
    -- Whether the customer was to be written to about the new order.
    notify               boolean NOT NULL,
    created_at           timestamptz NOT NULL,
    updated_at           timestamptz NOT NULL CHECK (updated_at >= created_at),
    deleted_at           timestamptz CHECK (deleted_at >= created_at),
    CONSTRAINT orders_deposit_has_its_share CHECK ((payment_type = 'dp') = (dp_percent IS NOT NULL)),
    CONSTRAINT orders_money_has_a_version CHECK (paid_amount = 0 OR money_version > 0)
);

-- The spec's three recommended indexes; the list's other orders and filters follow.
CREATE INDEX idx_order_created_at ON orders (created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX idx_order_status ON orders (status_order, created_at DESC) WHERE deleted_at IS NULL;
CREATE INDEX idx_order_customer ON orders (customer_name, id) WHERE deleted_at IS NULL;
CREATE INDEX orders_production ON orders (production_status, created_at DESC) WHERE deleted_at IS NULL;
CREATE INDEX orders_updated ON orders (updated_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX orders_total ON orders (total_price, id) WHERE deleted_at IS NULL;
CREATE INDEX orders_product ON orders (product_name, id) WHERE deleted_at IS NULL;
CREATE INDEX orders_quantity ON orders (quantity, id) WHERE deleted_at IS NULL;
CREATE INDEX orders_contact ON orders (contact_normalised) WHERE deleted_at IS NULL;
-- A customer's orders, and today's messages to them.
CREATE INDEX orders_of_customer ON orders (customer_id, created_at DESC);

-- One row for everything that happened to an order; never changed.
CREATE TABLE status_history (
    id              uuid PRIMARY KEY,
    -- Rows of one event carry one instant; this tells them apart.
    seq             bigint GENERATED ALWAYS AS IDENTITY,
    order_id        uuid NOT NULL REFERENCES orders (id),
    change_type     text NOT NULL
                         CHECK (change_type IN ('order_status', 'production_status',
                                'invoice_status', 'payment', 'notification', 'design',
                                'order_details', 'note', 'deleted')),
    previous_status text,
    new_status      text,
    trigger_source  text NOT NULL
                         CHECK (trigger_source IN ('admin', 'webhook', 'system', 'customer')),
    notes           text,
    invoice_code    text,
    amount          numeric(18,2) CHECK (amount >= 0),
    -- The invoice, payment, message or file it is about.
    subject_id      uuid,
    -- The event that told it; NULL for what was done here.
    event_id        uuid,
    -- The staff member's id.
    actor           text,
    created_at      timestamptz NOT NULL,
    -- One event leaves one row of a kind, however often it comes.
    CONSTRAINT status_history_once_per_event UNIQUE (event_id, change_type)
);

CREATE INDEX status_history_of_order ON status_history (order_id, created_at, seq);

-- Design files of an order, kept apart so that the newest clean one is found in whatever order
-- media's events arrive.
CREATE TABLE designs (
    file_id   uuid PRIMARY KEY,
    order_id  uuid NOT NULL REFERENCES orders (id),
    url       text,
    stored_at timestamptz,
    rejected  boolean NOT NULL,
    CONSTRAINT designs_stored_is_whole CHECK ((url IS NULL) = (stored_at IS NULL))
);

CREATE INDEX designs_of_order ON designs (order_id, stored_at DESC, file_id DESC);

-- History only grows, through the service as well.
DO $$
BEGIN
    EXECUTE format('REVOKE UPDATE, DELETE ON status_history FROM %I', 'order_svc');
END
$$;
