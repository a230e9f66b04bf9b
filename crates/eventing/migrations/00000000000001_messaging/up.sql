-- The tables every service that tells or hears events has in its own schema (reliability.md part B).
-- Names are unqualified: the migrator's search_path is the schema.

-- What is to be told. A row is written in the transaction of the change it tells.
CREATE TABLE outbox (
    seq               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id                uuid NOT NULL UNIQUE,
    aggregate_type    text NOT NULL,
    aggregate_id      uuid NOT NULL,
    aggregate_version bigint NOT NULL CHECK (aggregate_version >= 0),
    event_type        text NOT NULL,
    routing_key       text NOT NULL,
    payload           bytea NOT NULL CHECK (octet_length(payload) <= 262144),
    headers           jsonb NOT NULL,
    occurred_at       timestamptz NOT NULL,
    available_at      timestamptz NOT NULL DEFAULT now(),
    attempts          integer NOT NULL DEFAULT 0,
    last_error        text,
    parked_at         timestamptz,
    published_at      timestamptz,
    -- One change may be told as several facts, but each fact about a version only once.
    CONSTRAINT outbox_one_fact_per_version
        UNIQUE (aggregate_type, aggregate_id, aggregate_version, event_type)
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);

CREATE INDEX outbox_pending ON outbox (seq) WHERE published_at IS NULL AND parked_at IS NULL;
CREATE INDEX outbox_published ON outbox (seq) WHERE published_at IS NOT NULL;
CREATE INDEX outbox_parked ON outbox (seq) WHERE parked_at IS NOT NULL;

-- What was told: published rows move here in sweeps, for replays and rebuilds.
CREATE TABLE event_log (
    seq               bigint NOT NULL,
    id                uuid NOT NULL,
    aggregate_type    text NOT NULL,
    aggregate_id      uuid NOT NULL,
    aggregate_version bigint NOT NULL,
    event_type        text NOT NULL,
    routing_key       text NOT NULL,
    payload           bytea NOT NULL,
    headers           jsonb NOT NULL,
    occurred_at       timestamptz NOT NULL,
    available_at      timestamptz NOT NULL,
    attempts          integer NOT NULL,
    last_error        text,
    parked_at         timestamptz,
    published_at      timestamptz NOT NULL,
    PRIMARY KEY (seq, occurred_at)
) PARTITION BY RANGE (occurred_at);

CREATE INDEX event_log_type ON event_log (event_type, seq);
CREATE INDEX event_log_aggregate ON event_log (aggregate_id, seq);
CREATE INDEX event_log_time ON event_log (occurred_at);

CREATE TABLE event_log_default PARTITION OF event_log DEFAULT;

-- Makes the partitions of the month of `as_of` and of the next two, and drops those that ended
-- more than `keep_months` before it. Rows that fell into the default partition are moved.
-- SECURITY DEFINER because the service's role owns nothing; only that role can reach the schema.
CREATE FUNCTION event_log_maintain(as_of timestamptz, keep_months integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER AS $$
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
$$;

-- A function that runs with its owner's rights must not look into the caller's temporary schema
-- first, or the caller could slip it a table with a trigger.
DO $$
BEGIN
    EXECUTE format(
        'ALTER FUNCTION event_log_maintain(timestamptz, integer) SET search_path = %I, pg_temp',
        current_schema());
END
$$;

-- What was heard and had its effect: the row is written in the transaction of the effect.
CREATE TABLE inbox (
    consumer    text NOT NULL,
    message_id  uuid NOT NULL,
    event_type  text NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (consumer, message_id)
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);

CREATE INDEX inbox_received ON inbox (received_at);

-- What was heard and waits for another try (parked_at is null) or for a person (parked_at is set).
CREATE TABLE inbox_retry (
    consumer    text NOT NULL,
    message_id  uuid NOT NULL,
    event_type  text NOT NULL,
    body        bytea NOT NULL,
    headers     jsonb NOT NULL,
    received_at timestamptz NOT NULL,
    due_at      timestamptz NOT NULL,
    attempts    integer NOT NULL DEFAULT 0,
    last_error  text NOT NULL,
    parked_at   timestamptz,
    PRIMARY KEY (consumer, message_id)
);

CREATE INDEX inbox_retry_due ON inbox_retry (due_at) WHERE parked_at IS NULL;
CREATE INDEX inbox_retry_parked ON inbox_retry (parked_at) WHERE parked_at IS NOT NULL;
