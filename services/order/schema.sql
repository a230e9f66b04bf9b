-- The schema `orders` after all migrations. Written by `make db-schema`.

CREATE SCHEMA orders;

CREATE FUNCTION orders.customers_note_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'orders', 'public'
    AS $$
BEGIN
    IF EXISTS (SELECT FROM added) THEN
        INSERT INTO order_changes (orders, paid) VALUES (0, 0);
        PERFORM search_learn((SELECT array_agg(DISTINCT word)
                              FROM (SELECT unnest(name_words) AS word FROM added) AS said));
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION orders.event_log_maintain(as_of timestamp with time zone, keep_months integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'orders', 'pg_temp'
    AS $_$
DECLARE
    first_month date := date_trunc('month', as_of AT TIME ZONE 'UTC')::date;
    month_start date;
    month_end   date;
    partition   text;
    changed     integer := 0;
BEGIN
    -- Replicas of a service must not make the same partition at once.
    PERFORM pg_advisory_xact_lock(hashtext('event_log_maintain ' || current_schema()));
    FOR ahead IN 0..2 LOOP
        month_start := (first_month + make_interval(months => ahead))::date;
        month_end := (month_start + interval '1 month')::date;
        partition := 'event_log_' || to_char(month_start, 'YYYY_MM');
        CONTINUE WHEN to_regclass(partition) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE event_log INCLUDING DEFAULTS)', partition);
        EXECUTE format(
            'WITH moved AS (DELETE FROM event_log_default
                 WHERE occurred_at >= $1 AND occurred_at < $2 RETURNING *)
             INSERT INTO %I SELECT * FROM moved', partition)
            USING month_start::timestamp AT TIME ZONE 'UTC', month_end::timestamp AT TIME ZONE 'UTC';
        EXECUTE format(
            'ALTER TABLE event_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', partition,
            month_start::timestamp AT TIME ZONE 'UTC', month_end::timestamp AT TIME ZONE 'UTC');
        changed := changed + 1;
    END LOOP;
    FOR partition IN
        SELECT child.relname FROM pg_inherits
        JOIN pg_class child ON child.oid = inhrelid
        WHERE inhparent = 'event_log'::regclass
          AND child.relname ~ '^event_log_\d{4}_\d{2}$'
          AND to_date(right(child.relname, 7), 'YYYY_MM')
              < (first_month - make_interval(months => keep_months))
    LOOP
        EXECUTE format('DROP TABLE %I', partition);
        changed := changed + 1;
    END LOOP;
    RETURN changed;
END
$_$;

CREATE FUNCTION orders.jakarta_day(instant timestamp with time zone) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ((instant AT TIME ZONE 'Asia/Jakarta'::text))::date;

CREATE FUNCTION orders.orders_fold_changes(most bigint) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'orders', 'public'
    AS $$
DECLARE
    folded_now bigint;
    products text[];
    names text[];
BEGIN
    WITH taken AS (
        DELETE FROM order_changes
        WHERE id IN (SELECT id FROM order_changes ORDER BY id LIMIT most)
        RETURNING day, status_order, production_status, payment_type, product_folded, name_folded,
                  orders, paid
    ), by_day AS (
        INSERT INTO order_rollup AS known
            (day, status_order, production_status, payment_type, orders, paid)
        SELECT day, status_order, production_status, payment_type, sum(orders), sum(paid)
        FROM taken WHERE day IS NOT NULL GROUP BY 1, 2, 3, 4
        ON CONFLICT (day, status_order, production_status, payment_type) DO UPDATE
            SET orders = known.orders + excluded.orders, paid = known.paid + excluded.paid
    ), by_product AS (
        INSERT INTO product_rollup AS known
            (product_folded, status_order, production_status, payment_type, orders, paid)
        SELECT product_folded, status_order, production_status, payment_type,
               sum(orders), sum(paid)
        FROM taken WHERE day IS NOT NULL GROUP BY 1, 2, 3, 4
        ON CONFLICT (product_folded, status_order, production_status, payment_type) DO UPDATE
            SET orders = known.orders + excluded.orders, paid = known.paid + excluded.paid
    ), by_name AS (
        INSERT INTO name_rollup AS known (name_folded, orders, paid, settled, cancelled)
        SELECT name_folded, sum(orders), sum(paid),
               coalesce(sum(orders) FILTER (WHERE status_order = 'lunas'), 0),
               coalesce(sum(orders) FILTER (WHERE status_order = 'dibatalkan'), 0)
        FROM taken WHERE day IS NOT NULL GROUP BY 1
        ON CONFLICT (name_folded) DO UPDATE
            SET orders = known.orders + excluded.orders, paid = known.paid + excluded.paid,
                settled = known.settled + excluded.settled,
                cancelled = known.cancelled + excluded.cancelled
    ), counted AS (
        UPDATE order_changes_folded SET folded = folded + (SELECT count(*) FROM taken)
        WHERE EXISTS (SELECT FROM taken)
    )
    SELECT count(*), array_agg(DISTINCT product_folded), array_agg(DISTINCT name_folded)
    INTO folded_now, products, names FROM taken;
    DELETE FROM product_rollup WHERE product_folded = ANY (products) AND orders = 0 AND paid = 0;
    DELETE FROM name_rollup WHERE name_folded = ANY (names) AND orders = 0 AND paid = 0;
    RETURN folded_now;
END
$$;

