-- The parts of a plan make its total, and each part's invoice asks for that part.
SELECT count(*) OVER () AS breaches, subject, detail FROM (
    SELECT payment_plans.id::text AS subject,
           'its parts make ' || coalesce(parts.total, 0) || ', not ' || payment_plans.total AS detail
    FROM payment_plans LEFT JOIN (
        SELECT plan_id, sum(amount) AS total FROM installments GROUP BY plan_id
    ) AS parts ON parts.plan_id = payment_plans.id
    WHERE payment_plans.total IS DISTINCT FROM parts.total
    UNION ALL
    SELECT installments.id::text, 'asks for ' || installments.amount || ', its invoice ' || invoices.code
               || ' for ' || invoices.amount
    FROM installments JOIN invoices ON invoices.id = installments.invoice_id
    WHERE invoices.amount <> installments.amount
       OR invoices.installment_id IS DISTINCT FROM installments.id
       OR invoices.order_id <> installments.order_id
    UNION ALL
    SELECT payment_plans.id::text, 'is ' || payment_plans.state || ' while ' || invoices.code || ' is '
               || invoices.status
    FROM payment_plans
    JOIN installments ON installments.plan_id = payment_plans.id
    JOIN invoices ON invoices.id = installments.invoice_id
    WHERE payment_plans.state NOT IN ('active', 'out_of_step')
      AND invoices.status IN ('belum dibayar', 'kadaluarsa')
) AS broken ORDER BY subject LIMIT 20
