-- Removes instances that died long ago, so that nobody tries to reach them any more.
DELETE FROM journal.member
 WHERE seen_at < clock_timestamp() - interval '10 minutes';