CREATE FUNCTION orders.orders_note_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'orders', 'public'
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO order_changes
            (day, status_order, production_status, payment_type, product_folded, name_folded,
             orders, paid)
        SELECT jakarta_day(created_at), status_order, production_status, payment_type,
               product_folded, name_folded, count(*), sum(paid_amount)
        FROM added WHERE deleted_at IS NULL GROUP BY 1, 2, 3, 4, 5, 6;
        IF NOT FOUND AND EXISTS (SELECT FROM added) THEN
            INSERT INTO order_changes (orders, paid) VALUES (0, 0);
        END IF;
        PERFORM search_learn((SELECT array_agg(DISTINCT word)
                              FROM (SELECT unnest(name_words) AS word FROM added) AS said));
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO order_changes
            (day, status_order, production_status, payment_type, product_folded, name_folded,
             orders, paid)
        SELECT jakarta_day(created_at), status_order, production_status, payment_type,
               product_folded, name_folded, sum(sign), sum(sign * paid_amount)
        FROM (SELECT 1 AS sign, created_at, status_order, production_status, payment_type,
                     product_folded, name_folded, paid_amount
              FROM added WHERE deleted_at IS NULL
              UNION ALL
              SELECT -1, created_at, status_order, production_status, payment_type,
                     product_folded, name_folded, paid_amount
              FROM removed WHERE deleted_at IS NULL) AS both_sides
        GROUP BY 1, 2, 3, 4, 5, 6
        HAVING sum(sign) <> 0 OR sum(sign * paid_amount) <> 0;
        IF NOT FOUND AND EXISTS (SELECT FROM added) THEN
            INSERT INTO order_changes (orders, paid) VALUES (0, 0);
        END IF;
        IF EXISTS (SELECT FROM added JOIN removed USING (id)
                   WHERE added.customer_name <> removed.customer_name) THEN
            PERFORM search_learn((SELECT array_agg(DISTINCT word)
                                  FROM (SELECT unnest(name_words) AS word FROM added) AS said));
        END IF;
    ELSE
        INSERT INTO order_changes
            (day, status_order, production_status, payment_type, product_folded, name_folded,
             orders, paid)
        SELECT jakarta_day(created_at), status_order, production_status, payment_type,
               product_folded, name_folded, -count(*), -sum(paid_amount)
        FROM removed WHERE deleted_at IS NULL GROUP BY 1, 2, 3, 4, 5, 6;
        IF NOT FOUND AND EXISTS (SELECT FROM removed) THEN
            INSERT INTO order_changes (orders, paid) VALUES (0, 0);
        END IF;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION orders.orders_rebuild_rollups() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'orders', 'public'
    AS $$
BEGIN
    LOCK TABLE orders IN SHARE MODE;
    UPDATE order_changes_folded
        SET folded = folded + 1 + (SELECT count(*) FROM order_changes);
    DELETE FROM order_changes;
    DELETE FROM order_rollup;
    DELETE FROM product_rollup;
    DELETE FROM name_rollup;
    INSERT INTO order_rollup
        SELECT jakarta_day(created_at), status_order, production_status, payment_type,
               count(*), sum(paid_amount)
        FROM orders WHERE deleted_at IS NULL GROUP BY 1, 2, 3, 4;
    INSERT INTO product_rollup
            (product_folded, status_order, production_status, payment_type, orders, paid)
        SELECT product_folded, status_order, production_status, payment_type,
               count(*), sum(paid_amount)
        FROM orders WHERE deleted_at IS NULL GROUP BY 1, 2, 3, 4;
    INSERT INTO name_rollup (name_folded, orders, paid, settled, cancelled)
        SELECT name_folded, count(*), sum(paid_amount),
               count(*) FILTER (WHERE status_order = 'lunas'),
               count(*) FILTER (WHERE status_order = 'dibatalkan')
        FROM orders WHERE deleted_at IS NULL GROUP BY 1;
    PERFORM search_learn((SELECT array_agg(DISTINCT word)
                          FROM (SELECT unnest(name_words) AS word FROM orders) AS said));
END
$$;

CREATE FUNCTION orders.search_fold(written text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN btrim(regexp_replace(translate(lower(regexp_replace(NORMALIZE(written, NFKD), '[̀-ͯ]'::text, ''::text, 'g'::text)), '.,''"`()‘’'::text, ''::text), '[\s/-]+'::text, ' '::text, 'g'::text));

CREATE FUNCTION orders.search_learn(seen text[]) RETURNS void
    LANGUAGE sql
    SET search_path TO 'orders', 'public'
    AS $$
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

CREATE FUNCTION orders.search_variants(word text) RETURNS SETOF text
    LANGUAGE sql IMMUTABLE STRICT
    AS $$
    WITH RECURSIVE cut (rest, deletions) AS (
        SELECT left(word, 7), CASE WHEN char_length(word) >= 4 THEN 2 ELSE 1 END
        UNION
        SELECT left(rest, at - 1) || substr(rest, at + 1), deletions - 1
        FROM cut, generate_series(1, char_length(rest)) AS at
        WHERE deletions > 0 AND char_length(rest) > 1
    )
    SELECT DISTINCT rest FROM cut
$$;

CREATE TABLE orders.__diesel_schema_migrations (
    version character varying(50) NOT NULL,
    run_on timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE orders.customers (
    id uuid NOT NULL,
    version bigint NOT NULL,
    name text NOT NULL,
    phone text,
    email text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    notes text DEFAULT ''::text NOT NULL,
    merged_into uuid,
    name_folded text GENERATED ALWAYS AS (orders.search_fold(name)) STORED,
    name_words text[] GENERATED ALWAYS AS (string_to_array(orders.search_fold(name), ' '::text)) STORED,
    CONSTRAINT customers_check CHECK ((updated_at >= created_at)),
    CONSTRAINT customers_check1 CHECK ((merged_into <> id)),
    CONSTRAINT customers_email_check CHECK (((email = lower(email)) AND (char_length(email) <= 255))),
    CONSTRAINT customers_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 255))),
    CONSTRAINT customers_notes_check CHECK ((char_length(notes) <= 2000)),
    CONSTRAINT customers_phone_check CHECK ((phone ~ '^628[1-9][0-9]{7,12}$'::text)),
    CONSTRAINT customers_tags_check CHECK ((cardinality(tags) <= 20)),
    CONSTRAINT customers_version_check CHECK ((version > 0))
);

