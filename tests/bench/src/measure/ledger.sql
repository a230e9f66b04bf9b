-- A million entries that hold together: 100,000 orders of Rp 5,000, each paid by five manual
-- payments of Rp 1,000, within a year. Triggers are off while they are written; the check of the books, which is
-- measured on them, finds nothing.
INSERT INTO payments.order_projection (order_id, version, order_code, customer_id, product_name,
    quantity, total, payment_plan, channel, status, production_status, created_at)
SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, 'ORD-20250101-' || n,
       ('00000000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid, 'Kaos', 1, 5000, 'full',
       'whatsapp', 'lunas', 'menunggu', '2025-01-01'::timestamptz + n * interval '5 minutes'
FROM generate_series(1, 100000) AS n;
INSERT INTO payments.order_money (order_id, captured, money_version)
SELECT order_id, 5000, 5 FROM payments.order_projection WHERE order_code LIKE 'ORD-20250101-%';
INSERT INTO payments.invoices (id, code, order_id, kind, seq, amount, amount_paid, status, channel,
    notify, created_at, expires_at, paid_at, version)
SELECT order_id, 'INV-' || order_code, order_id, 'full', 1, 5000, 5000, 'sudah dibayar', 'whatsapp',
       false, created_at, created_at + interval '2 days', created_at + interval '1 day', 6
FROM payments.order_projection WHERE order_code LIKE 'ORD-20250101-%';
INSERT INTO payments.payments (id, invoice_id, order_id, source, method, amount, allocated, status,
    paid_at, created_at)
SELECT md5(order_id::text || part)::uuid, order_id, order_id, 'manual', 'CASH', 1000, 1000, 'success',
       created_at + interval '1 day', created_at + interval '1 day'
FROM payments.order_projection, generate_series(1, 5) AS part WHERE order_code LIKE 'ORD-20250101-%';
INSERT INTO payments.account (code, kind, side, order_id, floor_zero)
SELECT 'deposits:' || order_id, 'deposits', -1, order_id, true
FROM payments.order_projection WHERE order_code LIKE 'ORD-20250101-%';
INSERT INTO payments.account (code, kind, side, floor_zero) VALUES ('bank', 'bank', 1, false)
ON CONFLICT (code) DO NOTHING;
INSERT INTO payments.transfer (id, kind, order_id, source, created_at)
SELECT payments.id, 'payment_received', order_id, 'payment:' || payments.id, payments.created_at
FROM payments.payments JOIN payments.order_projection USING (order_id)
WHERE order_code LIKE 'ORD-20250101-%';
INSERT INTO payments.entry (transfer_id, account_id, amount)
SELECT payments.id, account.id, CASE account.kind WHEN 'bank' THEN 1000 ELSE -1000 END
FROM payments.payments JOIN payments.order_projection USING (order_id)
JOIN payments.account ON account.code = 'bank' OR account.order_id = payments.order_id
WHERE order_code LIKE 'ORD-20250101-%' AND account.kind IN ('bank', 'deposits');
