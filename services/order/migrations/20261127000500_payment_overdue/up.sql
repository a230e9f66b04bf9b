-- Whether an invoice of the order was due and is not paid (contract.md section 12 row 20): a flag
-- beside the status, which keeps its seven words.
ALTER TABLE orders ADD COLUMN payment_overdue boolean NOT NULL DEFAULT false;
CREATE INDEX orders_overdue ON orders (created_at DESC, id DESC)
    WHERE payment_overdue AND deleted_at IS NULL;
