-- What goes on at this moment of the stepped clock, and when the next thing is due. Nothing goes on in a service when no entry
-- of a kind that it reads lies behind its cursor in lane 0, nothing of it is due, and no notice is being sent. Asks the tables
-- of the services directly: no service could answer for all of them. One snapshot: a service moves its cursor, its rows and
-- the journal in one transaction.
-- out: deciding text, what goes on in sla and dispatch, '' for nothing; telling text, the same of notify;
--      head int8, newest number of the lane; parked int8, cases set aside;
--      sla_next timestamptz, when something of it is due, null: never; dispatch_next timestamptz; notify_next timestamptz
WITH clock AS (
    SELECT anchor_domain AS now
      FROM journal.clock),
due (name, at) AS MATERIALIZED (
    SELECT 'sla', least((SELECT min(next_at) FROM sla.case WHERE lane = 0 AND next_at IS NOT NULL),
                        (SELECT next_at FROM sla.sweep WHERE lane = 0))
     UNION ALL
    SELECT 'dispatch', min(next_at) FROM dispatch.work_order WHERE lane = 0 AND next_at IS NOT NULL
     UNION ALL
    SELECT 'notify', min(next_at) FROM notify.notice WHERE lane = 0 AND next_at IS NOT NULL),
busy (name, what) AS MATERIALIZED (
    SELECT due.name, CASE WHEN c.owner IS NULL THEN ' does not run' ELSE ' reads' END
      FROM due
      LEFT JOIN journal.cursor AS c ON c.lane = 0 AND c.service = due.name
     WHERE c.owner IS NULL
        OR EXISTS (SELECT 1
                     FROM journal.entry AS e
                    WHERE e.lane = 0 AND e.seq > c.seq AND c.kinds >> e.kind & 1 = 1)
     UNION ALL
    SELECT due.name, ' has something due' FROM due, clock WHERE due.at <= clock.now
     UNION ALL
    SELECT 'notify', ' sends' WHERE EXISTS (SELECT 1 FROM notify.notice WHERE lane = 0 AND state = 1))
SELECT (SELECT coalesce(string_agg(name || what, ', '), '') FROM busy WHERE name <> 'notify') AS deciding,
       (SELECT coalesce(string_agg(name || what, ', '), '') FROM busy WHERE name = 'notify') AS telling,
       (SELECT seq FROM journal.lane WHERE lane = 0) AS head,
       (SELECT count(*) FROM journal.parked) AS parked,
       (SELECT at FROM due WHERE name = 'sla') AS sla_next,
       (SELECT at FROM due WHERE name = 'dispatch') AS dispatch_next,
       (SELECT at FROM due WHERE name = 'notify') AS notify_next;
