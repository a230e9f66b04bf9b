-- When an order was heard to be cancelled or deleted: what it has paid and did not get back is due
-- from then on. Of those that ended before this was noted only the order's own time is known.
ALTER TABLE order_money ADD COLUMN ended_at timestamptz;
UPDATE order_money SET ended_at = o.created_at
    FROM order_projection AS o
    WHERE o.order_id = order_money.order_id AND (o.status = 'dibatalkan' OR o.deleted);
CREATE INDEX order_money_due_idx ON order_money (ended_at DESC, order_id DESC)
    WHERE ended_at IS NOT NULL AND captured > refunded;
