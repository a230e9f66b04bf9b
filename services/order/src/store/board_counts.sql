-- Open work by stage, and how much of it is late. $1 is today in Jakarta. The conditions are those
-- of the index orders_board, word for word.
SELECT (CASE WHEN production_status = 'menunggu' THEN 'menunggu'
             ELSE coalesce(production_stage, 'diproses') END) AS stage,
       count(*) AS orders,
       coalesce(sum(quantity), 0)::bigint AS pieces,
       count(*) FILTER (WHERE promised_on < $1 OR stage_due_on < $1) AS late
FROM orders
WHERE deleted_at IS NULL AND status_order <> 'dibatalkan'
  AND (production_status = 'diproses'
       OR (production_status = 'menunggu'
           AND status_order NOT IN ('menunggu_link', 'link_dibuat')))
GROUP BY 1
ORDER BY 1
LIMIT 200
