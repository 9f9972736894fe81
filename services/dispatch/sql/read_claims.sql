-- How much of each candidate of a turn's orders is taken, whoever took it. A picture only: claim.sql is the judge. Each is
-- looked up by itself: neither are all claims read, nor each compared with thousands of candidates.
-- in:  $1 int2 lane, $2 int8[] case_id
-- out: resource text, held int4, case_id int8 (one of those that hold it); sorted by resource, bytewise; only what is held at all
SELECT w.resource, h.held, h.case_id
  FROM (SELECT DISTINCT unnest(o.candidates) AS resource
          FROM unnest($2::int8[]) AS k (case_id)
         CROSS JOIN LATERAL (
                   SELECT i.candidates
                     FROM dispatch.work_order AS i
                    WHERE i.lane = $1::int2 AND i.case_id = k.case_id
                   OFFSET 0) AS o) AS w,
       LATERAL (SELECT count(*)::int4 AS held, min(c.case_id) AS case_id FROM dispatch.claim AS c WHERE c.resource = w.resource) AS h
 WHERE h.held > 0
 ORDER BY w.resource COLLATE "C";
