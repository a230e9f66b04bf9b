-- The history tells more: production, restoring, and notes the customer may read.

ALTER TABLE status_history
    DROP CONSTRAINT status_history_change_type_check,
    ADD CONSTRAINT status_history_change_type_check
        CHECK (change_type IN ('order_status', 'production_status', 'invoice_status', 'payment',
               'notification', 'design', 'order_details', 'note', 'deleted', 'restored',
               'production_report', 'production_plan')),
    -- Whether the customer may read the row's notes.
    ADD COLUMN visible boolean NOT NULL DEFAULT false
        CHECK (NOT visible OR change_type = 'note');
