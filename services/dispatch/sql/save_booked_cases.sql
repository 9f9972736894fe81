-- Keeps the spans of cases that take somebody. Only the owner of the lane gets here (the fence came first). Safe to repeat.
-- in:  $1 int2 lane, arrays of one length: $2 int8[] case_id, $3 timestamptz[] from_at (null: it takes nobody any more), $4 timestamptz[] until_at
WITH given AS (
    SELECT g.case_id, g.from_at, g.until_at
      FROM unnest($2::int8[], $3::timestamptz[], $4::timestamptz[]) AS g (case_id, from_at, until_at)
), over AS (
    DELETE FROM dispatch.booked_case AS k
     USING given AS g
     WHERE k.lane = $1::int2 AND k.case_id = g.case_id AND g.from_at IS NULL
)
INSERT INTO dispatch.booked_case (lane, case_id, from_at, until_at)
SELECT $1::int2, g.case_id, g.from_at, g.until_at
  FROM given AS g
 WHERE g.from_at IS NOT NULL
    ON CONFLICT (lane, case_id) DO UPDATE
   SET from_at = excluded.from_at, until_at = excluded.until_at;
