-- Makes the schema of what is known about the installation itself. Two at once: serialised by lock.sql.
-- in:  nothing
-- out: nothing
CREATE SCHEMA IF NOT EXISTS callout_meta;
