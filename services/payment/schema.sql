-- The schema `payments` after all migrations. Written by `make db-schema`.

CREATE SCHEMA payments;

CREATE FUNCTION payments.check_transfer_balances() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    total numeric := (SELECT sum(amount) FROM entry WHERE transfer_id = NEW.transfer_id);
BEGIN
    IF total <> 0 THEN
        RAISE EXCEPTION 'the entries of transfer % add up to %', NEW.transfer_id, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_balances';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION payments.check_transfer_has_entries() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF (SELECT count(*) FROM entry WHERE transfer_id = NEW.id) < 2 THEN
        RAISE EXCEPTION 'transfer % has no entries', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_has_entries';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION payments.event_log_maintain(as_of timestamp with time zone, keep_months integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'payments', 'pg_temp'
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

CREATE FUNCTION payments.fold_list_changes(most bigint) RETURNS bigint
    LANGUAGE sql
    SET search_path TO 'payments', 'public'
    AS $$
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

CREATE FUNCTION payments.jakarta_day(instant timestamp with time zone) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ((instant AT TIME ZONE 'Asia/Jakarta'::text))::date;

CREATE FUNCTION payments.note_invoices() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'payments', 'public'
    AS $$
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

CREATE FUNCTION payments.note_payments() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'payments', 'public'
    AS $$
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

CREATE FUNCTION payments.post_transfer(transfer_id uuid, transfer_kind text, about_order uuid, about text, reversed uuid, at timestamp with time zone, codes text[], amounts numeric[]) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'payments', 'public'
    AS $$
DECLARE
    before jsonb;
    wanted jsonb;
    broken text;
BEGIN
    INSERT INTO account (code, kind, side, order_id, customer_id, floor_zero)
    SELECT code, kind,
           CASE WHEN kind IN ('bank', 'clearing', 'receivable', 'fees') THEN 1 ELSE -1 END,
           CASE WHEN kind IN ('deposits', 'receivable') THEN owner::uuid END,
           CASE WHEN kind = 'credit' THEN owner::uuid END,
           kind IN ('deposits', 'receivable', 'credit', 'refunds', 'suspense')
    FROM (SELECT DISTINCT code, split_part(code, ':', 1) AS kind, split_part(code, ':', 2) AS owner
          FROM unnest(codes) AS code) AS named
    ON CONFLICT (code) DO NOTHING;

    INSERT INTO transfer (id, kind, order_id, source, reverses, created_at)
    VALUES (transfer_id, transfer_kind, about_order, about, reversed, at)
    ON CONFLICT (source) DO NOTHING;
    IF NOT FOUND THEN
        SELECT jsonb_agg(jsonb_build_array(a.code, e.amount) ORDER BY a.code, e.amount) INTO before
            FROM entry e JOIN account a ON a.id = e.account_id JOIN transfer t ON t.id = e.transfer_id
            WHERE t.source = about AND t.kind = transfer_kind;
        SELECT jsonb_agg(jsonb_build_array(code, round(amount, 2)) ORDER BY code, amount) INTO wanted
            FROM unnest(codes, amounts) AS line (code, amount);
        IF before IS DISTINCT FROM wanted THEN
            RAISE EXCEPTION '% was booked before with other content', about
                USING ERRCODE = 'unique_violation', CONSTRAINT = 'transfer_source_key';
        END IF;
        RETURN false;
    END IF;

    -- One order of locks, so that two postings never wait for each other in a circle.
    PERFORM 1 FROM account WHERE code = ANY (codes) AND floor_zero ORDER BY id FOR UPDATE;
    INSERT INTO entry (transfer_id, account_id, amount)
    SELECT post_transfer.transfer_id, account.id, line.amount
    FROM unnest(codes, amounts) AS line (code, amount) JOIN account USING (code);

    SELECT string_agg(code, ', ') INTO broken FROM account
    WHERE code = ANY (codes) AND floor_zero
      AND side * (SELECT sum(amount) FROM entry WHERE account_id = account.id) < 0;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'below zero: %', broken
            USING ERRCODE = 'check_violation', CONSTRAINT = 'account_floor_zero';
    END IF;
    RETURN true;
END $$;

CREATE FUNCTION payments.recount_lists() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'payments', 'public'
    AS $$
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

