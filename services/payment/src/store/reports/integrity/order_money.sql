-- What is kept ready for each order is what its payments and the ledger say. After delivery money
-- may settle less than it pays (the price fell meanwhile), never more.
SELECT count(*) OVER () AS breaches, subject, detail FROM (
    SELECT order_money.order_id::text AS subject,
           'captured ' || order_money.captured || ', payments ' || coalesce(paid.total, 0)
               || ', ledger ' || coalesce(booked.total, 0) AS detail
    FROM order_money
    LEFT JOIN (
        SELECT order_id, sum(allocated) AS total FROM payments
        WHERE status = 'success'
          AND NOT EXISTS (SELECT FROM payment_reversals WHERE payment_id = payments.id)
        GROUP BY order_id
    ) AS paid ON paid.order_id = order_money.order_id
    LEFT JOIN (
        SELECT account.order_id, -sum(entry.amount) AS total
        FROM entry
        JOIN account ON account.id = entry.account_id AND account.kind IN ('deposits', 'receivable')
        JOIN transfer ON transfer.id = entry.transfer_id
            AND transfer.kind IN ('payment_received', 'suspense_matched', 'credit_used', 'correction')
        GROUP BY account.order_id
    ) AS booked ON booked.order_id = order_money.order_id
    WHERE order_money.captured <> coalesce(paid.total, 0)
       OR (order_money.revenue_booked IS NULL AND order_money.captured <> coalesce(booked.total, 0))
       OR order_money.captured < coalesce(booked.total, 0)
) AS broken ORDER BY subject LIMIT 20
