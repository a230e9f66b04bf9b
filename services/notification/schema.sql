-- The schema `notifications` after all migrations. Written by `make db-schema`.

CREATE SCHEMA notifications;

CREATE FUNCTION notifications.event_log_maintain(as_of timestamp with time zone, keep_months integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'notifications', 'pg_temp'
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

CREATE TABLE notifications.__diesel_schema_migrations (
    version character varying(50) NOT NULL,
    run_on timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE notifications.attempts (
    message_id uuid NOT NULL,
    number integer NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    provider_id text,
    error_kind text,
    error_detail text,
    CONSTRAINT attempts_number_check CHECK ((number > 0))
);

CREATE TABLE notifications.contacts (
    customer_id uuid NOT NULL,
    version bigint NOT NULL,
    name text NOT NULL,
    phone text,
    email text,
    erased boolean DEFAULT false NOT NULL,
    CONSTRAINT contacts_erased_is_blank CHECK (((NOT erased) OR ((name = ''::text) AND (phone IS NULL) AND (email IS NULL))))
);

CREATE TABLE notifications.event_log (
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

CREATE TABLE notifications.event_log_default (
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

CREATE TABLE notifications.idempotency (
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

CREATE TABLE notifications.inbox (
    consumer text NOT NULL,
    message_id uuid NOT NULL,
    event_type text NOT NULL,
    received_at timestamp with time zone NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='500');

CREATE TABLE notifications.inbox_retry (
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

CREATE TABLE notifications.invoices (
    invoice_id uuid NOT NULL,
    version bigint NOT NULL,
    code text NOT NULL,
    order_id uuid NOT NULL,
    kind text NOT NULL,
    amount numeric(18,2) NOT NULL,
    amount_paid numeric(18,2) NOT NULL,
    status text NOT NULL,
    payment_url text DEFAULT ''::text NOT NULL,
    expires_at timestamp with time zone,
    channel text,
    CONSTRAINT invoices_amount_check CHECK ((amount >= (0)::numeric)),
    CONSTRAINT invoices_amount_paid_check CHECK ((amount_paid >= (0)::numeric)),
    CONSTRAINT invoices_channel_check CHECK ((channel = ANY (ARRAY['whatsapp'::text, 'email'::text, 'both'::text]))),
    CONSTRAINT invoices_kind_check CHECK ((kind = ANY (ARRAY['dp'::text, 'pelunasan'::text, 'full'::text]))),
    CONSTRAINT invoices_status_check CHECK ((status = ANY (ARRAY['belum dibayar'::text, 'sudah dibayar'::text, 'kadaluarsa'::text, 'dibatalkan'::text])))
);

CREATE TABLE notifications.messages (
    id uuid NOT NULL,
    dedup_key text NOT NULL,
    template_id uuid,
    template_name text NOT NULL,
    template_type text NOT NULL,
    channel text NOT NULL,
    customer_id uuid,
    recipient text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    order_id uuid,
    order_code text NOT NULL,
    invoice_id uuid,
    invoice_kind text,
    origin text NOT NULL,
    status text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone NOT NULL,
    lease_until timestamp with time zone,
    maybe_duplicate boolean DEFAULT false NOT NULL,
    provider_id text,
    error_kind text,
    error_detail text,
    trace jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    CONSTRAINT messages_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT messages_body_check CHECK ((octet_length(body) <= 65536)),
    CONSTRAINT messages_channel_check CHECK ((channel = ANY (ARRAY['whatsapp'::text, 'email'::text]))),
    CONSTRAINT messages_invoice_kind_check CHECK ((invoice_kind = ANY (ARRAY['dp'::text, 'pelunasan'::text, 'full'::text]))),
    CONSTRAINT messages_origin_check CHECK ((origin = ANY (ARRAY['event'::text, 'asked'::text, 'blast'::text]))),
    CONSTRAINT messages_sending_is_leased CHECK (((status = 'sending'::text) = (lease_until IS NOT NULL))),
    CONSTRAINT messages_sent_has_time CHECK (((status = 'sent'::text) = (sent_at IS NOT NULL))),
    CONSTRAINT messages_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'failed'::text, 'unknown'::text]))),
    CONSTRAINT messages_template_type_check CHECK ((template_type = ANY (ARRAY['order_created'::text, 'payment_received'::text, 'production_complete'::text, 'payment_reminder'::text, 'order_cancelled'::text, 'dp_invoice'::text, 'pelunasan_invoice'::text, 'full_invoice'::text, 'payment_confirmation'::text, 'order_status_update'::text, 'marketing_blast'::text, 'custom'::text])))
)
WITH (autovacuum_vacuum_scale_factor='0.02', fillfactor='80');

CREATE TABLE notifications.orders (
    order_id uuid NOT NULL,
    version bigint NOT NULL,
    code text NOT NULL,
    customer_id uuid NOT NULL,
    product_name text NOT NULL,
    quantity bigint NOT NULL,
    total numeric(18,2) NOT NULL,
    paid numeric(18,2) NOT NULL,
    has_deposit boolean NOT NULL,
    channel text NOT NULL,
    status text NOT NULL,
    deleted boolean DEFAULT false NOT NULL,
    quiet boolean DEFAULT false NOT NULL,
    CONSTRAINT orders_channel_check CHECK ((channel = ANY (ARRAY['whatsapp'::text, 'email'::text, 'both'::text]))),
    CONSTRAINT orders_paid_check CHECK ((paid >= (0)::numeric)),
    CONSTRAINT orders_status_check CHECK ((status = ANY (ARRAY['menunggu_link'::text, 'link_dibuat'::text, 'dp_dibayar'::text, 'pengerjaan_selesai'::text, 'menunggu_pelunasan'::text, 'lunas'::text, 'dibatalkan'::text]))),
    CONSTRAINT orders_total_check CHECK ((total >= (0)::numeric))
);

CREATE TABLE notifications.outbox (
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

ALTER TABLE notifications.outbox ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME notifications.outbox_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE notifications.templates (
    id uuid NOT NULL,
    name text NOT NULL,
    type text NOT NULL,
    channel text NOT NULL,
    subject text DEFAULT ''::text NOT NULL,
    body text NOT NULL,
    variables jsonb DEFAULT '[]'::jsonb NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    is_default boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT templates_body_check CHECK (((octet_length(body) >= 1) AND (octet_length(body) <= 65536))),
    CONSTRAINT templates_channel_check CHECK ((channel = ANY (ARRAY['whatsapp'::text, 'email'::text, 'both'::text]))),
    CONSTRAINT templates_mail_has_subject CHECK (((channel = 'whatsapp'::text) OR (subject <> ''::text))),
    CONSTRAINT templates_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100))),
    CONSTRAINT templates_type_check CHECK ((type = ANY (ARRAY['order_created'::text, 'payment_received'::text, 'production_complete'::text, 'payment_reminder'::text, 'order_cancelled'::text, 'dp_invoice'::text, 'pelunasan_invoice'::text, 'full_invoice'::text, 'payment_confirmation'::text, 'order_status_update'::text, 'marketing_blast'::text, 'custom'::text]))),
    CONSTRAINT templates_variables_check CHECK ((jsonb_typeof(variables) = 'array'::text))
);

