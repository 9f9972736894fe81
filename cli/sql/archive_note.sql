-- Notes an archive, in the transaction that detaches.
-- in:  $1 int8 low, $2 int8 high, $3 text file, $4 text digest, $5 int8 entries, $6 int8 cases
INSERT INTO journal.archive (low, high, file, digest, entries, cases)
VALUES ($1::int8, $2::int8, $3::text, $4::text, $5::int8, $6::int8);
