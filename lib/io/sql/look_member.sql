-- Who has the name that this process wants.
-- in:  $1 text instance
-- out: process int8, seen_at timestamptz, age_us int8, by the database's clock; no row: nobody
SELECT process, seen_at, (extract(epoch FROM clock_timestamp() - seen_at) * 1000000)::int8 AS age_us
  FROM journal.member
 WHERE instance = $1::text;
