-- What these orders hold now. Each is looked up by itself (OFFSET 0): what others hold is not looked through.
-- in:  $1 text obligation, arrays of one length: $2 int8[] case_id, $3 int8[] generation
-- out: case_id int8, generation int8, resource text
SELECT w.case_id, w.generation, c.resource
  FROM unnest($2::int8[], $3::int8[]) AS w (case_id, generation),
       LATERAL (
           SELECT o.resource
             FROM dispatch.claim AS o
            WHERE o.case_id = w.case_id AND o.obligation = $1::text AND o.generation = w.generation
           OFFSET 0) AS c;