ALTER TABLE ONLY notifications.event_log ATTACH PARTITION notifications.event_log_default DEFAULT;

ALTER TABLE ONLY notifications.__diesel_schema_migrations
    ADD CONSTRAINT __diesel_schema_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY notifications.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (message_id, number);

ALTER TABLE ONLY notifications.contacts
    ADD CONSTRAINT contacts_pkey PRIMARY KEY (customer_id);

ALTER TABLE ONLY notifications.event_log
    ADD CONSTRAINT event_log_pkey PRIMARY KEY (seq, occurred_at);

ALTER TABLE ONLY notifications.event_log_default
    ADD CONSTRAINT event_log_default_pkey PRIMARY KEY (seq, occurred_at);

ALTER TABLE ONLY notifications.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (principal, route, key);

ALTER TABLE ONLY notifications.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, message_id);

ALTER TABLE ONLY notifications.inbox_retry
    ADD CONSTRAINT inbox_retry_pkey PRIMARY KEY (consumer, message_id);

ALTER TABLE ONLY notifications.invoices
    ADD CONSTRAINT invoices_pkey PRIMARY KEY (invoice_id);

ALTER TABLE ONLY notifications.messages
    ADD CONSTRAINT messages_dedup_key UNIQUE (dedup_key);

ALTER TABLE ONLY notifications.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (id);

ALTER TABLE ONLY notifications.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (order_id);

ALTER TABLE ONLY notifications.outbox
    ADD CONSTRAINT outbox_id_key UNIQUE (id);

ALTER TABLE ONLY notifications.outbox
    ADD CONSTRAINT outbox_one_fact_per_version UNIQUE (aggregate_type, aggregate_id, aggregate_version, event_type);

