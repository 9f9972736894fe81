-- The newest number of every lane: where an observer begins.
-- out: lane int2, seq int8
SELECT lane, seq
  FROM journal.lane
 ORDER BY lane;
