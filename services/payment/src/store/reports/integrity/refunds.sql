-- Nothing goes back that did not come, of an order or of a payment; what is kept ready of refunds
-- is what the refunds say; and what is promised to go back is what the ledger holds for it.
SELECT count(*) OVER () AS breaches, subject, detail FROM (
    SELECT order_money.order_id::text AS subject,
           'refunded ' || order_money.refunded || ' of ' || order_money.captured
               || ', completed ' || coalesce(completed.total, 0) AS detail
    FROM order_money LEFT JOIN (
        SELECT order_id, sum(order_part) AS total FROM refunds WHERE state = 'completed' GROUP BY order_id
    ) AS completed ON completed.order_id = order_money.order_id
    WHERE order_money.refunded > order_money.captured
       OR order_money.refunded <> coalesce(completed.total, 0)
    UNION ALL
    SELECT payments.id::text,
           'holds ' || payment_refunds.pending || ' and gave back ' || payment_refunds.refunded || ' of '
               || payments.amount || '; its refunds hold ' || coalesce(made.held, 0)
               || ' and gave back ' || coalesce(made.completed, 0)
    FROM payment_refunds
    JOIN payments ON payments.id = payment_refunds.payment_id
    LEFT JOIN (
        SELECT payment_id,
               sum(amount) FILTER (WHERE state IN ('requested', 'approved', 'processing')) AS held,
               sum(amount) FILTER (WHERE state = 'completed') AS completed
        FROM refunds GROUP BY payment_id
    ) AS made ON made.payment_id = payment_refunds.payment_id
    WHERE payment_refunds.captured <> payments.amount
       OR payment_refunds.pending + payment_refunds.refunded > payments.amount
       OR payment_refunds.pending <> coalesce(made.held, 0)
       OR payment_refunds.refunded <> coalesce(made.completed, 0)
    UNION ALL
    SELECT refunds.payment_id::text, 'has refunds that it does not count'
    FROM refunds LEFT JOIN payment_refunds ON payment_refunds.payment_id = refunds.payment_id
    WHERE payment_refunds.payment_id IS NULL
    UNION ALL
    SELECT 'refunds', 'the ledger holds ' || held || ', ' || promised || ' is promised'
    FROM (SELECT coalesce(-sum(entry.amount), 0) AS held
          FROM entry JOIN account ON account.id = entry.account_id AND account.code = 'refunds') AS books,
         (SELECT coalesce(sum(amount), 0) AS promised FROM refunds
          WHERE state IN ('requested', 'approved', 'processing')) AS open
    WHERE held <> promised
) AS broken ORDER BY subject LIMIT 20
