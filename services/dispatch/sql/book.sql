-- Books what is free for all of its span: at no moment as much of it is taken as there is. Only behind lock_bookables.sql. Who got
-- what is read by own_bookings.sql in the same transaction. Safe to repeat.
-- in:  $1 int2 lane, $2 timestamptz since, and arrays of one length: $3 text[] resource, $4 int4[] capacity, $5 int4[] before (how
--      many of this statement touch its span and come first), $6 int8[] case_id, $7 text[] slot, $8 int4[] generation,
--      $9 timestamptz[] from_at, $10 timestamptz[] until_at, $11 text[] faults_at (null: none)
INSERT INTO dispatch.booking (case_id, slot, generation, lane, resource, from_at, until_at, faults_at, since)
SELECT w.case_id, w.slot, w.generation, $1::int2, w.resource, w.from_at, w.until_at, w.faults_at, $2::timestamptz
  FROM unnest($3::text[], $4::int4[], $5::int4[], $6::int8[], $7::text[], $8::int4[], $9::timestamptz[], $10::timestamptz[], $11::text[])
       AS w (resource, capacity, before, case_id, slot, generation, from_at, until_at, faults_at)
 WHERE w.before + (
           SELECT coalesce(max(p.taken), 0)
             FROM (SELECT (SELECT count(*)
                             FROM dispatch.booking AS c
                            WHERE c.resource = w.resource AND c.from_at <= m.at AND c.until_at > m.at) AS taken
                     FROM (SELECT w.from_at AS at
                           UNION
                           SELECT b.from_at
                             FROM dispatch.booking AS b
                            WHERE b.resource = w.resource AND b.from_at > w.from_at AND b.from_at < w.until_at) AS m) AS p) < w.capacity
    ON CONFLICT DO NOTHING;
