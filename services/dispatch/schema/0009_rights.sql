-- Least rights: what no statement needs is taken back.
REVOKE SELECT ON read.dispatch_visit, read.dispatch_booking FROM callout_intake;
REVOKE SELECT ON read.dispatch_order, read.dispatch_claim, read.dispatch_visit, read.dispatch_choice, read.dispatch_lot,
                 read.dispatch_posting, read.dispatch_booking FROM callout_sla, callout_dispatch, callout_notify;
REVOKE SELECT ON dispatch.posting FROM callout_dispatch;
