-- Orders of the story that `konveksi seed` tells.
ALTER TABLE orders DROP CONSTRAINT orders_origin_check;
ALTER TABLE orders ADD CONSTRAINT orders_origin_check CHECK (origin IN ('public', 'admin', 'seed'));
