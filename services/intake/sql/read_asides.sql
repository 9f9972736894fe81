-- Servers of notices that are set aside, and addresses that are gone, the oldest first.
-- out: channel text, server text, entry text, instance text, since_at timestamptz, until_at timestamptz (null: until the entry changes),
--      failures int4, why text
SELECT channel, server, entry, instance, since_at, until_at, failures, why
  FROM read.notify_aside
 ORDER BY since_at, channel, server, entry, instance
 LIMIT 256;