CREATE TABLE orders.designs (
    file_id uuid NOT NULL,
    order_id uuid NOT NULL,
    url text,
    stored_at timestamp with time zone,
    rejected boolean NOT NULL,
    CONSTRAINT designs_stored_is_whole CHECK (((url IS NULL) = (stored_at IS NULL)))
);

CREATE TABLE orders.event_log (
    seq bigint NOT NULL,
    id uuid NOT NULL,
    aggregate_type text NOT NULL,
    aggregate_id uuid NOT NULL,
    aggregate_version bigint NOT NULL,
    event_type text NOT NULL,
    routing_key text NOT NULL,
    payload bytea NOT NULL,
    headers jsonb NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    available_at timestamp with time zone NOT NULL,
    attempts integer NOT NULL,
    last_error text,
    parked_at timestamp with time zone,
    published_at timestamp with time zone NOT NULL
)
PARTITION BY RANGE (occurred_at);

CREATE TABLE orders.event_log_default (
    seq bigint NOT NULL,
    id uuid NOT NULL,
    aggregate_type text NOT NULL,
    aggregate_id uuid NOT NULL,
    aggregate_version bigint NOT NULL,
    event_type text NOT NULL,
    routing_key text NOT NULL,
    payload bytea NOT NULL,
    headers jsonb NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    available_at timestamp with time zone NOT NULL,
    attempts integer NOT NULL,
    last_error text,
    parked_at timestamp with time zone,
    published_at timestamp with time zone NOT NULL
);

CREATE TABLE orders.idempotency (
    principal text NOT NULL,
    route text NOT NULL,
    key text NOT NULL,
    fingerprint text NOT NULL,
    status smallint NOT NULL,
    body jsonb NOT NULL,
    customer_id uuid,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT idempotency_check CHECK ((expires_at > created_at)),
    CONSTRAINT idempotency_key_check CHECK (((char_length(key) >= 1) AND (char_length(key) <= 255))),
    CONSTRAINT idempotency_status_check CHECK (((status >= 200) AND (status <= 299)))
);

CREATE TABLE orders.inbox (
    consumer text NOT NULL,
    message_id uuid NOT NULL,
    event_type text NOT NULL,
    received_at timestamp with time zone NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='500');

CREATE TABLE orders.inbox_retry (
    consumer text NOT NULL,
    message_id uuid NOT NULL,
    event_type text NOT NULL,
    body bytea NOT NULL,
    headers jsonb NOT NULL,
    received_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text NOT NULL,
    parked_at timestamp with time zone
);

CREATE TABLE orders.name_rollup (
    name_folded text NOT NULL,
    name_words text[] GENERATED ALWAYS AS (string_to_array(name_folded, ' '::text)) STORED,
    orders bigint NOT NULL,
    paid numeric NOT NULL,
    settled bigint NOT NULL,
    cancelled bigint NOT NULL
)
WITH (fillfactor='80');

CREATE TABLE orders.order_adjustments (
    order_id uuid NOT NULL,
    seq smallint NOT NULL,
    kind text NOT NULL,
    description text NOT NULL,
    amount numeric(18,2) NOT NULL,
    CONSTRAINT order_adjustments_amount_check CHECK (((amount > (0)::numeric) AND (amount <= ('999999999999'::bigint)::numeric) AND (amount = trunc(amount)))),
    CONSTRAINT order_adjustments_description_check CHECK (((char_length(description) >= 1) AND (char_length(description) <= 255))),
    CONSTRAINT order_adjustments_kind_check CHECK ((kind = ANY (ARRAY['diskon'::text, 'biaya'::text]))),
    CONSTRAINT order_adjustments_seq_check CHECK (((seq >= 1) AND (seq <= 20)))
);

