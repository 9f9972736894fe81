-- How many visits each candidate of a turn's orders took lately. Each is looked up by itself (OFFSET 0).
-- in:  $1 int2 lane, $2 int8[] case_id, $3 timestamptz since, $4 timestamptz today: later than that they are of the day
-- out: resource text, recent int4, today int4; sorted by resource, bytewise; only who took any at all
SELECT w.resource, count(*)::int4 AS recent, count(*) FILTER (WHERE v.at > $4::timestamptz)::int4 AS today
  FROM (SELECT DISTINCT unnest(o.candidates) AS resource
          FROM unnest($2::int8[]) AS k (case_id)
         CROSS JOIN LATERAL (
                   SELECT i.candidates
                     FROM dispatch.work_order AS i
                    WHERE i.lane = $1::int2 AND i.case_id = k.case_id
                   OFFSET 0) AS o) AS w
 CROSS JOIN LATERAL (
           SELECT i.at
             FROM dispatch.visit AS i
            WHERE i.engineer = substr(w.resource, 10) AND i.at > $3::timestamptz
           OFFSET 0) AS v
 GROUP BY w.resource
 ORDER BY w.resource COLLATE "C";
