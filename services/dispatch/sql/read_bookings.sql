-- Who is booked now or soon, and in the spans of those cases of a turn that take somebody. A picture only: book.sql is the judge.
-- in:  $1 int2 lane, $2 int8[] case_id, $3 timestamptz now, $4 timestamptz soon
-- out: resource text, from_at timestamptz, until_at timestamptz, case_id int8, faults_at text (null: none),
--      slot text, generation int4; sorted by resource, bytewise
SELECT b.resource, b.from_at, b.until_at, b.case_id, b.faults_at, b.slot, b.generation
  FROM dispatch.booking AS b
 WHERE b.until_at > $3::timestamptz AND b.from_at < $4::timestamptz
UNION
SELECT b.resource, b.from_at, b.until_at, b.case_id, b.faults_at, b.slot, b.generation
  FROM dispatch.booked_case AS k
  JOIN dispatch.booking AS b ON b.until_at > k.from_at AND b.from_at < k.until_at
 WHERE k.lane = $1::int2 AND k.case_id = ANY ($2::int8[])
 ORDER BY 1, 2, 4, 6, 7;
