-- Servers that a notify process has set aside, each process its own rows; and addresses that are gone for good.
CREATE TABLE notify.aside (
    instance text NOT NULL,              -- journal.member
    server   text NOT NULL,              -- "https://host:port"
    channel  text NOT NULL,              -- registry key of the channel of the last failure
    since_at timestamptz NOT NULL,       -- real time
    until_at timestamptz NOT NULL,       -- one notice may try it from then on
    failures int4 NOT NULL,              -- in a row
    why      text NOT NULL,              -- what the last was, without addresses
    PRIMARY KEY (instance, server)
);

-- Nothing is sent to such an address while the registry's entry that it stands in is that of `entry_since`.
CREATE TABLE notify.gone (
    address     text PRIMARY KEY,        -- its SHA-256: the address itself may be a secret
    entry_kind  int2 NOT NULL,           -- as in registry.object: a person, or a channel
    entry_key   text NOT NULL,
    entry_since int8 NOT NULL,
    channel     text NOT NULL,
    at          timestamptz NOT NULL
);

-- What holds now. A process that was not seen for ten seconds says nothing any more.
CREATE VIEW read.notify_aside AS
SELECT a.channel, a.server, ''::text AS entry, a.instance, a.since_at, a.until_at, a.failures, a.why
  FROM notify.aside AS a
  JOIN journal.member AS m ON m.instance = a.instance AND m.seen_at > clock_timestamp() - interval '10 s'
 UNION ALL
SELECT g.channel, '', CASE g.entry_kind WHEN 3 THEN 'person ' ELSE 'channel ' END || g.entry_key, '', g.at, NULL, 1, 'HTTP 410: gone'
  FROM notify.gone AS g
  JOIN registry.object AS o ON o.kind = g.entry_kind AND o.key = g.entry_key AND o.since = g.entry_since AND o.until IS NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON notify.aside, notify.gone TO callout_notify;
GRANT SELECT ON read.notify_aside TO callout_intake;
