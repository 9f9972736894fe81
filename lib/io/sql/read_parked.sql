-- Cases set aside for one service, and what an operator asks for.
-- in:  $1 text service
-- out: lane int2, case_id int8, since_seq int8, asked text (null: nothing)
SELECT lane, case_id, since_seq, asked
  FROM journal.parked
 WHERE service = $1::text;
