-- Releases side by side: daemons of the release before work on while the schema is brought up to date and until each of them was
-- replaced. So a migration adds (expand); what is not used any more goes with a later release (contract), and says so first.
ALTER TABLE journal.member ADD COLUMN release text NOT NULL DEFAULT '';
ALTER TABLE journal.config ADD COLUMN least_release text NOT NULL DEFAULT '';

CREATE FUNCTION journal.release_order(release text) RETURNS int4[] LANGUAGE sql IMMUTABLE
    RETURN string_to_array(substring(release FROM '^\d+(?:\.\d+)*'), '.')::int4[];

-- What a migration that takes something away begins with: daemons older than `release` do not work with the schema from now on,
-- and as long as one lives nothing is done.
CREATE FUNCTION journal.contract(release text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    old text;
BEGIN
    SELECT string_agg(m.instance || ' (' || coalesce(nullif(m.release, ''), 'older than 0.2.0') || ')', ', ' ORDER BY m.instance)
      INTO old
      FROM journal.member AS m
     WHERE m.seen_at > clock_timestamp() - interval '30 s'
       AND coalesce(journal.release_order(m.release) < journal.release_order(contract.release), true);
    IF old IS NOT NULL THEN
        RAISE EXCEPTION 'this migration takes away what releases before % use, and such are running: %', release, old
            USING HINT = 'upgrade them first';
    END IF;
    UPDATE journal.config SET least_release = contract.release
     WHERE coalesce(journal.release_order(least_release) < journal.release_order(contract.release), true);
END
$$;
REVOKE EXECUTE ON FUNCTION journal.contract(text), journal.release_order(text) FROM PUBLIC;

-- How far the schema of this database is.
CREATE VIEW read.schema AS
SELECT m.service, max(m.number) AS newest FROM callout_meta.migration AS m GROUP BY m.service;
GRANT SELECT ON read.schema TO callout_intake, callout_sla, callout_dispatch, callout_notify;