CREATE TABLE orders.order_changes (
    id bigint NOT NULL,
    day date,
    status_order text,
    production_status text,
    payment_type text,
    product_folded text,
    name_folded text,
    name_words text[] GENERATED ALWAYS AS (string_to_array(name_folded, ' '::text)) STORED,
    orders bigint NOT NULL,
    paid numeric NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.05', autovacuum_vacuum_threshold='500');

CREATE TABLE orders.order_changes_folded (
    only_row boolean DEFAULT true NOT NULL,
    epoch uuid DEFAULT gen_random_uuid() NOT NULL,
    folded bigint DEFAULT 0 NOT NULL,
    CONSTRAINT order_changes_folded_only_row_check CHECK (only_row)
);

ALTER TABLE orders.order_changes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME orders.order_changes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE orders.order_item_decorations (
    order_id uuid NOT NULL,
    item smallint NOT NULL,
    seq smallint NOT NULL,
    kind text NOT NULL,
    place text NOT NULL,
    size text NOT NULL,
    colours smallint NOT NULL,
    price numeric(18,2) NOT NULL,
    CONSTRAINT order_item_decorations_colours_check CHECK (((colours >= 0) AND (colours <= 30))),
    CONSTRAINT order_item_decorations_kind_check CHECK ((kind = ANY (ARRAY['sablon'::text, 'bordir'::text, 'dtf'::text]))),
    CONSTRAINT order_item_decorations_place_check CHECK (((char_length(place) >= 1) AND (char_length(place) <= 100))),
    CONSTRAINT order_item_decorations_price_check CHECK (((price >= (0)::numeric) AND (price <= ('999999999999'::bigint)::numeric) AND (price = trunc(price)))),
    CONSTRAINT order_item_decorations_seq_check CHECK (((seq >= 1) AND (seq <= 20))),
    CONSTRAINT order_item_decorations_size_check CHECK ((char_length(size) <= 50))
);

CREATE TABLE orders.order_item_sizes (
    order_id uuid NOT NULL,
    item smallint NOT NULL,
    size text NOT NULL,
    seq smallint NOT NULL,
    quantity integer NOT NULL,
    surcharge numeric(18,2) NOT NULL,
    CONSTRAINT order_item_sizes_quantity_check CHECK (((quantity >= 1) AND (quantity <= 10000))),
    CONSTRAINT order_item_sizes_seq_check CHECK (((seq >= 1) AND (seq <= 40))),
    CONSTRAINT order_item_sizes_size_check CHECK (((char_length(size) >= 1) AND (char_length(size) <= 30))),
    CONSTRAINT order_item_sizes_surcharge_check CHECK (((surcharge >= (0)::numeric) AND (surcharge <= ('999999999999'::bigint)::numeric) AND (surcharge = trunc(surcharge))))
);

CREATE TABLE orders.order_items (
    order_id uuid NOT NULL,
    item smallint NOT NULL,
    product_name text NOT NULL,
    colour text NOT NULL,
    unit_price numeric(18,2) NOT NULL,
    CONSTRAINT order_items_colour_check CHECK ((char_length(colour) <= 100)),
    CONSTRAINT order_items_item_check CHECK (((item >= 1) AND (item <= 50))),
    CONSTRAINT order_items_product_name_check CHECK (((char_length(product_name) >= 2) AND (char_length(product_name) <= 255))),
    CONSTRAINT order_items_unit_price_check CHECK (((unit_price >= (0)::numeric) AND (unit_price <= ('999999999999'::bigint)::numeric) AND (unit_price = trunc(unit_price))))
);

CREATE TABLE orders.order_rollup (
    day date NOT NULL,
    status_order text NOT NULL,
    production_status text NOT NULL,
    payment_type text NOT NULL,
    orders bigint NOT NULL,
    paid numeric NOT NULL
)
WITH (fillfactor='80');

CREATE TABLE orders.order_stage_counts (
    order_id uuid NOT NULL,
    "position" smallint NOT NULL,
    item smallint NOT NULL,
    size text NOT NULL,
    good integer NOT NULL,
    reject integer NOT NULL,
    CONSTRAINT order_stage_counts_good_check CHECK (((good >= 0) AND (good <= 10000))),
    CONSTRAINT order_stage_counts_item_check CHECK (((item >= 1) AND (item <= 50))),
    CONSTRAINT order_stage_counts_reject_check CHECK (((reject >= 0) AND (reject <= 10000))),
    CONSTRAINT order_stage_counts_size_check CHECK (((char_length(size) >= 1) AND (char_length(size) <= 30)))
);

CREATE TABLE orders.order_stages (
    order_id uuid NOT NULL,
    "position" smallint NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    due_on date,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    CONSTRAINT order_stages_check CHECK (((finished_at IS NULL) OR (started_at IS NOT NULL))),
    CONSTRAINT order_stages_code_check CHECK (((code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text) AND (char_length(code) <= 40))),
    CONSTRAINT order_stages_name_check CHECK (((char_length(name) >= 2) AND (char_length(name) <= 60))),
    CONSTRAINT order_stages_position_check CHECK ((("position" >= 1) AND ("position" <= 20)))
);

CREATE TABLE orders.orders (
    id uuid NOT NULL,
    version bigint NOT NULL,
    order_code text NOT NULL,
    tracking_token text NOT NULL,
    customer_id uuid NOT NULL,
    customer_name text NOT NULL,
    contact_information text NOT NULL,
    contact_normalised text NOT NULL,
    product_name text NOT NULL,
    quantity integer NOT NULL,
    total_price numeric(18,2) NOT NULL,
    payment_type text NOT NULL,
    dp_percent numeric(5,2),
    notification_channel text NOT NULL,
    design_notes text NOT NULL,
    design_file_id uuid,
    design_url text,
    status_order text NOT NULL,
    production_status text NOT NULL,
    paid_amount numeric(18,2) NOT NULL,
    money_version bigint NOT NULL,
    origin text NOT NULL,
    notify boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    deleted_at timestamp with time zone,
    payment_overdue boolean DEFAULT false NOT NULL,
    name_folded text GENERATED ALWAYS AS (orders.search_fold(customer_name)) STORED,
    name_words text[] GENERATED ALWAYS AS (string_to_array(orders.search_fold(customer_name), ' '::text)) STORED,
    product_folded text GENERATED ALWAYS AS (orders.search_fold(product_name)) STORED,
    promised_on date,
    production_stage text,
    stage_due_on date,
    CONSTRAINT orders_check CHECK ((updated_at >= created_at)),
    CONSTRAINT orders_check1 CHECK ((deleted_at >= created_at)),
    CONSTRAINT orders_contact_information_check CHECK (((char_length(contact_information) >= 1) AND (char_length(contact_information) <= 255))),
    CONSTRAINT orders_customer_name_check CHECK (((char_length(customer_name) >= 2) AND (char_length(customer_name) <= 255))),
    CONSTRAINT orders_deposit_has_its_share CHECK (((payment_type = 'dp'::text) = (dp_percent IS NOT NULL))),
    CONSTRAINT orders_design_notes_check CHECK ((char_length(design_notes) <= 1000)),
    CONSTRAINT orders_dp_percent_check CHECK (((dp_percent >= (50)::numeric) AND (dp_percent <= (100)::numeric))),
    CONSTRAINT orders_money_has_a_version CHECK (((paid_amount = (0)::numeric) OR (money_version > 0))),
    CONSTRAINT orders_money_version_check CHECK ((money_version >= 0)),
    CONSTRAINT orders_notification_channel_check CHECK ((notification_channel = ANY (ARRAY['whatsapp'::text, 'email'::text, 'both'::text]))),
    CONSTRAINT orders_order_code_check CHECK (((order_code = upper(order_code)) AND ((char_length(order_code) >= 1) AND (char_length(order_code) <= 32)))),
    CONSTRAINT orders_origin_check CHECK ((origin = ANY (ARRAY['public'::text, 'admin'::text, 'seed'::text]))),
    CONSTRAINT orders_paid_amount_check CHECK ((paid_amount >= (0)::numeric)),
    CONSTRAINT orders_payment_type_check CHECK ((payment_type = ANY (ARRAY['dp'::text, 'full'::text]))),
    CONSTRAINT orders_product_name_check CHECK (((char_length(product_name) >= 2) AND (char_length(product_name) <= 255))),
    CONSTRAINT orders_production_stage_check CHECK (((char_length(production_stage) >= 1) AND (char_length(production_stage) <= 40))),
    CONSTRAINT orders_production_status_check CHECK ((production_status = ANY (ARRAY['menunggu'::text, 'diproses'::text, 'selesai'::text, 'dikirim'::text, 'dibatalkan'::text]))),
    CONSTRAINT orders_quantity_check CHECK (((quantity >= 1) AND (quantity <= 10000))),
    CONSTRAINT orders_status_order_check CHECK ((status_order = ANY (ARRAY['menunggu_link'::text, 'link_dibuat'::text, 'dp_dibayar'::text, 'pengerjaan_selesai'::text, 'menunggu_pelunasan'::text, 'lunas'::text, 'dibatalkan'::text]))),
    CONSTRAINT orders_total_price_check CHECK (((total_price > (0)::numeric) AND (total_price <= ('999999999999'::bigint)::numeric) AND (total_price = trunc(total_price)))),
    CONSTRAINT orders_tracking_token_check CHECK ((char_length(tracking_token) = 32)),
    CONSTRAINT orders_version_check CHECK ((version > 0))
);

CREATE TABLE orders.outbox (
    seq bigint NOT NULL,
    id uuid NOT NULL,
    aggregate_type text NOT NULL,
    aggregate_id uuid NOT NULL,
    aggregate_version bigint NOT NULL,
    event_type text NOT NULL,
    routing_key text NOT NULL,
    payload bytea NOT NULL,
    headers jsonb NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    available_at timestamp with time zone DEFAULT now() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text,
    parked_at timestamp with time zone,
    published_at timestamp with time zone,
    CONSTRAINT outbox_aggregate_version_check CHECK ((aggregate_version >= 0)),
    CONSTRAINT outbox_payload_check CHECK ((octet_length(payload) <= 262144))
)
WITH (autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='500');

ALTER TABLE orders.outbox ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME orders.outbox_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE orders.product_rollup (
    product_folded text NOT NULL,
    orders bigint NOT NULL,
    paid numeric NOT NULL,
    status_order text NOT NULL,
    production_status text NOT NULL,
    payment_type text NOT NULL,
    settled bigint GENERATED ALWAYS AS (
CASE status_order
    WHEN 'lunas'::text THEN orders
    ELSE (0)::bigint
END) STORED NOT NULL,
    cancelled bigint GENERATED ALWAYS AS (
CASE status_order
    WHEN 'dibatalkan'::text THEN orders
    ELSE (0)::bigint
END) STORED NOT NULL
)
WITH (fillfactor='80');

CREATE TABLE orders.production_reports (
    id uuid NOT NULL,
    seq bigint NOT NULL,
    order_id uuid NOT NULL,
    kind text NOT NULL,
    stage text NOT NULL,
    back_to text,
    item smallint NOT NULL,
    size text NOT NULL,
    good integer NOT NULL,
    reject integer NOT NULL,
    notes text,
    actor text,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT production_reports_check CHECK (((kind = 'perbaikan'::text) = (back_to IS NOT NULL))),
    CONSTRAINT production_reports_kind_check CHECK ((kind = ANY (ARRAY['laporan'::text, 'perbaikan'::text]))),
    CONSTRAINT production_reports_notes_check CHECK ((char_length(notes) <= 2000))
);

ALTER TABLE orders.production_reports ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME orders.production_reports_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE orders.production_stages (
    "position" smallint NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    days smallint,
    CONSTRAINT production_stages_code_check CHECK (((code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text) AND (char_length(code) <= 40))),
    CONSTRAINT production_stages_days_check CHECK (((days >= 0) AND (days <= 365))),
    CONSTRAINT production_stages_name_check CHECK (((char_length(name) >= 2) AND (char_length(name) <= 60))),
    CONSTRAINT production_stages_position_check CHECK ((("position" >= 1) AND ("position" <= 20)))
);

CREATE TABLE orders.products (
    id uuid NOT NULL,
    nama text NOT NULL,
    kategori text NOT NULL,
    deskripsi text NOT NULL,
    harga numeric(18,2) NOT NULL,
    stok integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT products_check CHECK ((updated_at >= created_at)),
    CONSTRAINT products_deskripsi_check CHECK ((char_length(deskripsi) <= 5000)),
    CONSTRAINT products_harga_check CHECK (((harga > (0)::numeric) AND (harga = trunc(harga)))),
    CONSTRAINT products_kategori_check CHECK (((char_length(kategori) >= 3) AND (char_length(kategori) <= 100))),
    CONSTRAINT products_nama_check CHECK (((char_length(nama) >= 3) AND (char_length(nama) <= 100))),
    CONSTRAINT products_stok_check CHECK ((stok >= 0))
);

CREATE TABLE orders.search_word_variants (
    variant text NOT NULL,
    word text NOT NULL
);

CREATE TABLE orders.search_words (
    word text NOT NULL,
    CONSTRAINT search_words_word_check CHECK ((word <> ''::text))
);

CREATE TABLE orders.status_history (
    id uuid NOT NULL,
    seq bigint NOT NULL,
    order_id uuid NOT NULL,
    change_type text NOT NULL,
    previous_status text,
    new_status text,
    trigger_source text NOT NULL,
    notes text,
    invoice_code text,
    amount numeric(18,2),
    subject_id uuid,
    event_id uuid,
    actor text,
    created_at timestamp with time zone NOT NULL,
    visible boolean DEFAULT false NOT NULL,
    CONSTRAINT status_history_amount_check CHECK ((amount >= (0)::numeric)),
    CONSTRAINT status_history_change_type_check CHECK ((change_type = ANY (ARRAY['order_status'::text, 'production_status'::text, 'invoice_status'::text, 'payment'::text, 'notification'::text, 'design'::text, 'order_details'::text, 'note'::text, 'deleted'::text, 'restored'::text, 'production_report'::text, 'production_plan'::text]))),
    CONSTRAINT status_history_check CHECK (((NOT visible) OR (change_type = 'note'::text))),
    CONSTRAINT status_history_trigger_source_check CHECK ((trigger_source = ANY (ARRAY['admin'::text, 'webhook'::text, 'system'::text, 'customer'::text])))
);

ALTER TABLE orders.status_history ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME orders.status_history_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY orders.event_log ATTACH PARTITION orders.event_log_default DEFAULT;

ALTER TABLE ONLY orders.__diesel_schema_migrations
    ADD CONSTRAINT __diesel_schema_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY orders.customers
    ADD CONSTRAINT customers_email_key UNIQUE (email);

ALTER TABLE ONLY orders.customers
    ADD CONSTRAINT customers_phone_key UNIQUE (phone);

ALTER TABLE ONLY orders.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY orders.designs
    ADD CONSTRAINT designs_pkey PRIMARY KEY (file_id);

ALTER TABLE ONLY orders.event_log
    ADD CONSTRAINT event_log_pkey PRIMARY KEY (seq, occurred_at);

ALTER TABLE ONLY orders.event_log_default
    ADD CONSTRAINT event_log_default_pkey PRIMARY KEY (seq, occurred_at);

ALTER TABLE ONLY orders.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (principal, route, key);

ALTER TABLE ONLY orders.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, message_id);

