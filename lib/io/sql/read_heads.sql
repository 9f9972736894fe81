-- The newest number of each lane asked for. Finds what a writer committed and could not publish.
-- in:  $1 int2[] lanes
-- out: lane int2, seq int8
SELECT lane, seq
  FROM journal.lane
 WHERE lane = ANY ($1::int2[]);
