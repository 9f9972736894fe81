-- What appending would cost without counter row, order and publishing: for the bench only.
-- in:  $1 int2 lane, $2 int8[] case_id, $3 int2[] kind, $4 bytea[] body, $5 int8 first number
-- out: first int8, at timestamptz
WITH inserted AS (
    INSERT INTO test.bare (lane, seq, at, case_id, kind, body)
    SELECT $1::int2, $5::int8 + e.i, clock_timestamp(), e.case_id, e.kind, e.body
      FROM unnest($2::int8[], $3::int2[], $4::bytea[]) WITH ORDINALITY AS e (case_id, kind, body, i))
SELECT $5::int8 AS first, clock_timestamp() AS at;
