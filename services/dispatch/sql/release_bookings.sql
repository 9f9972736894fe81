-- Gives back what these cases had booked. Only the owner of a case does it. Safe to repeat.
-- in:  arrays of one length: $1 int8[] case_id, $2 text[] slot, $3 int4[] generation
DELETE FROM dispatch.booking AS b
 USING unnest($1::int8[], $2::text[], $3::int4[]) AS w (case_id, slot, generation)
 WHERE b.case_id = w.case_id AND b.slot = w.slot AND b.generation = w.generation;
