-- Writes which servers this instance has set aside: all of them. Takes out those it has no more, and rows of instances that are gone.
-- in:  $1 text instance, $2 text[] server, each once, $3 text[] channel, $4 timestamptz[] since_at, $5 timestamptz[] until_at,
--      $6 int4[] failures, $7 text[] why
WITH gone AS (
    DELETE FROM notify.aside AS a
     WHERE (a.instance = $1::text AND a.server <> ALL ($2::text[]))
        OR (a.instance <> $1::text AND NOT EXISTS (SELECT 1 FROM journal.member AS m WHERE m.instance = a.instance)))
INSERT INTO notify.aside (instance, server, channel, since_at, until_at, failures, why)
SELECT $1::text, n.server, n.channel, n.since_at, n.until_at, n.failures, n.why
  FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::int4[], $7::text[])
    AS n (server, channel, since_at, until_at, failures, why)
    ON CONFLICT (instance, server) DO UPDATE
   SET channel = excluded.channel, since_at = excluded.since_at, until_at = excluded.until_at, failures = excluded.failures,
       why = excluded.why;