CREATE FUNCTION payments.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TABLE payments.__diesel_schema_migrations (
    version character varying(50) NOT NULL,
    run_on timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE payments.account (
    id bigint NOT NULL,
    code text NOT NULL,
    kind text NOT NULL,
    side smallint NOT NULL,
    order_id uuid,
    customer_id uuid,
    floor_zero boolean NOT NULL,
    CONSTRAINT account_kind_check CHECK ((kind = ANY (ARRAY['bank'::text, 'clearing'::text, 'suspense'::text, 'revenue'::text, 'deposits'::text, 'receivable'::text, 'credit'::text, 'refunds'::text, 'fees'::text, 'unique_code'::text]))),
    CONSTRAINT account_side_check CHECK ((side = ANY (ARRAY[1, '-1'::integer])))
);

ALTER TABLE payments.account ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME payments.account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE payments.bank_mutations (
    id uuid NOT NULL,
    inbox_id uuid NOT NULL,
    bank_account text NOT NULL,
    reference text NOT NULL,
    direction text NOT NULL,
    amount numeric(18,2) NOT NULL,
    description text NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT bank_mutations_amount_check CHECK ((amount > (0)::numeric)),
    CONSTRAINT bank_mutations_description_check CHECK ((char_length(description) <= 500)),
    CONSTRAINT bank_mutations_direction_check CHECK ((direction = ANY (ARRAY['credit'::text, 'debit'::text]))),
    CONSTRAINT bank_mutations_reference_check CHECK ((char_length(reference) <= 200)),
    CONSTRAINT bank_mutations_state_check CHECK ((state = ANY (ARRAY['received'::text, 'settled'::text, 'unmatched'::text, 'ignored'::text])))
);

CREATE TABLE payments.customer_projection (
    customer_id uuid NOT NULL,
    version bigint NOT NULL,
    name text NOT NULL
);

CREATE TABLE payments.entry (
    id bigint NOT NULL,
    transfer_id uuid NOT NULL,
    account_id bigint NOT NULL,
    amount numeric(18,2) NOT NULL,
    CONSTRAINT entry_amount_check CHECK ((amount <> (0)::numeric))
);

ALTER TABLE payments.entry ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME payments.entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE payments.event_log (
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

CREATE TABLE payments.event_log_default (
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

CREATE TABLE payments.idempotency (
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

CREATE TABLE payments.inbox (
    consumer text NOT NULL,
    message_id uuid NOT NULL,
    event_type text NOT NULL,
    received_at timestamp with time zone NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='500');

CREATE TABLE payments.inbox_retry (
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

CREATE TABLE payments.installment_reminders (
    installment_id uuid NOT NULL,
    step_days integer NOT NULL,
    told_at timestamp with time zone NOT NULL,
    CONSTRAINT installment_reminders_step_days_check CHECK ((step_days >= 0))
);

CREATE TABLE payments.installments (
    id uuid NOT NULL,
    plan_id uuid NOT NULL,
    order_id uuid NOT NULL,
    sequence integer NOT NULL,
    amount numeric(18,2) NOT NULL,
    due_at timestamp with time zone NOT NULL,
    due_on date NOT NULL,
    description text NOT NULL,
    invoice_id uuid NOT NULL,
    waived_at timestamp with time zone,
    waived_by text,
    waived_reason text,
    remind_on date,
    CONSTRAINT a_waiver_says_who_and_why CHECK ((((waived_at IS NULL) = (waived_by IS NULL)) AND ((waived_at IS NULL) = (waived_reason IS NULL)))),
    CONSTRAINT installments_amount_check CHECK (((amount > (0)::numeric) AND (amount = trunc(amount)))),
    CONSTRAINT installments_description_check CHECK ((char_length(description) <= 200)),
    CONSTRAINT installments_sequence_check CHECK (((sequence >= 1) AND (sequence <= 12)))
);

CREATE TABLE payments.invoice_links (
    id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    generation integer NOT NULL,
    provider text NOT NULL,
    external_id text NOT NULL,
    provider_id text,
    url text,
    amount numeric(18,2) NOT NULL,
    state text NOT NULL,
    lease_until timestamp with time zone,
    due_at timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text,
    kill_due_at timestamp with time zone,
    kill_attempts integer DEFAULT 0 NOT NULL,
    trace jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    poll_due_at timestamp with time zone,
    polls integer DEFAULT 0 NOT NULL,
    CONSTRAINT invoice_links_amount_check CHECK (((amount > (0)::numeric) AND (amount = trunc(amount)))),
    CONSTRAINT invoice_links_generation_check CHECK ((generation > 0)),
    CONSTRAINT invoice_links_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'ready'::text, 'superseded'::text, 'failed'::text]))),
    CONSTRAINT ready_link_has_an_address CHECK (((state <> 'ready'::text) OR ((provider_id IS NOT NULL) AND (url IS NOT NULL))))
);

CREATE TABLE payments.invoice_overdue (
    invoice_id uuid NOT NULL,
    step integer NOT NULL,
    told_at timestamp with time zone NOT NULL,
    next_at timestamp with time zone,
    CONSTRAINT invoice_overdue_step_check CHECK ((step > 0))
);

CREATE TABLE payments.invoices (
    id uuid NOT NULL,
    code text NOT NULL,
    order_id uuid NOT NULL,
    kind text NOT NULL,
    seq integer NOT NULL,
    installment_id uuid,
    deposit_percent numeric(5,2),
    amount numeric(18,2) NOT NULL,
    amount_paid numeric(18,2) DEFAULT 0 NOT NULL,
    status text NOT NULL,
    channel text NOT NULL,
    notify boolean NOT NULL,
    blast_notification boolean DEFAULT false NOT NULL,
    late boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    paid_at timestamp with time zone,
    version bigint NOT NULL,
    CONSTRAINT invoice_asks_for_whole_rupiah CHECK (((amount > (0)::numeric) AND (amount = trunc(amount)))),
    CONSTRAINT invoice_is_never_overpaid CHECK (((amount_paid >= (0)::numeric) AND (amount_paid <= amount))),
    CONSTRAINT invoices_channel_check CHECK ((channel = ANY (ARRAY['whatsapp'::text, 'email'::text, 'both'::text]))),
    CONSTRAINT invoices_deposit_percent_check CHECK (((deposit_percent > (0)::numeric) AND (deposit_percent <= (100)::numeric))),
    CONSTRAINT invoices_kind_check CHECK ((kind = ANY (ARRAY['dp'::text, 'pelunasan'::text, 'full'::text]))),
    CONSTRAINT invoices_seq_check CHECK ((seq > 0)),
    CONSTRAINT invoices_status_check CHECK ((status = ANY (ARRAY['belum dibayar'::text, 'sudah dibayar'::text, 'kadaluarsa'::text, 'dibatalkan'::text]))),
    CONSTRAINT invoices_version_check CHECK ((version > 0)),
    CONSTRAINT paid_means_all_of_it CHECK ((((status = 'sudah dibayar'::text) = (paid_at IS NOT NULL)) AND ((status <> 'sudah dibayar'::text) OR (amount_paid = amount))))
);

CREATE TABLE payments.list_changes (
    id bigint NOT NULL,
    list text NOT NULL,
    day date NOT NULL,
    status text NOT NULL,
    rows bigint NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.05', autovacuum_vacuum_threshold='500');

ALTER TABLE payments.list_changes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME payments.list_changes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE payments.list_counts (
    list text NOT NULL,
    day date NOT NULL,
    status text NOT NULL,
    rows bigint NOT NULL
)
WITH (fillfactor='80');

CREATE TABLE payments.mutation_inbox (
    id uuid NOT NULL,
    body_hash bytea NOT NULL,
    body bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT mutation_inbox_body_check CHECK ((length(body) <= 262144))
);

CREATE TABLE payments.order_money (
    order_id uuid NOT NULL,
    captured numeric(18,2) DEFAULT 0 NOT NULL,
    refunded numeric(18,2) DEFAULT 0 NOT NULL,
    revenue_booked numeric(18,2),
    money_version bigint DEFAULT 0 NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT order_money_captured_check CHECK ((captured >= (0)::numeric)),
    CONSTRAINT order_money_refunded_check CHECK ((refunded >= (0)::numeric)),
    CONSTRAINT order_money_revenue_booked_check CHECK ((revenue_booked > (0)::numeric)),
    CONSTRAINT refunds_never_exceed_captures CHECK ((refunded <= captured))
);

CREATE TABLE payments.order_projection (
    order_id uuid NOT NULL,
    version bigint NOT NULL,
    order_code text NOT NULL,
    customer_id uuid NOT NULL,
    product_name text NOT NULL,
    quantity bigint NOT NULL,
    total numeric(18,2) NOT NULL,
    payment_plan text NOT NULL,
    deposit_percent numeric(5,2),
    channel text NOT NULL,
    status text NOT NULL,
    production_status text NOT NULL,
    deleted boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT order_projection_channel_check CHECK ((channel = ANY (ARRAY['whatsapp'::text, 'email'::text, 'both'::text]))),
    CONSTRAINT order_projection_deposit_percent_check CHECK (((deposit_percent > (0)::numeric) AND (deposit_percent <= (100)::numeric))),
    CONSTRAINT order_projection_payment_plan_check CHECK ((payment_plan = ANY (ARRAY['dp'::text, 'full'::text]))),
    CONSTRAINT order_projection_production_status_check CHECK ((production_status = ANY (ARRAY['menunggu'::text, 'diproses'::text, 'selesai'::text, 'dikirim'::text, 'dibatalkan'::text]))),
    CONSTRAINT order_projection_quantity_check CHECK ((quantity > 0)),
    CONSTRAINT order_projection_status_check CHECK ((status = ANY (ARRAY['menunggu_link'::text, 'link_dibuat'::text, 'dp_dibayar'::text, 'pengerjaan_selesai'::text, 'menunggu_pelunasan'::text, 'lunas'::text, 'dibatalkan'::text]))),
    CONSTRAINT order_projection_total_check CHECK ((total > (0)::numeric))
);

CREATE TABLE payments.outbox (
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

ALTER TABLE payments.outbox ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME payments.outbox_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE payments.paper_counters (
    kind text NOT NULL,
    year integer NOT NULL,
    last integer NOT NULL,
    CONSTRAINT paper_counters_kind_check CHECK ((kind = ANY (ARRAY['invoice'::text, 'receipt'::text, 'credit_note'::text]))),
    CONSTRAINT paper_counters_last_check CHECK ((last > 0)),
    CONSTRAINT paper_counters_year_check CHECK (((year >= 2000) AND (year <= 9999)))
);

CREATE TABLE payments.papers (
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    year integer NOT NULL,
    number integer NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    CONSTRAINT papers_kind_check CHECK ((kind = ANY (ARRAY['invoice'::text, 'receipt'::text, 'credit_note'::text]))),
    CONSTRAINT papers_number_check CHECK ((number > 0))
);

CREATE TABLE payments.payment_plans (
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    form text NOT NULL,
    total numeric(18,2) NOT NULL,
    state text NOT NULL,
    replaces uuid,
    created_by text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT payment_plans_form_check CHECK ((form = ANY (ARRAY['custom'::text, 'two_step'::text, 'equal'::text]))),
    CONSTRAINT payment_plans_state_check CHECK ((state = ANY (ARRAY['active'::text, 'out_of_step'::text, 'completed'::text, 'replaced'::text, 'cancelled'::text]))),
    CONSTRAINT payment_plans_total_check CHECK (((total > (0)::numeric) AND (total = trunc(total)))),
    CONSTRAINT payment_plans_version_check CHECK ((version > 0))
);

CREATE TABLE payments.payment_refunds (
    payment_id uuid NOT NULL,
    captured numeric(18,2) NOT NULL,
    pending numeric(18,2) DEFAULT 0 NOT NULL,
    refunded numeric(18,2) DEFAULT 0 NOT NULL,
    credit_taken numeric(18,2) DEFAULT 0 NOT NULL,
    CONSTRAINT credit_is_part_of_the_refunds CHECK ((credit_taken <= (pending + refunded))),
    CONSTRAINT payment_refunds_captured_check CHECK ((captured > (0)::numeric)),
    CONSTRAINT payment_refunds_credit_taken_check CHECK ((credit_taken >= (0)::numeric)),
    CONSTRAINT payment_refunds_pending_check CHECK ((pending >= (0)::numeric)),
    CONSTRAINT payment_refunds_refunded_check CHECK ((refunded >= (0)::numeric)),
    CONSTRAINT refunds_never_exceed_the_payment CHECK (((pending + refunded) <= captured))
);

CREATE TABLE payments.payment_remarks (
    payment_id uuid NOT NULL,
    contact_info text NOT NULL,
    notes text,
    updated_by text NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT payment_remarks_contact_info_check CHECK ((char_length(contact_info) <= 255)),
    CONSTRAINT payment_remarks_notes_check CHECK ((char_length(notes) <= 1000))
);

CREATE TABLE payments.payment_reversals (
    payment_id uuid NOT NULL,
    reversed_by text NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE payments.payments (
    id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    order_id uuid NOT NULL,
    source text NOT NULL,
    provider_ref text,
    method text NOT NULL,
    amount numeric(18,2) NOT NULL,
    allocated numeric(18,2) NOT NULL,
    status text NOT NULL,
    late boolean DEFAULT false NOT NULL,
    contact_info text DEFAULT ''::text NOT NULL,
    notes text,
    paid_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    part integer DEFAULT 1 NOT NULL,
    fee numeric(18,2) DEFAULT 0 NOT NULL,
    unique_code numeric(18,2) DEFAULT 0 NOT NULL,
    CONSTRAINT manual_payments_have_no_provider CHECK (((source = 'manual'::text) = (provider_ref IS NULL))),
    CONSTRAINT payment_allocates_at_most_itself CHECK (((allocated >= (0)::numeric) AND (allocated <= amount))),
    CONSTRAINT payments_amount_check CHECK ((amount > (0)::numeric)),
    CONSTRAINT payments_fee_check CHECK ((fee >= (0)::numeric)),
    CONSTRAINT payments_part_check CHECK ((part > 0)),
    CONSTRAINT payments_source_check CHECK ((source = ANY (ARRAY['xendit'::text, 'midtrans'::text, 'manual'::text, 'mutation'::text, 'credit'::text]))),
    CONSTRAINT payments_status_check CHECK ((status = ANY (ARRAY['success'::text, 'suspended'::text]))),
    CONSTRAINT payments_unique_code_check CHECK (((unique_code >= (0)::numeric) AND (unique_code <= (999)::numeric))),
    CONSTRAINT suspended_money_is_not_allocated CHECK (((status = 'success'::text) OR (allocated = (0)::numeric)))
);

CREATE TABLE payments.proof_files (
    file_id uuid NOT NULL,
    clean boolean NOT NULL,
    heard_at timestamp with time zone NOT NULL
);

CREATE TABLE payments.proofs (
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    invoice_id uuid,
    origin text NOT NULL,
    state text NOT NULL,
    amount numeric(18,2),
    transferred_at timestamp with time zone,
    bank_name text NOT NULL,
    account_name text NOT NULL,
    reference text NOT NULL,
    notes text NOT NULL,
    file_id uuid,
    file_sha256 bytea,
    flags text[] NOT NULL,
    requested_by text NOT NULL,
    decided_by text,
    decided_at timestamp with time zone,
    reason text,
    payment_id uuid,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT a_proofs_file_has_a_hash CHECK (((file_id IS NULL) = (file_sha256 IS NULL))),
    CONSTRAINT decided_means_by_whom CHECK (((state = ANY (ARRAY['verified'::text, 'rejected'::text])) = ((decided_by IS NOT NULL) AND (decided_at IS NOT NULL)))),
    CONSTRAINT proofs_account_name_check CHECK ((char_length(account_name) <= 255)),
    CONSTRAINT proofs_amount_check CHECK ((amount > (0)::numeric)),
    CONSTRAINT proofs_bank_name_check CHECK ((char_length(bank_name) <= 100)),
    CONSTRAINT proofs_file_sha256_check CHECK ((octet_length(file_sha256) = 32)),
    CONSTRAINT proofs_notes_check CHECK ((char_length(notes) <= 1000)),
    CONSTRAINT proofs_origin_check CHECK ((origin = ANY (ARRAY['staff'::text, 'customer'::text]))),
    CONSTRAINT proofs_reason_check CHECK ((char_length(reason) <= 500)),
    CONSTRAINT proofs_reference_check CHECK ((char_length(reference) <= 255)),
    CONSTRAINT proofs_state_check CHECK ((state = ANY (ARRAY['quarantined'::text, 'in_review'::text, 'verified'::text, 'rejected'::text]))),
    CONSTRAINT verified_means_paid CHECK (((state = 'verified'::text) = (payment_id IS NOT NULL)))
);

CREATE TABLE payments.refunds (
    id uuid NOT NULL,
    payment_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    order_id uuid NOT NULL,
    amount numeric(18,2) NOT NULL,
    credit_part numeric(18,2) NOT NULL,
    order_part numeric(18,2) NOT NULL,
    from_revenue boolean NOT NULL,
    reason text NOT NULL,
    method text NOT NULL,
    provider text,
    state text NOT NULL,
    requested_by text NOT NULL,
    needs_second boolean NOT NULL,
    approved_by text,
    same_person boolean DEFAULT false NOT NULL,
    provider_ref text,
    reference text,
    proof_file_id uuid,
    failure text,
    due_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    version bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone,
    CONSTRAINT approved_has_its_people CHECK (((state = ANY (ARRAY['requested'::text, 'cancelled'::text])) OR (NOT needs_second) OR (approved_by IS NOT NULL))),
    CONSTRAINT completed_has_its_time CHECK (((state = 'completed'::text) = (completed_at IS NOT NULL))),
    CONSTRAINT refund_is_its_parts CHECK (((credit_part + order_part) = amount)),
    CONSTRAINT refunds_amount_check CHECK (((amount > (0)::numeric) AND (amount = trunc(amount)))),
    CONSTRAINT refunds_credit_part_check CHECK ((credit_part >= (0)::numeric)),
    CONSTRAINT refunds_failure_check CHECK ((char_length(failure) <= 500)),
    CONSTRAINT refunds_method_check CHECK ((method = ANY (ARRAY['bank_transfer'::text, 'cash'::text, 'original'::text]))),
    CONSTRAINT refunds_order_part_check CHECK ((order_part >= (0)::numeric)),
    CONSTRAINT refunds_provider_check CHECK ((provider = ANY (ARRAY['xendit'::text, 'midtrans'::text]))),
    CONSTRAINT refunds_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 500))),
    CONSTRAINT refunds_reference_check CHECK ((char_length(reference) <= 100)),
    CONSTRAINT refunds_state_check CHECK ((state = ANY (ARRAY['requested'::text, 'approved'::text, 'processing'::text, 'completed'::text, 'failed'::text, 'cancelled'::text]))),
    CONSTRAINT refunds_version_check CHECK ((version > 0)),
    CONSTRAINT the_provider_pays_the_original_way CHECK (((method = 'original'::text) = (provider IS NOT NULL)))
);

CREATE TABLE payments.settlements (
    id uuid NOT NULL,
    provider text NOT NULL,
    reference text NOT NULL,
    amount numeric(18,2) NOT NULL,
    fee numeric(18,2) NOT NULL,
    settled_on date NOT NULL,
    recorded_by text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    reversed_by text,
    reversed_at timestamp with time zone,
    CONSTRAINT reversed_by_somebody CHECK (((reversed_by IS NULL) = (reversed_at IS NULL))),
    CONSTRAINT settlements_amount_check CHECK ((amount > (0)::numeric)),
    CONSTRAINT settlements_fee_check CHECK ((fee >= (0)::numeric)),
    CONSTRAINT settlements_provider_check CHECK ((provider = ANY (ARRAY['xendit'::text, 'midtrans'::text]))),
    CONSTRAINT settlements_reference_check CHECK (((char_length(reference) >= 1) AND (char_length(reference) <= 100)))
);

CREATE TABLE payments.transfer (
    id uuid NOT NULL,
    kind text NOT NULL,
    order_id uuid,
    source text NOT NULL,
    reverses uuid,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT transfer_kind_check CHECK ((kind = ANY (ARRAY['payment_received'::text, 'payment_suspended'::text, 'delivered'::text, 'delivery_adjusted'::text, 'correction'::text, 'suspense_matched'::text, 'credit_used'::text, 'refund_requested'::text, 'refund_paid'::text, 'refund_failed'::text, 'provider_settled'::text])))
);

CREATE TABLE payments.unique_amounts (
    id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    bank_account text NOT NULL,
    suffix integer NOT NULL,
    amount numeric(18,2) NOT NULL,
    state text NOT NULL,
    valid_until timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT unique_amounts_check CHECK ((amount > (suffix)::numeric)),
    CONSTRAINT unique_amounts_state_check CHECK ((state = ANY (ARRAY['held'::text, 'used'::text, 'released'::text]))),
    CONSTRAINT unique_amounts_suffix_check CHECK (((suffix >= 1) AND (suffix <= 999)))
);

CREATE TABLE payments.unmatched_money (
    id uuid NOT NULL,
    payment_id uuid,
    mutation_id uuid,
    amount numeric(18,2) NOT NULL,
    reason text NOT NULL,
    state text NOT NULL,
    order_id uuid,
    invoice_id uuid,
    received_at timestamp with time zone NOT NULL,
    became uuid,
    settled_by text,
    settled_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT matched_means_a_payment CHECK (((state = 'matched'::text) = (became IS NOT NULL))),
    CONSTRAINT settled_means_by_whom CHECK (((state = 'waiting'::text) = (settled_by IS NULL))),
    CONSTRAINT unmatched_money_amount_check CHECK ((amount > (0)::numeric)),
    CONSTRAINT unmatched_money_came_from_one_place CHECK (((payment_id IS NULL) <> (mutation_id IS NULL))),
    CONSTRAINT unmatched_money_reason_check CHECK ((reason = ANY (ARRAY['amount_too_low'::text, 'no_such_amount'::text, 'invoice_closed'::text]))),
    CONSTRAINT unmatched_money_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'matched'::text, 'credited'::text])))
);

