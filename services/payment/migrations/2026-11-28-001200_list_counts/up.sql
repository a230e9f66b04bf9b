-- How many invoices and payments there are, by Jakarta day and status, so that lists need not count
-- a million rows; exact at every moment (docs/decisions/0012).

-- What each statement changed. Only ever appended to, so that writers never wait for each other; a
-- worker folds it into the counts. A reader adds both.
CREATE TABLE list_changes (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list   text NOT NULL,
    day    date NOT NULL,
    status text NOT NULL,
    rows   bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500);

-- Invoices by the day they were made, payments by the day they were paid.
CREATE TABLE list_counts (
    list   text NOT NULL,
    day    date NOT NULL,
    status text NOT NULL,
    rows   bigint NOT NULL,
    PRIMARY KEY (list, day, status)
) WITH (fillfactor = 80);

-- The Jakarta day of an instant.
CREATE FUNCTION jakarta_day(instant timestamptz) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (instant AT TIME ZONE 'Asia/Jakarta')::date;

-- One call for each statement.
CREATE FUNCTION note_invoices() RETURNS trigger
    LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO list_changes (list, day, status, rows)
        SELECT 'invoices', jakarta_day(created_at), status, count(*) FROM added GROUP BY 2, 3;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO list_changes (list, day, status, rows)
        SELECT 'invoices', jakarta_day(created_at), status, -count(*) FROM removed GROUP BY 2, 3;
    ELSE
        INSERT INTO list_changes (list, day, status, rows)
        SELECT 'invoices', jakarta_day(created_at), status, sum(sign)
        FROM (SELECT 1 AS sign, created_at, status FROM added
              UNION ALL
              SELECT -1, created_at, status FROM removed) AS both_sides
        GROUP BY 2, 3 HAVING sum(sign) <> 0;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER invoices_note_insert AFTER INSERT ON invoices
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_invoices();
CREATE TRIGGER invoices_note_update AFTER UPDATE ON invoices
    REFERENCING NEW TABLE AS added OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION note_invoices();
CREATE TRIGGER invoices_note_delete AFTER DELETE ON invoices
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION note_invoices();

CREATE FUNCTION note_payments() RETURNS trigger
    LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO list_changes (list, day, status, rows)
        SELECT 'payments', jakarta_day(paid_at), status, count(*) FROM added GROUP BY 2, 3;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO list_changes (list, day, status, rows)
        SELECT 'payments', jakarta_day(paid_at), status, -count(*) FROM removed GROUP BY 2, 3;
    ELSE
        INSERT INTO list_changes (list, day, status, rows)
        SELECT 'payments', jakarta_day(paid_at), status, sum(sign)
        FROM (SELECT 1 AS sign, paid_at, status FROM added
              UNION ALL
              SELECT -1, paid_at, status FROM removed) AS both_sides
        GROUP BY 2, 3 HAVING sum(sign) <> 0;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER payments_note_insert AFTER INSERT ON payments
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_payments();
CREATE TRIGGER payments_note_update AFTER UPDATE ON payments
    REFERENCING NEW TABLE AS added OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION note_payments();
CREATE TRIGGER payments_note_delete AFTER DELETE ON payments
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION note_payments();

-- Puts at most `most` waiting changes into the counts and answers how many. One statement: a reader
-- sees each change on one side or the other, never on both or none.
CREATE FUNCTION fold_list_changes(most bigint) RETURNS bigint
    LANGUAGE sql SET search_path FROM CURRENT AS $$
    WITH taken AS (
        DELETE FROM list_changes
        WHERE id IN (SELECT id FROM list_changes ORDER BY id LIMIT most)
        RETURNING list, day, status, rows
    ), folded AS (
        INSERT INTO list_counts AS known (list, day, status, rows)
        SELECT list, day, status, sum(rows) FROM taken GROUP BY 1, 2, 3
        ON CONFLICT (list, day, status) DO UPDATE SET rows = known.rows + excluded.rows
    )
    SELECT count(*) FROM taken
$$;

-- Makes the counts anew; for the owner of the schema.
CREATE FUNCTION recount_lists() RETURNS void
    LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    LOCK TABLE invoices, payments IN SHARE MODE;
    DELETE FROM list_changes;
    DELETE FROM list_counts;
    INSERT INTO list_counts (list, day, status, rows)
        SELECT 'invoices', jakarta_day(created_at), status, count(*)
        FROM invoices GROUP BY 2, 3
        UNION ALL
        SELECT 'payments', jakarta_day(paid_at), status, count(*)
        FROM payments GROUP BY 2, 3;
END
$$;
REVOKE EXECUTE ON FUNCTION recount_lists FROM PUBLIC;
SELECT recount_lists();
