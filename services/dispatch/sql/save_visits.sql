-- Writes down who took which visit, and forgets what these engineers did long ago. Safe to repeat.
-- in:  $1 int2 lane, arrays of one length: $2 text[] engineer, $3 int8[] case_id, $4 int8[] generation, $5 timestamptz[] at;
--      $6 timestamptz older than that is forgotten
WITH forgotten AS (
    DELETE FROM dispatch.visit AS d
     USING (SELECT DISTINCT unnest($2::text[]) AS engineer) AS e
     WHERE d.engineer = e.engineer AND d.at < $6::timestamptz)
INSERT INTO dispatch.visit (engineer, at, lane, case_id, generation)
SELECT v.engineer, v.at, $1::int2, v.case_id, v.generation
  FROM unnest($2::text[], $3::int8[], $4::int8[], $5::timestamptz[]) AS v (engineer, case_id, generation, at)
    ON CONFLICT DO NOTHING;
