-- Locks lots, in one order for all transactions, and says how they stand.
-- in:  arrays of one length, each pair once: $1 text[] contract, $2 text[] lot
-- out: contract text, lot text, bought int8, free int8, reserved int8, used int8, expired int8, allowed int8, postings int8
SELECT l.contract, l.lot, l.bought, l.free, l.reserved, l.used, l.expired, l.allowed, l.postings
  FROM dispatch.lot AS l
 WHERE (l.contract, l.lot) IN (SELECT w.contract, w.lot FROM unnest($1::text[], $2::text[]) AS w (contract, lot))
 ORDER BY l.contract, l.lot
   FOR NO KEY UPDATE;
