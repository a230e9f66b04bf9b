-- Orders of a seed's story: no event may cause a message about them.
ALTER TABLE orders ADD COLUMN quiet boolean NOT NULL DEFAULT false;
