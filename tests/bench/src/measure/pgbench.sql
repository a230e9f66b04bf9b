\set customer random(1, 9223372036854775806)
\set ordered random(1, 9223372036854775806)
\set history random(1, 9223372036854775806)
\set told random(1, 9223372036854775806)
\set phone random(100000000000, 999999999999)
BEGIN;
INSERT INTO customers (id, version, name, phone, email, created_at, updated_at)
    VALUES (lpad(to_hex(:customer::bigint), 32, '0')::uuid, 1, 'Siti Rahmawati',
        '628' || :phone::bigint, NULL, now(), now());
INSERT INTO orders (id, version, order_code, tracking_token, customer_id, customer_name, contact_information, contact_normalised, product_name, quantity, total_price, payment_type, dp_percent, notification_channel, design_notes, design_file_id, design_url, status_order, production_status, paid_amount, money_version, origin, notify, created_at, updated_at, deleted_at)
    VALUES (lpad(to_hex(:ordered::bigint), 32, '0')::uuid, 1,
        'BENCH-' || upper(to_hex(:ordered::bigint)), lpad(to_hex(:ordered::bigint), 32, '0'),
        lpad(to_hex(:customer::bigint), 32, '0')::uuid, 'Siti Rahmawati', '0812-3456-7890',
        '628' || :phone::bigint, 'Kaos Custom', 100, 7500000, 'full', NULL, 'whatsapp', '', NULL,
        NULL, 'menunggu_link', 'menunggu', 0, 0, 'public', true, now(), now(), NULL);
INSERT INTO status_history (id, order_id, change_type, previous_status, new_status, trigger_source, notes, invoice_code, amount, subject_id, event_id, actor, created_at)
    VALUES (lpad(to_hex(:history::bigint), 32, '0')::uuid, lpad(to_hex(:ordered::bigint), 32, '0')::uuid,
        'order_status', NULL, 'menunggu_link', 'customer', NULL, NULL, NULL, NULL, NULL, NULL, now());
INSERT INTO outbox (id, aggregate_type, aggregate_id, aggregate_version, event_type, routing_key, payload, headers, occurred_at)
    VALUES (lpad(to_hex(:customer::bigint), 32, '0')::uuid, 'customer', lpad(to_hex(:customer::bigint), 32, '0')::uuid, 1,
        'customer.changed.v1', 'customer.changed.v1', decode(repeat('61', :customer_bytes::int), 'hex'),
        '{"producer": "bench", "correlationid": "0190163d-8694-739b-aea5-966c26f8ad91"}', now());
INSERT INTO outbox (id, aggregate_type, aggregate_id, aggregate_version, event_type, routing_key, payload, headers, occurred_at)
    VALUES (lpad(to_hex(:told::bigint), 32, '0')::uuid, 'order', lpad(to_hex(:ordered::bigint), 32, '0')::uuid, 1,
        'order.created.v1', 'order.created.v1', decode(repeat('61', :order_bytes::int), 'hex'),
        '{"producer": "bench", "correlationid": "0190163d-8694-739b-aea5-966c26f8ad91"}', now());
COMMIT;
