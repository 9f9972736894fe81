-- Erases what people wrote about a case: its ticket, and its commands. The rows stay: they say that the case exists.
-- in:  $1 int2 lane, $2 int8 case_id
-- out: is_case bool (there is one of this number), rows int8 (that had something)
WITH blanked AS (
    UPDATE intake.free_text AS f
       SET title = CASE WHEN f.title IS NOT NULL THEN '' END, body = ''::bytea
     WHERE f.lane = $1::int2 AND (f.title <> '' OR f.body <> ''::bytea)
       AND (f.id = $2::int8 OR f.id IN (SELECT r.id FROM intake.receipt AS r WHERE r.lane = $1::int2 AND r.case_id = $2::int8))
 RETURNING 1)
SELECT EXISTS (SELECT FROM intake.free_text AS f WHERE f.lane = $1::int2 AND f.id = $2::int8 AND f.title IS NOT NULL) AS is_case,
       (SELECT count(*) FROM blanked) AS rows;
