-- What is kept of the ways from some offices to a site, where it is young enough.
-- in:  $1 text provider, $2 int4 to_lat, $3 int4 to_lon, arrays of one length: $4 int4[] from_lat, $5 int4[] from_lon;
--      $6 int4 days that a figure is good for
-- out: nth int8 (of the arrays, from 1), metres float8 (null: there is no way), seconds float8
SELECT o.nth, r.metres, r.seconds
  FROM unnest($4::int4[], $5::int4[]) WITH ORDINALITY AS o (lat, lon, nth)
  JOIN dispatch.road AS r
    ON r.provider = $1::text AND r.to_lat = $2::int4 AND r.to_lon = $3::int4 AND r.from_lat = o.lat AND r.from_lon = o.lon
 WHERE r.fetched_at > now() - make_interval(days => $6::int4);
