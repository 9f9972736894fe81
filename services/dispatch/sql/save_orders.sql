-- Saves the work orders that a turn changed, new ones too. Only the owner of the lane gets here (the fence came first).
-- in:  $1 int2 lane, $2 timestamptz now, and arrays of one length: $3 int8[] case_id, $4 bytea[] state,
--      $5 timestamptz[] next_at (null: none), $6 text[] status, $7 bool[] is_located, $8 text[] engineer (null: none),
--      $9 int8[] generation, $10 timestamptz[] accept_by (null: none), $11 timestamptz[] arrive_by (null: none),
--      $12 text[] candidates, joined by commas (null: none), $13 bool[] lacks_minutes
INSERT INTO dispatch.work_order (lane, case_id, state, next_at, status, is_located, engineer, generation, accept_by,
                                 arrive_by, candidates, lacks_minutes, updated_at)
SELECT $1::int2, o.case_id, o.state, o.next_at, o.status, o.is_located, o.engineer, o.generation, o.accept_by, o.arrive_by,
       string_to_array(o.candidates, ','), o.lacks_minutes, $2::timestamptz
  FROM unnest($3::int8[], $4::bytea[], $5::timestamptz[], $6::text[], $7::bool[], $8::text[], $9::int8[], $10::timestamptz[],
              $11::timestamptz[], $12::text[], $13::bool[])
       AS o (case_id, state, next_at, status, is_located, engineer, generation, accept_by, arrive_by, candidates,
             lacks_minutes)
    ON CONFLICT (lane, case_id) DO UPDATE
   SET state = excluded.state, next_at = excluded.next_at, status = excluded.status, is_located = excluded.is_located,
       engineer = excluded.engineer, generation = excluded.generation, accept_by = excluded.accept_by,
       arrive_by = excluded.arrive_by, candidates = excluded.candidates, lacks_minutes = excluded.lacks_minutes,
       updated_at = excluded.updated_at;
