-- The schema `orders` after all migrations. Written by `make db-schema`.

CREATE SCHEMA orders;

CREATE FUNCTION orders.event_log_maintain(as_of timestamp with time zone, keep_months integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'orders', 'pg_temp'
    AS $_$
DECLARE
    first_month date := date_trunc('month', as_of AT TIME ZONE 'UTC')::date;
    month_start date;
    month_end   date;
    partition   text;
    changed     integer := 0;
BEGIN
    -- Replicas of a service must not make the same partition at once.
    PERFORM pg_advisory_xact_lock(hashtext('event_log_maintain ' || current_schema()));
    FOR ahead IN 0..2 LOOP
        month_start := (first_month + make_interval(months => ahead))::date;
        month_end := (month_start + interval '1 month')::date;
        partition := 'event_log_' || to_char(month_start, 'YYYY_MM');
        CONTINUE WHEN to_regclass(partition) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE event_log INCLUDING DEFAULTS)', partition);
        EXECUTE format(
            'WITH moved AS (DELETE FROM event_log_default
                 WHERE occurred_at >= $1 AND occurred_at < $2 RETURNING *)
             INSERT INTO %I SELECT * FROM moved', partition)
            USING month_start::timestamp AT TIME ZONE 'UTC', month_end::timestamp AT TIME ZONE 'UTC';
        EXECUTE format(
            'ALTER TABLE event_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', partition,
            month_start::timestamp AT TIME ZONE 'UTC', month_end::timestamp AT TIME ZONE 'UTC');
        changed := changed + 1;
    END LOOP;
    FOR partition IN
        SELECT child.relname FROM pg_inherits
        JOIN pg_class child ON child.oid = inhrelid
        WHERE inhparent = 'event_log'::regclass
          AND child.relname ~ '^event_log_\d{4}_\d{2}$'
          AND to_date(right(child.relname, 7), 'YYYY_MM')
              < (first_month - make_interval(months => keep_months))
    LOOP
        EXECUTE format('DROP TABLE %I', partition);
        changed := changed + 1;
    END LOOP;
    RETURN changed;
END
$_$;

CREATE TABLE orders.__diesel_schema_migrations (
    version character varying(50) NOT NULL,
    run_on timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE orders.customers (
    id uuid NOT NULL,
    version bigint NOT NULL,
    name text NOT NULL,
    phone text,
    email text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT customers_check CHECK ((updated_at >= created_at)),
    CONSTRAINT customers_email_check CHECK (((email = lower(email)) AND (char_length(email) <= 255))),
    CONSTRAINT customers_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 255))),
    CONSTRAINT customers_phone_check CHECK ((phone ~ '^628[1-9][0-9]{7,12}$'::text)),
    CONSTRAINT customers_version_check CHECK ((version > 0))
);

CREATE TABLE orders.designs (
    file_id uuid NOT NULL,
    order_id uuid NOT NULL,
    url text,
    stored_at timestamp with time zone,
    rejected boolean NOT NULL,
    CONSTRAINT designs_stored_is_whole CHECK (((url IS NULL) = (stored_at IS NULL)))
);

CREATE TABLE orders.event_log (
    seq bigint NOT NULL,
    id uuid NOT NULL,
    aggregate_type text NOT NULL,
    aggregate_id uuid NOT NULL,
    aggregate_version bigint NOT NULL,
    event_type text NOT NULL,
    routing_key text NOT NULL,
    payload bytea NOT NULL,
    headers jsonb NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    available_at timestamp with time zone NOT NULL,
    attempts integer NOT NULL,
    last_error text,
    parked_at timestamp with time zone,
    published_at timestamp with time zone NOT NULL
)
PARTITION BY RANGE (occurred_at);

CREATE TABLE orders.event_log_default (
    seq bigint NOT NULL,
    id uuid NOT NULL,
    aggregate_type text NOT NULL,
    aggregate_id uuid NOT NULL,
    aggregate_version bigint NOT NULL,
    event_type text NOT NULL,
    routing_key text NOT NULL,
    payload bytea NOT NULL,
    headers jsonb NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    available_at timestamp with time zone NOT NULL,
    attempts integer NOT NULL,
    last_error text,
    parked_at timestamp with time zone,
    published_at timestamp with time zone NOT NULL
);

CREATE TABLE orders.idempotency (
    principal text NOT NULL,
    route text NOT NULL,
    key text NOT NULL,
    fingerprint text NOT NULL,
    status smallint NOT NULL,
    body jsonb NOT NULL,
    customer_id uuid,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT idempotency_check CHECK ((expires_at > created_at)),
    CONSTRAINT idempotency_key_check CHECK (((char_length(key) >= 1) AND (char_length(key) <= 255))),
    CONSTRAINT idempotency_status_check CHECK (((status >= 200) AND (status <= 299)))
);

