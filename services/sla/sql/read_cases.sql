-- The state of some cases of one lane. Only the lane's owner changes it, so it still holds when the turn commits. Each is looked up
-- by its key (OFFSET 0): also while statistics say that the table is small, nothing else of the lane is read.
-- in:  $1 int2 lane, $2 int8[] case_id, each once
-- out: case_id int8, body bytea (in the order of case_id)
SELECT k.case_id, c.body
  FROM unnest($2::int8[]) AS k (case_id)
 CROSS JOIN LATERAL (
           SELECT i.body
             FROM sla.case AS i
            WHERE i.lane = $1::int2 AND i.case_id = k.case_id
           OFFSET 0) AS c
 ORDER BY k.case_id;
