-- Erases what notices to a person said, and where they went; also those that another one got in his place.
-- in:  $1 text key of the person
-- out: rows int8
WITH gone AS (
    DELETE FROM notify.notice_text AS t
     USING notify.notice AS n
     WHERE (n.person = $1::text OR n.stands_for = $1::text)
       AND t.lane = n.lane AND t.case_id = n.case_id AND t.obligation = n.obligation AND t.generation = n.generation AND t.slot = n.slot
 RETURNING 1)
SELECT count(*) AS rows
  FROM gone;
