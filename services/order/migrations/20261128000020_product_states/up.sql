-- Products are counted by state as well: a search for a common product among the orders of one
-- state was the one question that still looked at hundreds of thousands of orders.

DELETE FROM product_rollup;
ALTER TABLE product_rollup
    DROP CONSTRAINT product_rollup_pkey,
    DROP COLUMN settled,
    DROP COLUMN cancelled,
    ADD COLUMN status_order text NOT NULL,
    ADD COLUMN production_status text NOT NULL,
    ADD COLUMN payment_type text NOT NULL,
    -- As before, for the version that runs while this is applied.
    ADD COLUMN settled bigint NOT NULL GENERATED ALWAYS AS
        (CASE status_order WHEN 'lunas' THEN orders ELSE 0 END) STORED,
    ADD COLUMN cancelled bigint NOT NULL GENERATED ALWAYS AS
        (CASE status_order WHEN 'dibatalkan' THEN orders ELSE 0 END) STORED,
    ADD PRIMARY KEY (product_folded, status_order, production_status, payment_type);

-- Puts at most `most` waiting changes into the roll-ups and answers how many. The roll-ups change
-- in one transaction with the changes that leave: a reader sees each change on one side or the
-- other, never on both or none. Products and names that no order has any more are forgotten.
DROP FUNCTION orders_fold_changes(bigint);
CREATE FUNCTION orders_fold_changes(most bigint) RETURNS bigint
    LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    folded_now bigint;
    products text[];
    names text[];
BEGIN
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
        INSERT INTO product_rollup AS known
            (product_folded, status_order, production_status, payment_type, orders, paid)
        SELECT product_folded, status_order, production_status, payment_type,
               sum(orders), sum(paid)
        FROM taken WHERE day IS NOT NULL GROUP BY 1, 2, 3, 4
        ON CONFLICT (product_folded, status_order, production_status, payment_type) DO UPDATE
            SET orders = known.orders + excluded.orders, paid = known.paid + excluded.paid
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
    SELECT count(*), array_agg(DISTINCT product_folded), array_agg(DISTINCT name_folded)
    INTO folded_now, products, names FROM taken;
    DELETE FROM product_rollup WHERE product_folded = ANY (products) AND orders = 0 AND paid = 0;
    DELETE FROM name_rollup WHERE name_folded = ANY (names) AND orders = 0 AND paid = 0;
    RETURN folded_now;
END
$$;

CREATE OR REPLACE FUNCTION orders_rebuild_rollups() RETURNS void
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
    INSERT INTO product_rollup
            (product_folded, status_order, production_status, payment_type, orders, paid)
        SELECT product_folded, status_order, production_status, payment_type,
               count(*), sum(paid_amount)
        FROM orders WHERE deleted_at IS NULL GROUP BY 1, 2, 3, 4;
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
