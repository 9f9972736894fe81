-- The lots of some contracts.
-- in:  $1 text[] contract
-- out: contract text, lot text, bought int8, free int8, reserved int8, used int8, expired int8, postings int8, allowed int8
SELECT l.contract, l.lot, l.bought, l.free, l.reserved, l.used, l.expired, l.postings, l.allowed
  FROM read.dispatch_lot AS l
 WHERE l.contract = ANY ($1::text[])
 ORDER BY l.contract, l.lot;
