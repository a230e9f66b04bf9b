-- The words that plans, verification, refunds and further providers book with.

ALTER TABLE account DROP CONSTRAINT account_kind_check, ADD CONSTRAINT account_kind_check CHECK (kind IN (
    'bank', 'clearing', 'suspense', 'revenue', 'deposits', 'receivable', 'credit', 'refunds', 'fees',
    -- The few rupiah by which a transfer with a unique amount differs from its invoice.
    'unique_code'));

ALTER TABLE transfer DROP CONSTRAINT transfer_kind_check, ADD CONSTRAINT transfer_kind_check CHECK (kind IN (
    'payment_received', 'payment_suspended', 'delivered', 'delivery_adjusted', 'correction',
    -- Money that waited in suspense, or a customer's credit, found its invoice.
    'suspense_matched', 'credit_used',
    -- A refund holds its amount from when it is asked for until it is paid or has failed.
    'refund_requested', 'refund_paid', 'refund_failed',
    -- The provider paid out what it held, less its fee.
    'provider_settled'));

ALTER TABLE payments DROP CONSTRAINT payments_source_check, ADD CONSTRAINT payments_source_check CHECK (source IN (
    'xendit', 'midtrans', 'manual',
    -- A line of the bank's own list, told by a mutation service.
    'mutation'));
