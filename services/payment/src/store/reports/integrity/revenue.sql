-- The revenue kept ready for each order is what the ledger booked when its goods left.
SELECT count(*) OVER () AS breaches, subject, detail FROM (
    SELECT order_money.order_id::text AS subject,
           'says ' || coalesce(order_money.revenue_booked::text, 'nothing') || ', the ledger '
               || coalesce(booked.total, 0) AS detail
    FROM order_money LEFT JOIN (
        SELECT transfer.order_id, -sum(entry.amount) AS total
        FROM entry
        JOIN account ON account.id = entry.account_id AND account.kind = 'revenue'
        JOIN transfer ON transfer.id = entry.transfer_id
            AND transfer.kind IN ('delivered', 'delivery_adjusted')
        GROUP BY transfer.order_id
    ) AS booked ON booked.order_id = order_money.order_id
    WHERE coalesce(order_money.revenue_booked, 0) <> coalesce(booked.total, 0)
) AS broken ORDER BY subject LIMIT 20
