-- A page of each of the stages $1, the most urgent first: $2 orders after $3. One look into the
-- index orders_board for each stage, whose conditions these are, word for word.
SELECT card.*
FROM unnest($1) WITH ORDINALITY AS wanted (stage, position)
CROSS JOIN LATERAL (
    SELECT (CASE WHEN production_status = 'menunggu' THEN 'menunggu'
                 ELSE coalesce(production_stage, 'diproses') END) AS stage,
           id, order_code, customer_name, product_name, quantity, status_order,
           production_status, promised_on, stage_due_on, created_at
    FROM orders
    WHERE deleted_at IS NULL AND status_order <> 'dibatalkan'
      AND (production_status = 'diproses'
           OR (production_status = 'menunggu'
               AND status_order NOT IN ('menunggu_link', 'link_dibuat')))
      AND (CASE WHEN production_status = 'menunggu' THEN 'menunggu'
                ELSE coalesce(production_stage, 'diproses') END) = wanted.stage
    ORDER BY promised_on, created_at, id
    LIMIT $2 OFFSET $3
) AS card
ORDER BY wanted.position, card.promised_on, card.created_at, card.id