ALTER TABLE ONLY notifications.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY notifications.templates
    ADD CONSTRAINT templates_pkey PRIMARY KEY (id);

CREATE INDEX event_log_aggregate ON ONLY notifications.event_log USING btree (aggregate_id, seq);

CREATE INDEX event_log_default_aggregate_id_seq_idx ON notifications.event_log_default USING btree (aggregate_id, seq);

CREATE INDEX event_log_type ON ONLY notifications.event_log USING btree (event_type, seq);

CREATE INDEX event_log_default_event_type_seq_idx ON notifications.event_log_default USING btree (event_type, seq);

CREATE INDEX event_log_time ON ONLY notifications.event_log USING btree (occurred_at);

CREATE INDEX event_log_default_occurred_at_idx ON notifications.event_log_default USING btree (occurred_at);

CREATE INDEX idempotency_customer ON notifications.idempotency USING btree (customer_id) WHERE (customer_id IS NOT NULL);

CREATE INDEX idempotency_expires_at ON notifications.idempotency USING btree (expires_at);

CREATE INDEX inbox_received ON notifications.inbox USING btree (received_at);

CREATE INDEX inbox_retry_due ON notifications.inbox_retry USING btree (due_at) WHERE (parked_at IS NULL);

CREATE INDEX inbox_retry_parked ON notifications.inbox_retry USING btree (parked_at) WHERE (parked_at IS NOT NULL);

CREATE INDEX invoices_order_id ON notifications.invoices USING btree (order_id);

CREATE INDEX messages_created_at ON notifications.messages USING btree (created_at DESC, id DESC);

CREATE INDEX messages_customer_id ON notifications.messages USING btree (customer_id);

CREATE INDEX messages_due ON notifications.messages USING btree (due_at, id) WHERE (status = 'queued'::text);

CREATE INDEX messages_leased ON notifications.messages USING btree (lease_until) WHERE (status = 'sending'::text);

CREATE INDEX messages_order_code ON notifications.messages USING btree (order_code) WHERE (order_code <> ''::text);

CREATE INDEX messages_recipient ON notifications.messages USING btree (recipient);

CREATE INDEX outbox_parked ON notifications.outbox USING btree (seq) WHERE (parked_at IS NOT NULL);

CREATE INDEX outbox_pending ON notifications.outbox USING btree (seq) WHERE ((published_at IS NULL) AND (parked_at IS NULL));

CREATE INDEX outbox_published ON notifications.outbox USING btree (seq) WHERE (published_at IS NOT NULL);

CREATE INDEX templates_created_at ON notifications.templates USING btree (created_at DESC, id DESC);

CREATE UNIQUE INDEX templates_one_default ON notifications.templates USING btree (type, channel) WHERE is_default;

ALTER INDEX notifications.event_log_aggregate ATTACH PARTITION notifications.event_log_default_aggregate_id_seq_idx;

ALTER INDEX notifications.event_log_type ATTACH PARTITION notifications.event_log_default_event_type_seq_idx;

ALTER INDEX notifications.event_log_time ATTACH PARTITION notifications.event_log_default_occurred_at_idx;

ALTER INDEX notifications.event_log_pkey ATTACH PARTITION notifications.event_log_default_pkey;

ALTER TABLE ONLY notifications.attempts
    ADD CONSTRAINT attempts_message_id_fkey FOREIGN KEY (message_id) REFERENCES notifications.messages(id) ON DELETE CASCADE;

GRANT USAGE ON SCHEMA notifications TO notification_svc;

GRANT SELECT ON TABLE notifications.__diesel_schema_migrations TO notification_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE notifications.attempts TO notification_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE notifications.contacts TO notification_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE notifications.event_log TO notification_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE notifications.event_log_default TO notification_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE notifications.idempotency TO notification_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE notifications.inbox TO notification_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE notifications.inbox_retry TO notification_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE notifications.invoices TO notification_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE notifications.messages TO notification_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE notifications.orders TO notification_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE notifications.outbox TO notification_svc;

GRANT SELECT,USAGE ON SEQUENCE notifications.outbox_seq_seq TO notification_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE notifications.templates TO notification_svc;

ALTER DEFAULT PRIVILEGES FOR ROLE migrator IN SCHEMA notifications GRANT SELECT,USAGE ON SEQUENCES  TO notification_svc;

ALTER DEFAULT PRIVILEGES FOR ROLE migrator IN SCHEMA notifications GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES  TO notification_svc;
