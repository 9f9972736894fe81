-- Writes what is known of the cases of one turn. Behind the fence: nobody else writes this lane.
-- in:  $1 int2 lane, $2 int8[] case_id, $3 bytea[] state
INSERT INTO notify.case (lane, case_id, state)
SELECT $1::int2, n.case_id, n.state
  FROM unnest($2::int8[], $3::bytea[]) AS n (case_id, state)
    ON CONFLICT (lane, case_id) DO UPDATE
   SET state = excluded.state;
