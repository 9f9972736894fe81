-- Since when the oldest entry waits that sla has not taken in. One look-up by key for each lane (OFFSET 0): joined, the whole
-- journal was read.
-- out: oldest timestamptz (null: none waits, or there is no sla yet)
SELECT min(e.at) AS oldest
  FROM journal.cursor AS c
  JOIN journal.lane AS l ON l.lane = c.lane AND l.seq > c.seq
 CROSS JOIN LATERAL (
    SELECT at
      FROM journal.entry
     WHERE lane = c.lane AND seq = c.seq + 1
    OFFSET 0) AS e
 WHERE c.service = 'sla';
