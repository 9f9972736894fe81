-- The reference of all time in the suite.
-- out: now timestamptz (real), anchor_real timestamptz, anchor_domain timestamptz, rate float8
SELECT clock_timestamp() AS now, anchor_real, anchor_domain, rate
  FROM journal.clock;
