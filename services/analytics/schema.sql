-- The schema `analytics` after all migrations. Written by `make db-schema`.

CREATE SCHEMA analytics;

CREATE FUNCTION analytics.event_log_maintain(as_of timestamp with time zone, keep_months integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'analytics', 'pg_temp'
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

CREATE TABLE analytics.__diesel_schema_migrations (
    version character varying(50) NOT NULL,
    run_on timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE analytics.customers (
    customer_id uuid NOT NULL,
    version bigint NOT NULL,
    name text NOT NULL,
    CONSTRAINT customers_version_check CHECK ((version >= 0))
);

CREATE TABLE analytics.daily_revenue (
    day date NOT NULL,
    payments bigint NOT NULL,
    revenue_rupiah numeric(18,2) NOT NULL,
    CONSTRAINT daily_revenue_payments_check CHECK ((payments >= 0)),
    CONSTRAINT daily_revenue_revenue_rupiah_check CHECK ((revenue_rupiah >= (0)::numeric))
);

CREATE TABLE analytics.event_log (
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

CREATE TABLE analytics.event_log_default (
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

CREATE TABLE analytics.inbox (
    consumer text NOT NULL,
    message_id uuid NOT NULL,
    event_type text NOT NULL,
    received_at timestamp with time zone NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='500');

CREATE TABLE analytics.inbox_retry (
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

CREATE TABLE analytics.order_facts (
    order_id uuid NOT NULL,
    version bigint NOT NULL,
    order_code text NOT NULL,
    customer_id uuid NOT NULL,
    total_rupiah numeric(18,2) NOT NULL,
    paid_rupiah numeric(18,2) NOT NULL,
    status text NOT NULL,
    production_status text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_on date NOT NULL,
    is_deleted boolean NOT NULL,
    CONSTRAINT order_facts_paid_rupiah_check CHECK ((paid_rupiah >= (0)::numeric)),
    CONSTRAINT order_facts_production_status_check CHECK ((production_status = ANY (ARRAY['menunggu'::text, 'diproses'::text, 'selesai'::text, 'dikirim'::text, 'dibatalkan'::text]))),
    CONSTRAINT order_facts_status_check CHECK ((status = ANY (ARRAY['menunggu_link'::text, 'link_dibuat'::text, 'dp_dibayar'::text, 'pengerjaan_selesai'::text, 'menunggu_pelunasan'::text, 'lunas'::text, 'dibatalkan'::text]))),
    CONSTRAINT order_facts_total_rupiah_check CHECK ((total_rupiah >= (0)::numeric)),
    CONSTRAINT order_facts_version_check CHECK ((version >= 0))
);

CREATE TABLE analytics.outbox (
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

ALTER TABLE analytics.outbox ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME analytics.outbox_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE analytics.payments (
    payment_id uuid NOT NULL,
    order_id uuid NOT NULL,
    amount_rupiah numeric(18,2) NOT NULL,
    paid_at timestamp with time zone NOT NULL,
    paid_on date NOT NULL,
    CONSTRAINT payments_amount_rupiah_check CHECK ((amount_rupiah >= (0)::numeric))
);

CREATE TABLE analytics.refunds (
    refund_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    amount_rupiah numeric(18,2) NOT NULL,
    CONSTRAINT refunds_amount_rupiah_check CHECK ((amount_rupiah >= (0)::numeric))
);

CREATE TABLE analytics.status_counts (
    status text NOT NULL,
    orders bigint NOT NULL,
    CONSTRAINT status_counts_orders_check CHECK ((orders >= 0))
);

ALTER TABLE ONLY analytics.event_log ATTACH PARTITION analytics.event_log_default DEFAULT;

ALTER TABLE ONLY analytics.__diesel_schema_migrations
    ADD CONSTRAINT __diesel_schema_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY analytics.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (customer_id);

ALTER TABLE ONLY analytics.daily_revenue
    ADD CONSTRAINT daily_revenue_pkey PRIMARY KEY (day);

ALTER TABLE ONLY analytics.event_log
    ADD CONSTRAINT event_log_pkey PRIMARY KEY (seq, occurred_at);

ALTER TABLE ONLY analytics.event_log_default
    ADD CONSTRAINT event_log_default_pkey PRIMARY KEY (seq, occurred_at);

ALTER TABLE ONLY analytics.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, message_id);

ALTER TABLE ONLY analytics.inbox_retry
    ADD CONSTRAINT inbox_retry_pkey PRIMARY KEY (consumer, message_id);

ALTER TABLE ONLY analytics.order_facts
    ADD CONSTRAINT order_facts_pkey PRIMARY KEY (order_id);

ALTER TABLE ONLY analytics.outbox
    ADD CONSTRAINT outbox_id_key UNIQUE (id);

ALTER TABLE ONLY analytics.outbox
    ADD CONSTRAINT outbox_one_fact_per_version UNIQUE (aggregate_type, aggregate_id, aggregate_version, event_type);

ALTER TABLE ONLY analytics.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY analytics.payments
    ADD CONSTRAINT payments_pkey PRIMARY KEY (payment_id);

ALTER TABLE ONLY analytics.refunds
    ADD CONSTRAINT refunds_pkey PRIMARY KEY (refund_id);

ALTER TABLE ONLY analytics.status_counts
    ADD CONSTRAINT status_counts_pkey PRIMARY KEY (status);

CREATE INDEX event_log_aggregate ON ONLY analytics.event_log USING btree (aggregate_id, seq);

CREATE INDEX event_log_default_aggregate_id_seq_idx ON analytics.event_log_default USING btree (aggregate_id, seq);

CREATE INDEX event_log_type ON ONLY analytics.event_log USING btree (event_type, seq);

CREATE INDEX event_log_default_event_type_seq_idx ON analytics.event_log_default USING btree (event_type, seq);

CREATE INDEX event_log_time ON ONLY analytics.event_log USING btree (occurred_at);

CREATE INDEX event_log_default_occurred_at_idx ON analytics.event_log_default USING btree (occurred_at);

CREATE INDEX inbox_received ON analytics.inbox USING btree (received_at);

CREATE INDEX inbox_retry_due ON analytics.inbox_retry USING btree (due_at) WHERE (parked_at IS NULL);

CREATE INDEX inbox_retry_parked ON analytics.inbox_retry USING btree (parked_at) WHERE (parked_at IS NOT NULL);

CREATE INDEX order_facts_recent ON analytics.order_facts USING btree (created_at DESC, order_id DESC) WHERE (NOT is_deleted);

CREATE INDEX outbox_parked ON analytics.outbox USING btree (seq) WHERE (parked_at IS NOT NULL);

CREATE INDEX outbox_pending ON analytics.outbox USING btree (seq) WHERE ((published_at IS NULL) AND (parked_at IS NULL));

CREATE INDEX outbox_published ON analytics.outbox USING btree (seq) WHERE (published_at IS NOT NULL);

CREATE INDEX payments_order ON analytics.payments USING btree (order_id);

CREATE INDEX refunds_payment ON analytics.refunds USING btree (payment_id);

ALTER INDEX analytics.event_log_aggregate ATTACH PARTITION analytics.event_log_default_aggregate_id_seq_idx;

ALTER INDEX analytics.event_log_type ATTACH PARTITION analytics.event_log_default_event_type_seq_idx;

ALTER INDEX analytics.event_log_time ATTACH PARTITION analytics.event_log_default_occurred_at_idx;

ALTER INDEX analytics.event_log_pkey ATTACH PARTITION analytics.event_log_default_pkey;

GRANT USAGE ON SCHEMA analytics TO analytics_svc;

GRANT SELECT ON TABLE analytics.__diesel_schema_migrations TO analytics_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE analytics.customers TO analytics_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE analytics.daily_revenue TO analytics_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE analytics.event_log TO analytics_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE analytics.event_log_default TO analytics_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE analytics.inbox TO analytics_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE analytics.inbox_retry TO analytics_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE analytics.order_facts TO analytics_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE analytics.outbox TO analytics_svc;

GRANT SELECT,USAGE ON SEQUENCE analytics.outbox_seq_seq TO analytics_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE analytics.payments TO analytics_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE analytics.refunds TO analytics_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE analytics.status_counts TO analytics_svc;

ALTER DEFAULT PRIVILEGES FOR ROLE migrator IN SCHEMA analytics GRANT SELECT,USAGE ON SEQUENCES  TO analytics_svc;

ALTER DEFAULT PRIVILEGES FOR ROLE migrator IN SCHEMA analytics GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES  TO analytics_svc;
