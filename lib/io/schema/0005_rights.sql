-- Least rights: what no statement of a service needs is taken back; the other rooms do the same for theirs. Nothing is for PUBLIC.
REVOKE EXECUTE ON FUNCTION journal.setting(text, text) FROM PUBLIC;
REVOKE ALL ON journal.entry_0, journal.entry_default FROM callout_intake, callout_sla, callout_dispatch, callout_notify;
-- intake follows as an observer: it has no lane, no cursor and parks nothing. It asks for what becomes of parked cases.
REVOKE ALL ON journal.attempt FROM callout_intake;
REVOKE INSERT, UPDATE ON journal.cursor FROM callout_intake;
REVOKE INSERT, DELETE ON journal.parked FROM callout_intake;

-- Whoever owns the schema may not own the database, or not its roles: each is tried by itself (docs/security.md).
DO $$
DECLARE
    service text;
    setting text;
    what text[] := ARRAY[format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()),
                         'REVOKE CREATE ON SCHEMA public FROM PUBLIC'];
BEGIN
    -- As the daemons set them for their sessions; for whoever logs in as one of these roles.
    FOREACH service IN ARRAY ARRAY['callout_intake', 'callout_sla', 'callout_dispatch', 'callout_notify'] LOOP
        FOREACH setting IN ARRAY ARRAY['statement_timeout = ''30s''', 'lock_timeout = ''10s''', 'idle_in_transaction_session_timeout = ''2s'''] LOOP
            what := what || (format('ALTER ROLE %I IN DATABASE %I SET ', service, current_database()) || setting);
        END LOOP;
    END LOOP;
    FOR i IN 1 .. array_length(what, 1) LOOP
        BEGIN
            EXECUTE what[i];
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE WARNING 'not allowed to: %. Whoever owns the database or its roles has to do it (docs/security.md)', what[i];
        END;
    END LOOP;
END
$$;
