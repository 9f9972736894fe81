-- Partitions of the journal that were written to a file and detached (docs/backup.md).
CREATE TABLE journal.archive (
    low         int8 PRIMARY KEY,               -- numbers of its entries
    high        int8 NOT NULL,                  -- exclusive
    file        text NOT NULL,                  -- its name, without directory
    digest      text NOT NULL,                  -- BLAKE2b-256 of what is in it, hex
    entries     int8 NOT NULL,                  -- that were detached
    cases       int8 NOT NULL,
    archived_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Cases whose entries are not all in the journal any more. What computes cases from the journal passes them over.
CREATE TABLE journal.archived_case (
    lane    int2 NOT NULL,
    case_id int8 NOT NULL,
    low     int8 NOT NULL,                      -- of the archive
    PRIMARY KEY (lane, case_id, low)
);

GRANT SELECT ON journal.archive TO callout_sla, callout_dispatch, callout_notify;
GRANT SELECT ON journal.archived_case TO callout_intake;