CREATE TABLE payments.webhook_inbox (
    id uuid NOT NULL,
    source text NOT NULL,
    body_hash bytea NOT NULL,
    body bytea NOT NULL,
    webhook_type text NOT NULL,
    status text NOT NULL,
    reason text,
    order_id uuid,
    invoice_id uuid,
    attempts integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone NOT NULL,
    trace jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT webhook_inbox_body_check CHECK ((length(body) <= 262144)),
    CONSTRAINT webhook_inbox_status_check CHECK ((status = ANY (ARRAY['received'::text, 'processed'::text, 'ignored'::text, 'failed'::text])))
);

ALTER TABLE ONLY payments.event_log ATTACH PARTITION payments.event_log_default DEFAULT;

ALTER TABLE ONLY payments.__diesel_schema_migrations
    ADD CONSTRAINT __diesel_schema_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY payments.account
    ADD CONSTRAINT account_code_key UNIQUE (code);

ALTER TABLE ONLY payments.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.bank_mutations
    ADD CONSTRAINT bank_mutations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.bank_mutations
    ADD CONSTRAINT bank_mutations_reference_key UNIQUE (bank_account, reference);

ALTER TABLE ONLY payments.customer_projection
    ADD CONSTRAINT customer_projection_pkey PRIMARY KEY (customer_id);

