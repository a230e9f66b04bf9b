-- The schema `automation` after all migrations. Written by `make db-schema`.

CREATE SCHEMA automation;

CREATE FUNCTION automation.event_log_maintain(as_of timestamp with time zone, keep_months integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'automation', 'pg_temp'
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

CREATE TABLE automation.__diesel_schema_migrations (
    version character varying(50) NOT NULL,
    run_on timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE automation.event_log (
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

CREATE TABLE automation.event_log_default (
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

CREATE TABLE automation.heard_events (
    event_id uuid NOT NULL,
    event_type text NOT NULL,
    subject_id uuid NOT NULL,
    subject_version bigint NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    heard_at timestamp with time zone NOT NULL,
    order_id uuid,
    order_code text
);

CREATE TABLE automation.inbox (
    consumer text NOT NULL,
    message_id uuid NOT NULL,
    event_type text NOT NULL,
    received_at timestamp with time zone NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='500');

CREATE TABLE automation.inbox_retry (
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

CREATE TABLE automation.outbox (
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

ALTER TABLE automation.outbox ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME automation.outbox_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY automation.event_log ATTACH PARTITION automation.event_log_default DEFAULT;

ALTER TABLE ONLY automation.__diesel_schema_migrations
    ADD CONSTRAINT __diesel_schema_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY automation.event_log
    ADD CONSTRAINT event_log_pkey PRIMARY KEY (seq, occurred_at);

ALTER TABLE ONLY automation.event_log_default
    ADD CONSTRAINT event_log_default_pkey PRIMARY KEY (seq, occurred_at);

ALTER TABLE ONLY automation.heard_events
    ADD CONSTRAINT heard_events_pkey PRIMARY KEY (event_id);

ALTER TABLE ONLY automation.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, message_id);

ALTER TABLE ONLY automation.inbox_retry
    ADD CONSTRAINT inbox_retry_pkey PRIMARY KEY (consumer, message_id);

ALTER TABLE ONLY automation.outbox
    ADD CONSTRAINT outbox_id_key UNIQUE (id);

ALTER TABLE ONLY automation.outbox
    ADD CONSTRAINT outbox_one_fact_per_version UNIQUE (aggregate_type, aggregate_id, aggregate_version, event_type);

ALTER TABLE ONLY automation.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (seq);

CREATE INDEX event_log_aggregate ON ONLY automation.event_log USING btree (aggregate_id, seq);

CREATE INDEX event_log_default_aggregate_id_seq_idx ON automation.event_log_default USING btree (aggregate_id, seq);

CREATE INDEX event_log_type ON ONLY automation.event_log USING btree (event_type, seq);

CREATE INDEX event_log_default_event_type_seq_idx ON automation.event_log_default USING btree (event_type, seq);

CREATE INDEX event_log_time ON ONLY automation.event_log USING btree (occurred_at);

CREATE INDEX event_log_default_occurred_at_idx ON automation.event_log_default USING btree (occurred_at);

CREATE INDEX heard_events_heard ON automation.heard_events USING btree (heard_at);

CREATE INDEX heard_events_time ON automation.heard_events USING btree (occurred_at DESC, event_id DESC);

CREATE INDEX heard_events_type_time ON automation.heard_events USING btree (event_type, occurred_at DESC, event_id DESC);

CREATE INDEX inbox_received ON automation.inbox USING btree (received_at);

CREATE INDEX inbox_retry_due ON automation.inbox_retry USING btree (due_at) WHERE (parked_at IS NULL);

CREATE INDEX inbox_retry_parked ON automation.inbox_retry USING btree (parked_at) WHERE (parked_at IS NOT NULL);

CREATE INDEX outbox_parked ON automation.outbox USING btree (seq) WHERE (parked_at IS NOT NULL);

CREATE INDEX outbox_pending ON automation.outbox USING btree (seq) WHERE ((published_at IS NULL) AND (parked_at IS NULL));

CREATE INDEX outbox_published ON automation.outbox USING btree (seq) WHERE (published_at IS NOT NULL);

ALTER INDEX automation.event_log_aggregate ATTACH PARTITION automation.event_log_default_aggregate_id_seq_idx;

ALTER INDEX automation.event_log_type ATTACH PARTITION automation.event_log_default_event_type_seq_idx;

ALTER INDEX automation.event_log_time ATTACH PARTITION automation.event_log_default_occurred_at_idx;

ALTER INDEX automation.event_log_pkey ATTACH PARTITION automation.event_log_default_pkey;

GRANT USAGE ON SCHEMA automation TO automation_svc;

GRANT SELECT ON TABLE automation.__diesel_schema_migrations TO automation_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE automation.event_log TO automation_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE automation.event_log_default TO automation_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE automation.heard_events TO automation_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE automation.inbox TO automation_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE automation.inbox_retry TO automation_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE automation.outbox TO automation_svc;

GRANT SELECT,USAGE ON SEQUENCE automation.outbox_seq_seq TO automation_svc;

ALTER DEFAULT PRIVILEGES FOR ROLE migrator IN SCHEMA automation GRANT SELECT,USAGE ON SEQUENCES  TO automation_svc;

ALTER DEFAULT PRIVILEGES FOR ROLE migrator IN SCHEMA automation GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES  TO automation_svc;
