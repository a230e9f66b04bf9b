-- What the dashboards read, built from events alone (README.md says which).
-- Names are unqualified: the migrator's search_path is the schema.

-- The newest known state of each order. `version` is the order's own; an older event changes nothing.
CREATE TABLE order_facts (
    order_id          uuid PRIMARY KEY,
    version           bigint NOT NULL CHECK (version >= 0),
    order_code        text NOT NULL,
    customer_id       uuid NOT NULL,
    total_rupiah      numeric(18, 2) NOT NULL CHECK (total_rupiah >= 0),
    paid_rupiah       numeric(18, 2) NOT NULL CHECK (paid_rupiah >= 0),
    status            text NOT NULL CHECK (status IN (
        'menunggu_link', 'link_dibuat', 'dp_dibayar', 'pengerjaan_selesai', 'menunggu_pelunasan',
        'lunas', 'dibatalkan')),
    production_status text NOT NULL CHECK (production_status IN (
        'menunggu', 'diproses', 'selesai', 'dikirim', 'dibatalkan')),
    created_at        timestamptz NOT NULL,
    -- The day in Asia/Jakarta that created_at falls on.
    created_on        date NOT NULL,
    is_deleted        boolean NOT NULL
);

CREATE INDEX order_facts_recent ON order_facts (created_at DESC, order_id DESC)
    WHERE NOT is_deleted;

-- How many orders that are not deleted stand in each status; moved in the transaction that moves
-- the order, so that it never has to be counted.
CREATE TABLE status_counts (
    status text PRIMARY KEY,
    orders bigint NOT NULL CHECK (orders >= 0)
);

INSERT INTO status_counts (status, orders) VALUES
    ('menunggu_link', 0), ('link_dibuat', 0), ('dp_dibayar', 0), ('pengerjaan_selesai', 0),
    ('menunggu_pelunasan', 0), ('lunas', 0), ('dibatalkan', 0);

-- Who ordered. An erased customer keeps the row with an empty name, so that an older event
-- cannot bring the name back.
CREATE TABLE customers (
    customer_id uuid PRIMARY KEY,
    version     bigint NOT NULL CHECK (version >= 0),
    name        text NOT NULL
);

-- Every payment heard of, once.
CREATE TABLE payments (
    payment_id    uuid PRIMARY KEY,
    order_id      uuid NOT NULL,
    amount_rupiah numeric(18, 2) NOT NULL CHECK (amount_rupiah >= 0),
    paid_at       timestamptz NOT NULL,
    -- The day in Asia/Jakarta that paid_at falls on.
    paid_on       date NOT NULL
);

CREATE INDEX payments_order ON payments (order_id);

-- Money in per Jakarta day; one row a day, however many payments.
CREATE TABLE daily_revenue (
    day            date PRIMARY KEY,
    payments       bigint NOT NULL CHECK (payments >= 0),
    revenue_rupiah numeric(18, 2) NOT NULL CHECK (revenue_rupiah >= 0)
);
