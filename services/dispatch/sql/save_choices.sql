-- Keeps what the choices of a turn saw. Where time stands still, the newest of a case stands.
-- in:  $1 int2 lane, $2 timestamptz at, arrays of one length: $3 int8[] case_id, $4 bytea[] body
INSERT INTO dispatch.choice (lane, case_id, at, body)
SELECT $1::int2, c.case_id, $2::timestamptz, c.body
  FROM unnest($3::int8[], $4::bytea[]) AS c (case_id, body)
    ON CONFLICT (lane, case_id, at) DO UPDATE
   SET body = excluded.body;
