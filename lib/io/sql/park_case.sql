-- Sets a case aside for one service: its entries from since_seq on wait in order. Parked already: stays as it is, but what
-- an operator asked for has failed and is not tried again.
-- in:  $1 int2 lane, $2 text service, $3 int8 case_id, $4 int8 since_seq, $5 text reason
INSERT INTO journal.parked (lane, service, case_id, since_seq, reason)
VALUES ($1::int2, $2::text, $3::int8, $4::int8, $5::text)
    ON CONFLICT (lane, service, case_id) DO UPDATE SET asked = NULL, reason = excluded.reason;
