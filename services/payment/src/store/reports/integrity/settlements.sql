-- Each payout of a provider is booked once as what reached the bank and what was kept, and booked
-- back once when it was taken back.
SELECT count(*) OVER () AS breaches, subject, detail FROM (
    SELECT settlements.id::text AS subject,
           wanted.source || ' booked ' || coalesce(booked.went, 0) || ', not '
               || settlements.amount + settlements.fee AS detail
    FROM settlements
    CROSS JOIN LATERAL (VALUES
        ('settlement:' || id, true), ('settlement_reversed:' || id, reversed_at IS NOT NULL)
    ) AS wanted (source, is_wanted)
    LEFT JOIN (
        SELECT transfer.source, sum(entry.amount) FILTER (WHERE entry.amount > 0) AS went
        FROM transfer JOIN entry ON entry.transfer_id = transfer.id
        WHERE transfer.kind = 'provider_settled'
        GROUP BY transfer.id
    ) AS booked ON booked.source = wanted.source
    WHERE booked.went IS DISTINCT FROM
        CASE WHEN wanted.is_wanted THEN settlements.amount + settlements.fee END
) AS broken ORDER BY subject LIMIT 20
