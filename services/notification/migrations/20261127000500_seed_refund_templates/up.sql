-- What a customer reads when money went back. Found by these ids: `custom` templates are staff's
-- own, so none of them is a default.
INSERT INTO templates (id, name, type, channel, subject, body, variables, is_active, is_default) VALUES
('01940000-0000-7000-8000-000000000021', 'Refund WhatsApp', 'custom', 'whatsapp', '',
'💸 *Refund Selesai*

Halo {{customer_name}},

Refund untuk order {{order_code}} sudah kami kirim:

💰 Jumlah: Rp {{amount}}
📅 Tanggal: {{payment_date}}

Terima kasih!',
'["customer_name", "order_code", "amount", "payment_date"]', true, false),

('01940000-0000-7000-8000-000000000022', 'Refund Email', 'custom', 'email', 'Refund untuk order {{order_code}} sudah kami kirim',
'Halo {{customer_name}},

Refund untuk order {{order_code}} sudah kami kirim:

Jumlah: Rp {{amount}}
Tanggal: {{payment_date}}

Terima kasih!',
'["customer_name", "order_code", "amount", "payment_date"]', true, false);
