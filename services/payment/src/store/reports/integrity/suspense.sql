-- What waits in suspense is what waits in the queue of staff.
SELECT count(*) OVER () AS breaches, subject, detail FROM (
    SELECT 'suspense' AS subject, 'holds ' || held || ', ' || waiting || ' waits for staff' AS detail
    FROM (SELECT coalesce(-sum(entry.amount), 0) AS held
          FROM entry JOIN account ON account.id = entry.account_id AND account.kind = 'suspense') AS books,
         (SELECT coalesce(sum(amount), 0) AS waiting FROM unmatched_money WHERE state = 'waiting') AS queue
    WHERE held <> waiting
) AS broken ORDER BY subject LIMIT 20
