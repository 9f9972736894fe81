-- Least rights: what no statement of a service needs is taken back; the other rooms do the same for theirs. Nothing is for PUBLIC.
REVOKE EXECUTE ON FUNCTION journal.setting(text, text) FROM PUBLIC;
REVOKE ALL ON journal.entry_0, journal.entry_default FROM callout_intake, callout_sla, callout_dispatch, callout_notify;
-- intake follows as an observer: it has no lane, no cursor and parks nothing. It asks for what becomes of parked cases.
REVOKE ALL ON journal.attempt FROM callout_intake;
REVOKE INSERT, UPDATE ON journal.cursor FROM callout_intake;
REVOKE INSERT, DELETE ON journal.parked FROM callout_intake;

DO $$
DECLARE
    name text;
BEGIN
    EXECUTE format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    -- As the daemons set them for their sessions; for whoever logs in as one of these roles.
    FOREACH name IN ARRAY ARRAY['callout_intake', 'callout_sla', 'callout_dispatch', 'callout_notify'] LOOP
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET statement_timeout = ''30s''', name, current_database());
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET lock_timeout = ''10s''', name, current_database());
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET idle_in_transaction_session_timeout = ''2s''', name, current_database());
    END LOOP;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'whoever owns the database and its roles has to take back what PUBLIC may do (docs/security.md): %', SQLERRM;
END
$$;
