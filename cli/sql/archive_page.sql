-- The next entries of marked cases of one lane, all of each, also those outside of the archive's numbers.
-- in:  $1 int2 lane, $2 int8 low of the archive, $3 int8 case_id and $4 int8 seq, of the entry before; $5 int4 limit
-- out: case_id int8, seq int8, at timestamptz, kind int2, body bytea
SELECT e.case_id, e.seq, e.at, e.kind, e.body
  FROM journal.archived_case AS a
 CROSS JOIN LATERAL (
           SELECT i.case_id, i.seq, i.at, i.kind, i.body
             FROM journal.entry AS i
            WHERE i.lane = $1::int2 AND i.case_id = a.case_id AND i.seq > CASE WHEN a.case_id = $3::int8 THEN $4::int8 ELSE 0 END
            ORDER BY i.seq
           OFFSET 0) AS e
 WHERE a.lane = $1::int2 AND a.low = $2::int8 AND a.case_id >= $3::int8
 ORDER BY a.case_id, e.seq
 LIMIT $5::int4;