ALTER TABLE ONLY payments.entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.event_log
    ADD CONSTRAINT event_log_pkey PRIMARY KEY (seq, occurred_at);

ALTER TABLE ONLY payments.event_log_default
    ADD CONSTRAINT event_log_default_pkey PRIMARY KEY (seq, occurred_at);

ALTER TABLE ONLY payments.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (principal, route, key);

ALTER TABLE ONLY payments.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, message_id);

ALTER TABLE ONLY payments.inbox_retry
    ADD CONSTRAINT inbox_retry_pkey PRIMARY KEY (consumer, message_id);

ALTER TABLE ONLY payments.installment_reminders
    ADD CONSTRAINT installment_reminders_pkey PRIMARY KEY (installment_id, step_days);

ALTER TABLE ONLY payments.installments
    ADD CONSTRAINT installments_due_key UNIQUE (plan_id, due_on) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY payments.installments
    ADD CONSTRAINT installments_invoice_key UNIQUE (invoice_id);

ALTER TABLE ONLY payments.installments
    ADD CONSTRAINT installments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.installments
    ADD CONSTRAINT installments_sequence_key UNIQUE (plan_id, sequence);

ALTER TABLE ONLY payments.invoice_links
    ADD CONSTRAINT invoice_links_external_id_key UNIQUE (external_id);

