-- Notes an applied file, in the transaction that applied it. Applied twice is a unique violation, which ends that transaction.
-- in:  $1 text service, $2 int4 number, $3 text name, $4 text sha256
-- out: nothing
INSERT INTO callout_meta.migration (service, number, name, sha256)
VALUES ($1::text, $2::int4, $3::text, $4::text);
