-- Who works where for one service.
-- in:  $1 text service
-- out: lane int2, seq int8, owner text (null: free), epoch int8
SELECT lane, seq, owner, epoch
  FROM journal.cursor
 WHERE service = $1::text
 ORDER BY lane;