ALTER TABLE ONLY payments.invoice_links
    ADD CONSTRAINT invoice_links_generation_key UNIQUE (invoice_id, generation);

ALTER TABLE ONLY payments.invoice_links
    ADD CONSTRAINT invoice_links_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.invoice_links
    ADD CONSTRAINT invoice_links_provider_id_key UNIQUE (provider, provider_id);

ALTER TABLE ONLY payments.invoice_overdue
    ADD CONSTRAINT invoice_overdue_pkey PRIMARY KEY (invoice_id);

ALTER TABLE ONLY payments.invoices
    ADD CONSTRAINT invoices_code_key UNIQUE (code);

ALTER TABLE ONLY payments.invoices
    ADD CONSTRAINT invoices_order_kind_seq_key UNIQUE (order_id, kind, seq);

ALTER TABLE ONLY payments.invoices
    ADD CONSTRAINT invoices_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.list_changes
    ADD CONSTRAINT list_changes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.list_counts
    ADD CONSTRAINT list_counts_pkey PRIMARY KEY (list, day, status);

ALTER TABLE ONLY payments.mutation_inbox
    ADD CONSTRAINT mutation_inbox_body_key UNIQUE (body_hash);

ALTER TABLE ONLY payments.mutation_inbox
    ADD CONSTRAINT mutation_inbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.order_money
    ADD CONSTRAINT order_money_pkey PRIMARY KEY (order_id);

ALTER TABLE ONLY payments.order_projection
    ADD CONSTRAINT order_projection_pkey PRIMARY KEY (order_id);

ALTER TABLE ONLY payments.outbox
    ADD CONSTRAINT outbox_id_key UNIQUE (id);

ALTER TABLE ONLY payments.outbox
    ADD CONSTRAINT outbox_one_fact_per_version UNIQUE (aggregate_type, aggregate_id, aggregate_version, event_type);

ALTER TABLE ONLY payments.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY payments.paper_counters
    ADD CONSTRAINT paper_counters_pkey PRIMARY KEY (kind, year);

ALTER TABLE ONLY payments.papers
    ADD CONSTRAINT papers_number_key UNIQUE (kind, year, number);

ALTER TABLE ONLY payments.papers
    ADD CONSTRAINT papers_pkey PRIMARY KEY (kind, subject_id);

ALTER TABLE ONLY payments.payment_plans
    ADD CONSTRAINT payment_plans_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.payment_plans
    ADD CONSTRAINT payment_plans_replaces_key UNIQUE (replaces);

ALTER TABLE ONLY payments.payment_refunds
    ADD CONSTRAINT payment_refunds_pkey PRIMARY KEY (payment_id);

ALTER TABLE ONLY payments.payment_remarks
    ADD CONSTRAINT payment_remarks_pkey PRIMARY KEY (payment_id);

ALTER TABLE ONLY payments.payment_reversals
    ADD CONSTRAINT payment_reversals_pkey PRIMARY KEY (payment_id);

ALTER TABLE ONLY payments.payments
    ADD CONSTRAINT payments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.payments
    ADD CONSTRAINT payments_provider_ref_key UNIQUE (source, provider_ref, part);

ALTER TABLE ONLY payments.proof_files
    ADD CONSTRAINT proof_files_pkey PRIMARY KEY (file_id);

ALTER TABLE ONLY payments.proofs
    ADD CONSTRAINT proofs_file_id_key UNIQUE (file_id);

