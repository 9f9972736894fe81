-- The journal: one ordered log, many readers. See docs/architecture.md.
-- Settings read once, at install: callout.lanes (default 16), callout.clock_domain (default: the real time),
-- callout.clock_rate (default 1; 0 is the stepped clock of replays).
CREATE SCHEMA journal;
CREATE SCHEMA read;

CREATE FUNCTION journal.setting(name text, fallback text) RETURNS text LANGUAGE sql STABLE
    RETURN coalesce(nullif(current_setting('callout.' || name, true), ''), fallback);

CREATE TABLE journal.config (
    one       boolean PRIMARY KEY DEFAULT true CHECK (one),
    lanes     int2 NOT NULL CHECK (lanes BETWEEN 1 AND 256 AND lanes & (lanes - 1) = 0),
    lane_hash text NOT NULL,
    installed timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO journal.config (lanes, lane_hash) VALUES (journal.setting('lanes', '16')::int2, 'fnv1a64-1');

-- Domain time = anchor_domain + (real time - anchor_real) * rate.
CREATE TABLE journal.clock (
    one           boolean PRIMARY KEY DEFAULT true CHECK (one),
    anchor_real   timestamptz NOT NULL,
    anchor_domain timestamptz NOT NULL,
    rate          float8 NOT NULL CHECK (rate BETWEEN 0 AND 600)
);
INSERT INTO journal.clock (anchor_real, anchor_domain, rate)
SELECT r, journal.setting('clock_domain', r::text)::timestamptz, journal.setting('clock_rate', '1')::float8
  FROM clock_timestamp() AS r;

-- The newest number of each lane. Updated in the transaction that appends: numbers have no gaps and follow commit order.
CREATE TABLE journal.lane (
    lane int2 PRIMARY KEY,
    seq  int8 NOT NULL DEFAULT 0,
    at   timestamptz NOT NULL DEFAULT '-infinity'
) WITH (fillfactor = 50);
INSERT INTO journal.lane (lane) SELECT generate_series(0, lanes - 1) FROM journal.config;

CREATE TABLE journal.entry (
    lane    int2 NOT NULL,
    seq     int8 NOT NULL,
    at      timestamptz NOT NULL,
    case_id int8 NOT NULL,
    kind    int2 NOT NULL,
    body    bytea NOT NULL,
    PRIMARY KEY (lane, seq)
) PARTITION BY RANGE (seq);
CREATE INDEX entry_case ON journal.entry (lane, case_id, seq);
CREATE TABLE journal.entry_default PARTITION OF journal.entry DEFAULT;
CREATE TABLE journal.entry_0 PARTITION OF journal.entry FOR VALUES FROM (0) TO (1000000);

-- Where each service stands in each lane, and who works there. A new owner is a new epoch.
CREATE TABLE journal.cursor (
    lane    int2 NOT NULL,
    service text NOT NULL,
    seq     int8 NOT NULL DEFAULT 0,
    owner   text,
    epoch   int8 NOT NULL DEFAULT 0,
    PRIMARY KEY (lane, service)
) WITH (fillfactor = 50);

-- The running instances of all services. seen_at is renewed every half second; public_key is '' on local sockets.
CREATE TABLE journal.member (
    instance   text PRIMARY KEY,
    service    text NOT NULL,
    endpoint   text NOT NULL,
    public_key text NOT NULL,
    started_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL
) WITH (fillfactor = 50);

-- How often the entry or due case that a lane stands at was tried, counted before the try.
CREATE TABLE journal.attempt (
    lane    int2 NOT NULL,
    service text NOT NULL,
    seq     int8 NOT NULL,
    case_id int8 NOT NULL,
    tries   int4 NOT NULL,
    PRIMARY KEY (lane, service)
);

-- Cases that a service could not process. Their entries from since_seq on wait; `asked` is what an operator wants done.
CREATE TABLE journal.parked (
    lane      int2 NOT NULL,
    service   text NOT NULL,
    case_id   int8 NOT NULL,
    since_seq int8 NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    reason    text NOT NULL,
    asked     text CHECK (asked IN ('replay', 'drop')),
    PRIMARY KEY (lane, service, case_id)
);

-- One role per service; login is granted by whoever operates the database. They are the same in every database of a server.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['callout_intake', 'callout_sla', 'callout_dispatch', 'callout_notify'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
        EXECUTE format('GRANT %I TO CURRENT_USER', name);
        EXECUTE format('GRANT USAGE ON SCHEMA journal, read TO %I', name);
        EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA journal TO %I', name);
        EXECUTE format('GRANT INSERT ON journal.entry TO %I', name);
        EXECUTE format('GRANT UPDATE ON journal.lane TO %I', name);
        EXECUTE format('GRANT INSERT, UPDATE ON journal.cursor TO %I', name);
        EXECUTE format('GRANT INSERT, UPDATE, DELETE ON journal.member, journal.attempt, journal.parked TO %I', name);
    END LOOP;
END
$$;
