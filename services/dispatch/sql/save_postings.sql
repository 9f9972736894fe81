-- The postings of a turn.
-- in:  $1 timestamptz at, and arrays of one length: $2 text[] contract, $3 text[] lot, $4 int8[] posting, $5 text[] kind,
--      $6 text[] from_account, $7 text[] to_account, $8 int8[] minutes, $9 int8[] case_id (0: none), $10 text[] why
INSERT INTO dispatch.posting (contract, lot, posting, kind, from_account, to_account, minutes, case_id, why, at)
SELECT w.contract, w.lot, w.posting, w.kind, w.from_account, w.to_account, w.minutes, nullif(w.case_id, 0), w.why, $1::timestamptz
  FROM unnest($2::text[], $3::text[], $4::int8[], $5::text[], $6::text[], $7::text[], $8::int8[], $9::int8[], $10::text[])
       AS w (contract, lot, posting, kind, from_account, to_account, minutes, case_id, why);
