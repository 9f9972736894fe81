-- Which history of the database this session writes: a new timeline or another cluster is another era, and messages of
-- another era are not to be trusted. Also the facts fixed at install.
-- out: era text, lanes int2, lane_hash text
SELECT s.system_identifier::text || '.' || left(pg_walfile_name(pg_current_wal_lsn()), 8) AS era, c.lanes, c.lane_hash
  FROM pg_control_system() AS s, journal.config AS c;
