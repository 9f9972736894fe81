-- Which of these bookings are there.
-- in:  arrays of one length: $1 int8[] case_id, $2 text[] slot, $3 int4[] generation
-- out: case_id int8, slot text, generation int4, resource text
SELECT w.case_id, b.slot, b.generation, b.resource
  FROM unnest($1::int8[], $2::text[], $3::int4[]) AS w (case_id, slot, generation)
 CROSS JOIN LATERAL (
           SELECT o.slot, o.generation, o.resource
             FROM dispatch.booking AS o
            WHERE o.case_id = w.case_id AND o.slot = w.slot AND o.generation = w.generation
           OFFSET 0) AS b;
