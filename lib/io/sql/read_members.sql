-- Every instance that has not left. Whether one is still alive the reader judges by its own clock: seen_at must go on changing.
-- out: instance text, service text, endpoint text, public_key text, seen_at timestamptz
SELECT instance, service, endpoint, public_key, seen_at
  FROM journal.member
 ORDER BY instance;
