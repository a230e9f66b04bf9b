-- Each payment that was taken back is booked back once, with exactly what it was, and nothing of it
-- is or was given back as a refund.
SELECT count(*) OVER () AS breaches, subject, detail FROM (
    SELECT payments.id::text AS subject,
           coalesce('booked back ' || booked.went, 'not booked back') || ', not '
               || payments.amount + payments.fee + payments.unique_code AS detail
    FROM payment_reversals
    JOIN payments ON payments.id = payment_reversals.payment_id
    LEFT JOIN (
        SELECT transfer.source, -sum(entry.amount) FILTER (WHERE entry.amount < 0) AS went
        FROM transfer JOIN entry ON entry.transfer_id = transfer.id
        WHERE transfer.kind = 'correction'
        GROUP BY transfer.id
    ) AS booked ON booked.source = 'correction:' || payments.id
    WHERE booked.went IS DISTINCT FROM payments.amount + payments.fee + payments.unique_code
    UNION ALL
    SELECT transfer.source, 'books back a payment that was not taken back'
    FROM transfer LEFT JOIN payment_reversals
        ON transfer.source = 'correction:' || payment_reversals.payment_id
    WHERE transfer.kind = 'correction' AND payment_reversals.payment_id IS NULL
    UNION ALL
    SELECT payment_refunds.payment_id::text, 'was taken back and refunded'
    FROM payment_refunds JOIN payment_reversals
        ON payment_reversals.payment_id = payment_refunds.payment_id
    WHERE payment_refunds.pending + payment_refunds.refunded > 0
) AS broken ORDER BY subject LIMIT 20
