-- How far the sweep of a lane is. Behind the fence: nobody else writes this lane.
-- in:  $1 int2 lane, $2 int8 version, $3 int2 stage, $4 timestamptz after_at, $5 int8 after_case_id, $6 timestamptz span_from,
--      $7 timestamptz span_until, $8 text regions, $9 int8[] waiting, $10 timestamptz looked_at, $11 int8 visited, $12 int8 moved,
--      $13 timestamptz next_at
INSERT INTO sla.sweep AS s (lane, version, stage, after_at, after_case_id, span_from, span_until, regions, waiting, looked_at, visited,
                            moved, next_at)
VALUES ($1::int2, $2::int8, $3::int2, $4::timestamptz, $5::int8, $6::timestamptz, $7::timestamptz, $8::text, $9::int8[],
        $10::timestamptz, $11::int8, $12::int8, $13::timestamptz)
    ON CONFLICT (lane) DO UPDATE
   SET version = excluded.version, stage = excluded.stage, after_at = excluded.after_at, after_case_id = excluded.after_case_id,
       span_from = excluded.span_from, span_until = excluded.span_until, regions = excluded.regions, waiting = excluded.waiting,
       looked_at = excluded.looked_at, visited = excluded.visited, moved = excluded.moved, next_at = excluded.next_at;
