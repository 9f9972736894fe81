-- The work orders of a turn. `is_answered`: an order that is due has commands in the journal, taken in time for its
-- open offer, that this service has not processed yet; its time must not run out before them. Each is looked up
-- by its key (OFFSET 0): also while statistics say that the table is small, nothing else of the lane is read.
-- in:  $1 int2 lane, $2 int8[] case_id, each once, $3 int8[] those of them that are due, $4 int2 kind of CommandReceived
-- out: case_id int8, state bytea, next_at timestamptz (null: none), is_prepared bool (has candidates), is_answered bool
SELECT w.case_id, w.state, w.next_at, w.candidates IS NOT NULL AS is_prepared,
       w.accept_by IS NOT NULL AND w.case_id = ANY ($3::int8[]) AND EXISTS (
           SELECT FROM journal.cursor AS c, journal.entry AS e
            WHERE c.lane = $1::int2 AND c.service = 'dispatch'
              AND e.lane = $1::int2 AND e.case_id = w.case_id AND e.seq > c.seq
              AND e.kind = $4::int2 AND e.at <= w.accept_by) AS is_answered
  FROM unnest($2::int8[]) AS k (case_id)
 CROSS JOIN LATERAL (
           SELECT i.case_id, i.state, i.next_at, i.candidates, i.accept_by
             FROM dispatch.work_order AS i
            WHERE i.lane = $1::int2 AND i.case_id = k.case_id
           OFFSET 0) AS w;
