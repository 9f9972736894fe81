-- How much of each candidate of a turn's orders is taken, whoever took it. A picture only: claim.sql is the judge.
-- in:  $1 int2 lane, $2 int8[] case_id
-- out: resource text, held int4; sorted by resource, bytewise; only what is held at all
SELECT c.resource, count(*)::int4 AS held
  FROM dispatch.claim AS c
 WHERE c.resource = ANY (ARRAY(
           SELECT unnest(w.candidates)
             FROM dispatch.work_order AS w
            WHERE w.lane = $1::int2 AND w.case_id = ANY ($2::int8[]) AND w.candidates IS NOT NULL))
 GROUP BY c.resource
 ORDER BY c.resource;
