-- Takes the first free slot of each resource, the nth one where this statement wants several of the same. Sorted by resource: all
-- transactions lock in one order. A slot that another transaction takes at the same time is waited for and then left to
-- it; who got what is read by own_claims.sql in the same transaction. Safe to repeat.
-- in:  $1 int2 lane, $2 text obligation, $3 timestamptz since, and arrays of one length: $4 text[] resource,
--      $5 int4[] capacity, $6 int4[] nth (from 0), $7 int8[] case_id, $8 int8[] generation
INSERT INTO dispatch.claim (resource, slot, lane, case_id, obligation, generation, since)
SELECT w.resource, s.slot, $1::int2, w.case_id, $2::text, w.generation, $3::timestamptz
  FROM unnest($4::text[], $5::int4[], $6::int4[], $7::int8[], $8::int8[]) AS w (resource, capacity, nth, case_id, generation),
       LATERAL (
           SELECT g::int2 AS slot
             FROM generate_series(0, w.capacity - 1) AS g
            WHERE NOT EXISTS (SELECT FROM dispatch.claim AS c WHERE c.resource = w.resource AND c.slot = g)
            ORDER BY g
           OFFSET w.nth
            LIMIT 1) AS s
 ORDER BY w.resource COLLATE "C", s.slot
    ON CONFLICT DO NOTHING;
