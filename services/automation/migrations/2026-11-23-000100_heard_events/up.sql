-- What this service heard, for a person to look at. Names are unqualified: the migrator's
-- search_path is the schema.
CREATE TABLE heard_events (
    event_id        uuid PRIMARY KEY,
    event_type      text NOT NULL,
    subject_id      uuid NOT NULL,
    subject_version bigint NOT NULL,
    occurred_at     timestamptz NOT NULL,
    heard_at        timestamptz NOT NULL,
    -- The order it is about; absent when the event names none.
    order_id        uuid,
    order_code      text
);

CREATE INDEX heard_events_time ON heard_events (occurred_at DESC, event_id DESC);
CREATE INDEX heard_events_type_time ON heard_events (event_type, occurred_at DESC, event_id DESC);
-- For pruning.
CREATE INDEX heard_events_heard ON heard_events (heard_at);
