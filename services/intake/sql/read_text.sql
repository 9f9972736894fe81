-- What people wrote about a case.
-- in:  $1 int2 lane, $2 int8 case_id
-- out: title text, body bytea (packed FreeText)
SELECT title, body
  FROM intake.free_text
 WHERE lane = $1::int2 AND id = $2::int8 AND title IS NOT NULL;
