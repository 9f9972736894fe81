-- Spreads the tables of a Callout database over the workers of a Citus cluster: once, on the coordinator, after `callout migrate`,
-- while no daemon runs. See README.md beside this file: what was proven of it, and what was not.
-- Every table of the product stands here exactly once (tests/integration/test_distributed.py): by lane, everywhere, or on the coordinator only.
\set ON_ERROR_STOP on
BEGIN;

-- Everywhere: small, read in every transaction, changed seldom (journal.member: every half second by each process).
SELECT create_reference_table('journal.config');
SELECT create_reference_table('journal.clock');
SELECT create_reference_table('journal.member');
SELECT create_reference_table('registry.version');
SELECT create_reference_table('registry.object');

-- By lane: the journal, what counts and fences it, and all that is kept of cases. All of one lane lies on one worker.
SELECT create_distributed_table('journal.lane', 'lane', colocate_with => 'none');
SELECT create_distributed_table('journal.entry', 'lane', colocate_with => 'journal.lane');
SELECT create_distributed_table('journal.cursor', 'lane', colocate_with => 'journal.lane');
SELECT create_distributed_table('journal.attempt', 'lane', colocate_with => 'journal.lane');
SELECT create_distributed_table('journal.parked', 'lane', colocate_with => 'journal.lane');
SELECT create_distributed_table('journal.archived_case', 'lane', colocate_with => 'journal.lane');
SELECT create_distributed_table('registry.announced', 'lane', colocate_with => 'journal.lane');
SELECT create_distributed_table('intake.receipt', 'lane', colocate_with => 'journal.lane');
SELECT create_distributed_table('intake.free_text', 'lane', colocate_with => 'journal.lane');
SELECT create_distributed_table('sla.case', 'lane', colocate_with => 'journal.lane');
SELECT create_distributed_table('sla.sweep', 'lane', colocate_with => 'journal.lane');
SELECT create_distributed_table('dispatch.work_order', 'lane', colocate_with => 'journal.lane');
SELECT create_distributed_table('dispatch.choice', 'lane', colocate_with => 'journal.lane');
SELECT create_distributed_table('dispatch.booked_case', 'lane', colocate_with => 'journal.lane');
SELECT create_distributed_table('notify.case', 'lane', colocate_with => 'journal.lane');
SELECT create_distributed_table('notify.notice', 'lane', colocate_with => 'journal.lane');
SELECT create_distributed_table('notify.notice_text', 'lane', colocate_with => 'journal.lane');

-- On the coordinator only: what cases of several lanes share, and what belongs to no case. Nothing is to be done for them.
-- local: dispatch.claim        who holds which engineer: cases of all lanes want the same ones
-- local: dispatch.visit        who took which visit, by engineer
-- local: dispatch.lot          man-days of a contract, whose cases lie in all lanes
-- local: dispatch.posting      what was posted to them
-- local: dispatch.bookable     what can be taken for a span of time
-- local: dispatch.booking      who took it
-- local: dispatch.road         what a router said of the way from an office to a site
-- local: intake.plan           for what cases are opened by themselves
-- local: intake.planned        until when they were
-- local: notify.aside          servers that a process has set aside
-- local: notify.gone           addresses that are gone for good
-- local: intake.erasure        what was erased on demand
-- local: callout_meta.migration  which schema files were applied
-- local: journal.archive        partitions that were written to files

COMMIT;