ALTER TABLE ONLY orders.inbox_retry
    ADD CONSTRAINT inbox_retry_pkey PRIMARY KEY (consumer, message_id);

ALTER TABLE ONLY orders.name_rollup
    ADD CONSTRAINT name_rollup_pkey PRIMARY KEY (name_folded);

ALTER TABLE ONLY orders.order_adjustments
    ADD CONSTRAINT order_adjustments_pkey PRIMARY KEY (order_id, seq);

ALTER TABLE ONLY orders.order_changes_folded
    ADD CONSTRAINT order_changes_folded_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY orders.order_changes
    ADD CONSTRAINT order_changes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY orders.order_item_decorations
    ADD CONSTRAINT order_item_decorations_pkey PRIMARY KEY (order_id, item, seq);

ALTER TABLE ONLY orders.order_item_sizes
    ADD CONSTRAINT order_item_sizes_order_id_item_seq_key UNIQUE (order_id, item, seq);

ALTER TABLE ONLY orders.order_item_sizes
    ADD CONSTRAINT order_item_sizes_pkey PRIMARY KEY (order_id, item, size);

ALTER TABLE ONLY orders.order_items
    ADD CONSTRAINT order_items_pkey PRIMARY KEY (order_id, item);

ALTER TABLE ONLY orders.order_rollup
    ADD CONSTRAINT order_rollup_pkey PRIMARY KEY (day, status_order, production_status, payment_type);

