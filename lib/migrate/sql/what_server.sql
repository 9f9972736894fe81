-- What kind of server this is: whether it can be written to, and the timeline of its history.
-- out: is_writable bool; timeline int8
SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off' AS is_writable,
       CASE WHEN pg_is_in_recovery() THEN (SELECT timeline_id FROM pg_control_checkpoint())
            ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int8 END AS timeline;
