-- Cases whose words have one of these texts in them. Reads all words.
-- in:  $1 text[] wanted, none empty
-- out: case_id int8
SELECT DISTINCT coalesce((SELECT r.case_id FROM intake.receipt AS r WHERE r.lane = f.lane AND r.id = f.id LIMIT 1), f.id) AS case_id
  FROM intake.free_text AS f
 WHERE EXISTS (SELECT FROM unnest($1::text[]) AS w (word)
                WHERE position(convert_to(w.word, 'UTF8') IN f.body) > 0 OR position(w.word IN f.title) > 0)
 ORDER BY 1
 LIMIT 1000;
