-- How much of each candidate of a turn's orders is taken, whoever took it. A picture only: claim.sql is the judge. Each is
-- looked up by itself: neither are all claims read, nor each compared with thousands of candidates.
-- in:  $1 int2 lane, $2 int8[] case_id
-- out: resource text, held int4; sorted by resource, bytewise; only what is held at all
SELECT w.resource, h.held
  FROM (SELECT DISTINCT unnest(o.candidates) AS resource
          FROM dispatch.work_order AS o
         WHERE o.lane = $1::int2 AND o.case_id = ANY ($2::int8[]) AND o.candidates IS NOT NULL) AS w,
       LATERAL (SELECT count(*)::int4 AS held FROM dispatch.claim AS c WHERE c.resource = w.resource) AS h
 WHERE h.held > 0
 ORDER BY w.resource COLLATE "C";
