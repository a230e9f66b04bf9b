-- The templates every workshop starts with: the spec's five types and the three invoice types.
-- The WhatsApp receipt is the spec's own example, word for word.

INSERT INTO templates (id, name, type, channel, subject, body, variables, is_active, is_default) VALUES
('01940000-0000-7000-8000-000000000001', 'Order Created WhatsApp', 'order_created', 'whatsapp', '',
'🧵 *Order Diterima*

Halo {{customer_name}},

Terima kasih, order Anda sudah kami catat:

📦 Order: {{order_code}}
👕 Produk: {{product_name}} ({{quantity}} pcs)
💰 Total: Rp {{total_price}}

Link pembayaran akan kami kirim dalam pesan terpisah. Simpan kode order untuk melacak pesanan Anda.

Terima kasih!',
'["customer_name", "order_code", "product_name", "quantity", "total_price"]', true, true),

('01940000-0000-7000-8000-000000000002', 'Order Created Email', 'order_created', 'email', 'Order {{order_code}} sudah kami terima',
'Halo {{customer_name}},

Terima kasih, order Anda sudah kami catat:

Order: {{order_code}}
Produk: {{product_name}} ({{quantity}} pcs)
Total: Rp {{total_price}}

Link pembayaran akan kami kirim dalam e-mail terpisah. Simpan kode order untuk melacak pesanan Anda.

Terima kasih!',
'["customer_name", "order_code", "product_name", "quantity", "total_price"]', true, true),

