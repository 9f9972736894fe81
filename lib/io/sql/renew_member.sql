-- Says that this instance lives. The only row that is renewed. Not when another process has taken the name meanwhile; who takes it
-- says so, once.
-- in:  $1 text instance, $2 text service, $3 text endpoint, $4 text public_key, $5 text release, $6 int8 process,
--      $7 bool takes the name from whoever had it
-- out: process int8; no row: another process has the name
INSERT INTO journal.member AS m (instance, service, endpoint, public_key, release, process, started_at, seen_at)
SELECT $1::text, $2::text, $3::text, $4::text, $5::text, $6::int8, t.now, t.now
  FROM (SELECT clock_timestamp() AS now) AS t
    ON CONFLICT (instance) DO UPDATE
   SET service = excluded.service, endpoint = excluded.endpoint, public_key = excluded.public_key, release = excluded.release,
       process = excluded.process, seen_at = excluded.seen_at,
       started_at = CASE WHEN m.process = excluded.process THEN m.started_at ELSE excluded.started_at END
 WHERE m.process = excluded.process OR $7::bool
RETURNING m.process;