ALTER TABLE ONLY orders.order_stage_counts
    ADD CONSTRAINT order_stage_counts_pkey PRIMARY KEY (order_id, "position", item, size);

ALTER TABLE ONLY orders.order_stages
    ADD CONSTRAINT order_stages_order_id_code_key UNIQUE (order_id, code);

ALTER TABLE ONLY orders.order_stages
    ADD CONSTRAINT order_stages_pkey PRIMARY KEY (order_id, "position");

ALTER TABLE ONLY orders.orders
    ADD CONSTRAINT orders_code_key UNIQUE (order_code);

ALTER TABLE ONLY orders.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);

ALTER TABLE ONLY orders.orders
    ADD CONSTRAINT orders_tracking_token_key UNIQUE (tracking_token);

ALTER TABLE ONLY orders.outbox
    ADD CONSTRAINT outbox_id_key UNIQUE (id);

ALTER TABLE ONLY orders.outbox
    ADD CONSTRAINT outbox_one_fact_per_version UNIQUE (aggregate_type, aggregate_id, aggregate_version, event_type);

ALTER TABLE ONLY orders.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY orders.product_rollup
    ADD CONSTRAINT product_rollup_pkey PRIMARY KEY (product_folded, status_order, production_status, payment_type);

ALTER TABLE ONLY orders.production_reports
    ADD CONSTRAINT production_reports_pkey PRIMARY KEY (id);

ALTER TABLE ONLY orders.production_stages
    ADD CONSTRAINT production_stages_code_key UNIQUE (code);

