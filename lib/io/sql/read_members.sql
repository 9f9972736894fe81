-- Every instance that has not left. Whether one is still alive the reader judges by its own clock: seen_at must go on changing.
-- The newest first, and not all: instances that died young and often leave many rows.
-- out: instance text, service text, endpoint text, public_key text, seen_at timestamptz
SELECT instance, service, endpoint, public_key, seen_at
  FROM journal.member
 ORDER BY seen_at DESC, instance
 LIMIT 256;
