-- How people call some cases of one lane: erasable words of intake, parties as sla has them, held cases too.
-- in:  $1 int2 lane, $2 int8[] case_id
-- out: case_id int8, title text (null: erased), customer text, site text (in the order of case_id)
SELECT c.case_id, t.title, c.customer, c.site
  FROM read.sla_case AS c
  LEFT JOIN read.ticket_text AS t ON t.lane = c.lane AND t.case_id = c.case_id
 WHERE c.lane = $1::int2 AND c.case_id = ANY ($2::int8[])
 ORDER BY c.case_id;
