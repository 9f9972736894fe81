-- Makes the list of applied schema files. Two at once: serialised by lock.sql.
-- in:  nothing
-- out: nothing
CREATE TABLE IF NOT EXISTS callout_meta.migration (
    service    text NOT NULL,
    number     int4 NOT NULL,
    name       text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sha256     text NOT NULL,
    PRIMARY KEY (service, number)
);
