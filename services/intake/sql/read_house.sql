-- What whoever runs Callout has to see to. Dead letters are counted up to 10,000; the condition is that of the index notice_dead.
-- out: dead int8, aside_since timestamptz (null: no server is set aside), gone int8, room int8 (numbers between the newest entry and
--      the end of the last partition; null: there is no partition), now timestamptz
SELECT (SELECT count(*)
          FROM (SELECT 1
                  FROM read.notify_notice AS n
                 WHERE n.state = 3 OR (n.state = 4 AND n.next_at IS NULL)
                 LIMIT 10000) AS d) AS dead,
       (SELECT min(a.since_at) FROM read.notify_aside AS a WHERE a.server <> '') AS aside_since,
       (SELECT count(*) FROM read.notify_aside AS a WHERE a.entry <> '') AS gone,
       (SELECT max(substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \(''?(\d+)''?\)')::int8)
          FROM pg_inherits AS i
          JOIN pg_class AS c ON c.oid = i.inhrelid
         WHERE i.inhparent = 'journal.entry'::regclass) - (SELECT max(l.seq) FROM journal.lane AS l) AS room,
       clock_timestamp() AS now;
