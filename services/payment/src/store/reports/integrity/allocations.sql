-- What an invoice says was paid of it is what payments brought to it that were not taken back, and
-- no payment brought more than it was.
SELECT count(*) OVER () AS breaches, subject, detail FROM (
    SELECT invoices.code AS subject,
           'says ' || invoices.amount_paid || ', payments brought ' || coalesce(brought.total, 0) AS detail
    FROM invoices LEFT JOIN (
        SELECT invoice_id, sum(allocated) AS total FROM payments
        WHERE status = 'success'
          AND NOT EXISTS (SELECT FROM payment_reversals WHERE payment_id = payments.id)
        GROUP BY invoice_id
    ) AS brought ON brought.invoice_id = invoices.id
    WHERE invoices.amount_paid <> coalesce(brought.total, 0)
    UNION ALL
    SELECT payments.id::text, 'allocated ' || allocated || ' of ' || amount
    FROM payments WHERE allocated > amount
) AS broken ORDER BY subject LIMIT 20
