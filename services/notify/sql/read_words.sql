-- How people call some cases of one lane: erasable words of intake, parties as sla has them, held cases too. Each is looked up
-- by its key (OFFSET 0): also while statistics say that the table is small, nothing else of the lane is read.
-- in:  $1 int2 lane, $2 int8[] case_id, each once
-- out: case_id int8, title text (null: erased), customer text, site text (in the order of case_id)
SELECT k.case_id, t.title, c.customer, c.site
  FROM unnest($2::int8[]) AS k (case_id)
 CROSS JOIN LATERAL (
           SELECT i.customer, i.site
             FROM read.sla_case AS i
            WHERE i.lane = $1::int2 AND i.case_id = k.case_id
           OFFSET 0) AS c
  LEFT JOIN LATERAL (
           SELECT i.title
             FROM read.ticket_text AS i
            WHERE i.lane = $1::int2 AND i.case_id = k.case_id
           OFFSET 0) AS t ON true
 ORDER BY k.case_id;
