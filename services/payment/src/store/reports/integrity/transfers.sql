-- The entries of each transfer add up to nothing, and each has some.
SELECT count(*) OVER () AS breaches, subject, detail FROM (
    SELECT transfer.id::text AS subject,
           'its ' || coalesce(lines, 0) || ' entries add up to ' || coalesce(total, 0) AS detail
    FROM transfer LEFT JOIN (
        SELECT transfer_id, count(*) AS lines, sum(amount) AS total FROM entry GROUP BY transfer_id
    ) AS sums ON sums.transfer_id = transfer.id
    WHERE coalesce(lines, 0) < 2 OR total <> 0
) AS broken ORDER BY subject LIMIT 20
