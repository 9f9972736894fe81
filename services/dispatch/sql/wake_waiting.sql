-- Wakes the cases of read_waiting.sql, because the registry is another one now. Safe to repeat.
-- in:  $1 int2 lane, $2 timestamptz when
UPDATE dispatch.work_order
   SET next_at = $2::timestamptz
 WHERE lane = $1::int2 AND ((NOT is_located AND status <> 'ended') OR status IN ('nobody', 'offered', 'assigned') OR lacks_minutes
                            OR case_id IN (SELECT k.case_id FROM dispatch.booked_case AS k WHERE k.lane = $1::int2));
