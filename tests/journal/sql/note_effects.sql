-- One row per entry taken; a second effect of the same entry violates the primary key.
-- in:  $1 int2 lane, $2 int8[] seq, $3 int8[] case_id, $4 text instance
INSERT INTO test.effect (lane, seq, case_id, instance)
SELECT $1::int2, e.seq, e.case_id, $4::text
  FROM unnest($2::int8[], $3::int8[]) WITH ORDINALITY AS e (seq, case_id, i)
 ORDER BY e.i;
