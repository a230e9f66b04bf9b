-- Files that prove a transfer: private, never served under /media, and no order's draft.
ALTER TABLE files ADD COLUMN purpose text NOT NULL DEFAULT 'design' CHECK (purpose IN ('design', 'proof'));
ALTER TABLE files ADD CONSTRAINT a_proof_is_no_orders CHECK (purpose = 'design' OR order_id IS NULL);
DROP INDEX files_unclaimed;
-- What the sweep looks at: uploads that never finished and drafts nobody claimed.
CREATE INDEX files_unclaimed ON files (created_at)
    WHERE (order_id IS NULL AND purpose = 'design') OR state = 'receiving';
