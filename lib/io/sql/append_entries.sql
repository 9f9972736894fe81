-- Numbers and appends entries to one lane. The update of the counter row makes every other writer of the lane wait
-- until this transaction has ended, so numbers follow commit order and have no gaps. Send it last before COMMIT, in the same flush.
-- in:  $1 int2 lane, $2 int8[] case_id, $3 int2[] kind, $4 bytea[] body (three arrays of one length, not empty),
--      $5 timestamptz not before (domain time at which they were decided: the clock may have been set back since; null: any)
-- out: first int8, number of the first entry; at timestamptz, domain time of all of them
WITH clock AS MATERIALIZED (
    SELECT anchor_domain + (clock_timestamp() - anchor_real) * rate AS now
      FROM journal.clock),
counter AS (
    UPDATE journal.lane AS l
       SET seq = l.seq + cardinality($2::int8[]),
           at = greatest(l.at, clock.now, $5::timestamptz)
      FROM clock
     WHERE l.lane = $1::int2
 RETURNING l.seq - cardinality($2::int8[]) AS before, l.at),
inserted AS (
    INSERT INTO journal.entry (lane, seq, at, case_id, kind, body)
    SELECT $1::int2, counter.before + e.i, counter.at, e.case_id, e.kind, e.body
      FROM counter, unnest($2::int8[], $3::int2[], $4::bytea[]) WITH ORDINALITY AS e (case_id, kind, body, i))
SELECT before + 1 AS first, at
  FROM counter;
