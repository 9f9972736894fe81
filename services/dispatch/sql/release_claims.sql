-- Gives back what these orders held. Only the owner of a case releases its claims. Safe to repeat.
-- in:  $1 text obligation, arrays of one length: $2 int8[] case_id, $3 int8[] generation
DELETE FROM dispatch.claim AS c
 USING unnest($2::int8[], $3::int8[]) AS w (case_id, generation)
 WHERE c.case_id = w.case_id AND c.obligation = $1::text AND c.generation = w.generation;
