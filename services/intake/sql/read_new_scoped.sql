-- As read_new_entries, for a client that does not see every case: with each entry what read_scope says of its case. Entries of no case are
-- left out.
-- in:  $1 int2[] lane, $2 int8[] after, $3 int4 limit
-- out: seq int8, at timestamptz, case_id int8, kind int2, body bytea, lane int2, customer text (null: sla has not stored it),
--      contract text (null: not known), source text (null: not known), first bytea
SELECT e.seq, e.at, e.case_id, e.kind, e.body, e.lane, c.customer, c.contract, c.source, f.body AS first
  FROM (SELECT i.seq, i.at, i.case_id, i.kind, i.body, l.lane
          FROM unnest($1::int2[], $2::int8[]) AS l (lane, after)
         CROSS JOIN LATERAL (
                   SELECT seq, at, case_id, kind, body
                     FROM journal.entry
                    WHERE lane = l.lane AND seq > l.after AND seq <= l.after + $3::int4
                    ORDER BY seq
                    LIMIT $3::int4) AS i
         ORDER BY i.at, l.lane, i.seq
         LIMIT $3::int4) AS e
  LEFT JOIN LATERAL (
            SELECT customer, contract, source
              FROM read.sla_case
             WHERE lane = e.lane AND case_id = e.case_id
            OFFSET 0) AS c ON true
  LEFT JOIN LATERAL (
            SELECT body
              FROM journal.entry
             WHERE c.customer IS NULL AND lane = e.lane AND case_id = e.case_id AND e.case_id <> 0
             ORDER BY seq
             LIMIT 1) AS f ON true
 ORDER BY e.at, e.lane, e.seq;
