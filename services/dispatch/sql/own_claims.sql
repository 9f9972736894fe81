-- What these orders hold now.
-- in:  $1 text obligation, arrays of one length: $2 int8[] case_id, $3 int8[] generation
-- out: case_id int8, generation int8, resource text
SELECT c.case_id, c.generation, c.resource
  FROM unnest($2::int8[], $3::int8[]) AS w (case_id, generation)
  JOIN dispatch.claim AS c
    ON c.case_id = w.case_id AND c.obligation = $1::text AND c.generation = w.generation;
