-- The stages an order is made in, what came out of each, and the board that shows them.

-- The shop's list, as new orders take it. An order keeps the list it was opened with.
CREATE TABLE production_stages (
    position smallint PRIMARY KEY CHECK (position BETWEEN 1 AND 20),
    code     text NOT NULL UNIQUE CHECK (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'
                                         AND char_length(code) <= 40),
    name     text NOT NULL CHECK (char_length(name) BETWEEN 2 AND 60),
    -- Days it may take; NULL when nothing is planned.
    days     smallint CHECK (days BETWEEN 0 AND 365)
);

INSERT INTO production_stages (position, code, name, days) VALUES
    (1, 'potong', 'Potong', NULL),
    (2, 'sablon-bordir', 'Sablon / Bordir', NULL),
    (3, 'jahit', 'Jahit', NULL),
    (4, 'finishing', 'Finishing', NULL),
    (5, 'qc', 'QC', NULL),
    (6, 'packing', 'Packing', NULL);

ALTER TABLE orders
    -- The day in Jakarta on which the customer was promised the goods.
    ADD COLUMN promised_on date,
    -- The first of its stages that is not finished, and by when it is to be; NULL before the order
    -- has stages and after the last one.
    ADD COLUMN production_stage text CHECK (char_length(production_stage) BETWEEN 1 AND 40),
    ADD COLUMN stage_due_on date;

-- The board: work that is open, by stage, the most urgent first. Its queue holds only what was
-- paid for, since an order is cut after its deposit; 'diproses' is work without stages.
CREATE INDEX orders_board ON orders (
        (CASE WHEN production_status = 'menunggu' THEN 'menunggu'
              ELSE coalesce(production_stage, 'diproses') END),
        promised_on, created_at, id)
    WHERE deleted_at IS NULL AND status_order <> 'dibatalkan'
      AND (production_status = 'diproses'
           OR (production_status = 'menunggu'
               AND status_order NOT IN ('menunggu_link', 'link_dibuat')));

CREATE TABLE order_stages (
    order_id    uuid NOT NULL REFERENCES orders (id),
    position    smallint NOT NULL CHECK (position BETWEEN 1 AND 20),
    code        text NOT NULL CHECK (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND char_length(code) <= 40),
    name        text NOT NULL CHECK (char_length(name) BETWEEN 2 AND 60),
    due_on      date,
    -- The first report, and the one that completed it.
    started_at  timestamptz,
    finished_at timestamptz CHECK (finished_at IS NULL OR started_at IS NOT NULL),
    PRIMARY KEY (order_id, position),
    UNIQUE (order_id, code)
);

-- Pieces by stage, item and size. Item 1 and size '-' are a plain order's.
CREATE TABLE order_stage_counts (
    order_id uuid NOT NULL,
    position smallint NOT NULL,
    item     smallint NOT NULL CHECK (item BETWEEN 1 AND 50),
    size     text NOT NULL CHECK (char_length(size) BETWEEN 1 AND 30),
    good     integer NOT NULL CHECK (good BETWEEN 0 AND 10000),
    -- Waiting to be worked on again.
    reject   integer NOT NULL CHECK (reject BETWEEN 0 AND 10000),
    PRIMARY KEY (order_id, position, item, size),
    FOREIGN KEY (order_id, position) REFERENCES order_stages ON DELETE CASCADE
);

-- Every report as it was made; never changed.
CREATE TABLE production_reports (
    id         uuid PRIMARY KEY,
    seq        bigint GENERATED ALWAYS AS IDENTITY,
    order_id   uuid NOT NULL REFERENCES orders (id),
    kind       text NOT NULL CHECK (kind IN ('laporan', 'perbaikan')),
    stage      text NOT NULL,
    -- Where rejects were sent back to.
    back_to    text CHECK ((kind = 'perbaikan') = (back_to IS NOT NULL)),
    item       smallint NOT NULL,
    size       text NOT NULL,
    -- Added by this report; less than nothing corrects an earlier one.
    good       integer NOT NULL,
    reject     integer NOT NULL,
    notes      text CHECK (char_length(notes) <= 2000),
    actor      text,
    created_at timestamptz NOT NULL
);

CREATE INDEX production_reports_of_order ON production_reports (order_id, seq DESC);

DO $$
BEGIN
    EXECUTE format('REVOKE UPDATE, DELETE ON production_reports FROM %I', 'order_svc');
END
$$;
