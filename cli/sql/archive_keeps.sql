-- What is in some numbers of the journal, and which of its cases are not over. Reads all of it.
-- in:  $1 int8 low, $2 int8 high (exclusive)
-- out: entries int8, cases int8, open int8 (open, held, or without a row), due int8 (closed, and something of it is still to be done),
--      newest timestamptz (null: there is none)
WITH inside AS MATERIALIZED (
    SELECT e.lane, e.case_id, count(*) AS entries, max(e.at) AS newest
      FROM journal.entry AS e
     WHERE e.seq >= $1::int8 AND e.seq < $2::int8
     GROUP BY e.lane, e.case_id),
judged AS (
    SELECT i.entries, i.newest, i.case_id > 0 AS is_case, c.state IS NOT DISTINCT FROM 'closed' AS is_closed,
           c.next_at IS NOT NULL
           OR EXISTS (SELECT FROM dispatch.work_order AS w
                       WHERE w.lane = i.lane AND w.case_id = i.case_id AND w.next_at IS NOT NULL)
           OR EXISTS (SELECT FROM notify.notice AS n
                       WHERE n.lane = i.lane AND n.case_id = i.case_id AND (n.next_at IS NOT NULL OR n.state = 1)) AS is_due
      FROM inside AS i
      LEFT JOIN sla.case AS c ON c.lane = i.lane AND c.case_id = i.case_id)
SELECT coalesce(sum(entries), 0)::int8 AS entries, count(*) FILTER (WHERE is_case) AS cases,
       count(*) FILTER (WHERE is_case AND NOT is_closed) AS open, count(*) FILTER (WHERE is_case AND is_closed AND is_due) AS due,
       max(newest) AS newest
  FROM judged;
