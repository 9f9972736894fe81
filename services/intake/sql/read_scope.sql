-- By what it is decided whether a client may see a case. No row: there is no such case.
-- A case whose entries are archived is known by what sla stored.
-- in:  $1 int2 lane, $2 int8 case_id
-- out: customer text (null: sla has not stored it), contract text (null: not known), source text (null: not known), first bytea (packed Event,
--      where sla has not stored it: how it was reported)
SELECT c.customer, c.contract, c.source, e.body AS first
  FROM (SELECT $1::int2 AS lane, $2::int8 AS case_id) AS k
  LEFT JOIN read.sla_case AS c ON c.lane = k.lane AND c.case_id = k.case_id
  LEFT JOIN LATERAL (
            SELECT body
              FROM journal.entry
             WHERE c.customer IS NULL AND lane = k.lane AND case_id = k.case_id
             ORDER BY seq
             LIMIT 1) AS e ON true
 WHERE c.customer IS NOT NULL OR e.body IS NOT NULL;
