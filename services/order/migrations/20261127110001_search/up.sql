-- What the search box looks into: folded texts, the words of names, and a dictionary of those words
-- in which a misspelt word is found (docs/decisions/0012).

-- Index support for LIKE '%part%'. Its operators are PostgreSQL's own, so the service's role needs
-- nothing of this schema in its search_path.
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

-- A text as it is compared: accents and case gone, full stops and quotes dropped, one blank between
-- words. `domain::search::fold` is the same in Rust; a test compares the two.
CREATE FUNCTION search_fold(written text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN btrim(regexp_replace(
        translate(
            lower(regexp_replace(normalize(written, NFKD), U&'[\0300-\036F]', '', 'g')),
            U&'.,''"`()\2018\2019', ''),
        '[\s/-]+', ' ', 'g'));

ALTER TABLE orders
    ADD COLUMN name_folded    text GENERATED ALWAYS AS (search_fold(customer_name)) STORED,
    ADD COLUMN name_words     text[] GENERATED ALWAYS AS
                                  (string_to_array(search_fold(customer_name), ' ')) STORED,
    ADD COLUMN product_folded text GENERATED ALWAYS AS (search_fold(product_name)) STORED;

CREATE INDEX orders_name_words ON orders USING gin (name_words) WHERE deleted_at IS NULL;
CREATE INDEX orders_product_part ON orders USING gin (product_folded gin_trgm_ops)
    WHERE deleted_at IS NULL;
CREATE INDEX orders_contact_part ON orders USING gin (contact_normalised gin_trgm_ops)
    WHERE deleted_at IS NULL;

-- Rare combinations of states, and figures over an amount range without touching the table.
CREATE INDEX orders_states ON orders (status_order, production_status, payment_type, created_at DESC)
    WHERE deleted_at IS NULL;
DROP INDEX orders_total;
CREATE INDEX orders_total ON orders (total_price, id)
    INCLUDE (paid_amount, status_order, production_status, payment_type, created_at)
    WHERE deleted_at IS NULL;

-- Every word a customer's name ever had. It grows with the vocabulary, not with the orders.
CREATE TABLE search_words (
    word text PRIMARY KEY CHECK (word <> '')
);
CREATE INDEX search_words_part ON search_words USING gin (word gin_trgm_ops);

-- Each word with up to two letters of its first seven left out: two words within two typos of each
-- other always share one of these, so that near words are found by equality.
CREATE TABLE search_word_variants (
    variant text NOT NULL,
    word    text NOT NULL REFERENCES search_words (word),
    PRIMARY KEY (variant, word)
);

-- Short words allow one typo, so fewer variants. `domain::search::variants` is the same in Rust.
CREATE FUNCTION search_variants(word text) RETURNS SETOF text
    LANGUAGE sql IMMUTABLE STRICT AS $$
    WITH RECURSIVE cut (rest, deletions) AS (
        SELECT left(word, 7), CASE WHEN char_length(word) >= 4 THEN 2 ELSE 1 END
        UNION
        SELECT left(rest, at - 1) || substr(rest, at + 1), deletions - 1
        FROM cut, generate_series(1, char_length(rest)) AS at
        WHERE deletions > 0 AND char_length(rest) > 1
    )
    SELECT DISTINCT rest FROM cut
$$;

-- Takes up words that are new. Sorted, so that two transactions meet the same words in one order.
CREATE FUNCTION search_learn(seen text[]) RETURNS void
    LANGUAGE sql SET search_path FROM CURRENT AS $$
    WITH fresh AS (
        INSERT INTO search_words (word)
        SELECT DISTINCT said.word FROM unnest(seen) AS said (word)
        WHERE said.word <> ''
          AND NOT EXISTS (SELECT FROM search_words AS known WHERE known.word = said.word)
        ORDER BY said.word
        ON CONFLICT DO NOTHING
        RETURNING word
    )
    INSERT INTO search_word_variants (variant, word)
    SELECT variant, fresh.word FROM fresh, search_variants(fresh.word) AS variant
    ON CONFLICT DO NOTHING
$$;

SELECT search_learn(coalesce(array_agg(DISTINCT word), '{}'))
FROM (SELECT unnest(name_words) AS word FROM orders) AS said;
