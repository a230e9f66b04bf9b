-- What we owe, and what is owed to us, is never less than nothing.
SELECT count(*) OVER () AS breaches, subject, detail FROM (
    SELECT account.code AS subject, 'its balance is ' || account.side * sums.total AS detail
    FROM account JOIN (SELECT account_id, sum(amount) AS total FROM entry GROUP BY account_id) AS sums
        ON sums.account_id = account.id
    WHERE account.floor_zero AND account.side * sums.total < 0
) AS broken ORDER BY subject LIMIT 20