('01940000-0000-7000-8000-000000000003', 'Payment Received WhatsApp', 'payment_received', 'whatsapp', '',
'✅ *Pembayaran Diterima*

Halo {{customer_name}},

Pembayaran {{payment_type}} untuk order {{order_code}} telah diterima:

💰 Jumlah: Rp {{amount}}
📅 Tanggal: {{payment_date}}

{{#if is_full_payment}}Terima kasih! Order Anda akan segera diproduksi.{{else}}Menunggu pelunasan sebesar Rp {{remaining_amount}}.{{/if}}

Terima kasih!',
'["customer_name", "order_code", "payment_type", "amount", "payment_date", "is_full_payment", "remaining_amount"]', true, true),

('01940000-0000-7000-8000-000000000004', 'Payment Received Email', 'payment_received', 'email', 'Pembayaran untuk order {{order_code}} sudah kami terima',
'Halo {{customer_name}},

Pembayaran {{payment_type}} untuk order {{order_code}} telah diterima:

Jumlah: Rp {{amount}}
Tanggal: {{payment_date}}

{{#if is_full_payment}}Terima kasih! Order Anda akan segera diproduksi.{{else}}Menunggu pelunasan sebesar Rp {{remaining_amount}}.{{/if}}

Terima kasih!',
'["customer_name", "order_code", "payment_type", "amount", "payment_date", "is_full_payment", "remaining_amount"]', true, true),

('01940000-0000-7000-8000-000000000005', 'Production Complete WhatsApp', 'production_complete', 'whatsapp', '',
'🎉 *Produksi Selesai*

Halo {{customer_name}},

Kabar baik! {{product_name}} ({{quantity}} pcs) untuk order {{order_code}} sudah selesai diproduksi.

{{#if is_full_payment}}Pembayaran sudah lunas, pesanan Anda segera kami kirim.{{else}}Sisa pembayaran: Rp {{remaining_amount}}. Link pelunasan akan kami kirim dalam pesan terpisah.{{/if}}

Terima kasih!',
'["customer_name", "order_code", "product_name", "quantity", "is_full_payment", "remaining_amount"]', true, true),

('01940000-0000-7000-8000-000000000006', 'Production Complete Email', 'production_complete', 'email', 'Order {{order_code}} selesai diproduksi',
'Halo {{customer_name}},

Kabar baik! {{product_name}} ({{quantity}} pcs) untuk order {{order_code}} sudah selesai diproduksi.

{{#if is_full_payment}}Pembayaran sudah lunas, pesanan Anda segera kami kirim.{{else}}Sisa pembayaran: Rp {{remaining_amount}}. Link pelunasan akan kami kirim dalam e-mail terpisah.{{/if}}

Terima kasih!',
'["customer_name", "order_code", "product_name", "quantity", "is_full_payment", "remaining_amount"]', true, true),

('01940000-0000-7000-8000-000000000007', 'Payment Reminder WhatsApp', 'payment_reminder', 'whatsapp', '',
'⏰ *Pengingat Pembayaran*

Halo {{customer_name}},

Tagihan {{payment_type}} untuk order {{order_code}} belum kami terima:

🧾 Invoice: {{invoice_code}}
💰 Jumlah: Rp {{amount}}
📅 Batas waktu: {{expiry_date}} WIB

Bayar di sini:
{{payment_link}}

Abaikan pesan ini bila Anda sudah membayar. Terima kasih!',
'["customer_name", "payment_type", "order_code", "invoice_code", "amount", "expiry_date", "payment_link"]', true, true),

('01940000-0000-7000-8000-000000000008', 'Payment Reminder Email', 'payment_reminder', 'email', 'Pengingat pembayaran order {{order_code}}',
'Halo {{customer_name}},

Tagihan {{payment_type}} untuk order {{order_code}} belum kami terima:

Invoice: {{invoice_code}}
Jumlah: Rp {{amount}}
Batas waktu: {{expiry_date}} WIB

Bayar di sini:
{{payment_link}}

Abaikan e-mail ini bila Anda sudah membayar. Terima kasih!',
'["customer_name", "payment_type", "order_code", "invoice_code", "amount", "expiry_date", "payment_link"]', true, true),

('01940000-0000-7000-8000-000000000009', 'Order Cancelled WhatsApp', 'order_cancelled', 'whatsapp', '',
'❌ *Order Dibatalkan*

Halo {{customer_name}},

Order {{order_code}} ({{product_name}}, {{quantity}} pcs) telah dibatalkan. Link pembayarannya tidak berlaku lagi.

Bila ini tidak sesuai, silakan hubungi kami.

Terima kasih!',
'["customer_name", "order_code", "product_name", "quantity"]', true, true),

('01940000-0000-7000-8000-00000000000a', 'Order Cancelled Email', 'order_cancelled', 'email', 'Order {{order_code}} dibatalkan',
'Halo {{customer_name}},

Order {{order_code}} ({{product_name}}, {{quantity}} pcs) telah dibatalkan. Link pembayarannya tidak berlaku lagi.

Bila ini tidak sesuai, silakan hubungi kami.

Terima kasih!',
'["customer_name", "order_code", "product_name", "quantity"]', true, true),

('01940000-0000-7000-8000-00000000000b', 'DP Invoice WhatsApp', 'dp_invoice', 'whatsapp', '',
'🧾 *Tagihan Down Payment*

Halo {{customer_name}},

Terima kasih atas order Anda:

📦 Order: {{order_code}}
👕 Produk: {{product_name}} ({{quantity}} pcs)
💰 Total: Rp {{total_price}}

Silakan bayar DP sebesar Rp {{amount}} (invoice {{invoice_code}}) sebelum {{expiry_date}} WIB:
{{payment_link}}

Produksi dimulai setelah DP kami terima. Terima kasih!',
'["customer_name", "order_code", "product_name", "quantity", "total_price", "invoice_code", "amount", "expiry_date", "payment_link"]', true, true),

('01940000-0000-7000-8000-00000000000c', 'DP Invoice Email', 'dp_invoice', 'email', 'Tagihan DP order {{order_code}}',
'Halo {{customer_name}},

Terima kasih atas order Anda:

Order: {{order_code}}
Produk: {{product_name}} ({{quantity}} pcs)
Total: Rp {{total_price}}

Silakan bayar DP sebesar Rp {{amount}} (invoice {{invoice_code}}) sebelum {{expiry_date}} WIB:
{{payment_link}}

Produksi dimulai setelah DP kami terima. Terima kasih!',
'["customer_name", "order_code", "product_name", "quantity", "total_price", "invoice_code", "amount", "expiry_date", "payment_link"]', true, true),

('01940000-0000-7000-8000-00000000000d', 'Pelunasan Invoice WhatsApp', 'pelunasan_invoice', 'whatsapp', '',
'🧾 *Tagihan Pelunasan*

Halo {{customer_name}},

Pengerjaan order {{order_code}} ({{product_name}}, {{quantity}} pcs) sudah selesai.

✅ Sudah dibayar: Rp {{paid_amount}}
💰 Pelunasan: Rp {{amount}}

Silakan lunasi invoice {{invoice_code}} sebelum {{expiry_date}} WIB:
{{payment_link}}

Pesanan kami kirim setelah pelunasan kami terima. Terima kasih!',
'["customer_name", "order_code", "product_name", "quantity", "paid_amount", "invoice_code", "amount", "expiry_date", "payment_link"]', true, true),

('01940000-0000-7000-8000-00000000000e', 'Pelunasan Invoice Email', 'pelunasan_invoice', 'email', 'Tagihan pelunasan order {{order_code}}',
'Halo {{customer_name}},

Pengerjaan order {{order_code}} ({{product_name}}, {{quantity}} pcs) sudah selesai.

Sudah dibayar: Rp {{paid_amount}}
Pelunasan: Rp {{amount}}

Silakan lunasi invoice {{invoice_code}} sebelum {{expiry_date}} WIB:
{{payment_link}}

Pesanan kami kirim setelah pelunasan kami terima. Terima kasih!',
'["customer_name", "order_code", "product_name", "quantity", "paid_amount", "invoice_code", "amount", "expiry_date", "payment_link"]', true, true),

('01940000-0000-7000-8000-00000000000f', 'Full Invoice WhatsApp', 'full_invoice', 'whatsapp', '',
'🧾 *Tagihan Pembayaran*

Halo {{customer_name}},

Terima kasih atas order Anda:

📦 Order: {{order_code}}
👕 Produk: {{product_name}} ({{quantity}} pcs)

Silakan bayar Rp {{amount}} (invoice {{invoice_code}}) sebelum {{expiry_date}} WIB:
{{payment_link}}

Produksi dimulai setelah pembayaran kami terima. Terima kasih!',
'["customer_name", "order_code", "product_name", "quantity", "invoice_code", "amount", "expiry_date", "payment_link"]', true, true),

('01940000-0000-7000-8000-000000000010', 'Full Invoice Email', 'full_invoice', 'email', 'Tagihan order {{order_code}}',
'Halo {{customer_name}},

Terima kasih atas order Anda:

Order: {{order_code}}
Produk: {{product_name}} ({{quantity}} pcs)

Silakan bayar Rp {{amount}} (invoice {{invoice_code}}) sebelum {{expiry_date}} WIB:
{{payment_link}}

Produksi dimulai setelah pembayaran kami terima. Terima kasih!',
'["customer_name", "order_code", "product_name", "quantity", "invoice_code", "amount", "expiry_date", "payment_link"]', true, true);
