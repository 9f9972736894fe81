-- How much of each candidate of a turn's orders is taken, whoever took it. A picture only: claim.sql is the judge. The candidates
-- become one list first (OFFSET 0, ARRAY), so that their claims are looked up by the key, and neither are all claims read nor each
-- compared with thousands of candidates.
-- Those on event duty can be candidates too.
-- in:  $1 int2 lane, $2 int8[] case_id, $3 timestamptz now
-- out: resource text, held int4, case_id int8 (one of those that hold it); sorted by resource, bytewise; only what is held at all
SELECT c.resource, count(*)::int4 AS held, min(c.case_id) AS case_id
  FROM dispatch.claim AS c
 WHERE c.resource = ANY (ARRAY(
           SELECT DISTINCT unnest(o.candidates)
             FROM unnest($2::int8[]) AS k (case_id)
            CROSS JOIN LATERAL (
                      SELECT i.candidates
                        FROM dispatch.work_order AS i
                       WHERE i.lane = $1::int2 AND i.case_id = k.case_id
                      OFFSET 0) AS o
           UNION
           SELECT b.resource
             FROM dispatch.booking AS b
            WHERE b.faults_at IS NOT NULL AND b.until_at > $3::timestamptz AND b.from_at <= $3::timestamptz))
 GROUP BY c.resource
 ORDER BY c.resource COLLATE "C";
