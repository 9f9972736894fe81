-- How lots stand after the postings of a turn, which has locked them.
-- in:  arrays of one length: $1 text[] contract, $2 text[] lot, $3 text[] kind (null: as it was), $4 int8[] bought, $5 int8[] free, $6 int8[] reserved,
--      $7 int8[] used, $8 int8[] expired, $9 int8[] allowed, $10 int8[] postings
UPDATE dispatch.lot AS l
   SET kind = coalesce(w.kind, l.kind), bought = w.bought, free = w.free, reserved = w.reserved, used = w.used, expired = w.expired, allowed = w.allowed,
       postings = w.postings
  FROM unnest($1::text[], $2::text[], $3::text[], $4::int8[], $5::int8[], $6::int8[], $7::int8[], $8::int8[], $9::int8[], $10::int8[])
       AS w (contract, lot, kind, bought, free, reserved, used, expired, allowed, postings)
 WHERE l.contract = w.contract AND l.lot = w.lot;
