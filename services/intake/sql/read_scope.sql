-- By what it is decided whether a client may see a case. No row: there is no such case.
-- in:  $1 int2 lane, $2 int8 case_id
-- out: customer text (null: sla has not stored it), contract text (null: not known), source text (null: not known), first bytea (packed Event,
--      where sla has not stored it: how it was reported)
SELECT c.customer, c.contract, c.source, CASE WHEN c.customer IS NULL THEN e.body END AS first
  FROM (SELECT body
          FROM journal.entry
         WHERE lane = $1::int2 AND case_id = $2::int8
         ORDER BY seq
         LIMIT 1) AS e
  LEFT JOIN read.sla_case AS c ON c.lane = $1::int2 AND c.case_id = $2::int8;