CREATE TABLE orders.inbox (
    consumer text NOT NULL,
    message_id uuid NOT NULL,
    event_type text NOT NULL,
    received_at timestamp with time zone NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='500');

CREATE TABLE orders.inbox_retry (
    consumer text NOT NULL,
    message_id uuid NOT NULL,
    event_type text NOT NULL,
    body bytea NOT NULL,
    headers jsonb NOT NULL,
    received_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text NOT NULL,
    parked_at timestamp with time zone
);

CREATE TABLE orders.orders (
    id uuid NOT NULL,
    version bigint NOT NULL,
    order_code text NOT NULL,
    tracking_token text NOT NULL,
    customer_id uuid NOT NULL,
    customer_name text NOT NULL,
    contact_information text NOT NULL,
    contact_normalised text NOT NULL,
    product_name text NOT NULL,
    quantity integer NOT NULL,
    total_price numeric(18,2) NOT NULL,
    payment_type text NOT NULL,
    dp_percent numeric(5,2),
    notification_channel text NOT NULL,
    design_notes text NOT NULL,
    design_file_id uuid,
    design_url text,
    status_order text NOT NULL,
    production_status text NOT NULL,
    paid_amount numeric(18,2) NOT NULL,
    money_version bigint NOT NULL,
    origin text NOT NULL,
    notify boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    deleted_at timestamp with time zone,
    CONSTRAINT orders_check CHECK ((updated_at >= created_at)),
    CONSTRAINT orders_check1 CHECK ((deleted_at >= created_at)),
    CONSTRAINT orders_contact_information_check CHECK (((char_length(contact_information) >= 1) AND (char_length(contact_information) <= 255))),
    CONSTRAINT orders_customer_name_check CHECK (((char_length(customer_name) >= 2) AND (char_length(customer_name) <= 255))),
    CONSTRAINT orders_deposit_has_its_share CHECK (((payment_type = 'dp'::text) = (dp_percent IS NOT NULL))),
    CONSTRAINT orders_design_notes_check CHECK ((char_length(design_notes) <= 1000)),
    CONSTRAINT orders_dp_percent_check CHECK (((dp_percent >= (50)::numeric) AND (dp_percent <= (100)::numeric))),
    CONSTRAINT orders_money_has_a_version CHECK (((paid_amount = (0)::numeric) OR (money_version > 0))),
    CONSTRAINT orders_money_version_check CHECK ((money_version >= 0)),
    CONSTRAINT orders_notification_channel_check CHECK ((notification_channel = ANY (ARRAY['whatsapp'::text, 'email'::text, 'both'::text]))),
    CONSTRAINT orders_order_code_check CHECK (((order_code = upper(order_code)) AND ((char_length(order_code) >= 1) AND (char_length(order_code) <= 32)))),
    CONSTRAINT orders_origin_check CHECK ((origin = ANY (ARRAY['public'::text, 'admin'::text, 'seed'::text]))),
    CONSTRAINT orders_paid_amount_check CHECK ((paid_amount >= (0)::numeric)),
    CONSTRAINT orders_payment_type_check CHECK ((payment_type = ANY (ARRAY['dp'::text, 'full'::text]))),
    CONSTRAINT orders_product_name_check CHECK (((char_length(product_name) >= 2) AND (char_length(product_name) <= 255))),
    CONSTRAINT orders_production_status_check CHECK ((production_status = ANY (ARRAY['menunggu'::text, 'diproses'::text, 'selesai'::text, 'dikirim'::text, 'dibatalkan'::text]))),
    CONSTRAINT orders_quantity_check CHECK (((quantity >= 1) AND (quantity <= 10000))),
    CONSTRAINT orders_status_order_check CHECK ((status_order = ANY (ARRAY['menunggu_link'::text, 'link_dibuat'::text, 'dp_dibayar'::text, 'pengerjaan_selesai'::text, 'menunggu_pelunasan'::text, 'lunas'::text, 'dibatalkan'::text]))),
    CONSTRAINT orders_total_price_check CHECK (((total_price > (0)::numeric) AND (total_price <= ('999999999999'::bigint)::numeric) AND (total_price = trunc(total_price)))),
    CONSTRAINT orders_tracking_token_check CHECK ((char_length(tracking_token) = 32)),
    CONSTRAINT orders_version_check CHECK ((version > 0))
);

