-- Blocks of 1,000 numbers each for this process alone.
-- in:  $1 int4 how many blocks
-- out: first int8, of each block
SELECT nextval('intake.number_block') AS first
  FROM generate_series(1, $1::int4);
