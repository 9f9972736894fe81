-- The states of cases below an id, newest first. Closed and held ones, and those that do not name the key, are there without state, so
-- that a page never looks further than its limit, however many cases are closed.
-- in:  $1 int8 case_id (exclusive), $2 int4 limit, $3 bytea key (empty: any)
-- out: case_id int8, body bytea (null: not asked for)
SELECT s.case_id, CASE WHEN position($3::bytea IN s.body) > 0 OR length($3::bytea) = 0 THEN s.body END AS body
  FROM (SELECT c.case_id, c.body
          FROM read.sla_state AS c
         WHERE c.case_id < $1::int8
         ORDER BY c.case_id DESC
         LIMIT $2::int4) AS s
 ORDER BY s.case_id DESC;