ALTER TABLE ONLY orders.production_stages
    ADD CONSTRAINT production_stages_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY orders.products
    ADD CONSTRAINT products_pkey PRIMARY KEY (id);

ALTER TABLE ONLY orders.search_word_variants
    ADD CONSTRAINT search_word_variants_pkey PRIMARY KEY (variant, word);

ALTER TABLE ONLY orders.search_words
    ADD CONSTRAINT search_words_pkey PRIMARY KEY (word);

ALTER TABLE ONLY orders.status_history
    ADD CONSTRAINT status_history_once_per_event UNIQUE (event_id, change_type);

ALTER TABLE ONLY orders.status_history
    ADD CONSTRAINT status_history_pkey PRIMARY KEY (id);

CREATE INDEX customers_by_change ON orders.customers USING btree (updated_at DESC, id DESC) WHERE (merged_into IS NULL);

CREATE INDEX customers_by_name ON orders.customers USING btree (name, id) WHERE (merged_into IS NULL);

CREATE INDEX customers_email_part ON orders.customers USING gin (email public.gin_trgm_ops);

CREATE INDEX customers_merged ON orders.customers USING btree (merged_into) WHERE (merged_into IS NOT NULL);

CREATE INDEX customers_name_words ON orders.customers USING gin (name_words);

CREATE INDEX customers_newest ON orders.customers USING btree (created_at DESC, id DESC) WHERE (merged_into IS NULL);

CREATE INDEX customers_phone_part ON orders.customers USING gin (phone public.gin_trgm_ops);

CREATE INDEX customers_tags ON orders.customers USING gin (tags) WHERE (merged_into IS NULL);

CREATE INDEX designs_of_order ON orders.designs USING btree (order_id, stored_at DESC, file_id DESC);

CREATE INDEX event_log_aggregate ON ONLY orders.event_log USING btree (aggregate_id, seq);

CREATE INDEX event_log_default_aggregate_id_seq_idx ON orders.event_log_default USING btree (aggregate_id, seq);

CREATE INDEX event_log_type ON ONLY orders.event_log USING btree (event_type, seq);

CREATE INDEX event_log_default_event_type_seq_idx ON orders.event_log_default USING btree (event_type, seq);

CREATE INDEX event_log_time ON ONLY orders.event_log USING btree (occurred_at);

CREATE INDEX event_log_default_occurred_at_idx ON orders.event_log_default USING btree (occurred_at);

CREATE INDEX idempotency_customer ON orders.idempotency USING btree (customer_id) WHERE (customer_id IS NOT NULL);

CREATE INDEX idempotency_expires_at ON orders.idempotency USING btree (expires_at);

CREATE INDEX idx_order_created_at ON orders.orders USING btree (created_at DESC, id DESC) WHERE (deleted_at IS NULL);

CREATE INDEX idx_order_customer ON orders.orders USING btree (customer_name, id) WHERE (deleted_at IS NULL);

CREATE INDEX idx_order_status ON orders.orders USING btree (status_order, created_at DESC) WHERE (deleted_at IS NULL);

CREATE INDEX inbox_received ON orders.inbox USING btree (received_at);

CREATE INDEX inbox_retry_due ON orders.inbox_retry USING btree (due_at) WHERE (parked_at IS NULL);

CREATE INDEX inbox_retry_parked ON orders.inbox_retry USING btree (parked_at) WHERE (parked_at IS NOT NULL);

CREATE INDEX name_rollup_words ON orders.name_rollup USING gin (name_words);

CREATE INDEX orders_board ON orders.orders USING btree ((
CASE
    WHEN (production_status = 'menunggu'::text) THEN 'menunggu'::text
    ELSE COALESCE(production_stage, 'diproses'::text)
END), promised_on, created_at, id) WHERE ((deleted_at IS NULL) AND (status_order <> 'dibatalkan'::text) AND ((production_status = 'diproses'::text) OR ((production_status = 'menunggu'::text) AND (status_order <> ALL (ARRAY['menunggu_link'::text, 'link_dibuat'::text])))));

CREATE INDEX orders_contact ON orders.orders USING btree (contact_normalised) WHERE (deleted_at IS NULL);

CREATE INDEX orders_contact_part ON orders.orders USING gin (contact_normalised public.gin_trgm_ops) WHERE (deleted_at IS NULL);

CREATE INDEX orders_deleted ON orders.orders USING btree (deleted_at DESC, id DESC) WHERE (deleted_at IS NOT NULL);

CREATE INDEX orders_name_words ON orders.orders USING gin (name_words) WHERE (deleted_at IS NULL);

CREATE INDEX orders_of_customer ON orders.orders USING btree (customer_id, created_at DESC);

CREATE INDEX orders_overdue ON orders.orders USING btree (created_at DESC, id DESC) WHERE (payment_overdue AND (deleted_at IS NULL));

CREATE INDEX orders_product ON orders.orders USING btree (product_name, id) WHERE (deleted_at IS NULL);

CREATE INDEX orders_product_part ON orders.orders USING gin (product_folded public.gin_trgm_ops) WHERE (deleted_at IS NULL);

CREATE INDEX orders_production ON orders.orders USING btree (production_status, created_at DESC) WHERE (deleted_at IS NULL);

CREATE INDEX orders_quantity ON orders.orders USING btree (quantity, id) WHERE (deleted_at IS NULL);

CREATE INDEX orders_states ON orders.orders USING btree (status_order, production_status, payment_type, created_at DESC) WHERE (deleted_at IS NULL);

CREATE INDEX orders_total ON orders.orders USING btree (total_price, id) INCLUDE (paid_amount, status_order, production_status, payment_type, created_at) WHERE (deleted_at IS NULL);