ALTER TABLE ONLY payments.proofs
    ADD CONSTRAINT proofs_payment_key UNIQUE (payment_id);

ALTER TABLE ONLY payments.proofs
    ADD CONSTRAINT proofs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.refunds
    ADD CONSTRAINT refunds_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.refunds
    ADD CONSTRAINT refunds_provider_ref_key UNIQUE (provider, provider_ref);

ALTER TABLE ONLY payments.settlements
    ADD CONSTRAINT settlements_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.transfer
    ADD CONSTRAINT transfer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.transfer
    ADD CONSTRAINT transfer_reverses_key UNIQUE (reverses);

ALTER TABLE ONLY payments.transfer
    ADD CONSTRAINT transfer_source_key UNIQUE (source);

ALTER TABLE ONLY payments.unique_amounts
    ADD CONSTRAINT unique_amounts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.unmatched_money
    ADD CONSTRAINT unmatched_money_became_key UNIQUE (became);

ALTER TABLE ONLY payments.unmatched_money
    ADD CONSTRAINT unmatched_money_mutation_key UNIQUE (mutation_id);

ALTER TABLE ONLY payments.unmatched_money
    ADD CONSTRAINT unmatched_money_payment_key UNIQUE (payment_id);

ALTER TABLE ONLY payments.unmatched_money
    ADD CONSTRAINT unmatched_money_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments.webhook_inbox
    ADD CONSTRAINT webhook_inbox_body_key UNIQUE (source, body_hash);

ALTER TABLE ONLY payments.webhook_inbox
    ADD CONSTRAINT webhook_inbox_pkey PRIMARY KEY (id);

CREATE INDEX account_order_idx ON payments.account USING btree (order_id) WHERE (order_id IS NOT NULL);

CREATE INDEX bank_mutations_due_idx ON payments.bank_mutations USING btree (due_at) WHERE (state = 'received'::text);

CREATE INDEX bank_mutations_inbox_idx ON payments.bank_mutations USING btree (inbox_id);

CREATE INDEX entry_account_idx ON payments.entry USING btree (account_id) INCLUDE (amount);

CREATE INDEX entry_transfer_idx ON payments.entry USING btree (transfer_id);

CREATE INDEX event_log_aggregate ON ONLY payments.event_log USING btree (aggregate_id, seq);

CREATE INDEX event_log_default_aggregate_id_seq_idx ON payments.event_log_default USING btree (aggregate_id, seq);

CREATE INDEX event_log_type ON ONLY payments.event_log USING btree (event_type, seq);

CREATE INDEX event_log_default_event_type_seq_idx ON payments.event_log_default USING btree (event_type, seq);

CREATE INDEX event_log_time ON ONLY payments.event_log USING btree (occurred_at);

CREATE INDEX event_log_default_occurred_at_idx ON payments.event_log_default USING btree (occurred_at);

CREATE INDEX idempotency_customer ON payments.idempotency USING btree (customer_id) WHERE (customer_id IS NOT NULL);

CREATE INDEX idempotency_expires_at ON payments.idempotency USING btree (expires_at);

CREATE INDEX idx_invoice_status ON payments.invoices USING btree (status, created_at DESC, id DESC);

CREATE INDEX idx_payment_date ON payments.payments USING btree (paid_at DESC, id DESC);

CREATE INDEX inbox_received ON payments.inbox USING btree (received_at);

CREATE INDEX inbox_retry_due ON payments.inbox_retry USING btree (due_at) WHERE (parked_at IS NULL);

CREATE INDEX inbox_retry_parked ON payments.inbox_retry USING btree (parked_at) WHERE (parked_at IS NOT NULL);

CREATE INDEX installments_remind_idx ON payments.installments USING btree (remind_on) WHERE (remind_on IS NOT NULL);

CREATE INDEX invoice_links_asked_idx ON payments.invoice_links USING btree (due_at) WHERE (state = 'asked'::text);

CREATE INDEX invoice_links_kill_idx ON payments.invoice_links USING btree (kill_due_at) WHERE (kill_due_at IS NOT NULL);

CREATE UNIQUE INDEX invoice_links_one_live_key ON payments.invoice_links USING btree (invoice_id) WHERE (state = ANY (ARRAY['asked'::text, 'ready'::text]));

CREATE INDEX invoice_links_poll_idx ON payments.invoice_links USING btree (poll_due_at) WHERE (poll_due_at IS NOT NULL);

CREATE INDEX invoices_created_at_idx ON payments.invoices USING btree (created_at DESC, id DESC);

CREATE INDEX invoices_open_until_idx ON payments.invoices USING btree (expires_at) WHERE (status = 'belum dibayar'::text);

CREATE INDEX invoices_order_created_idx ON payments.invoices USING btree (order_id, created_at DESC, id DESC);

CREATE INDEX invoices_unpaid_until_idx ON payments.invoices USING btree (expires_at) WHERE (status = ANY (ARRAY['belum dibayar'::text, 'kadaluarsa'::text]));

CREATE INDEX order_money_due_idx ON payments.order_money USING btree (ended_at DESC, order_id DESC) WHERE ((ended_at IS NOT NULL) AND (captured > refunded));

CREATE INDEX order_projection_customer_idx ON payments.order_projection USING btree (customer_id);

CREATE INDEX outbox_parked ON payments.outbox USING btree (seq) WHERE (parked_at IS NOT NULL);

CREATE INDEX outbox_pending ON payments.outbox USING btree (seq) WHERE ((published_at IS NULL) AND (parked_at IS NULL));

CREATE INDEX outbox_published ON payments.outbox USING btree (seq) WHERE (published_at IS NOT NULL);

CREATE INDEX payment_plans_created_at_idx ON payments.payment_plans USING btree (created_at DESC, id DESC);

CREATE UNIQUE INDEX payment_plans_one_live_key ON payments.payment_plans USING btree (order_id) WHERE (state = ANY (ARRAY['active'::text, 'out_of_step'::text]));

CREATE INDEX payment_plans_order_idx ON payments.payment_plans USING btree (order_id, created_at DESC, id DESC);

CREATE INDEX payments_created_at_idx ON payments.payments USING btree (created_at DESC, id DESC);

CREATE INDEX payments_invoice_idx ON payments.payments USING btree (invoice_id);

CREATE INDEX payments_order_created_idx ON payments.payments USING btree (order_id, created_at DESC, id DESC);

CREATE INDEX payments_status_idx ON payments.payments USING btree (status, created_at DESC, id DESC);

CREATE INDEX proof_files_heard_idx ON payments.proof_files USING btree (heard_at);

