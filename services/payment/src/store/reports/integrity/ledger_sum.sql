-- All entries together add up to nothing.
SELECT count(*) OVER () AS breaches, subject, detail FROM (
    SELECT 'ledger' AS subject, 'the entries add up to ' || sum(amount) AS detail
    FROM entry HAVING sum(amount) <> 0
) AS broken ORDER BY subject LIMIT 20