CREATE INDEX orders_totals_of_customer ON orders.orders USING btree (customer_id, created_at) INCLUDE (total_price, paid_amount, status_order) WHERE (deleted_at IS NULL);

CREATE INDEX orders_updated ON orders.orders USING btree (updated_at DESC, id DESC) WHERE (deleted_at IS NULL);

CREATE INDEX outbox_parked ON orders.outbox USING btree (seq) WHERE (parked_at IS NOT NULL);

CREATE INDEX outbox_pending ON orders.outbox USING btree (seq) WHERE ((published_at IS NULL) AND (parked_at IS NULL));

CREATE INDEX outbox_published ON orders.outbox USING btree (seq) WHERE (published_at IS NOT NULL);

CREATE INDEX product_rollup_part ON orders.product_rollup USING gin (product_folded public.gin_trgm_ops);

CREATE INDEX production_reports_of_order ON orders.production_reports USING btree (order_id, seq DESC);

CREATE INDEX products_newest ON orders.products USING btree (created_at DESC, id DESC);

CREATE INDEX search_words_part ON orders.search_words USING gin (word public.gin_trgm_ops);

CREATE INDEX status_history_of_order ON orders.status_history USING btree (order_id, created_at, seq);

ALTER INDEX orders.event_log_aggregate ATTACH PARTITION orders.event_log_default_aggregate_id_seq_idx;

ALTER INDEX orders.event_log_type ATTACH PARTITION orders.event_log_default_event_type_seq_idx;

ALTER INDEX orders.event_log_time ATTACH PARTITION orders.event_log_default_occurred_at_idx;

ALTER INDEX orders.event_log_pkey ATTACH PARTITION orders.event_log_default_pkey;

CREATE TRIGGER customers_note_insert AFTER INSERT ON orders.customers REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION orders.customers_note_change();

CREATE TRIGGER customers_note_update AFTER UPDATE ON orders.customers REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION orders.customers_note_change();

CREATE TRIGGER orders_note_delete AFTER DELETE ON orders.orders REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION orders.orders_note_change();

CREATE TRIGGER orders_note_insert AFTER INSERT ON orders.orders REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION orders.orders_note_change();

CREATE TRIGGER orders_note_update AFTER UPDATE ON orders.orders REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION orders.orders_note_change();

ALTER TABLE ONLY orders.customers
    ADD CONSTRAINT customers_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES orders.customers(id);

ALTER TABLE ONLY orders.designs
    ADD CONSTRAINT designs_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders.orders(id);

ALTER TABLE ONLY orders.order_adjustments
    ADD CONSTRAINT order_adjustments_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders.orders(id);

ALTER TABLE ONLY orders.order_item_decorations
    ADD CONSTRAINT order_item_decorations_order_id_item_fkey FOREIGN KEY (order_id, item) REFERENCES orders.order_items(order_id, item) ON DELETE CASCADE;

ALTER TABLE ONLY orders.order_item_sizes
    ADD CONSTRAINT order_item_sizes_order_id_item_fkey FOREIGN KEY (order_id, item) REFERENCES orders.order_items(order_id, item) ON DELETE CASCADE;

ALTER TABLE ONLY orders.order_items
    ADD CONSTRAINT order_items_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders.orders(id);

ALTER TABLE ONLY orders.order_stage_counts
    ADD CONSTRAINT order_stage_counts_order_id_position_fkey FOREIGN KEY (order_id, "position") REFERENCES orders.order_stages(order_id, "position") ON DELETE CASCADE;

ALTER TABLE ONLY orders.order_stages
    ADD CONSTRAINT order_stages_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders.orders(id);

ALTER TABLE ONLY orders.orders
    ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES orders.customers(id);

ALTER TABLE ONLY orders.production_reports
    ADD CONSTRAINT production_reports_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders.orders(id);

ALTER TABLE ONLY orders.search_word_variants
    ADD CONSTRAINT search_word_variants_word_fkey FOREIGN KEY (word) REFERENCES orders.search_words(word);

ALTER TABLE ONLY orders.status_history
    ADD CONSTRAINT status_history_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders.orders(id);

GRANT USAGE ON SCHEMA orders TO order_svc;

GRANT SELECT ON TABLE orders.__diesel_schema_migrations TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.customers TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.designs TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.event_log TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.event_log_default TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.idempotency TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.inbox TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.inbox_retry TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.name_rollup TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.order_adjustments TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.order_changes TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.order_changes_folded TO order_svc;

GRANT SELECT,USAGE ON SEQUENCE orders.order_changes_id_seq TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.order_item_decorations TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.order_item_sizes TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.order_items TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.order_rollup TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.order_stage_counts TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.order_stages TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.orders TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.outbox TO order_svc;

GRANT SELECT,USAGE ON SEQUENCE orders.outbox_seq_seq TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.product_rollup TO order_svc;

GRANT SELECT,INSERT ON TABLE orders.production_reports TO order_svc;

GRANT SELECT,USAGE ON SEQUENCE orders.production_reports_seq_seq TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.production_stages TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.products TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.search_word_variants TO order_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE orders.search_words TO order_svc;

GRANT SELECT,INSERT ON TABLE orders.status_history TO order_svc;

GRANT SELECT,USAGE ON SEQUENCE orders.status_history_seq_seq TO order_svc;

ALTER DEFAULT PRIVILEGES FOR ROLE migrator IN SCHEMA orders GRANT SELECT,USAGE ON SEQUENCES  TO order_svc;

ALTER DEFAULT PRIVILEGES FOR ROLE migrator IN SCHEMA orders GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES  TO order_svc;
