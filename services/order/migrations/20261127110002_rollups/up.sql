-- Counts and sums that lists answer without counting orders, exact at every moment
-- (docs/decisions/0012).

-- What each statement that wrote orders changed. Only ever appended to, so that writers never wait
-- for each other; a worker folds it into the roll-ups. A reader adds both.
-- A row without a day changed nothing that is counted: it says that something was written.
CREATE TABLE order_changes (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    day               date,
    status_order      text,
    production_status text,
    payment_type      text,
    product_folded    text,
    name_folded       text,
    name_words        text[] GENERATED ALWAYS AS (string_to_array(name_folded, ' ')) STORED,
    orders            bigint NOT NULL,
    paid              numeric NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500);

-- By Jakarta day of creation.
CREATE TABLE order_rollup (
    day               date NOT NULL,
    status_order      text NOT NULL,
    production_status text NOT NULL,
    payment_type      text NOT NULL,
    orders            bigint NOT NULL,
    paid              numeric NOT NULL,
    PRIMARY KEY (day, status_order, production_status, payment_type)
) WITH (fillfactor = 80);

-- By product and by name as they are searched: many orders have one.
CREATE TABLE product_rollup (
    product_folded text PRIMARY KEY,
    orders         bigint NOT NULL,
    paid           numeric NOT NULL,
    settled        bigint NOT NULL,
    cancelled      bigint NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX product_rollup_part ON product_rollup USING gin (product_folded gin_trgm_ops);

CREATE TABLE name_rollup (
    name_folded text PRIMARY KEY,
    name_words  text[] GENERATED ALWAYS AS (string_to_array(name_folded, ' ')) STORED,
    orders      bigint NOT NULL,
    paid        numeric NOT NULL,
    settled     bigint NOT NULL,
    cancelled   bigint NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX name_rollup_words ON name_rollup USING gin (name_words);

-- How many changes were folded; with those that wait, the list's version. The epoch tells this
-- database from one that was made anew, whose numbers begin again.
CREATE TABLE order_changes_folded (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    epoch    uuid NOT NULL DEFAULT gen_random_uuid(),
    folded   bigint NOT NULL DEFAULT 0
);
INSERT INTO order_changes_folded DEFAULT VALUES;

-- The Jakarta day of an instant.
CREATE FUNCTION jakarta_day(instant timestamptz) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (instant AT TIME ZONE 'Asia/Jakarta')::date;

-- One call for each statement. Orders that are deleted count nowhere.
CREATE FUNCTION orders_note_change() RETURNS trigger
    LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO order_changes
            (day, status_order, production_status, payment_type, product_folded, name_folded,
             orders, paid)
        SELECT jakarta_day(created_at), status_order, production_status, payment_type,
               product_folded, name_folded, count(*), sum(paid_amount)
        FROM added WHERE deleted_at IS NULL GROUP BY 1, 2, 3, 4, 5, 6;
        IF NOT FOUND AND EXISTS (SELECT FROM added) THEN
            INSERT INTO order_changes (orders, paid) VALUES (0, 0);
        END IF;
        PERFORM search_learn((SELECT array_agg(DISTINCT word)
                              FROM (SELECT unnest(name_words) AS word FROM added) AS said));
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO order_changes
            (day, status_order, production_status, payment_type, product_folded, name_folded,
             orders, paid)
        SELECT jakarta_day(created_at), status_order, production_status, payment_type,
               product_folded, name_folded, sum(sign), sum(sign * paid_amount)
        FROM (SELECT 1 AS sign, created_at, status_order, production_status, payment_type,
                     product_folded, name_folded, paid_amount
              FROM added WHERE deleted_at IS NULL
              UNION ALL
              SELECT -1, created_at, status_order, production_status, payment_type,
                     product_folded, name_folded, paid_amount
              FROM removed WHERE deleted_at IS NULL) AS both_sides
        GROUP BY 1, 2, 3, 4, 5, 6
        HAVING sum(sign) <> 0 OR sum(sign * paid_amount) <> 0;
        IF NOT FOUND AND EXISTS (SELECT FROM added) THEN
            INSERT INTO order_changes (orders, paid) VALUES (0, 0);
        END IF;
        IF EXISTS (SELECT FROM added JOIN removed USING (id)
                   WHERE added.customer_name <> removed.customer_name) THEN
            PERFORM search_learn((SELECT array_agg(DISTINCT word)
                                  FROM (SELECT unnest(name_words) AS word FROM added) AS said));
        END IF;
    ELSE
        INSERT INTO order_changes
            (day, status_order, production_status, payment_type, product_folded, name_folded,
             orders, paid)
        SELECT jakarta_day(created_at), status_order, production_status, payment_type,
               product_folded, name_folded, -count(*), -sum(paid_amount)
        FROM removed WHERE deleted_at IS NULL GROUP BY 1, 2, 3, 4, 5, 6;
        IF NOT FOUND AND EXISTS (SELECT FROM removed) THEN
            INSERT INTO order_changes (orders, paid) VALUES (0, 0);
        END IF;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER orders_note_insert AFTER INSERT ON orders
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION orders_note_change();
CREATE TRIGGER orders_note_update AFTER UPDATE ON orders
    REFERENCING NEW TABLE AS added OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION orders_note_change();
CREATE TRIGGER orders_note_delete AFTER DELETE ON orders
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION orders_note_change();

-- Puts at most `most` waiting changes into the roll-ups and answers how many. One statement: a
-- reader sees each change on one side or the other, never on both or none.
CREATE FUNCTION orders_fold_changes(most bigint) RETURNS bigint
    LANGUAGE sql SET search_path FROM CURRENT AS $$
    WITH taken AS (
        DELETE FROM order_changes
        WHERE id IN (SELECT id FROM order_changes ORDER BY id LIMIT most)
        RETURNING day, status_order, production_status, payment_type, product_folded, name_folded,
                  orders, paid
    ), by_day AS (
        INSERT INTO order_rollup AS known
            (day, status_order, production_status, payment_type, orders, paid)
        SELECT day, status_order, production_status, payment_type, sum(orders), sum(paid)
        FROM taken WHERE day IS NOT NULL GROUP BY 1, 2, 3, 4
        ON CONFLICT (day, status_order, production_status, payment_type) DO UPDATE
            SET orders = known.orders + excluded.orders, paid = known.paid + excluded.paid
    ), by_product AS (
        INSERT INTO product_rollup AS known (product_folded, orders, paid, settled, cancelled)
        SELECT product_folded, sum(orders), sum(paid),
               coalesce(sum(orders) FILTER (WHERE status_order = 'lunas'), 0),
               coalesce(sum(orders) FILTER (WHERE status_order = 'dibatalkan'), 0)
        FROM taken WHERE day IS NOT NULL GROUP BY 1
        ON CONFLICT (product_folded) DO UPDATE
            SET orders = known.orders + excluded.orders, paid = known.paid + excluded.paid,
                settled = known.settled + excluded.settled,
                cancelled = known.cancelled + excluded.cancelled
    ), by_name AS (
        INSERT INTO name_rollup AS known (name_folded, orders, paid, settled, cancelled)
        SELECT name_folded, sum(orders), sum(paid),
               coalesce(sum(orders) FILTER (WHERE status_order = 'lunas'), 0),
               coalesce(sum(orders) FILTER (WHERE status_order = 'dibatalkan'), 0)
        FROM taken WHERE day IS NOT NULL GROUP BY 1
        ON CONFLICT (name_folded) DO UPDATE
            SET orders = known.orders + excluded.orders, paid = known.paid + excluded.paid,
                settled = known.settled + excluded.settled,
                cancelled = known.cancelled + excluded.cancelled
    ), counted AS (
        UPDATE order_changes_folded SET folded = folded + (SELECT count(*) FROM taken)
        WHERE EXISTS (SELECT FROM taken)
    )
    SELECT count(*) FROM taken
$$;

-- Makes roll-ups and dictionary anew from the orders: after orders were loaded with triggers off,
-- or to repair. For the schema's owner; writers wait meanwhile.
CREATE FUNCTION orders_rebuild_rollups() RETURNS void
    LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    LOCK TABLE orders IN SHARE MODE;
    UPDATE order_changes_folded
        SET folded = folded + 1 + (SELECT count(*) FROM order_changes);
    DELETE FROM order_changes;
    DELETE FROM order_rollup;
    DELETE FROM product_rollup;
    DELETE FROM name_rollup;
    INSERT INTO order_rollup
        SELECT jakarta_day(created_at), status_order, production_status, payment_type,
               count(*), sum(paid_amount)
        FROM orders WHERE deleted_at IS NULL GROUP BY 1, 2, 3, 4;
    INSERT INTO product_rollup (product_folded, orders, paid, settled, cancelled)
        SELECT product_folded, count(*), sum(paid_amount),
               count(*) FILTER (WHERE status_order = 'lunas'),
               count(*) FILTER (WHERE status_order = 'dibatalkan')
        FROM orders WHERE deleted_at IS NULL GROUP BY 1;
    INSERT INTO name_rollup (name_folded, orders, paid, settled, cancelled)
        SELECT name_folded, count(*), sum(paid_amount),
               count(*) FILTER (WHERE status_order = 'lunas'),
               count(*) FILTER (WHERE status_order = 'dibatalkan')
        FROM orders WHERE deleted_at IS NULL GROUP BY 1;
    PERFORM search_learn((SELECT array_agg(DISTINCT word)
                          FROM (SELECT unnest(name_words) AS word FROM orders) AS said));
END
$$;

SELECT orders_rebuild_rollups();
