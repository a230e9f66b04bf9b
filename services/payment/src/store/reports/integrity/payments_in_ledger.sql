-- Each payment is booked once, with exactly what came.
SELECT count(*) OVER () AS breaches, subject, detail FROM (
    SELECT payments.id::text AS subject,
           coalesce('booked ' || booked.came, 'not booked') || ', not '
               || payments.amount + payments.fee + payments.unique_code AS detail
    FROM payments
    LEFT JOIN transfer ON transfer.source = 'payment:' || payments.id
        AND transfer.kind IN ('payment_received', 'payment_suspended', 'suspense_matched', 'credit_used')
    LEFT JOIN (
        SELECT transfer_id, sum(amount) FILTER (WHERE amount > 0) AS came FROM entry GROUP BY transfer_id
    ) AS booked ON booked.transfer_id = transfer.id
    WHERE booked.came IS DISTINCT FROM payments.amount + payments.fee + payments.unique_code
) AS broken ORDER BY subject LIMIT 20
