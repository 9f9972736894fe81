-- Makes the transaction wait for a synchronous standby at its end, as a write does. What it has read was committed, but a commit whose
-- wait was cancelled, or that a crash of the server made visible, may be nowhere else yet: nobody is told of it before it is.
-- Last of the transaction.
-- out: at text, place in the WAL
SELECT pg_logical_emit_message(true, 'callout', 'known')::text AS at;
