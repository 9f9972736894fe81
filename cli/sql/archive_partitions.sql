-- The partitions of the journal, and what of all of it still works in their numbers.
-- out: name text, low int8, high int8 (exclusive), writing int8 (lanes that have not left it), behind int8 (cursors that have not),
--      parked int8 (cases set aside that wait there)
SELECT c.relname::text AS name, b.bound[1]::int8 AS low, b.bound[2]::int8 AS high,
       (SELECT count(*) FROM journal.lane AS l WHERE l.seq < b.bound[2]::int8 - 1) AS writing,
       (SELECT count(*) FROM journal.cursor AS k WHERE k.seq < b.bound[2]::int8 - 1) AS behind,
       (SELECT count(*) FROM journal.parked AS p WHERE p.since_seq < b.bound[2]::int8) AS parked
  FROM pg_inherits AS i
  JOIN pg_class AS c ON c.oid = i.inhrelid
 CROSS JOIN LATERAL (SELECT regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \(''?(\d+)''?\) TO \(''?(\d+)''?\)') AS bound) AS b
 WHERE i.inhparent = 'journal.entry'::regclass AND b.bound IS NOT NULL
 ORDER BY 2;
