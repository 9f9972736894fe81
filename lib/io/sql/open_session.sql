-- Begins a session: what kind of server this is, and our settings. As a statement, not as start options: poolers refuse those.
-- The message into the WAL makes the transaction wait for a synchronous standby, as any write does: whatever this session can see
-- of commits whose answer was lost (a server that died and came back shows them all) is replicated before it may be acted on.
-- The role is set last: it may do less. Settings last for the session; a server in recovery takes no message.
-- in:  $1 text statement_timeout in ms, $2 text lock_timeout in ms, $3 text plan_cache_mode, $4 text enable_seqscan, $5 text role or "none"
-- out: backend int4; is_writable bool; system text, identifier of the database system; timeline int8; settings text
SELECT pg_backend_pid() AS backend, s.is_writable, c.system_identifier::text AS system,
       CASE WHEN pg_is_in_recovery() THEN (SELECT timeline_id FROM pg_control_checkpoint())
            ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int8 END AS timeline,
       concat_ws(' ', CASE WHEN s.is_writable THEN pg_logical_emit_message(true, 'callout', 'session') END::text,
                 set_config('statement_timeout', $1::text, false), set_config('lock_timeout', $2::text, false),
                 set_config('idle_in_transaction_session_timeout', '2000', false), set_config('timezone', 'UTC', false),
                 set_config('jit', 'off', false), set_config('plan_cache_mode', $3::text, false),
                 set_config('enable_seqscan', $4::text, false), set_config('role', $5::text, false)) AS settings
  FROM pg_control_system() AS c,
       (SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off' AS is_writable) AS s;