CREATE TABLE orders.outbox (
    seq bigint NOT NULL,
    id uuid NOT NULL,
    aggregate_type text NOT NULL,
    aggregate_id uuid NOT NULL,
    aggregate_version bigint NOT NULL,
    event_type text NOT NULL,
    routing_key text NOT NULL,
    payload bytea NOT NULL,
    headers jsonb NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    available_at timestamp with time zone DEFAULT now() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text,
    parked_at timestamp with time zone,
    published_at timestamp with time zone,
    CONSTRAINT outbox_aggregate_version_check CHECK ((aggregate_version >= 0)),
    CONSTRAINT outbox_payload_check CHECK ((octet_length(payload) <= 262144))
)
WITH (autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='500');

ALTER TABLE orders.outbox ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME orders.outbox_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE orders.products (
    id uuid NOT NULL,
    nama text NOT NULL,
    kategori text NOT NULL,
    deskripsi text NOT NULL,
    harga numeric(18,2) NOT NULL,
    stok integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT products_check CHECK ((updated_at >= created_at)),
    CONSTRAINT products_deskripsi_check CHECK ((char_length(deskripsi) <= 5000)),
    CONSTRAINT products_harga_check CHECK (((harga > (0)::numeric) AND (harga = trunc(harga)))),
    CONSTRAINT products_kategori_check CHECK (((char_length(kategori) >= 3) AND (char_length(kategori) <= 100))),
    CONSTRAINT products_nama_check CHECK (((char_length(nama) >= 3) AND (char_length(nama) <= 100))),
    CONSTRAINT products_stok_check CHECK ((stok >= 0))
);

CREATE TABLE orders.status_history (
    id uuid NOT NULL,
    seq bigint NOT NULL,
    order_id uuid NOT NULL,
    change_type text NOT NULL,
    previous_status text,
    new_status text,
    trigger_source text NOT NULL,
    notes text,
    invoice_code text,
    amount numeric(18,2),
    subject_id uuid,
    event_id uuid,
    actor text,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT status_history_amount_check CHECK ((amount >= (0)::numeric)),
    CONSTRAINT status_history_change_type_check CHECK ((change_type = ANY (ARRAY['order_status'::text, 'production_status'::text, 'invoice_status'::text, 'payment'::text, 'notification'::text, 'design'::text, 'order_details'::text, 'note'::text, 'deleted'::text]))),
    CONSTRAINT status_history_trigger_source_check CHECK ((trigger_source = ANY (ARRAY['admin'::text, 'webhook'::text, 'system'::text, 'customer'::text])))
);

ALTER TABLE orders.status_history ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME orders.status_history_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY orders.event_log ATTACH PARTITION orders.event_log_default DEFAULT;

ALTER TABLE ONLY orders.__diesel_schema_migrations
    ADD CONSTRAINT __diesel_schema_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY orders.customers
    ADD CONSTRAINT customers_email_key UNIQUE (email);

ALTER TABLE ONLY orders.customers
    ADD CONSTRAINT customers_phone_key UNIQUE (phone);

ALTER TABLE ONLY orders.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY orders.designs
    ADD CONSTRAINT designs_pkey PRIMARY KEY (file_id);

ALTER TABLE ONLY orders.event_log
    ADD CONSTRAINT event_log_pkey PRIMARY KEY (seq, occurred_at);

ALTER TABLE ONLY orders.event_log_default
    ADD CONSTRAINT event_log_default_pkey PRIMARY KEY (seq, occurred_at);

ALTER TABLE ONLY orders.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (principal, route, key);

ALTER TABLE ONLY orders.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, message_id);

ALTER TABLE ONLY orders.inbox_retry
    ADD CONSTRAINT inbox_retry_pkey PRIMARY KEY (consumer, message_id);

ALTER TABLE ONLY orders.orders
    ADD CONSTRAINT orders_code_key UNIQUE (order_code);

ALTER TABLE ONLY orders.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);

ALTER TABLE ONLY orders.orders
    ADD CONSTRAINT orders_tracking_token_key UNIQUE (tracking_token);

ALTER TABLE ONLY orders.outbox
    ADD CONSTRAINT outbox_id_key UNIQUE (id);

ALTER TABLE ONLY orders.outbox
    ADD CONSTRAINT outbox_one_fact_per_version UNIQUE (aggregate_type, aggregate_id, aggregate_version, event_type);

ALTER TABLE ONLY orders.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY orders.products
    ADD CONSTRAINT products_pkey PRIMARY KEY (id);

ALTER TABLE ONLY orders.status_history
    ADD CONSTRAINT status_history_once_per_event UNIQUE (event_id, change_type);

ALTER TABLE ONLY orders.status_history
    ADD CONSTRAINT status_history_pkey PRIMARY KEY (id);

CREATE INDEX designs_of_order ON orders.designs USING btree (order_id, stored_at DESC, file_id DESC);

