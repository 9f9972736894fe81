-- Makes the missing partitions of the journal. Two at once: the second waits for the first's lock, at most 5 s, and then
-- fails on a name that exists; nothing is lost.
-- in:  $1 int8 ahead, how many numbers beyond the newest
-- out: partition text, low int8, high int8, moved int8; one row per partition made
SELECT partition, low, high, moved
  FROM journal.make_partitions($1::int8);
