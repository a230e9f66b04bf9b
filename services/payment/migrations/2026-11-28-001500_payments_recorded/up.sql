-- Payments are counted by the day they were recorded too: the list without days is in that order, and
-- its last page costs what its first does (docs/decisions/0012).

CREATE OR REPLACE FUNCTION note_payments() RETURNS trigger
    LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO list_changes (list, day, status, rows)
        SELECT list, jakarta_day(instant), status, count(*)
        FROM added, LATERAL (VALUES ('payments', paid_at), ('payments_recorded', created_at))
            AS counted (list, instant)
        GROUP BY 1, 2, 3;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO list_changes (list, day, status, rows)
        SELECT list, jakarta_day(instant), status, -count(*)
        FROM removed, LATERAL (VALUES ('payments', paid_at), ('payments_recorded', created_at))
            AS counted (list, instant)
        GROUP BY 1, 2, 3;
    ELSE
        INSERT INTO list_changes (list, day, status, rows)
        SELECT list, jakarta_day(instant), status, sum(sign)
        FROM (SELECT 1 AS sign, paid_at, created_at, status FROM added
              UNION ALL
              SELECT -1, paid_at, created_at, status FROM removed) AS both_sides,
            LATERAL (VALUES ('payments', paid_at), ('payments_recorded', created_at))
                AS counted (list, instant)
        GROUP BY 1, 2, 3 HAVING sum(sign) <> 0;
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION recount_lists() RETURNS void
    LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    LOCK TABLE invoices, payments IN SHARE MODE;
    DELETE FROM list_changes;
    DELETE FROM list_counts;
    INSERT INTO list_counts (list, day, status, rows)
        SELECT 'invoices', jakarta_day(created_at), status, count(*)
        FROM invoices GROUP BY 2, 3
        UNION ALL
        SELECT list, jakarta_day(instant), status, count(*)
        FROM payments, LATERAL (VALUES ('payments', paid_at), ('payments_recorded', created_at))
            AS counted (list, instant)
        GROUP BY 1, 2, 3;
END
$$;
SELECT recount_lists();
