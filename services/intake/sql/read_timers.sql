-- The earliest timer of each service, whether its time has come or not. One look into an index for each lane.
-- out: service text, next_at timestamptz (null: none)
SELECT 'dispatch' AS service, min(t.next_at) AS next_at
  FROM journal.lane AS l
 CROSS JOIN LATERAL (
    SELECT o.next_at FROM read.dispatch_order AS o WHERE o.lane = l.lane AND o.next_at IS NOT NULL ORDER BY o.next_at LIMIT 1) AS t
 UNION ALL
SELECT 'notify', min(t.next_at)
  FROM journal.lane AS l
 CROSS JOIN LATERAL (
    SELECT n.next_at FROM read.notify_notice AS n WHERE n.lane = l.lane AND n.next_at IS NOT NULL ORDER BY n.next_at LIMIT 1) AS t
 UNION ALL
SELECT 'sla', min(t.next_at)
  FROM journal.lane AS l
 CROSS JOIN LATERAL (
    SELECT s.next_at FROM read.sla_case AS s WHERE s.lane = l.lane AND s.next_at IS NOT NULL ORDER BY s.next_at LIMIT 1) AS t;
