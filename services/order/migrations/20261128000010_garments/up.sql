-- What an order is made of: garments by colour and size, their prints, and what is taken off or
-- added to the sum. An order without rows here is a plain one: its name, quantity and total say all.

CREATE TABLE order_items (
    order_id     uuid NOT NULL REFERENCES orders (id),
    -- From 1, in the order they were written.
    item         smallint NOT NULL CHECK (item BETWEEN 1 AND 50),
    product_name text NOT NULL CHECK (char_length(product_name) BETWEEN 2 AND 255),
    colour       text NOT NULL CHECK (char_length(colour) <= 100),
    -- One piece, without surcharge and prints; whole rupiah.
    unit_price   numeric(18,2) NOT NULL CHECK (unit_price >= 0 AND unit_price <= 999999999999
                                               AND unit_price = trunc(unit_price)),
    PRIMARY KEY (order_id, item)
);

CREATE TABLE order_item_sizes (
    order_id  uuid NOT NULL,
    item      smallint NOT NULL,
    size      text NOT NULL CHECK (char_length(size) BETWEEN 1 AND 30),
    -- As they were written.
    seq       smallint NOT NULL CHECK (seq BETWEEN 1 AND 40),
    quantity  integer NOT NULL CHECK (quantity BETWEEN 1 AND 10000),
    -- On top of the item's price, for each piece of this size.
    surcharge numeric(18,2) NOT NULL CHECK (surcharge >= 0 AND surcharge <= 999999999999
                                            AND surcharge = trunc(surcharge)),
    PRIMARY KEY (order_id, item, size),
    UNIQUE (order_id, item, seq),
    FOREIGN KEY (order_id, item) REFERENCES order_items ON DELETE CASCADE
);

CREATE TABLE order_item_decorations (
    order_id uuid NOT NULL,
    item     smallint NOT NULL,
    seq      smallint NOT NULL CHECK (seq BETWEEN 1 AND 20),
    kind     text NOT NULL CHECK (kind IN ('sablon', 'bordir', 'dtf')),
    place    text NOT NULL CHECK (char_length(place) BETWEEN 1 AND 100),
    size     text NOT NULL CHECK (char_length(size) <= 50),
    -- Inks or threads; 0 when it does not matter, as for a full-colour transfer.
    colours  smallint NOT NULL CHECK (colours BETWEEN 0 AND 30),
    -- On each piece; whole rupiah.
    price    numeric(18,2) NOT NULL CHECK (price >= 0 AND price <= 999999999999
                                           AND price = trunc(price)),
    PRIMARY KEY (order_id, item, seq),
    FOREIGN KEY (order_id, item) REFERENCES order_items ON DELETE CASCADE
);

CREATE TABLE order_adjustments (
    order_id    uuid NOT NULL REFERENCES orders (id),
    seq         smallint NOT NULL CHECK (seq BETWEEN 1 AND 20),
    kind        text NOT NULL CHECK (kind IN ('diskon', 'biaya')),
    description text NOT NULL CHECK (char_length(description) BETWEEN 1 AND 255),
    -- Never negative: the kind says which way it counts.
    amount      numeric(18,2) NOT NULL CHECK (amount > 0 AND amount <= 999999999999
                                              AND amount = trunc(amount)),
    PRIMARY KEY (order_id, seq)
);
