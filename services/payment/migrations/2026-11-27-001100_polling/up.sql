-- Links whose provider is asked by ourselves, because callbacks may fail to come.

ALTER TABLE invoice_links
    -- When the provider is asked next how the link stands; absent once that is known for good.
    ADD COLUMN poll_due_at timestamptz,
    ADD COLUMN polls       integer NOT NULL DEFAULT 0;
UPDATE invoice_links SET poll_due_at = created_at WHERE provider_id IS NOT NULL;
CREATE INDEX invoice_links_poll_idx ON invoice_links (poll_due_at) WHERE poll_due_at IS NOT NULL;
