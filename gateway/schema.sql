-- The schema `gateway` after all migrations. Written by `make db-schema`.

CREATE SCHEMA gateway;

CREATE FUNCTION gateway.event_log_maintain(as_of timestamp with time zone, keep_months integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'gateway', 'pg_temp'
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

CREATE TABLE gateway.__diesel_schema_migrations (
    version character varying(50) NOT NULL,
    run_on timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE gateway.event_log (
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

CREATE TABLE gateway.event_log_default (
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

CREATE TABLE gateway.inbox (
    consumer text NOT NULL,
    message_id uuid NOT NULL,
    event_type text NOT NULL,
    received_at timestamp with time zone NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='500');

CREATE TABLE gateway.inbox_retry (
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

CREATE TABLE gateway.login_failures (
    subject text NOT NULL,
    failures integer NOT NULL,
    first_failed_at timestamp with time zone NOT NULL,
    last_failed_at timestamp with time zone NOT NULL,
    blocked_until timestamp with time zone,
    CONSTRAINT login_failures_failures_check CHECK ((failures >= 0)),
    CONSTRAINT login_failures_subject_check CHECK ((length(subject) <= 300))
);

CREATE TABLE gateway.outbox (
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

ALTER TABLE gateway.outbox ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME gateway.outbox_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE gateway.refresh_families (
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    generation integer DEFAULT 0 NOT NULL,
    rotated_at timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT refresh_families_generation_check CHECK ((generation >= 0))
);

CREATE TABLE gateway.sessions (
    id uuid NOT NULL,
    user_id bigint NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    end_reason text,
    CONSTRAINT sessions_check CHECK ((expires_at > created_at)),
    CONSTRAINT sessions_check1 CHECK (((ended_at IS NULL) = (end_reason IS NULL))),
    CONSTRAINT sessions_end_reason_check CHECK ((end_reason = ANY (ARRAY['logout'::text, 'replaced'::text, 'disabled'::text, 'password_changed'::text, 'refresh_reused'::text]))),
    CONSTRAINT sessions_token_hash_check CHECK ((length(token_hash) = 32))
);

CREATE TABLE gateway.users (
    id bigint NOT NULL,
    username text NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    first_name text DEFAULT ''::text NOT NULL,
    last_name text DEFAULT ''::text NOT NULL,
    role text NOT NULL,
    password_hash text NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    last_login_at timestamp with time zone,
    CONSTRAINT users_password_hash_check CHECK ((password_hash ~~ '$argon2id$%'::text)),
    CONSTRAINT users_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'finance'::text, 'production'::text, 'viewer'::text]))),
    CONSTRAINT users_username_check CHECK (((username = lower(username)) AND ((length(username) >= 1) AND (length(username) <= 150))))
);

ALTER TABLE gateway.users ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME gateway.users_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY gateway.event_log ATTACH PARTITION gateway.event_log_default DEFAULT;

ALTER TABLE ONLY gateway.__diesel_schema_migrations
    ADD CONSTRAINT __diesel_schema_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY gateway.event_log
    ADD CONSTRAINT event_log_pkey PRIMARY KEY (seq, occurred_at);

ALTER TABLE ONLY gateway.event_log_default
    ADD CONSTRAINT event_log_default_pkey PRIMARY KEY (seq, occurred_at);

ALTER TABLE ONLY gateway.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, message_id);

ALTER TABLE ONLY gateway.inbox_retry
    ADD CONSTRAINT inbox_retry_pkey PRIMARY KEY (consumer, message_id);

ALTER TABLE ONLY gateway.login_failures
    ADD CONSTRAINT login_failures_pkey PRIMARY KEY (subject);

ALTER TABLE ONLY gateway.outbox
    ADD CONSTRAINT outbox_id_key UNIQUE (id);

ALTER TABLE ONLY gateway.outbox
    ADD CONSTRAINT outbox_one_fact_per_version UNIQUE (aggregate_type, aggregate_id, aggregate_version, event_type);

ALTER TABLE ONLY gateway.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY gateway.refresh_families
    ADD CONSTRAINT refresh_families_pkey PRIMARY KEY (id);

ALTER TABLE ONLY gateway.refresh_families
    ADD CONSTRAINT refresh_families_session_id_key UNIQUE (session_id);

ALTER TABLE ONLY gateway.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY gateway.sessions
    ADD CONSTRAINT sessions_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY gateway.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY gateway.users
    ADD CONSTRAINT users_username_key UNIQUE (username);

CREATE INDEX event_log_aggregate ON ONLY gateway.event_log USING btree (aggregate_id, seq);

CREATE INDEX event_log_default_aggregate_id_seq_idx ON gateway.event_log_default USING btree (aggregate_id, seq);

CREATE INDEX event_log_type ON ONLY gateway.event_log USING btree (event_type, seq);

CREATE INDEX event_log_default_event_type_seq_idx ON gateway.event_log_default USING btree (event_type, seq);

CREATE INDEX event_log_time ON ONLY gateway.event_log USING btree (occurred_at);

CREATE INDEX event_log_default_occurred_at_idx ON gateway.event_log_default USING btree (occurred_at);

CREATE INDEX inbox_received ON gateway.inbox USING btree (received_at);

CREATE INDEX inbox_retry_due ON gateway.inbox_retry USING btree (due_at) WHERE (parked_at IS NULL);

CREATE INDEX inbox_retry_parked ON gateway.inbox_retry USING btree (parked_at) WHERE (parked_at IS NOT NULL);

CREATE INDEX login_failures_last_failed_at_idx ON gateway.login_failures USING btree (last_failed_at);

CREATE INDEX outbox_parked ON gateway.outbox USING btree (seq) WHERE (parked_at IS NOT NULL);

CREATE INDEX outbox_pending ON gateway.outbox USING btree (seq) WHERE ((published_at IS NULL) AND (parked_at IS NULL));

CREATE INDEX outbox_published ON gateway.outbox USING btree (seq) WHERE (published_at IS NOT NULL);

CREATE INDEX sessions_expires_at_idx ON gateway.sessions USING btree (expires_at);

CREATE INDEX sessions_user_id_idx ON gateway.sessions USING btree (user_id);

ALTER INDEX gateway.event_log_aggregate ATTACH PARTITION gateway.event_log_default_aggregate_id_seq_idx;

ALTER INDEX gateway.event_log_type ATTACH PARTITION gateway.event_log_default_event_type_seq_idx;

ALTER INDEX gateway.event_log_time ATTACH PARTITION gateway.event_log_default_occurred_at_idx;

ALTER INDEX gateway.event_log_pkey ATTACH PARTITION gateway.event_log_default_pkey;

ALTER TABLE ONLY gateway.refresh_families
    ADD CONSTRAINT refresh_families_session_id_fkey FOREIGN KEY (session_id) REFERENCES gateway.sessions(id) ON DELETE CASCADE;

ALTER TABLE ONLY gateway.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES gateway.users(id);

GRANT USAGE ON SCHEMA gateway TO gateway_svc;

GRANT SELECT ON TABLE gateway.__diesel_schema_migrations TO gateway_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE gateway.event_log TO gateway_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE gateway.event_log_default TO gateway_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE gateway.inbox TO gateway_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE gateway.inbox_retry TO gateway_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE gateway.login_failures TO gateway_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE gateway.outbox TO gateway_svc;

GRANT SELECT,USAGE ON SEQUENCE gateway.outbox_seq_seq TO gateway_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE gateway.refresh_families TO gateway_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE gateway.sessions TO gateway_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE gateway.users TO gateway_svc;

GRANT SELECT,USAGE ON SEQUENCE gateway.users_id_seq TO gateway_svc;

ALTER DEFAULT PRIVILEGES FOR ROLE migrator IN SCHEMA gateway GRANT SELECT,USAGE ON SEQUENCES  TO gateway_svc;

ALTER DEFAULT PRIVILEGES FOR ROLE migrator IN SCHEMA gateway GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES  TO gateway_svc;
