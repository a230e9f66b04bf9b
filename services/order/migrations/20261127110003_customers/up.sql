-- What staff keep about a customer, and records that turned out to be the same one.

ALTER TABLE customers
    ADD COLUMN tags        text[] NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 20),
    ADD COLUMN notes       text NOT NULL DEFAULT '' CHECK (char_length(notes) <= 2000),
    -- The record that took this one over. Never a record that was itself taken over.
    ADD COLUMN merged_into uuid REFERENCES customers (id) CHECK (merged_into <> id),
    ADD COLUMN name_folded text GENERATED ALWAYS AS (search_fold(name)) STORED,
    ADD COLUMN name_words  text[] GENERATED ALWAYS AS
                               (string_to_array(search_fold(name), ' ')) STORED;

CREATE INDEX customers_merged ON customers (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX customers_newest ON customers (created_at DESC, id DESC) WHERE merged_into IS NULL;
CREATE INDEX customers_by_name ON customers (name, id) WHERE merged_into IS NULL;
CREATE INDEX customers_by_change ON customers (updated_at DESC, id DESC) WHERE merged_into IS NULL;
CREATE INDEX customers_tags ON customers USING gin (tags) WHERE merged_into IS NULL;
CREATE INDEX customers_name_words ON customers USING gin (name_words);
CREATE INDEX customers_phone_part ON customers USING gin (phone gin_trgm_ops);
CREATE INDEX customers_email_part ON customers USING gin (email gin_trgm_ops);

-- Totals of a page of customers from the index alone.
CREATE INDEX orders_totals_of_customer ON orders (customer_id, created_at)
    INCLUDE (total_price, paid_amount, status_order) WHERE deleted_at IS NULL;

-- Answers about customers are cached under the same version as those about orders.
CREATE FUNCTION customers_note_change() RETURNS trigger
    LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT FROM added) THEN
        INSERT INTO order_changes (orders, paid) VALUES (0, 0);
        PERFORM search_learn((SELECT array_agg(DISTINCT word)
                              FROM (SELECT unnest(name_words) AS word FROM added) AS said));
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER customers_note_insert AFTER INSERT ON customers
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION customers_note_change();
CREATE TRIGGER customers_note_update AFTER UPDATE ON customers
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION customers_note_change();

SELECT search_learn(coalesce(array_agg(DISTINCT word), '{}'))
FROM (SELECT unnest(name_words) AS word FROM customers) AS said;
