-- The registry: every text of every object, with the versions between which it was in force. Never updated but for `until`.
CREATE SCHEMA registry;

CREATE TABLE registry.version (
    version    int8 PRIMARY KEY,
    change_id  text NOT NULL UNIQUE,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    applied_by text NOT NULL,
    added      int4 NOT NULL,
    changed    int4 NOT NULL,
    removed    int4 NOT NULL,
    unchanged  int4 NOT NULL
);

-- kind is the field number in RegistryObject, body a packed RegistryObject.
CREATE TABLE registry.object (
    kind  int2 NOT NULL,
    key   text NOT NULL,
    since int8 NOT NULL REFERENCES registry.version,
    until int8 REFERENCES registry.version,
    body  bytea NOT NULL,
    PRIMARY KEY (kind, key, since)
);
CREATE UNIQUE INDEX object_in_force ON registry.object (kind, key) WHERE until IS NULL;
CREATE INDEX object_since ON registry.object (since);
CREATE INDEX object_until ON registry.object (until) WHERE until IS NOT NULL;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['callout_intake', 'callout_sla', 'callout_dispatch', 'callout_notify'] LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA registry TO %I', name);
        EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA registry TO %I', name);
    END LOOP;
END
$$;
GRANT INSERT, UPDATE ON registry.object TO callout_intake;
GRANT INSERT ON registry.version TO callout_intake;
