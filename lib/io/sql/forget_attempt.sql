-- Forgets the tries of what a lane stood at, in the transaction of the try that succeeded or gave it up: a case that is due again and
-- again under one number must not be taken for one that fails.
-- in:  $1 int2 lane, $2 text service
DELETE FROM journal.attempt
 WHERE lane = $1::int2 AND service = $2::text;
