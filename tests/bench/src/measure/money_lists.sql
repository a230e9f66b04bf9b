-- A million invoices and as many payments over three years, so that lists have something to find:
-- a tenth of the invoices is open, a tenth expired, the rest is paid; customers order ten times
-- each. Triggers are off while they are written; the counts of lists are made anew afterwards.
INSERT INTO payments.order_projection (order_id, version, order_code, customer_id, product_name,
    quantity, total, payment_plan, channel, status, production_status, created_at)
SELECT ('00000000-0000-7000-a000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, 'ORD-20240101-' || n,
       ('00000000-0000-7000-b000-' || lpad(to_hex(n % 100000), 12, '0'))::uuid, 'Kaos', 1, 5000,
       'full', 'whatsapp', 'lunas', 'menunggu',
       '2024-01-01'::timestamptz + n * interval '94 seconds'
FROM generate_series(1, 1000000) AS n;
INSERT INTO payments.order_money (order_id, captured, money_version)
SELECT order_id, 5000, 1 FROM payments.order_projection WHERE order_code LIKE 'ORD-20240101-%';
INSERT INTO payments.invoices (id, code, order_id, kind, seq, amount, amount_paid, status, channel,
    notify, created_at, expires_at, paid_at, version)
SELECT order_id, 'INV-' || order_code, order_id, 'full', 1, 5000,
       CASE WHEN place < 8 THEN 5000 ELSE 0 END,
       CASE WHEN place < 8 THEN 'sudah dibayar' WHEN place = 8 THEN 'belum dibayar'
            ELSE 'kadaluarsa' END,
       'whatsapp', false, created_at, created_at + interval '2 days',
       CASE WHEN place < 8 THEN created_at + interval '1 hour' END, 2
FROM (SELECT *, ('x' || substr(md5(order_code), 1, 4))::bit(16)::int % 10 AS place
      FROM payments.order_projection WHERE order_code LIKE 'ORD-20240101-%') AS known;
INSERT INTO payments.payments (id, invoice_id, order_id, source, method, amount, allocated, status,
    paid_at, created_at)
SELECT md5(order_id::text)::uuid, order_id, order_id, 'manual', 'CASH', 5000, 5000, 'success',
       created_at + interval '1 hour', created_at + interval '1 hour'
FROM payments.order_projection WHERE order_code LIKE 'ORD-20240101-%';
