-- A page of what was posted to the lots of a contract.
-- in:  $1 text contract, $2 text lot and $3 int8 posting of the last one of the page before, $4 int4 limit
-- out: lot text, posting int8, kind text, from_account text, to_account text, minutes int8, case_id int8 (null: none), why text,
--      at timestamptz
SELECT p.lot, p.posting, p.kind, p.from_account, p.to_account, p.minutes, p.case_id, p.why, p.at
  FROM read.dispatch_posting AS p
 WHERE p.contract = $1::text AND (p.lot, p.posting) > ($2::text COLLATE "C", $3::int8)
 ORDER BY p.lot, p.posting
 LIMIT $4::int4;