CREATE INDEX proofs_alike_idx ON payments.proofs USING btree (amount, transferred_at);

CREATE INDEX proofs_created_at_idx ON payments.proofs USING btree (created_at DESC, id DESC);

CREATE UNIQUE INDEX proofs_file_sha256_key ON payments.proofs USING btree (file_sha256) WHERE (state <> 'rejected'::text);

CREATE INDEX proofs_invoice_idx ON payments.proofs USING btree (invoice_id);

CREATE INDEX proofs_order_idx ON payments.proofs USING btree (order_id);

CREATE INDEX proofs_queue_idx ON payments.proofs USING btree (state, created_at DESC, id DESC);

CREATE INDEX refunds_created_at_idx ON payments.refunds USING btree (created_at DESC, id DESC);

CREATE INDEX refunds_due_idx ON payments.refunds USING btree (due_at) WHERE (due_at IS NOT NULL);

CREATE INDEX refunds_invoice_idx ON payments.refunds USING btree (invoice_id);

CREATE INDEX refunds_order_idx ON payments.refunds USING btree (order_id, created_at DESC);

CREATE INDEX refunds_payment_idx ON payments.refunds USING btree (payment_id, created_at);

CREATE INDEX refunds_state_idx ON payments.refunds USING btree (state, created_at DESC, id DESC);

CREATE UNIQUE INDEX settlements_reference_key ON payments.settlements USING btree (provider, reference) WHERE (reversed_at IS NULL);

CREATE INDEX settlements_settled_on_idx ON payments.settlements USING btree (settled_on DESC, id DESC);

CREATE INDEX transfer_order_idx ON payments.transfer USING btree (order_id);

CREATE UNIQUE INDEX unique_amounts_amount_key ON payments.unique_amounts USING btree (bank_account, amount) WHERE (state = 'held'::text);

CREATE UNIQUE INDEX unique_amounts_invoice_key ON payments.unique_amounts USING btree (invoice_id) WHERE (state = 'held'::text);

CREATE UNIQUE INDEX unique_amounts_suffix_key ON payments.unique_amounts USING btree (bank_account, suffix) WHERE (state = 'held'::text);

CREATE INDEX unique_amounts_until_idx ON payments.unique_amounts USING btree (valid_until) WHERE (state = 'held'::text);

CREATE INDEX unmatched_money_created_at_idx ON payments.unmatched_money USING btree (created_at DESC, id DESC);

CREATE INDEX unmatched_money_queue_idx ON payments.unmatched_money USING btree (state, created_at DESC, id DESC);

CREATE INDEX webhook_inbox_due_idx ON payments.webhook_inbox USING btree (due_at) WHERE (status = 'received'::text);

CREATE INDEX webhook_inbox_order_idx ON payments.webhook_inbox USING btree (order_id) WHERE (order_id IS NOT NULL);

ALTER INDEX payments.event_log_aggregate ATTACH PARTITION payments.event_log_default_aggregate_id_seq_idx;

ALTER INDEX payments.event_log_type ATTACH PARTITION payments.event_log_default_event_type_seq_idx;

ALTER INDEX payments.event_log_time ATTACH PARTITION payments.event_log_default_occurred_at_idx;

ALTER INDEX payments.event_log_pkey ATTACH PARTITION payments.event_log_default_pkey;

CREATE TRIGGER account_is_append_only BEFORE DELETE OR UPDATE ON payments.account FOR EACH ROW EXECUTE FUNCTION payments.refuse_change();

CREATE TRIGGER entry_is_append_only BEFORE DELETE OR UPDATE ON payments.entry FOR EACH ROW EXECUTE FUNCTION payments.refuse_change();

CREATE TRIGGER entry_is_not_truncated BEFORE TRUNCATE ON payments.entry FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_change();

CREATE TRIGGER invoices_note_delete AFTER DELETE ON payments.invoices REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION payments.note_invoices();

CREATE TRIGGER invoices_note_insert AFTER INSERT ON payments.invoices REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payments.note_invoices();

CREATE TRIGGER invoices_note_update AFTER UPDATE ON payments.invoices REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payments.note_invoices();

CREATE TRIGGER payments_are_append_only BEFORE DELETE OR UPDATE ON payments.payments FOR EACH ROW EXECUTE FUNCTION payments.refuse_change();

CREATE TRIGGER payments_are_not_truncated BEFORE TRUNCATE ON payments.payments FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_change();

CREATE TRIGGER payments_note_delete AFTER DELETE ON payments.payments REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION payments.note_payments();

CREATE TRIGGER payments_note_insert AFTER INSERT ON payments.payments REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payments.note_payments();

CREATE TRIGGER payments_note_update AFTER UPDATE ON payments.payments REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payments.note_payments();

CREATE CONSTRAINT TRIGGER transfer_balances AFTER INSERT ON payments.entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments.check_transfer_balances();

CREATE CONSTRAINT TRIGGER transfer_has_entries AFTER INSERT ON payments.transfer DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments.check_transfer_has_entries();

CREATE TRIGGER transfer_is_append_only BEFORE DELETE OR UPDATE ON payments.transfer FOR EACH ROW EXECUTE FUNCTION payments.refuse_change();

CREATE TRIGGER transfer_is_not_truncated BEFORE TRUNCATE ON payments.transfer FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_change();

ALTER TABLE ONLY payments.bank_mutations
    ADD CONSTRAINT bank_mutations_inbox_id_fkey FOREIGN KEY (inbox_id) REFERENCES payments.mutation_inbox(id);

ALTER TABLE ONLY payments.entry
    ADD CONSTRAINT entry_account_id_fkey FOREIGN KEY (account_id) REFERENCES payments.account(id);

ALTER TABLE ONLY payments.entry
    ADD CONSTRAINT entry_transfer_id_fkey FOREIGN KEY (transfer_id) REFERENCES payments.transfer(id);

ALTER TABLE ONLY payments.installment_reminders
    ADD CONSTRAINT installment_reminders_installment_id_fkey FOREIGN KEY (installment_id) REFERENCES payments.installments(id);

ALTER TABLE ONLY payments.installments
    ADD CONSTRAINT installments_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES payments.invoices(id);

ALTER TABLE ONLY payments.installments
    ADD CONSTRAINT installments_order_id_fkey FOREIGN KEY (order_id) REFERENCES payments.order_projection(order_id);

ALTER TABLE ONLY payments.installments
    ADD CONSTRAINT installments_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES payments.payment_plans(id);

