-- The schema `media` after all migrations. Written by `make db-schema`.

CREATE SCHEMA media;

CREATE FUNCTION media.event_log_maintain(as_of timestamp with time zone, keep_months integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'media', 'pg_temp'
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

CREATE TABLE media.__diesel_schema_migrations (
    version character varying(50) NOT NULL,
    run_on timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE media.event_log (
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

CREATE TABLE media.event_log_default (
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

CREATE TABLE media.files (
    id uuid NOT NULL,
    version bigint NOT NULL,
    order_id uuid,
    state text NOT NULL,
    original_filename text NOT NULL,
    description text NOT NULL,
    format text NOT NULL,
    size_bytes bigint NOT NULL,
    width_px integer,
    height_px integer,
    sha256 bytea NOT NULL,
    storage_key text NOT NULL,
    public_path text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    scan_due_at timestamp with time zone NOT NULL,
    scan_attempts integer DEFAULT 0 NOT NULL,
    purged_at timestamp with time zone,
    purpose text DEFAULT 'design'::text NOT NULL,
    CONSTRAINT a_proof_is_no_orders CHECK (((purpose = 'design'::text) OR (order_id IS NULL))),
    CONSTRAINT files_check CHECK (((width_px IS NULL) = (height_px IS NULL))),
    CONSTRAINT files_description_check CHECK ((char_length(description) <= 1000)),
    CONSTRAINT files_format_check CHECK ((format = ANY (ARRAY['JPG'::text, 'PNG'::text, 'PDF'::text, 'AI'::text]))),
    CONSTRAINT files_height_px_check CHECK ((height_px > 0)),
    CONSTRAINT files_original_filename_check CHECK (((char_length(original_filename) >= 1) AND (char_length(original_filename) <= 255))),
    CONSTRAINT files_purpose_check CHECK ((purpose = ANY (ARRAY['design'::text, 'proof'::text]))),
    CONSTRAINT files_scan_attempts_check CHECK ((scan_attempts >= 0)),
    CONSTRAINT files_sha256_check CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT files_size_bytes_check CHECK ((size_bytes > 0)),
    CONSTRAINT files_state_check CHECK ((state = ANY (ARRAY['receiving'::text, 'quarantined'::text, 'stored'::text, 'rejected'::text, 'discarded'::text]))),
    CONSTRAINT files_version_check CHECK ((version >= 0)),
    CONSTRAINT files_width_px_check CHECK ((width_px > 0))
);

CREATE TABLE media.inbox (
    consumer text NOT NULL,
    message_id uuid NOT NULL,
    event_type text NOT NULL,
    received_at timestamp with time zone NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='500');

CREATE TABLE media.inbox_retry (
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

CREATE TABLE media.outbox (
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

ALTER TABLE media.outbox ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME media.outbox_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY media.event_log ATTACH PARTITION media.event_log_default DEFAULT;

ALTER TABLE ONLY media.__diesel_schema_migrations
    ADD CONSTRAINT __diesel_schema_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY media.event_log
    ADD CONSTRAINT event_log_pkey PRIMARY KEY (seq, occurred_at);

ALTER TABLE ONLY media.event_log_default
    ADD CONSTRAINT event_log_default_pkey PRIMARY KEY (seq, occurred_at);

ALTER TABLE ONLY media.files
    ADD CONSTRAINT files_pkey PRIMARY KEY (id);

ALTER TABLE ONLY media.files
    ADD CONSTRAINT files_public_path_key UNIQUE (public_path);

ALTER TABLE ONLY media.files
    ADD CONSTRAINT files_storage_key_key UNIQUE (storage_key);

ALTER TABLE ONLY media.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, message_id);

ALTER TABLE ONLY media.inbox_retry
    ADD CONSTRAINT inbox_retry_pkey PRIMARY KEY (consumer, message_id);

ALTER TABLE ONLY media.outbox
    ADD CONSTRAINT outbox_id_key UNIQUE (id);

ALTER TABLE ONLY media.outbox
    ADD CONSTRAINT outbox_one_fact_per_version UNIQUE (aggregate_type, aggregate_id, aggregate_version, event_type);

ALTER TABLE ONLY media.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (seq);

CREATE INDEX event_log_aggregate ON ONLY media.event_log USING btree (aggregate_id, seq);

CREATE INDEX event_log_default_aggregate_id_seq_idx ON media.event_log_default USING btree (aggregate_id, seq);

CREATE INDEX event_log_type ON ONLY media.event_log USING btree (event_type, seq);

CREATE INDEX event_log_default_event_type_seq_idx ON media.event_log_default USING btree (event_type, seq);

CREATE INDEX event_log_time ON ONLY media.event_log USING btree (occurred_at);

CREATE INDEX event_log_default_occurred_at_idx ON media.event_log_default USING btree (occurred_at);

CREATE INDEX files_order ON media.files USING btree (order_id) WHERE (order_id IS NOT NULL);

CREATE INDEX files_scan_due ON media.files USING btree (scan_due_at) WHERE (state = 'quarantined'::text);

CREATE INDEX files_to_purge ON media.files USING btree (created_at) WHERE ((state = ANY (ARRAY['rejected'::text, 'discarded'::text])) AND (purged_at IS NULL));

CREATE INDEX files_unclaimed ON media.files USING btree (created_at) WHERE (((order_id IS NULL) AND (purpose = 'design'::text)) OR (state = 'receiving'::text));

CREATE INDEX inbox_received ON media.inbox USING btree (received_at);

CREATE INDEX inbox_retry_due ON media.inbox_retry USING btree (due_at) WHERE (parked_at IS NULL);

CREATE INDEX inbox_retry_parked ON media.inbox_retry USING btree (parked_at) WHERE (parked_at IS NOT NULL);

CREATE INDEX outbox_parked ON media.outbox USING btree (seq) WHERE (parked_at IS NOT NULL);

CREATE INDEX outbox_pending ON media.outbox USING btree (seq) WHERE ((published_at IS NULL) AND (parked_at IS NULL));

CREATE INDEX outbox_published ON media.outbox USING btree (seq) WHERE (published_at IS NOT NULL);

ALTER INDEX media.event_log_aggregate ATTACH PARTITION media.event_log_default_aggregate_id_seq_idx;

ALTER INDEX media.event_log_type ATTACH PARTITION media.event_log_default_event_type_seq_idx;

ALTER INDEX media.event_log_time ATTACH PARTITION media.event_log_default_occurred_at_idx;

ALTER INDEX media.event_log_pkey ATTACH PARTITION media.event_log_default_pkey;

GRANT USAGE ON SCHEMA media TO media_svc;

GRANT SELECT ON TABLE media.__diesel_schema_migrations TO media_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE media.event_log TO media_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE media.event_log_default TO media_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE media.files TO media_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE media.inbox TO media_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE media.inbox_retry TO media_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE media.outbox TO media_svc;

GRANT SELECT,USAGE ON SEQUENCE media.outbox_seq_seq TO media_svc;

ALTER DEFAULT PRIVILEGES FOR ROLE migrator IN SCHEMA media GRANT SELECT,USAGE ON SEQUENCES  TO media_svc;

ALTER DEFAULT PRIVILEGES FOR ROLE migrator IN SCHEMA media GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES  TO media_svc;
