-- What an announcement of a timer leaves in the tables, and nothing else: the row of each case and one entry. No fence, no
-- counter, nothing read.
-- in: $1 int2 lane, $2 int8[] case_id, $3 timestamptz next_at, $4 bytea[] body, $5 int8 first number, $6 bytea entry
WITH fired AS (
    UPDATE sla.case AS c
       SET next_at = $3::timestamptz, body = n.body
      FROM unnest($2::int8[], $4::bytea[]) AS n (case_id, body)
     WHERE c.lane = $1::int2 AND c.case_id = n.case_id
 RETURNING c.case_id)
INSERT INTO journal.entry (lane, seq, at, case_id, kind, body)
SELECT $1::int2, $5::int8 + row_number() OVER (), clock_timestamp(), f.case_id, 23, $6::bytea
  FROM fired AS f;
