-- The cases that were opened for keys of one source, a look-up by key for each.
-- in:  $1 text source, $2 int2[] lane, $3 text[] key
-- out: i int8, from 1, which of the arrays; case_id int8
SELECT k.i, r.case_id
  FROM unnest($2::int2[], $3::text[]) WITH ORDINALITY AS k (lane, key, i)
 CROSS JOIN LATERAL (
    SELECT case_id
      FROM intake.receipt
     WHERE lane = k.lane AND source = $1::text AND key = k.key AND kind = 1
    OFFSET 0) AS r
 ORDER BY k.i;
