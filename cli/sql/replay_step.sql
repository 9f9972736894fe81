-- Moves the stepped clock on, never back; any other clock is left alone. Safe to repeat.
-- in:  $1 timestamptz domain time
-- out: now timestamptz, domain time from now on
UPDATE journal.clock
   SET anchor_domain = greatest(anchor_domain, $1::timestamptz)
 WHERE rate = 0
RETURNING anchor_domain AS now;
