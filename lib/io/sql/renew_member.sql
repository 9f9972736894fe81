-- Says that this instance lives. The only row that is renewed.
-- in:  $1 text instance, $2 text service, $3 text endpoint, $4 text public_key, $5 text release
INSERT INTO journal.member (instance, service, endpoint, public_key, release, started_at, seen_at)
SELECT $1::text, $2::text, $3::text, $4::text, $5::text, t.now, t.now
  FROM (SELECT clock_timestamp() AS now) AS t
    ON CONFLICT (instance) DO UPDATE
   SET endpoint = excluded.endpoint, public_key = excluded.public_key, release = excluded.release,
       seen_at = excluded.seen_at;