CREATE INDEX event_log_aggregate ON ONLY orders.event_log USING btree (aggregate_id, seq);

CREATE INDEX event_log_default_aggregate_id_seq_idx ON orders.event_log_default USING btree (aggregate_id, seq);

CREATE INDEX event_log_type ON ONLY orders.event_log USING btree (event_type, seq);

CREATE INDEX event_log_default_event_type_seq_idx ON orders.event_log_default USING btree (event_type, seq);

CREATE INDEX event_log_time ON ONLY orders.event_log USING btree (occurred_at);

CREATE INDEX event_log_default_occurred_at_idx ON orders.event_log_default USING btree (occurred_at);

CREATE INDEX idempotency_customer ON orders.idempotency USING btree (customer_id) WHERE (customer_id IS NOT NULL);

CREATE INDEX idempotency_expires_at ON orders.idempotency USING btree (expires_at);

CREATE INDEX idx_order_created_at ON orders.orders USING btree (created_at DESC, id DESC) WHERE (deleted_at IS NULL);

CREATE INDEX idx_order_customer ON orders.orders USING btree (customer_name, id) WHERE (deleted_at IS NULL);

CREATE INDEX idx_order_status ON orders.orders USING btree (status_order, created_at DESC) WHERE (deleted_at IS NULL);

CREATE INDEX inbox_received ON orders.inbox USING btree (received_at);

CREATE INDEX inbox_retry_due ON orders.inbox_retry USING btree (due_at) WHERE (parked_at IS NULL);

CREATE INDEX inbox_retry_parked ON orders.inbox_retry USING btree (parked_at) WHERE (parked_at IS NOT NULL);

CREATE INDEX orders_contact ON orders.orders USING btree (contact_normalised) WHERE (deleted_at IS NULL);

CREATE INDEX orders_of_customer ON orders.orders USING btree (customer_id, created_at DESC);

CREATE INDEX orders_product ON orders.orders USING btree (product_name, id) WHERE (deleted_at IS NULL);

CREATE INDEX orders_production ON orders.orders USING btree (production_status, created_at DESC) WHERE (deleted_at IS NULL);

CREATE INDEX orders_quantity ON orders.orders USING btree (quantity, id) WHERE (deleted_at IS NULL);

CREATE INDEX orders_total ON orders.orders USING btree (total_price, id) WHERE (deleted_at IS NULL);

CREATE INDEX orders_updated ON orders.orders USING btree (updated_at DESC, id DESC) WHERE (deleted_at IS NULL);

CREATE INDEX outbox_parked ON orders.outbox USING btree (seq) WHERE (parked_at IS NOT NULL);

CREATE INDEX outbox_pending ON orders.outbox USING btree (seq) WHERE ((published_at IS NULL) AND (parked_at IS NULL));

CREATE INDEX outbox_published ON orders.outbox USING btree (seq) WHERE (published_at IS NOT NULL);

CREATE INDEX products_newest ON orders.products USING btree (created_at DESC, id DESC);

CREATE INDEX status_history_of_order ON orders.status_history USING btree (order_id, created_at, seq);

ALTER INDEX orders.event_log_aggregate ATTACH PARTITION orders.event_log_default_aggregate_id_seq_idx;

ALTER INDEX orders.event_log_type ATTACH PARTITION orders.event_log_default_event_type_seq_idx;

ALTER INDEX orders.event_log_time ATTACH PARTITION orders.event_log_default_occurred_at_idx;

ALTER INDEX orders.event_log_pkey ATTACH PARTITION orders.event_log_default_pkey;

ALTER TABLE ONLY orders.designs
    ADD CONSTRAINT designs_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders.orders(id);

ALTER TABLE ONLY orders.orders
    ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES orders.customers(id);

ALTER TABLE ONLY orders.status_history
    ADD CONSTRAINT status_history_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders.orders(id);

GRANT USAGE ON SCHEMA orders TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.__diesel_schema_migrations TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.customers TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.designs TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.event_log TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.event_log_default TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.idempotency TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.inbox TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.inbox_retry TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.orders TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.outbox TO order_svc;

GRANT SELECT,USAGE ON SEQUENCE orders.outbox_seq_seq TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.products TO order_svc;

GRANT SELECT,INSERT ON TABLE orders.status_history TO order_svc;

GRANT SELECT,USAGE ON SEQUENCE orders.status_history_seq_seq TO order_svc;

ALTER DEFAULT PRIVILEGES FOR ROLE migrator IN SCHEMA orders GRANT SELECT,USAGE ON SEQUENCES  TO order_svc;

ALTER DEFAULT PRIVILEGES FOR ROLE migrator IN SCHEMA orders GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES  TO order_svc;
