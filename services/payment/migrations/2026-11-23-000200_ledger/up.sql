-- The double-entry ledger (settled.md 25, reliability.md part C): rows are appended through
-- post_transfer and never changed; the database itself refuses what does not add up.

CREATE TABLE account (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- "bank", "clearing:xendit", "suspense", "revenue", "deposits:<order>", "receivable:<order>",
    -- "credit:<customer>"
    code        text NOT NULL CONSTRAINT account_code_key UNIQUE,
    kind        text NOT NULL CHECK (kind IN (
        'bank', 'clearing', 'suspense', 'revenue', 'deposits', 'receivable', 'credit',
        'refunds', 'fees')),
    -- Which side makes it grow: +1 debit, -1 credit.
    side        smallint NOT NULL CHECK (side IN (1, -1)),
    order_id    uuid,
    customer_id uuid,
    -- Whether its balance, seen from its own side, may never fall below zero.
    floor_zero  boolean NOT NULL
);
CREATE INDEX account_order_idx ON account (order_id) WHERE order_id IS NOT NULL;

CREATE TABLE transfer (
    id         uuid PRIMARY KEY,
    kind       text NOT NULL CHECK (kind IN (
        'payment_received', 'payment_suspended', 'delivered', 'delivery_adjusted', 'correction')),
    order_id   uuid,
    -- What it is about, such as "payment:<id>": nothing is booked twice.
    source     text NOT NULL CONSTRAINT transfer_source_key UNIQUE,
    reverses   uuid CONSTRAINT transfer_reverses_key UNIQUE REFERENCES transfer,
    created_at timestamptz NOT NULL
);
CREATE INDEX transfer_order_idx ON transfer (order_id);

CREATE TABLE entry (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transfer_id uuid NOT NULL REFERENCES transfer,
    account_id  bigint NOT NULL REFERENCES account,
    -- Positive is a debit, negative a credit.
    amount      numeric(18, 2) NOT NULL CHECK (amount <> 0)
);
CREATE INDEX entry_transfer_idx ON entry (transfer_id);
CREATE INDEX entry_account_idx ON entry (account_id) INCLUDE (amount);

-- The entries of every transfer add up to nothing. Deferred: judged at COMMIT, so no order of
-- statements slips past it.
CREATE FUNCTION check_transfer_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    total numeric := (SELECT sum(amount) FROM entry WHERE transfer_id = NEW.transfer_id);
BEGIN
    IF total <> 0 THEN
        RAISE EXCEPTION 'the entries of transfer % add up to %', NEW.transfer_id, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_balances';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER transfer_balances AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_transfer_balances();

-- And every transfer has entries.
CREATE FUNCTION check_transfer_has_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM entry WHERE transfer_id = NEW.id) < 2 THEN
        RAISE EXCEPTION 'transfer % has no entries', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_has_entries';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER transfer_has_entries AFTER INSERT ON transfer DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_transfer_has_entries();

-- A mistake is corrected by a transfer that reverses it, never by an edit. This holds for every
-- role, the tables' owner too.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER entry_is_append_only BEFORE UPDATE OR DELETE ON entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entry_is_not_truncated BEFORE TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfer_is_append_only BEFORE UPDATE OR DELETE ON transfer FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfer_is_not_truncated BEFORE TRUNCATE ON transfer FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER account_is_append_only BEFORE UPDATE OR DELETE ON account FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payments_are_append_only BEFORE UPDATE OR DELETE ON payments FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payments_are_not_truncated BEFORE TRUNCATE ON payments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Books one transfer: codes[i] moves by amounts[i]. Answers true when it was booked now, false
-- when the very same was booked before; the same source with other content is an error.
-- Runs with the owner's rights: the service's role can book through here and nowhere else.
CREATE FUNCTION post_transfer(
    transfer_id uuid, transfer_kind text, about_order uuid, about text, reversed uuid,
    at timestamptz, codes text[], amounts numeric[]
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
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
REVOKE ALL ON FUNCTION post_transfer FROM PUBLIC;
GRANT EXECUTE ON FUNCTION post_transfer TO payment_svc;

REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON account, transfer, entry FROM payment_svc;
