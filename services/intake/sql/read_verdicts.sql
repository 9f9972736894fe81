-- Commands of a case and what became of them (kinds CommandReceived, NoticeResendAsked, CommandApplied, CommandRefused).
-- in:  $1 int2 lane, $2 int8 case_id
-- out: seq int8, at timestamptz, case_id int8, kind int2, body bytea
SELECT seq, at, case_id, kind, body
  FROM journal.entry
 WHERE lane = $1::int2 AND case_id = $2::int8 AND kind IN (11, 35, 36, 52)
 ORDER BY seq;
