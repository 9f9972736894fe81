-- Keeps what a router said, and forgets a few of those that are too old.
-- in:  $1 text provider, $2 int4 to_lat, $3 int4 to_lon, arrays of one length: $4 int4[] from_lat, $5 int4[] from_lon,
--      $6 text[] metres (null: there is no way), $7 text[] seconds; $8 int4 days that a figure is good for
WITH forgotten AS (
    DELETE FROM dispatch.road AS r
     USING (SELECT o.provider, o.to_lat, o.to_lon, o.from_lat, o.from_lon
              FROM dispatch.road AS o
             WHERE o.fetched_at < now() - make_interval(days => $8::int4) AND NOT (o.to_lat = $2::int4 AND o.to_lon = $3::int4)
             ORDER BY o.fetched_at
             LIMIT 100
               FOR UPDATE SKIP LOCKED) AS old
     WHERE (r.provider, r.to_lat, r.to_lon, r.from_lat, r.from_lon)
         = (old.provider, old.to_lat, old.to_lon, old.from_lat, old.from_lon)
)
INSERT INTO dispatch.road (provider, to_lat, to_lon, from_lat, from_lon, metres, seconds, fetched_at)
SELECT DISTINCT ON (n.from_lat, n.from_lon) $1::text, $2::int4, $3::int4, n.from_lat, n.from_lon, n.metres::float8, n.seconds::float8, now()
  FROM unnest($4::int4[], $5::int4[], $6::text[], $7::text[]) AS n (from_lat, from_lon, metres, seconds)
 ORDER BY n.from_lat, n.from_lon
    ON CONFLICT (provider, to_lat, to_lon, from_lat, from_lon) DO UPDATE
   SET metres = excluded.metres, seconds = excluded.seconds, fetched_at = excluded.fetched_at;
