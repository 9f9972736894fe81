-- Counts cases that have caught up while a sweep of their lane is under way.
-- in:  $1 int2 lane, $2 int8 how many
UPDATE sla.sweep
   SET moved = moved + $2::int8
 WHERE lane = $1::int2 AND next_at IS NOT NULL;
