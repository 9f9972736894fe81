-- Removes instances that died long ago, so that nobody tries to reach them any more.
WITH long_ago AS MATERIALIZED (
    SELECT clock_timestamp() - interval '10 minutes' AS at)
DELETE FROM journal.member AS m
 USING long_ago
 WHERE m.seen_at < long_ago.at;
