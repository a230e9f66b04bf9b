-- Every file this service holds or is about to hold: the row is written before the bytes, so that
-- nothing lies in the store that no row knows. Names are unqualified: the migrator's search_path
-- is the schema.
CREATE TABLE files (
    id                uuid PRIMARY KEY,
    -- Rises with every change others are told of.
    version           bigint NOT NULL CHECK (version >= 0),
    -- Absent for a draft: a file that came with an order that is not known yet.
    order_id          uuid,
    -- receiving: the bytes are being stored; quarantined: no scanner has judged it; stored: clean;
    -- rejected: infected; discarded: to be forgotten.
    state             text NOT NULL CHECK (state IN (
        'receiving', 'quarantined', 'stored', 'rejected', 'discarded')),
    original_filename text NOT NULL CHECK (char_length(original_filename) BETWEEN 1 AND 255),
    description       text NOT NULL CHECK (char_length(description) <= 1000),
    format            text NOT NULL CHECK (format IN ('JPG', 'PNG', 'PDF', 'AI')),
    size_bytes        bigint NOT NULL CHECK (size_bytes > 0),
    width_px          integer CHECK (width_px > 0),
    height_px         integer CHECK (height_px > 0),
    sha256            bytea NOT NULL CHECK (octet_length(sha256) = 32),
    -- Where the bytes lie in the store; random, never shown.
    storage_key       text NOT NULL UNIQUE,
    -- Under which path they are served.
    public_path       text NOT NULL UNIQUE,
    created_at        timestamptz NOT NULL,
    -- When the next scan of a quarantined file is due, or its present one counts as lost.
    scan_due_at       timestamptz NOT NULL,
    scan_attempts     integer NOT NULL DEFAULT 0 CHECK (scan_attempts >= 0),
    -- When the bytes were removed from the store.
    purged_at         timestamptz,
    CHECK ((width_px IS NULL) = (height_px IS NULL))
);

CREATE INDEX files_order ON files (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX files_scan_due ON files (scan_due_at) WHERE state = 'quarantined';
-- What the sweep looks at: uploads that never finished and drafts nobody claimed.
CREATE INDEX files_unclaimed ON files (created_at)
    WHERE order_id IS NULL OR state = 'receiving';
CREATE INDEX files_to_purge ON files (created_at)
    WHERE state IN ('rejected', 'discarded') AND purged_at IS NULL;