ALTER TABLE ONLY payments.invoice_links
    ADD CONSTRAINT invoice_links_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES payments.invoices(id);

ALTER TABLE ONLY payments.invoice_overdue
    ADD CONSTRAINT invoice_overdue_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES payments.invoices(id);

ALTER TABLE ONLY payments.invoices
    ADD CONSTRAINT invoices_order_id_fkey FOREIGN KEY (order_id) REFERENCES payments.order_projection(order_id);

ALTER TABLE ONLY payments.order_money
    ADD CONSTRAINT order_money_order_id_fkey FOREIGN KEY (order_id) REFERENCES payments.order_projection(order_id);

ALTER TABLE ONLY payments.payment_plans
    ADD CONSTRAINT payment_plans_order_id_fkey FOREIGN KEY (order_id) REFERENCES payments.order_projection(order_id);

ALTER TABLE ONLY payments.payment_plans
    ADD CONSTRAINT payment_plans_replaces_fkey FOREIGN KEY (replaces) REFERENCES payments.payment_plans(id);

ALTER TABLE ONLY payments.payment_refunds
    ADD CONSTRAINT payment_refunds_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments.payments(id);

ALTER TABLE ONLY payments.payment_remarks
    ADD CONSTRAINT payment_remarks_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments.payments(id);

ALTER TABLE ONLY payments.payment_reversals
    ADD CONSTRAINT payment_reversals_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments.payments(id);

ALTER TABLE ONLY payments.payments
    ADD CONSTRAINT payments_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES payments.invoices(id);

ALTER TABLE ONLY payments.payments
    ADD CONSTRAINT payments_order_id_fkey FOREIGN KEY (order_id) REFERENCES payments.order_projection(order_id);

ALTER TABLE ONLY payments.proofs
    ADD CONSTRAINT proofs_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES payments.invoices(id);

ALTER TABLE ONLY payments.proofs
    ADD CONSTRAINT proofs_order_id_fkey FOREIGN KEY (order_id) REFERENCES payments.order_projection(order_id);

ALTER TABLE ONLY payments.proofs
    ADD CONSTRAINT proofs_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments.payments(id);

ALTER TABLE ONLY payments.refunds
    ADD CONSTRAINT refunds_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES payments.invoices(id);

ALTER TABLE ONLY payments.refunds
    ADD CONSTRAINT refunds_order_id_fkey FOREIGN KEY (order_id) REFERENCES payments.order_projection(order_id);

ALTER TABLE ONLY payments.refunds
    ADD CONSTRAINT refunds_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments.payments(id);

ALTER TABLE ONLY payments.transfer
    ADD CONSTRAINT transfer_reverses_fkey FOREIGN KEY (reverses) REFERENCES payments.transfer(id);

ALTER TABLE ONLY payments.unique_amounts
    ADD CONSTRAINT unique_amounts_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES payments.invoices(id);

ALTER TABLE ONLY payments.unmatched_money
    ADD CONSTRAINT unmatched_money_became_fkey FOREIGN KEY (became) REFERENCES payments.payments(id);

ALTER TABLE ONLY payments.unmatched_money
    ADD CONSTRAINT unmatched_money_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES payments.invoices(id);

ALTER TABLE ONLY payments.unmatched_money
    ADD CONSTRAINT unmatched_money_mutation_id_fkey FOREIGN KEY (mutation_id) REFERENCES payments.bank_mutations(id);

ALTER TABLE ONLY payments.unmatched_money
    ADD CONSTRAINT unmatched_money_order_id_fkey FOREIGN KEY (order_id) REFERENCES payments.order_projection(order_id);

ALTER TABLE ONLY payments.unmatched_money
    ADD CONSTRAINT unmatched_money_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments.payments(id);

GRANT USAGE ON SCHEMA payments TO payment_svc;

REVOKE ALL ON FUNCTION payments.post_transfer(transfer_id uuid, transfer_kind text, about_order uuid, about text, reversed uuid, at timestamp with time zone, codes text[], amounts numeric[]) FROM PUBLIC;
GRANT ALL ON FUNCTION payments.post_transfer(transfer_id uuid, transfer_kind text, about_order uuid, about text, reversed uuid, at timestamp with time zone, codes text[], amounts numeric[]) TO payment_svc;

REVOKE ALL ON FUNCTION payments.recount_lists() FROM PUBLIC;

GRANT SELECT ON TABLE payments.__diesel_schema_migrations TO payment_svc;

GRANT SELECT ON TABLE payments.account TO payment_svc;

GRANT SELECT,USAGE ON SEQUENCE payments.account_id_seq TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.bank_mutations TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.customer_projection TO payment_svc;

GRANT SELECT ON TABLE payments.entry TO payment_svc;

GRANT SELECT,USAGE ON SEQUENCE payments.entry_id_seq TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.event_log TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.event_log_default TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.idempotency TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.inbox TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.inbox_retry TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.installment_reminders TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.installments TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.invoice_links TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.invoice_overdue TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.invoices TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.list_changes TO payment_svc;

GRANT SELECT,USAGE ON SEQUENCE payments.list_changes_id_seq TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.list_counts TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.mutation_inbox TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.order_money TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.order_projection TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.outbox TO payment_svc;

GRANT SELECT,USAGE ON SEQUENCE payments.outbox_seq_seq TO payment_svc;

GRANT SELECT,INSERT,UPDATE ON TABLE payments.paper_counters TO payment_svc;

GRANT SELECT,INSERT ON TABLE payments.papers TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.payment_plans TO payment_svc;

GRANT SELECT,INSERT,UPDATE ON TABLE payments.payment_refunds TO payment_svc;

GRANT SELECT,INSERT,UPDATE ON TABLE payments.payment_remarks TO payment_svc;

GRANT SELECT,INSERT ON TABLE payments.payment_reversals TO payment_svc;

GRANT SELECT,INSERT ON TABLE payments.payments TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.proof_files TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.proofs TO payment_svc;

GRANT SELECT,INSERT,UPDATE ON TABLE payments.refunds TO payment_svc;

GRANT SELECT,INSERT,UPDATE ON TABLE payments.settlements TO payment_svc;

GRANT SELECT ON TABLE payments.transfer TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.unique_amounts TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.unmatched_money TO payment_svc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payments.webhook_inbox TO payment_svc;

ALTER DEFAULT PRIVILEGES FOR ROLE migrator IN SCHEMA payments GRANT SELECT,USAGE ON SEQUENCES  TO payment_svc;

ALTER DEFAULT PRIVILEGES FOR ROLE migrator IN SCHEMA payments GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES  TO payment_svc;
